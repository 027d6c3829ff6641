"""A repair was in vain: the buyer chooses something else or the money by a clock, and silence is the money (R4.7)."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from dingdan.areas import returns
from dingdan.areas.repairs import store
from dingdan.areas.repairs.events import RepairFailed, RepairTurned
from dingdan.areas.repairs.lifecycle import RepairState
from dingdan.areas.repairs.model import CHOOSE_DAYS, Held, Instead, Repair
from dingdan.areas.repairs.promises import ARRIVE_BY, CHOOSE_BY, FINISH_BY
from dingdan.areas.repairs.reading import get_one, hold, hold_one, options_of
from dingdan.areas.repairs.recording import record
from dingdan.areas.repairs.refusals import InsteadUnfit
from dingdan.kernel.times import iso
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx

_S = RepairState


async def choose(tx: Tx, repair_id: int, instead: Instead) -> Repair:
    """The buyer takes something else, or the money: the goods are ours from here on.

    Raises RepairUnknown, RepairStateForbids, InsteadUnfit, or what refunds refuse.
    """
    held = await hold_one(tx, repair_id, "choose", _S.CHOOSING)
    known = await options_of(tx, held.one)
    if instead not in known:
        raise InsteadUnfit("instead", known=", ".join(known))
    await _turn(tx, held, instead, is_silent=False)
    await deadlines.call_off(tx, CHOOSE_BY, [repair_id])
    return await get_one(tx, repair_id)


async def turn_silent(tx: Tx, repair_ids: Sequence[int]) -> None:
    """The buyer said nothing: they get their money."""
    for held in (await hold(tx, repair_ids)).values():
        if held.repair.state is _S.CHOOSING:
            await _turn(tx, held, "refund", is_silent=True)


async def let_choose(tx: Tx, repair_ids: Sequence[int]) -> None:
    """The days are over and nothing came back: the buyer need not wait any longer."""
    late = {i: held for i, held in (await hold(tx, repair_ids)).items() if held.repair.state is _S.MENDING}
    await ask_buyer(tx, late, "too_long")


async def ask_buyer(tx: Tx, found: Mapping[int, Held], why: str) -> None:
    """Let the buyers of repairs that stand still choose."""
    until = tx.now + timedelta(days=CHOOSE_DAYS)
    moved = await store.move(tx, "fail", found, failed_at=tx.now, why=why, choose_by=until) if found else {}
    await deadlines.call_off(tx, FINISH_BY, moved)
    await deadlines.call_off(tx, ARRIVE_BY, moved)
    await deadlines.schedule(tx, CHOOSE_BY, [
        deadlines.Due(i, found[i].repair.merchant_id, until, found[i].repair.order_id) for i in moved
    ])  # fmt: skip
    await record(tx, moved)
    tx.announce(*(
        RepairFailed(subject_id=i, merchant_id=found[i].repair.merchant_id, order_id=found[i].repair.order_id,
                     move=moved[i], return_id=found[i].repair.return_id, why=why, choose_by=iso(until))
        for i in sorted(moved)
    ))  # fmt: skip


async def _turn(tx: Tx, held: Held, instead: Instead, *, is_silent: bool) -> None:
    repair = held.repair
    await returns.take_unmended(tx, repair.return_id, returns.Resolution(instead))
    moved = await store.move(tx, "turn", [repair.id], instead=instead, is_silent=is_silent, ended_at=tx.now)
    await record(tx, [repair.id])
    tx.announce(RepairTurned(
        subject_id=repair.id, merchant_id=repair.merchant_id, order_id=repair.order_id, move=moved[repair.id],
        return_id=repair.return_id, instead=instead, is_silent=is_silent,
    ))  # fmt: skip
