"""What others may ask about reviews, and how commands of this area take hold of one."""

from collections.abc import Collection, Iterable

import msgspec

from dingdan.areas import identity, orders
from dingdan.areas.review import store
from dingdan.areas.review.model import Conversation, Review, Rule, Terms
from dingdan.areas.review.refusals import OrderOver, ReviewUnknown, RuleUnknown
from dingdan.plumbing.tx import Tx


class Held(msgspec.Struct, frozen=True):
    """A review and its order, both locked."""

    review: Review
    order: orders.Order


async def get(tx: Tx, review_ids: Collection[int]) -> dict[int, Review]:
    """Reviews of the actor's merchants."""
    return {one.id: one for one in await store.get(tx, review_ids) if tx.actor.reaches(one.merchant_id)}


async def get_one(tx: Tx, review_id: int) -> Review:
    """One review. Raises ReviewUnknown."""
    found = await get(tx, [review_id])
    if review_id not in found:
        raise ReviewUnknown
    return found[review_id]


async def of_orders(tx: Tx, order_ids: Collection[int]) -> dict[int, Review]:
    """The review of each order that has one: {order: review}."""
    return {one.order_id: one for one in await store.of_orders(tx, order_ids) if tx.actor.reaches(one.merchant_id)}


async def conversation(tx: Tx, review: Review) -> Conversation:
    """What the buyer was asked and answered, in words."""
    sealed = [(review.buyer_id, one) for one in await store.words_of(tx, review.id)]
    question, answer = [one.decode() if one is not None else "" for one in await identity.unseal(tx, sealed)]
    return Conversation(question, answer)


async def hold(tx: Tx, review_ids: Iterable[int]) -> dict[int, Held]:
    """Lock reviews of the actor's merchants for a decision, their orders first."""
    found = await get(tx, list(review_ids))
    locked = await orders.lock(tx, [one.order_id for one in found.values()])
    return {one.id: Held(one, locked[one.order_id]) for one in await store.lock(tx, found)}


async def hold_one(tx: Tx, review_id: int) -> Held:
    """Lock one review whose order is still held for it. Raises ReviewUnknown or OrderOver."""
    found = await hold(tx, [review_id])
    if review_id not in found:
        raise ReviewUnknown
    held = found[review_id]
    if held.review.decided_at is None and held.order.under_review_since is None:
        raise OrderOver(state=str(held.order.state))
    return held


async def list_rules(tx: Tx, merchant_id: int | None) -> list[Rule]:
    """The newest version of each rule of a merchant (None: of the platform), by code."""
    return await store.newest(tx, merchant_id)


async def get_rule(tx: Tx, merchant_id: int | None, code: str) -> Rule:
    """The newest version of one rule. Raises RuleUnknown."""
    found = await store.newest(tx, merchant_id, code)
    if not found:
        raise RuleUnknown(rule=code)
    return found[0]


async def switched(tx: Tx, merchant_id: int) -> dict[str, bool]:
    """What a merchant switched of the platform's rules."""
    return (await store.switches(tx, [merchant_id]))[merchant_id]


async def terms(tx: Tx) -> Terms:
    """What holds for every review."""
    return (await store.terms(tx))[1]


async def drop_words(tx: Tx, order_ids: Iterable[int]) -> None:
    """Let go of what was asked and answered about orders; the archive has it."""
    await store.drop_words(tx, order_ids)
