"""Feedback that must not be shown is hidden with a reason, never deleted."""

import msgspec

from dingdan.areas import orders
from dingdan.areas.feedback import store
from dingdan.areas.feedback.events import FeedbackHidden, FeedbackShown
from dingdan.areas.feedback.model import Feedback
from dingdan.areas.feedback.refusals import NoFeedback
from dingdan.kernel.actor import ActorKind
from dingdan.plumbing.tx import Tx


async def hide(tx: Tx, order_id: int, *, reason: str) -> Feedback:
    """Hide an order's feedback; once more changes nothing. Raises OrderUnknown or NoFeedback."""
    last = await _last(tx, order_id)
    if last.hidden_at is None:
        await store.hide(tx, order_id, reason, tx.actor.id if tx.actor.kind is ActorKind.STAFF else None)
        tx.announce(FeedbackHidden(subject_id=order_id, merchant_id=last.merchant_id, order_id=order_id, reason=reason))
    return msgspec.structs.replace(last, hidden_at=last.hidden_at or tx.now)


async def show(tx: Tx, order_id: int) -> Feedback:
    """Show it again; once more changes nothing. Raises OrderUnknown or NoFeedback."""
    last = await _last(tx, order_id)
    if last.hidden_at is not None:
        await store.show(tx, order_id)
        tx.announce(FeedbackShown(subject_id=order_id, merchant_id=last.merchant_id, order_id=order_id))
    return msgspec.structs.replace(last, hidden_at=None)


async def _last(tx: Tx, order_id: int) -> Feedback:
    await orders.lock_one(tx, order_id)
    said = await store.of_orders(tx, [order_id])
    if not said:
        raise NoFeedback
    return said[-1]
