"""Money is in: confirm, revive, hold and release."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from dingdan.areas import inventory
from dingdan.areas.orders import rules, snagging, store
from dingdan.areas.orders.events import OrderHeld, OrderPaid, OrderReleased, OrderRevived
from dingdan.areas.orders.promises import PAY_BY
from dingdan.areas.orders.reading import lock_one
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx

# What the fact of a hold says where nobody but the rules asked for it.
FOR_REVIEW = "review"


async def mark_paid(tx: Tx, ids: Iterable[int]) -> set[int]:
    """All the money of these orders is in; says which of them were waiting for it."""
    moved = await store.move(tx, "mark_paid", ids, paid_at=tx.now)
    await deadlines.call_off(tx, PAY_BY, moved)
    paid = await store.get(tx, moved)
    for order in paid:
        tx.announce(OrderPaid(subject_id=order.id, merchant_id=order.merchant_id, order_id=order.id,
                              move=moved[order.id], amount=order.total, currency=order.currency))  # fmt: skip
    if any(order.snagged_since is not None for order in paid):
        await snagging.snag(tx, [order.id for order in paid if order.snagged_since is not None])
    return set(moved)


async def wait_until(tx: Tx, moments: Mapping[int, datetime]) -> set[int]:
    """A first part of the money is in: these locked orders are paid until another moment; says which wait at all."""
    waiting = await store.wait_until(tx, moments)
    found = await store.get(tx, waiting)
    await deadlines.schedule(tx, PAY_BY, [deadlines.Due(o.id, o.merchant_id, o.pay_by) for o in found])
    return waiting


async def revive(tx: Tx, ids: Iterable[int]) -> set[int]:
    """Money came after the deadline: take the stock again where it is still there; says for which orders it was."""
    expired = [order.id for order in await store.lock(tx, ids) if order.state == "expired"]
    held = await inventory.hold_again(tx, expired)
    moved = await store.move(tx, "revive", held, paid_at=tx.now)
    for order in await store.get(tx, moved):
        tx.announce(OrderRevived(subject_id=order.id, merchant_id=order.merchant_id, order_id=order.id,
                                 move=moved[order.id], amount=order.total, currency=order.currency))  # fmt: skip
    return set(moved)


async def hold(tx: Tx, order_id: int, *, reason: str) -> None:
    """Stop an order before it is picked. Raises OrderUnknown, StateForbids or AlreadyDispatched."""
    order = await lock_one(tx, order_id)
    rules.decide_hold(order)
    moved = await store.move(tx, "hold", [order_id])
    tx.announce(OrderHeld(subject_id=order_id, merchant_id=order.merchant_id, order_id=order_id,
                          move=moved[order_id], reason=reason))  # fmt: skip


async def release(tx: Tx, order_id: int) -> None:
    """Let a held order go on; it keeps the place that its payment time gave it.

    Raises OrderUnknown, StateForbids, UnderReview or Snagged.
    """
    order = await lock_one(tx, order_id)
    rules.decide_release(order)
    moved = await store.move(tx, "release", [order_id])
    tx.announce(OrderReleased(subject_id=order_id, merchant_id=order.merchant_id, order_id=order_id,
                              move=moved[order_id]))  # fmt: skip


async def hold_for_review(tx: Tx, ids: Iterable[int]) -> set[int]:
    """Stop paid orders for a second look; says which could be stopped, the others have ended or left meanwhile."""
    ready = {order.id: order for order in await store.lock(tx, ids) if rules.may_be_reviewed(order)}
    moved = await store.move(tx, "hold", ready, under_review_since=tx.now) if ready else {}
    tx.announce(*(
        OrderHeld(subject_id=i, merchant_id=ready[i].merchant_id, order_id=i, move=moved[i], reason=FOR_REVIEW)
        for i in sorted(moved)
    ))  # fmt: skip
    return set(moved)


async def release_reviewed(tx: Tx, ids: Iterable[int]) -> set[int]:
    """The second look ended well: the orders go on with the time they were paid at; says which were still looked at."""
    held = {order.id: order for order in await store.lock(tx, ids) if order.under_review_since is not None}
    # What its channel's word does not fit stays where it is, looked at or not.
    snagged = [i for i, order in held.items() if order.snagged_since is not None]
    if snagged:
        await store.end_look(tx, snagged)
    free = held.keys() - snagged
    moved = await store.move(tx, "release", free, under_review_since=None) if free else {}
    tx.announce(*(
        OrderReleased(subject_id=i, merchant_id=held[i].merchant_id, order_id=i, move=moved[i]) for i in sorted(moved)
    ))  # fmt: skip
    return set(held)
