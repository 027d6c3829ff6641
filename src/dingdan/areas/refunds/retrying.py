"""What people do about a refund that the provider could not send."""

from dingdan.areas import payments
from dingdan.areas.refunds import following, reading, sending
from dingdan.areas.refunds.lifecycle import RefundState
from dingdan.areas.refunds.model import Refund
from dingdan.areas.refunds.refusals import StateForbids
from dingdan.plumbing.tx import Tx

# What a provider may still have an answer to; it may find a way after it had said no.
ASKABLE = frozenset({RefundState.SENDING, RefundState.UNKNOWN, RefundState.FAILED})


async def retry(tx: Tx, refund_id: int) -> Refund:
    """Send a failed refund again, under its own number. Raises RefundUnknown or StateForbids."""
    refund = await _hold(tx, refund_id, RefundState.FAILED, "send")
    await sending.send(tx, [refund])
    return await reading.get_one(tx, refund_id)


async def ask(tx: Tx, refund_id: int) -> Refund:
    """Ask the provider now how a refund stands, without waiting for the next time: nothing is sent a second time.

    Raises RefundUnknown or StateForbids.
    """
    refund = await reading.hold_one(tx, refund_id)
    if refund.state not in ASKABLE:
        raise StateForbids(state=str(refund.state), verb="ask")
    await payments.ask_soon(tx, [refund_id])
    return refund


async def take_offline(tx: Tx, refund_id: int) -> Refund:
    """Give up on the provider: a failed refund is to be paid by hand. Raises RefundUnknown, StateForbids."""
    refund = await _hold(tx, refund_id, RefundState.FAILED, "go_offline")
    await following.go_offline(tx, [refund])
    return await reading.get_one(tx, refund_id)


async def _hold(tx: Tx, refund_id: int, state: RefundState, verb: str) -> Refund:
    refund = await reading.hold_one(tx, refund_id)
    if refund.state is not state:
        raise StateForbids(state=str(refund.state), verb=verb)
    return refund
