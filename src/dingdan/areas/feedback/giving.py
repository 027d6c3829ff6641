"""A buyer says how it was, and may think better of it once."""

import msgspec

from dingdan.areas import identity, merchants, orders
from dingdan.areas.feedback import rules, store
from dingdan.areas.feedback.events import FeedbackGiven
from dingdan.areas.feedback.model import Feedback, Give, Rated, Words
from dingdan.plumbing.tx import Tx


async def give(tx: Tx, order_id: int, given: Give) -> Feedback:
    """Keep what a buyer says of an order that has arrived; saying the same again changes nothing.

    Raises OrderUnknown, NotDeliveredYet or ChangedAlready, or everything that is wrong with it at once.
    """
    order = await orders.lock_one(tx, order_id)
    lines = (await orders.lines(tx, [order_id]))[order_id]
    said = await store.of_orders(tx, [order_id])
    before = said[-1] if said else None
    if before is not None and await _is_same(tx, before, given):
        return before
    settings = (await merchants.by_ids(tx, [order.merchant_id]))[order.merchant_id].settings
    version = rules.decide(order, {line.line_no for line in lines}, given, before=before,
                           edit_days=settings.feedback_edit_days, now=tx.now)  # fmt: skip
    words = Words(given.text, {str(line.line_no): line.text for line in given.lines if line.text})
    (sealed,) = await identity.seal(tx, [(order.buyer_id, msgspec.json.encode(words))])
    new = Feedback(
        order_id=order_id, version=version, merchant_id=order.merchant_id, buyer_id=order.buyer_id, rating=given.rating,
        lines=_rated(given), photos=given.photos, sealed=sealed, given_at=tx.now,
        hidden_at=None, hidden_reason=None, hidden_by=None,
    )  # fmt: skip
    await store.add(tx, new)
    # A new version of what somebody hid is hidden, too.
    if before is not None and before.hidden_reason is not None:
        await store.hide(tx, order_id, before.hidden_reason, before.hidden_by)
    tx.announce(FeedbackGiven(subject_id=order_id, merchant_id=order.merchant_id, order_id=order_id, version=version,
                              rating=given.rating))  # fmt: skip
    return new


async def _is_same(tx: Tx, before: Feedback, given: Give) -> bool:
    (plain,) = await identity.unseal(tx, [(before.buyer_id, before.sealed)])
    words = msgspec.json.decode(plain, type=Words) if plain else Words()
    meant = Words(given.text, {str(line.line_no): line.text for line in given.lines if line.text})
    return (before.rating, before.lines, before.photos, words) == (given.rating, _rated(given), given.photos, meant)


def _rated(given: Give) -> tuple[Rated, ...]:
    return tuple(sorted((Rated(r.line_no, r.rating, r.photos) for r in given.lines), key=lambda one: one.line_no))
