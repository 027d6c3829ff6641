"""What follows from facts about customs."""

from collections.abc import Sequence

from dingdan.areas import customs, returns
from dingdan.plumbing.tx import Tx


async def refund_import_tax(tx: Tx, facts: Sequence[customs.CustomsReturnCleared]) -> None:
    """Goods that customs have back in time bring their tax back, where their price went before."""
    await returns.refund_import_tax(tx, {fact.subject_id: fact.order_id for fact in facts if fact.order_id is not None})
