"""What follows from facts about customs."""

from collections.abc import Sequence

from dingdan.areas import customs, refunds, returns
from dingdan.kernel.event import Event
from dingdan.plumbing.tx import Tx


async def expect_back(tx: Tx, facts: Sequence[returns.ReturnApproved | returns.ReturnReceived]) -> None:
    """Of goods from abroad that are asked back customs are to be asked, too."""
    await customs.expect_back(tx, {fact.order_id for fact in facts if fact.order_id is not None})


async def recount(tx: Tx, facts: Sequence[Event]) -> None:
    """What an order takes of its person's quota follows what is left of it."""
    await customs.recount(tx, {fact.subject_id for fact in facts})


async def refund_import_tax(tx: Tx, facts: Sequence[customs.CustomsReturnCleared]) -> None:
    """Goods that customs have back in time bring their tax back, where their price went before."""
    await refunds.refund_import_tax(tx, {fact.subject_id: fact.order_id for fact in facts if fact.order_id is not None})
