"""Parcels at the door that nobody announced: kept apart, matched within three days, and never anybody's by silence."""

from collections.abc import Sequence

from dingdan.areas import carriers, inventory, orders, returns
from dingdan.areas.way_back import store
from dingdan.areas.way_back.events import StrayAsked, StrayClosed, StrayFound, StrayMatched, StrayUnmatched
from dingdan.areas.way_back.lifecycle import STRAY, StrayState
from dingdan.areas.way_back.model import CLOSED_BECAUSE, Candidate, NewStray, Stray
from dingdan.areas.way_back.promises import MATCH_BY, MATCH_WITHIN
from dingdan.areas.way_back.reading import candidates, stray
from dingdan.areas.way_back.refusals import OtherWarehouse, StrayStateForbids, StrayUnfit, StrayUnknown
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.plumbing import deadlines
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx

MAX_NOTE, MAX_WORD, MAX_GRAMS = 2_000, 100, 1_000_000_000


async def register(tx: Tx, new: NewStray) -> tuple[Stray, list[Candidate]]:
    """Write down a parcel that nobody announced, with whose it may be. The same number twice is one parcel.

    Where its number alone says to which order it belongs, that is noted; its goods are received by `match`. Raises
    StrayUnfit, inventory.WarehouseUnknown, or what is wrong with carrier and number.
    """
    refuse_all(_problems(new))
    places = await inventory.warehouses(tx, [new.warehouse_id])
    if new.warehouse_id not in places or places[new.warehouse_id].merchant_id != new.merchant_id:
        raise inventory.WarehouseUnknown("warehouse", code="-")
    found = await candidates(tx, new)
    sure = {one.order_id for one in found if one.found_by == "waybill"}
    number = None if new.tracking_number is None else carriers.tidy_number(new.tracking_number)
    made = Stray(
        id=tx.mint(), merchant_id=new.merchant_id, warehouse_id=new.warehouse_id, state=StrayState.OPEN, version=1,
        carrier=new.carrier, tracking_number=number, grams=new.grams, is_empty=new.is_empty, note=new.note, at=tx.now,
        noted_by_kind=str(tx.actor.kind), noted_by=tx.actor.id, match_by=tx.now + MATCH_WITHIN,
        order_id=sure.pop() if len(sure) == 1 else None, return_id=None, found_by=None, closed_because=None,
        ended_at=None,
    )  # fmt: skip
    if not await store.add_stray(tx, made):
        # Two people unloaded the same parcel: the first one's row is the parcel.
        known = await store.stray_by_number(tx, new.merchant_id, new.carrier or "", number or "")
        assert known is not None
        return known, found
    await deadlines.schedule(tx, MATCH_BY, [deadlines.Due(made.id, made.merchant_id, made.match_by, made.order_id)])
    tx.announce(StrayFound(subject_id=made.id, merchant_id=made.merchant_id, order_id=made.order_id,
                           move=born(STRAY, made.id), is_empty=made.is_empty))  # fmt: skip
    return made, found


async def match(
    tx: Tx,
    stray_id: int,
    return_id: int,
    *,
    lines: tuple[returns.ReceivedLine, ...] | None = None,
    found_by: str = "person",
) -> Stray:
    """Say to which return a parcel belongs and receive there what lay in it; an empty one brings no units.

    Raises StrayUnknown, StrayStateForbids, OtherWarehouse, or what receiving raises.
    """
    held = (await returns.hold(tx, [return_id])).get(return_id)
    if held is None:
        raise returns.ReturnUnknown("return")
    known = await _lock(tx, stray_id, "match")
    if (held.merchant_id, held.warehouse_id) != (known.merchant_id, known.warehouse_id):
        raise OtherWarehouse("return")
    what = () if known.is_empty else lines
    await returns.receive(tx, [returns.Receive(return_id, what)])
    moved = await store.move_strays(
        tx, "match", [stray_id], return_id=return_id, order_id=held.order_id, found_by=found_by, ended_at=tx.now
    )
    await deadlines.call_off(tx, MATCH_BY, [stray_id])
    tx.announce(StrayMatched(subject_id=stray_id, merchant_id=known.merchant_id, order_id=held.order_id,
                             move=moved[stray_id], return_id=return_id, found_by=found_by))  # fmt: skip
    return await stray(tx, stray_id)


async def ask(tx: Tx, stray_id: int, order_id: int) -> Stray:
    """Ask the buyer of an order what a parcel is; they apply for a return, and it is matched with that.

    Raises StrayUnknown, StrayStateForbids, OtherWarehouse or orders.OrderUnknown.
    """
    order = await orders.lock_one(tx, order_id)
    known = await _lock(tx, stray_id, "ask")
    if order.merchant_id != known.merchant_id:
        raise OtherWarehouse("order")
    moved = await store.move_strays(tx, "ask", [stray_id], order_id=order_id)
    tx.announce(StrayAsked(subject_id=stray_id, merchant_id=known.merchant_id, order_id=order_id,
                           move=moved[stray_id]))  # fmt: skip
    return await stray(tx, stray_id)


async def close(tx: Tx, stray_id: int, *, because: str) -> Stray:
    """The parcel went on to where it belongs, back to its sender, or was empty and nobody's.

    Raises StrayUnknown, StrayStateForbids or StrayUnfit.
    """
    if because not in CLOSED_BECAUSE:
        raise StrayUnfit("because", field="because")
    known = await _lock(tx, stray_id, "close")
    moved = await store.move_strays(tx, "close", [stray_id], closed_because=because, ended_at=tx.now)
    await deadlines.call_off(tx, MATCH_BY, [stray_id])
    tx.announce(StrayClosed(subject_id=stray_id, merchant_id=known.merchant_id, order_id=known.order_id,
                            move=moved[stray_id], because=because))  # fmt: skip
    return await stray(tx, stray_id)


async def note_unmatched(tx: Tx, stray_ids: Sequence[int]) -> None:
    """Three days are over and nobody knows whose it is: it goes up to a person. Its goods stay apart."""
    tx.announce(*(
        StrayUnmatched(subject_id=one.id, merchant_id=one.merchant_id, order_id=one.order_id)
        for one in await store.strays(tx, stray_ids) if one.ended_at is None
    ))  # fmt: skip


async def note_still_unmatched(tx: Tx, rung: deadlines.Rung, stray_ids: Sequence[int]) -> None:
    """The same, days later."""
    await note_unmatched(tx, stray_ids)


async def _lock(tx: Tx, stray_id: int, verb: str) -> Stray:
    known = await store.lock_stray(tx, stray_id)
    if known is None or not tx.actor.reaches(known.merchant_id):
        raise StrayUnknown
    if known.state not in STRAY.moves[verb].sources:
        raise StrayStateForbids(state=str(known.state), verb=verb)
    return known


def _problems(new: NewStray) -> list[Refusal]:
    wrong = []
    if (new.carrier is None) != (new.tracking_number is None):
        wrong.append("tracking_number")
    if new.grams is not None and not 0 < new.grams <= MAX_GRAMS:
        wrong.append("grams")
    if len(new.note) > MAX_NOTE or "\0" in new.note:
        wrong.append("note")
    for field in ("order_ref", "phone"):
        text = getattr(new, field)
        if text is not None and (not 0 < len(text) <= MAX_WORD or "\0" in text):
            wrong.append(field)
    problems: list[Refusal] = [StrayUnfit(field, field=field) for field in wrong]
    if new.carrier is not None and new.tracking_number is not None:
        problems += carriers.number_problems(new.carrier, new.tracking_number, path="")
    return problems
