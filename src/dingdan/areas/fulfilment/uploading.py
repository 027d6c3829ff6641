"""Tracking numbers told for many orders at once, by whoever packs them elsewhere or wrote them into a sheet."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from dingdan.areas import orders
from dingdan.areas.carriers import tidy_number
from dingdan.areas.fulfilment import store
from dingdan.areas.fulfilment.boxing import pack_many
from dingdan.areas.fulfilment.dispatching import ship
from dingdan.areas.fulfilment.lifecycle import WorkState
from dingdan.areas.fulfilment.model import MAX_CLAIM, Pack, PackedLine, Parcel, Ship, Upload, Work
from dingdan.areas.fulfilment.picking import claim
from dingdan.areas.fulfilment.reading import contents
from dingdan.areas.fulfilment.refusals import WhichWarehouse, WorkStateForbids, WorkUnknown
from dingdan.kernel.refusal import Refusal, Refusals, refuse_all
from dingdan.plumbing.tx import Tx

SENT = ("created", "unchanged")


async def upload(tx: Tx, uploads: Sequence[Upload]) -> list[str]:
    """Ship the work of each order with the number that was told: `created`, or `unchanged` where it left with it before.

    What waits in the queue is claimed and packed as the order says; what somebody is picking is not touched. Raises
    what `claim`, `pack_many` and `ship` raise, WorkUnknown or WhichWarehouse, with the place of each; nothing ships then.
    """
    locked = await orders.lock(tx, {one.order_id for one in uploads})
    works: dict[int, list[Work]] = defaultdict(list)
    for work in await store.works_of(tx, locked):
        works[work.order_id].append(work)
    known = await _known(tx, uploads)
    done = [_is_known(one, known) for one in uploads]
    chosen: dict[int, Work] = {}
    problems: list[Refusal] = []
    for place, one in enumerate(uploads):
        if not done[place]:
            found = _choose(one, works.get(one.order_id, []), f"[{place}]")
            if isinstance(found, Refusal):
                problems.append(found)
            else:
                chosen[place] = found
    refuse_all(problems)
    await _make_ready(tx, chosen)
    places = list(chosen)
    ships = [
        Ship(chosen[p].id, uploads[p].carrier, uploads[p].tracking_number, uploads[p].lines,
             carrier_reason=uploads[p].carrier_reason)
        for p in places
    ]  # fmt: skip
    with _told_by(places):
        await ship(tx, ships)
    return [SENT[1] if was else SENT[0] for was in done]


async def _known(tx: Tx, uploads: Sequence[Upload]) -> dict[tuple[str, str], Parcel]:
    taken = await store.taken_numbers(tx, {(one.carrier, tidy_number(one.tracking_number)) for one in uploads})
    parcels = {parcel.id: parcel for parcel in await store.parcels(tx, set(taken.values()))} if taken else {}
    return {key: parcels[parcel_id] for key, parcel_id in taken.items() if parcel_id in parcels}


def _is_known(one: Upload, known: Mapping[tuple[str, str], Parcel]) -> bool:
    parcel = known.get((one.carrier, tidy_number(one.tracking_number)))
    if parcel is None:
        return False
    held = {line.line_no: line.quantity for line in parcel.lines if line.order_id == one.order_id}
    return bool(held) and (not one.lines or held == {line.line_no: line.quantity for line in one.lines})


def _choose(one: Upload, works: Sequence[Work], path: str) -> Work | Refusal:
    """The work that a number is about: the only one that is there, or that of the warehouse named."""
    own = [work for work in works if one.warehouse_id in (None, work.warehouse_id)]
    ready = [work for work in own if work.state in (WorkState.QUEUED, WorkState.PACKED)]
    if len(ready) == 1:
        return ready[0]
    if ready:
        return WhichWarehouse(f"{path}.warehouse")
    if not own:
        return WorkUnknown(f"{path}.order")
    return WorkStateForbids(f"{path}.order", state=str(own[-1].state), verb="ship")


async def _make_ready(tx: Tx, chosen: Mapping[int, Work]) -> None:
    """Claim and pack what still waits in the queue."""
    first: dict[int, int] = {}
    queued: dict[int, list[Work]] = defaultdict(list)
    for place, work in chosen.items():
        if work.state is WorkState.QUEUED and work.id not in first:
            first[work.id] = place
            queued[work.warehouse_id].append(work)
    claimed: list[Work] = []
    for warehouse_id, waiting in sorted(queued.items()):
        ids = [work.order_id for work in waiting]
        for start in range(0, len(ids), MAX_CLAIM):
            part = ids[start : start + MAX_CLAIM]
            claimed += await claim(tx, warehouse_id, limit=len(part), claimed_by=tx.actor.id, order_ids=part)
    missed = first.keys() - {work.id for work in claimed}
    refuse_all([
        WorkStateForbids(f"[{first[work_id]}].order", state=str(WorkState.QUEUED), verb="claim")
        for work_id in sorted(missed, key=first.__getitem__)
    ])  # fmt: skip
    lines = await contents(tx, claimed)
    packs = [
        Pack(work.id, tuple(PackedLine(line.line_no, line.quantity) for line in lines[work.id])) for work in claimed
    ]  # fmt: skip
    with _told_by([first[p.work_id] for p in packs]):
        await pack_many(tx, packs)


class _told_by:  # noqa: N801 - reads as a word in a with statement
    """Around a command that takes a set: its problems name the places of the file, not those of the set."""

    def __init__(self, places: Sequence[int]) -> None:
        self._places = places

    def __enter__(self) -> None:
        """Nothing to do."""

    def __exit__(self, _kind: object, problem: BaseException | None, _trace: object) -> None:
        if isinstance(problem, Refusal):
            told = [_moved(one, self._places) for one in problem.problems]
            raise (told[0] if len(told) == 1 else Refusals(told)) from None


def _moved(one: Refusal, places: Sequence[int]) -> Refusal:
    head, bracket, rest = one.path.partition("]")
    if not bracket or not head[1:].isdigit():
        return one
    return type(one)(f"[{places[int(head[1:])]}]{rest}", **one.params).with_solutions(*one.solutions)
