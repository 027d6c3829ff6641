"""What follows from facts about payments and money on its way back."""

from collections.abc import Sequence

from dingdan.areas import payments, refunds
from dingdan.plumbing.tx import Tx


async def refund_excess(tx: Tx, facts: Sequence[payments.ExcessCaptured]) -> None:
    """Money that nobody owed goes back."""
    await refunds.refund_excess(tx, [fact.subject_id for fact in facts])


async def settle_refund(tx: Tx, facts: Sequence[payments.MoneySentBack]) -> None:
    """A refund is settled when all of its money is back."""
    await refunds.settle(tx, {fact.refund_id for fact in facts})


async def fail_refund(tx: Tx, facts: Sequence[payments.SendingBackFailed]) -> None:
    """A refund that could not be sent waits for a person."""
    await refunds.fail(tx, {fact.refund_id for fact in facts})


async def lose_track_of_refund(tx: Tx, facts: Sequence[payments.SendBackLostTrack]) -> None:
    """A refund whose outcome nobody knows says so."""
    await refunds.lose_track(tx, {fact.refund_id for fact in facts})
