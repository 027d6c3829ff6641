"""Money that somebody let go of waits a moment and can be taken back; what is taken back was never owed and never sent."""

from datetime import timedelta

from dingdan.areas.refunds import reading, store
from dingdan.areas.refunds.events import RefundHeld, RefundHeldAgain, RefundTakenBack
from dingdan.areas.refunds.lifecycle import RefundState
from dingdan.areas.refunds.model import Refund
from dingdan.areas.refunds.promises import GOES_OUT
from dingdan.areas.refunds.refusals import GoneAlready
from dingdan.areas.refunds.rules.approval import Hand
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx

AT_ONCE = timedelta()


async def hold(tx: Tx, refund: Refund, wait: timedelta, by: Hand | None = None) -> None:
    """Let a refund of a locked order wait before it goes; `by` is whose signature lets it go, None where it is sent again.

    The clock is written with it, so that it goes out whatever becomes of whoever let it go.
    """
    if by is None:
        moved = await store.move(tx, "hold_again", [refund.id])
    else:
        moved = await store.move(tx, "hold", [refund.id], approved_by_kind=by.kind, approved_by=by.id)
    until = tx.now + wait
    await deadlines.schedule(tx, GOES_OUT, [deadlines.Due(refund.id, refund.merchant_id, until, refund.order_id)])
    held = RefundHeldAgain if by is None else RefundHeld
    tx.announce(held(subject_id=refund.id, merchant_id=refund.merchant_id, order_id=refund.order_id,
                     move=moved[refund.id], amount=refund.amount, currency=refund.currency, until=until))  # fmt: skip


async def take_back(tx: Tx, refund_id: int) -> Refund:
    """Take back what waits to go out: it stands where it stood before, and the last signature is gone.

    Raises RefundUnknown, or GoneAlready where nothing waits any more.
    """
    refund = await reading.hold_one(tx, refund_id)
    if refund.state is not RefundState.HELD:
        raise GoneAlready(state=str(refund.state))
    if refund.approved_at is None:
        await store.unsign(tx, refund)
        moved = await store.move(tx, "take_back", [refund_id], approved_by_kind=None, approved_by=None)
    else:
        moved = await store.move(tx, "leave_failed", [refund_id])
    await deadlines.call_off(tx, GOES_OUT, [refund_id])
    tx.announce(RefundTakenBack(subject_id=refund_id, merchant_id=refund.merchant_id, order_id=refund.order_id,
                                move=moved[refund_id]))  # fmt: skip
    return await reading.get_one(tx, refund_id)
