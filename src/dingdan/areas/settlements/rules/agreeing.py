"""What terms with a merchant can be."""

from datetime import datetime

from dingdan.areas.settlements.model import SaveAgreement
from dingdan.areas.settlements.refusals import AgreementReachesBack, AgreementUnfit
from dingdan.kernel.money import is_currency
from dingdan.kernel.refusal import Refusal


def problems(wanted: SaveAgreement, *, now: datetime) -> list[Refusal]:
    """Everything that is wrong with terms as they were sent."""
    found: list[Refusal] = []
    if not is_currency(wanted.currency):
        found.append(AgreementUnfit("currency", why="no accounts are kept in this currency", why_zh="不支持该币种"))
    if wanted.valid_from is not None and wanted.valid_from < now:
        found.append(AgreementReachesBack("valid_from"))
    if len(set(wanted.terms.given_back)) != len(wanted.terms.given_back):
        found.append(AgreementUnfit("terms.given_back", why="a fee is named twice", why_zh="费用重复"))
    for category in wanted.terms.commission:
        if category != category.strip() or not category.isprintable():
            found.append(AgreementUnfit("terms.commission", why="a category is no name", why_zh="类目名称不合法"))
    return found
