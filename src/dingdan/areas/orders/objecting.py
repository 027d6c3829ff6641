"""Something stands against completing an order: the buyer's own word, a return, a case; and its end."""

from collections.abc import Iterable, Sequence

from dingdan.areas import identity
from dingdan.areas.orders import receiving, rules, store
from dingdan.areas.orders.events import OrderObjected, OrderObjectionSettled
from dingdan.areas.orders.model import CAUSES, Objection
from dingdan.areas.orders.reading import lock_one
from dingdan.areas.orders.refusals import NoObjection
from dingdan.kernel import ids
from dingdan.plumbing.tx import Tx

Key = tuple[int, str, int]


async def object(tx: Tx, wanted: Sequence[Objection]) -> list[Objection]:  # noqa: A001 - what it is called
    """Let these stand against their orders: the clock of receipt stops, and none can be completed before all are settled.

    Orders that are over are left alone, and what is open already is no news. Gives those that are. Orders are locked
    first, as completing does, so that of an objection and a completion at the same time one comes too late.
    """
    by_key = {_key(one): one for one in wanted}
    locked = {order.id: order for order in await store.lock(tx, {one.order_id for one in by_key.values()})}
    going = [
        (one, locked[one.order_id].merchant_id)
        for one in by_key.values()
        if one.order_id in locked and not rules.is_over(locked[one.order_id])
    ]
    new = [by_key[key] for key in sorted(await store.add_objections(tx, going))] if going else []
    await receiving.stop(tx, {one.order_id: one.cause for one in new})
    tx.announce(*(
        OrderObjected(subject_id=one.order_id, merchant_id=locked[one.order_id].merchant_id, order_id=one.order_id,
                      cause=one.cause, about=_about(one.cause, one.subject_id), reason=one.reason)
        for one in new
    ))  # fmt: skip
    return new


async def settle_objections(tx: Tx, wanted: Sequence[Objection], *, outcome: str = "settled") -> list[Objection]:
    """These stand against their orders no more; with the last one the rest of the time runs. Gives those that were open."""
    by_key = {_key(one): one for one in wanted}
    await store.lock(tx, {order_id for order_id, _, _ in by_key})
    ended = await store.settle_objections(tx, list(by_key), outcome) if by_key else []
    left: dict[int, int] = dict.fromkeys((order_id for order_id, *_ in ended), 0)
    for one in await store.objections(tx, left, open_only=True):
        left[one.order_id] += 1
    await receiving.go_on(tx, [order_id for order_id, others in left.items() if not others])
    tx.announce(*(
        OrderObjectionSettled(subject_id=order_id, merchant_id=merchant_id, order_id=order_id, cause=cause,
                              about=_about(cause, subject_id), outcome=outcome, still_open=left[order_id])
        for order_id, cause, subject_id, merchant_id in ended
    ))  # fmt: skip
    return [by_key[order_id, cause, subject_id] for order_id, cause, subject_id, _ in ended]


async def object_as_buyer(tx: Tx, order_id: int, *, reason: str, text: str = "") -> None:
    """The buyer says that something is wrong; once more while it is open changes nothing.

    Raises OrderUnknown, StateForbids, NotShippedYet or ObjectionReasonUnknown.
    """
    order = await lock_one(tx, order_id)
    rules.decide_object(order, reason)
    (sealed,) = await identity.seal(tx, [(order.buyer_id, text.encode())]) if text else (None,)
    await object(tx, [Objection(order_id, "buyer", order_id, reason, sealed)])


async def settle_as_buyers(tx: Tx, order_id: int, *, outcome: str) -> None:
    """The buyer takes the objection back, or somebody has settled it with them. Raises OrderUnknown or NoObjection."""
    order = await lock_one(tx, order_id)
    if not await settle_objections(tx, [Objection(order.id, "buyer", order.id)], outcome=outcome):
        raise NoObjection


def _key(one: Objection) -> Key:
    return (one.order_id, one.cause, one.subject_id)


def _about(cause: str, subject_id: int) -> str:
    """The id as others read it; facts are read long after."""
    return ids.encode(CAUSES[cause], subject_id) if CAUSES[cause] in ids.PREFIXES else str(subject_id)


async def drop_words(tx: Tx, order_ids: Iterable[int]) -> None:
    """Let go of what buyers wrote; the archive has it."""
    await store.drop_words(tx, order_ids)
