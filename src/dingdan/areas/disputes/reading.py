"""What others may ask about disputes, and how commands of this area take hold of one."""

from collections.abc import Collection, Iterable

import msgspec

from dingdan.areas import cases, identity, orders, policies, returns
from dingdan.areas.disputes import store
from dingdan.areas.disputes.lifecycle import DISPUTE, RulingState
from dingdan.areas.disputes.model import RULES, Dispute, DisputeEntry, Ruling, Standstill, Told
from dingdan.areas.disputes.refusals import DisputeStateForbids, DisputeUnknown, RulingUnknown, StandsStill
from dingdan.areas.disputes.rules import burden
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx


class Held(msgspec.Struct, frozen=True):
    """A dispute and its order, both locked."""

    dispute: Dispute
    order: orders.Order


async def get(tx: Tx, ids: Collection[int]) -> dict[int, Dispute]:
    """Disputes of the actor's merchants."""
    return {one.id: one for one in await store.get(tx, ids) if tx.actor.reaches(one.merchant_id)}


async def get_one(tx: Tx, dispute_id: int) -> Dispute:
    """One dispute. Raises DisputeUnknown."""
    found = await get(tx, [dispute_id])
    if dispute_id not in found:
        raise DisputeUnknown
    return found[dispute_id]


async def of_orders(tx: Tx, order_ids: Collection[int]) -> list[Dispute]:
    """The disputes about orders, oldest first."""
    return [one for one in await store.of_orders(tx, order_ids) if tx.actor.reaches(one.merchant_id)]


async def open_of_orders(tx: Tx, order_ids: Iterable[int]) -> set[int]:
    """Those of these orders about which something is disputed: their money waits."""
    return await store.open_of_orders(tx, list(order_ids))


async def entries(tx: Tx, dispute: Dispute) -> list[Told]:
    """What both sides said and showed, oldest first."""
    return await _with_words(tx, (await store.entries(tx, [dispute.id]))[dispute.id])


async def rulings(tx: Tx, dispute: Dispute) -> list[Told]:
    """The rulings of a dispute, oldest first, with their reasons."""
    return await _with_words(tx, (await store.rulings(tx, [dispute.id]))[dispute.id])


async def proofs(tx: Tx, dispute: Dispute) -> list[burden.Proof]:
    """Who has to prove what, and what of it is still missing."""
    return burden.proofs(dispute, (await store.entries(tx, [dispute.id]))[dispute.id])


async def rule_words(tx: Tx, dispute: Dispute) -> dict[str, Text]:
    """The words of the rules that rulings about it may rest on: of the order's policy, and the platform's."""
    (order,) = (await orders.get(tx, [dispute.order_id])).values()
    policy = (await policies.by_ids(tx, [order.policy_id]))[order.policy_id]
    return {i: Text(one.en, one.zh) for i, one in policy.document.rules.items()} | RULES


async def get_ruling(tx: Tx, ruling_id: int) -> Ruling:
    """One ruling. Raises RulingUnknown."""
    found = await store.get_ruling(tx, ruling_id)
    if found is None or not tx.actor.reaches(found.merchant_id):
        raise RulingUnknown
    return found


async def ruling_in_force(tx: Tx, dispute: Dispute) -> Ruling | None:
    """The ruling that holds, for whoever tells of it; None where there is none yet."""
    given = [one for one in (await store.rulings(tx, [dispute.id]))[dispute.id] if one.state is RulingState.GIVEN]
    return given[-1] if given else None


async def standing_ruling(tx: Tx, dispute_id: int) -> Ruling:
    """The ruling that holds: the last one that was given."""
    found = await ruling_in_force(tx, await get_one(tx, dispute_id))
    assert found is not None, "whoever asks knows that there is one"
    return found


async def hold(tx: Tx, ids: Collection[int]) -> dict[int, Held]:
    """Lock disputes for a decision, their orders first."""
    found = await get(tx, ids)
    locked = await orders.lock(tx, {one.order_id for one in found.values()})
    # Where the order is locked, nobody else changes its disputes: what is read now is what is decided about.
    return {one.id: Held(one, locked[one.order_id]) for one in await store.lock(tx, list(found))}


async def hold_for(tx: Tx, dispute_id: int, verb: str, *others: str) -> Held:
    """Lock one dispute that may take this step, or one of the others.

    Raises DisputeUnknown, DisputeStateForbids or StandsStill.
    """
    held = (await hold(tx, [dispute_id])).get(dispute_id)
    if held is None:
        raise DisputeUnknown
    if not any(held.dispute.state in DISPUTE.moves[one].sources for one in (verb, *others)):
        raise DisputeStateForbids(state=str(held.dispute.state), verb=verb)
    if verb != "withdraw":
        demand_going(held.dispute)
    return held


def demand_going(one: Dispute) -> None:
    """Nothing is done about what stands still. Raises StandsStill."""
    if one.still_until is not None:
        raise StandsStill(until=one.still_until.isoformat())


async def units(tx: Tx, order: orders.Order, subject: str, subject_id: int) -> tuple[dict[int, int], dict[int, int]]:
    """Units of a locked order's lines that are the buyer's at all, and those that may still be made good.

    What a return asks for that nobody has decided is what is disputed, so it is among them.
    """
    sold = {line.line_no: line.left for line in (await orders.lines(tx, [order.id]))[order.id]}
    left = await cases.left_units(tx, order)
    if subject == "return":
        one = await returns.get_one(tx, subject_id)
        if one.decision is returns.Decision.REQUESTED:
            for line in (await returns.lines(tx, [one]))[one.id]:
                left[line.line_no] = min(sold[line.line_no], left[line.line_no] + line.quantity)
    return sold, left


async def standstills(tx: Tx, dispute: Dispute) -> list[Standstill]:
    """When and why it stood still, the first time first."""
    return (await store.standstills(tx, [dispute.id]))[dispute.id]


async def advanced(tx: Tx, order_ids: Collection[int]) -> set[int]:
    """Refunds of these orders that the platform paid because their seller did not (先行赔付)."""
    paid = await cases.remedies_of(tx, await store.advanced(tx, order_ids))
    return {one.refund_id for some in paid.values() for one in some if one.refund_id is not None}


async def drop_words(tx: Tx, order_ids: Collection[int]) -> None:
    """Let go of the words of disputes about orders; the archive has them."""
    await store.drop_words(tx, order_ids)


async def _with_words(tx: Tx, found: Iterable[DisputeEntry | Ruling]) -> list[Told]:
    things = list(found)
    plain = await identity.unseal(tx, [(one.buyer_id, one.sealed) for one in things])
    return [Told(one, words.decode() if words else "") for one, words in zip(things, plain, strict=True)]
