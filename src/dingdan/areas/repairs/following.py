"""A repair goes on by what happens to its return, and by its clocks."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from dingdan.areas import merchants, policies, returns
from dingdan.areas.repairs import store
from dingdan.areas.repairs.events import RepairAsked, RepairBegan, RepairDropped, RepairDueSoon, RepairOverdue
from dingdan.areas.repairs.lifecycle import REPAIR, RepairState
from dingdan.areas.repairs.model import Held, Repair
from dingdan.areas.repairs.promises import FINISH_BY
from dingdan.areas.repairs.reading import hold
from dingdan.areas.repairs.recording import record
from dingdan.areas.repairs.rules.following import next_step, terms_of
from dingdan.kernel.times import end_of_window, iso
from dingdan.plumbing import deadlines
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx

_S = RepairState


async def follow_returns(tx: Tx, return_ids: Collection[int]) -> None:
    """Do what follows for the repairs of these returns; late or twice, it comes out the same."""
    known = {one.return_id: one.id for one in await store.of_returns(tx, return_ids)}
    unknown = [i for i in return_ids if i not in known]
    fresh = [
        one for one in (await returns.hold(tx, unknown)).values()
        if one.resolution is returns.Resolution.REPAIR and one.decision is returns.Decision.APPROVED
    ] if unknown else []  # fmt: skip
    # While we waited for the lock, somebody else may have opened it.
    there = {one.return_id for one in await store.of_returns(tx, [one.id for one in fresh])} if fresh else set()
    opened = await _open(tx, [one for one in fresh if one.id not in there])
    found = await hold(tx, [*known.values(), *opened])
    steps = {i: step for i, held in found.items() if (step := next_step(held.repair, held.one)) is not None}
    await _begin(tx, {i: found[i] for i, (verb, _) in steps.items() if verb == "begin"})
    # More of the goods may come with another parcel.
    await record(tx, [i for i, held in found.items() if held.repair.state is _S.MENDING])
    for i, (verb, why) in steps.items():
        if verb == "drop":
            moved = await store.move(tx, "drop", [i], why=why, ended_at=tx.now)
            repair = found[i].repair
            tx.announce(RepairDropped(subject_id=i, merchant_id=repair.merchant_id, order_id=repair.order_id,
                                      move=moved[i], return_id=repair.return_id, why=why))  # fmt: skip


async def remind(tx: Tx, rung: deadlines.Rung, repair_ids: Sequence[int]) -> None:
    """There is not much time left for mending, or for the buyer's choice."""
    waiting = [one.repair for one in (await hold(tx, repair_ids)).values()]
    tx.announce(*(
        RepairDueSoon(subject_id=one.id, merchant_id=one.merchant_id, order_id=one.order_id, return_id=one.return_id,
                      rung=rung.name, role=rung.role)
        for one in waiting if one.state in (_S.MENDING, _S.CHOOSING)
    ))  # fmt: skip


async def note_overdue(tx: Tx, repair_ids: Sequence[int]) -> None:
    """Nobody said that goods came which went back: staff ask the carrier. Time decides nothing here."""
    late = {i: one.repair for i, one in (await hold(tx, repair_ids)).items() if one.repair.state is _S.RETURNING}
    tx.announce(*(
        RepairOverdue(subject_id=i, merchant_id=late[i].merchant_id, order_id=late[i].order_id,
                      return_id=late[i].return_id)
        for i in await store.note_overdue(tx, late)
    ))  # fmt: skip


async def _open(tx: Tx, fresh: Iterable[returns.Return]) -> list[int]:
    new = [
        Repair(id=tx.mint(), return_id=one.id, order_id=one.order_id, merchant_id=one.merchant_id,
               state=_S.ASKED, version=1, asked_at=tx.now)
        for one in fresh
    ]  # fmt: skip
    await store.add(tx, new)
    tx.announce(*(
        RepairAsked(subject_id=one.id, merchant_id=one.merchant_id, order_id=one.order_id, return_id=one.return_id,
                    move=born(REPAIR, one.id))
        for one in new
    ))  # fmt: skip
    return [one.id for one in new]


async def _begin(tx: Tx, found: Mapping[int, Held]) -> None:
    """The goods are here: the days count from their receipt, in whole days of the seller's zone."""
    owners = await merchants.by_ids(tx, {held.repair.merchant_id for held in found.values()})
    versions = await policies.by_ids(tx, {held.one.policy_id for held in found.values()})
    for i, held in found.items():
        repair, came = held.repair, held.one.received_at or tx.now
        days = terms_of(versions[held.one.policy_id].document).most_days
        due = end_of_window(came, days, owners[repair.merchant_id].zone)
        moved = await store.move(tx, "begin", [i], begun_at=came, finish_by=due)
        await deadlines.schedule(tx, FINISH_BY, [deadlines.Due(i, repair.merchant_id, due, repair.order_id)])
        tx.announce(RepairBegan(subject_id=i, merchant_id=repair.merchant_id, order_id=repair.order_id, move=moved[i],
                                return_id=repair.return_id, finish_by=iso(due)))  # fmt: skip
    await record(tx, found)
