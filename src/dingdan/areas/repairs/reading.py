"""What others may ask about repairs, and how one is held."""

from collections.abc import Iterable

from dingdan.areas import policies, returns
from dingdan.areas.repairs import store
from dingdan.areas.repairs.lifecycle import RepairState
from dingdan.areas.repairs.model import Held, Instead, Repair
from dingdan.areas.repairs.refusals import RepairStateForbids, RepairUnknown
from dingdan.areas.repairs.rules.following import options, terms_of
from dingdan.plumbing.tx import Tx


async def get(tx: Tx, repair_ids: Iterable[int]) -> dict[int, Repair]:
    """Repairs of the actor's merchants."""
    return {one.id: one for one in await store.get(tx, repair_ids) if tx.actor.reaches(one.merchant_id)}


async def get_one(tx: Tx, repair_id: int) -> Repair:
    """One repair. Raises RepairUnknown; somebody else's is as unknown as none."""
    found = await get(tx, [repair_id])
    if repair_id not in found:
        raise RepairUnknown
    return found[repair_id]


async def of_returns(tx: Tx, return_ids: Iterable[int]) -> dict[int, Repair]:
    """The repairs of returns, by return."""
    return {one.return_id: one for one in await store.of_returns(tx, return_ids) if tx.actor.reaches(one.merchant_id)}


async def hold(tx: Tx, repair_ids: Iterable[int]) -> dict[int, Held]:
    """Repairs of the actor's merchants that stand still with their returns, because their orders are locked."""
    known = await get(tx, repair_ids)
    held = await returns.hold(tx, [one.return_id for one in known.values()])
    return {i: Held(one, held[one.return_id]) for i, one in (await get(tx, known)).items() if one.return_id in held}


async def hold_one(tx: Tx, repair_id: int, verb: str, *states: RepairState) -> Held:
    """One repair that stands still in one of these states. Raises RepairUnknown or RepairStateForbids."""
    found = await hold(tx, [repair_id])
    if repair_id not in found:
        raise RepairUnknown
    held = found[repair_id]
    if held.repair.state not in states:
        raise RepairStateForbids(state=str(held.repair.state), verb=verb)
    return held


async def options_of(tx: Tx, one: returns.Return) -> tuple[Instead, ...]:
    """What can be had instead of a repair, by the policy of its order."""
    return options((await policies.by_ids(tx, [one.policy_id]))[one.policy_id].document)


async def terms_for(tx: Tx, one: returns.Return) -> policies.RepairTerms:
    """How long the repair of a return may take, and how often it may be in vain."""
    return terms_of((await policies.by_ids(tx, [one.policy_id]))[one.policy_id].document)
