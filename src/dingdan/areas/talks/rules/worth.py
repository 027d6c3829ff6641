"""How much can be offered for goods that a buyer keeps."""

from collections.abc import Sequence

from dingdan.areas import orders, returns
from dingdan.areas.talks.model import MOST_CREDIT_PERCENT, WITHOUT_AMOUNT, OfferKind
from dingdan.kernel.money import part_of_units, percent


def of_units(lines: Sequence[returns.ReturnLine], sold: Sequence[orders.OrderLine]) -> int:
    """What the units of a return cost the buyer, in minor units."""
    by_no = {line.line_no: line for line in sold}
    return sum(
        part_of_units(by_no[n.line_no].net, by_no[n.line_no].quantity, before=0, taken=n.quantity) for n in lines
    )


def most(kind: OfferKind, paid: int) -> int:
    """The most that can be offered: what was paid, and for credit of the shop somewhat more."""
    if kind in WITHOUT_AMOUNT:
        return 0
    return percent(paid, MOST_CREDIT_PERCENT * 100) if kind is OfferKind.STORE_CREDIT else paid
