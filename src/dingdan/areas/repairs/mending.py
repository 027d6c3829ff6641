"""The workshop: goods are mended and sent back, or it was in vain; and while nothing can be done the days stand still."""

from datetime import timedelta

from dingdan.areas import returns
from dingdan.areas.repairs import store
from dingdan.areas.repairs.choosing import ask_buyer
from dingdan.areas.repairs.events import (
    RepairFinished,
    RepairPaused,
    RepairRelapsed,
    RepairResumed,
    RepairSentBack,
)
from dingdan.areas.repairs.lifecycle import RepairState
from dingdan.areas.repairs.model import ARRIVE_DAYS, NOTE_LENGTH, Repair, SendBack, Vain
from dingdan.areas.repairs.promises import ARRIVE_BY, FINISH_BY
from dingdan.areas.repairs.reading import get_one, hold_one, terms_for
from dingdan.areas.repairs.recording import record
from dingdan.areas.repairs.refusals import ClockStands, FindingMissing, RepairStateForbids, WaybillUnfit
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx

_S = RepairState
WAYBILL_LENGTH = 64


async def send_back(tx: Tx, repair_id: int, parcel: SendBack) -> Repair:
    """The goods are on their way to the buyer: mended, or as they came where there was nothing for us to mend.

    Raises RepairUnknown, RepairStateForbids, WaybillUnfit or FindingMissing.
    """
    repair = (await hold_one(tx, repair_id, "send_back", _S.MENDING)).repair
    problems: list[Refusal] = [
        WaybillUnfit(field, limit=WAYBILL_LENGTH)
        for field in ("carrier", "tracking_number") if not _is_word(getattr(parcel, field))
    ]  # fmt: skip
    if "\0" in parcel.note or len(parcel.note) > NOTE_LENGTH or not (parcel.is_mended or parcel.note.strip()):
        problems.append(FindingMissing("note", limit=NOTE_LENGTH))
    refuse_all(problems)
    moved = await store.move(
        tx, "send_back", [repair_id], sent_at=tx.now, carrier=parcel.carrier.strip(), note=parcel.note.strip(),
        tracking_number=parcel.tracking_number.strip(), is_mended=parcel.is_mended,
    )  # fmt: skip
    await deadlines.call_off(tx, FINISH_BY, [repair_id])
    due = tx.now + timedelta(days=ARRIVE_DAYS)
    await deadlines.schedule(tx, ARRIVE_BY, [deadlines.Due(repair_id, repair.merchant_id, due, repair.order_id)])
    tx.announce(RepairSentBack(
        subject_id=repair_id, merchant_id=repair.merchant_id, order_id=repair.order_id, move=moved[repair_id],
        return_id=repair.return_id, carrier=parcel.carrier.strip(), tracking_number=parcel.tracking_number.strip(),
        is_mended=parcel.is_mended,
    ))  # fmt: skip
    return await get_one(tx, repair_id)


async def arrive(tx: Tx, repair_id: int) -> Repair:
    """The buyer has the goods again: the carrier says so, or the buyer does. Raises RepairUnknown or RepairStateForbids."""
    held = await hold_one(tx, repair_id, "arrive", _S.RETURNING)
    repair, is_mended = held.repair, bool(held.repair.is_mended)
    moved = await store.move(tx, "finish", [repair_id], ended_at=tx.now)
    await deadlines.call_off(tx, ARRIVE_BY, [repair_id])
    await returns.hand_back(tx, held.one, is_mended=is_mended)
    await record(tx, [repair_id])
    tx.announce(RepairFinished(subject_id=repair_id, merchant_id=repair.merchant_id, order_id=repair.order_id,
                               move=moved[repair_id], return_id=repair.return_id, is_mended=is_mended))  # fmt: skip
    return await get_one(tx, repair_id)


async def fail(tx: Tx, repair_id: int, why: Vain) -> Repair:
    """It cannot be mended, or was lost on its way to the buyer: the buyer chooses what they want instead.

    Raises RepairUnknown or RepairStateForbids.
    """
    state, verb = (_S.RETURNING, "report_lost") if why == "lost" else (_S.MENDING, "fail")
    await ask_buyer(tx, {repair_id: await hold_one(tx, repair_id, verb, state)}, why)
    return await get_one(tx, repair_id)


async def relapse(tx: Tx, repair_id: int) -> Repair:
    """The buyer says that the fault came back: the repair was in vain, and counts as that.

    Raises RepairUnknown or RepairStateForbids.
    """
    held = await hold_one(tx, repair_id, "relapse", _S.DONE)
    repair = held.repair
    if not repair.is_mended:
        raise RepairStateForbids(state=str(repair.state), verb="relapse")
    moved = await store.move(tx, "relapse", [repair_id], failed_at=tx.now)
    await record(tx, [repair_id])
    failures = await store.failures(tx, repair_id)
    tx.announce(RepairRelapsed(
        subject_id=repair_id, merchant_id=repair.merchant_id, order_id=repair.order_id, move=moved[repair_id],
        return_id=repair.return_id, failures=failures,
        is_enough=failures >= (await terms_for(tx, held.one)).most_failures,
    ))  # fmt: skip
    return await get_one(tx, repair_id)


async def pause(tx: Tx, repair_id: int) -> Repair:
    """Nothing can be done without the buyer (a lock, an answer): only so long the days do not count.

    Raises RepairUnknown, RepairStateForbids or ClockStands.
    """
    repair = (await hold_one(tx, repair_id, "pause", _S.MENDING)).repair
    if not await deadlines.pause(tx, FINISH_BY, [repair_id], waiting_for="buyer"):
        raise ClockStands
    tx.announce(RepairPaused(subject_id=repair_id, merchant_id=repair.merchant_id, order_id=repair.order_id,
                             return_id=repair.return_id))  # fmt: skip
    return repair


async def resume(tx: Tx, repair_id: int) -> Repair:
    """The buyer did their part, and what was left of the days counts on. Raises what `pause` raises."""
    repair = (await hold_one(tx, repair_id, "resume", _S.MENDING)).repair
    if not await deadlines.resume(tx, FINISH_BY, [repair_id]):
        raise ClockStands
    tx.announce(RepairResumed(subject_id=repair_id, merchant_id=repair.merchant_id, order_id=repair.order_id,
                              return_id=repair.return_id))  # fmt: skip
    return repair


def _is_word(text: str) -> bool:
    return 0 < len(text.strip()) <= WAYBILL_LENGTH and text.isprintable()
