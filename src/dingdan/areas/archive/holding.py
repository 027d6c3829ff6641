"""A legal hold keeps everything of an order until it is lifted."""

from datetime import timedelta

from dingdan.areas import orders
from dingdan.areas.archive import store
from dingdan.areas.archive.events import HoldLifted, HoldSet
from dingdan.areas.archive.model import Hold
from dingdan.areas.archive.promises import ERASE
from dingdan.areas.archive.refusals import AlreadyErased, HoldOpen, NoHold
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx

# Nobody is surprised by an erasure the moment a hold ends.
AFTER_LIFTING = timedelta(days=1)


async def hold(tx: Tx, order_id: int, *, reason: str) -> None:
    """Keep everything of an order, in the archive or not yet. Raises OrderUnknown, HoldOpen or AlreadyErased."""
    order = await orders.lock_one(tx, order_id)
    known = (await store.kept(tx, [order_id])).get(order_id)
    if known is not None and known.erased_at is not None:
        raise AlreadyErased
    if await store.holds(tx, [order_id], open_only=True):
        raise HoldOpen
    await store.add_hold(tx, order_id, order.merchant_id, reason)
    await deadlines.call_off(tx, ERASE, [order_id])
    tx.announce(HoldSet(subject_id=order_id, merchant_id=order.merchant_id, order_id=order_id, reason=reason))


async def lift_hold(tx: Tx, order_id: int, *, reason: str) -> Hold:
    """Let the time to keep run out as it would have. Raises OrderUnknown or NoHold."""
    order = await orders.lock_one(tx, order_id)
    held = await store.holds(tx, [order_id], open_only=True)
    if not held:
        raise NoHold
    await store.lift_hold(tx, order_id, reason)
    known = (await store.kept(tx, [order_id])).get(order_id)
    if known is not None:
        at = max(known.erase_after, tx.now + AFTER_LIFTING)
        await deadlines.schedule(tx, ERASE, [deadlines.Due(order_id, order.merchant_id, at)])
    tx.announce(HoldLifted(subject_id=order_id, merchant_id=order.merchant_id, order_id=order_id, reason=reason))
    return held[0]
