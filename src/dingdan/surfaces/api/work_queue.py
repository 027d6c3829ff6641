"""The queue of a warehouse with its reasons, and waves: works that are picked in one pass."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from msgspec import Meta

from dingdan.areas import fulfilment, inventory
from dingdan.kernel import page
from dingdan.overviews import pick_queue
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api.work import LANES, LaneName, PieceView, WorkView, piece_view, work_view
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import get, post
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import Input, MerchantRef, Page, PageQuery, View, Word, ref, slice_of


class WaitingQuery(PageQuery, frozen=True, kw_only=True):
    """Which warehouse's queue, from its head or behind a place."""

    merchant: MerchantRef | None = None
    warehouse: Word


class AheadView(View, frozen=True, kw_only=True):
    """What goes before a place: whatever must leave soon, and the orders of each lane."""

    must_leave_soon: int
    fresh_vip: int
    fresh: int
    vip: int
    ordinary: int


class PositionView(View, frozen=True, kw_only=True):
    """A place in the queue, counted from 1, and why it is this one; lanes move work and never a price or a term."""

    place: int
    work_id: str
    order_id: str
    lane: LaneName
    is_aged: bool
    why: dict[str, str]
    paid_at: datetime
    ship_by: datetime
    ahead: AheadView


class WaveInput(Input, frozen=True, kw_only=True):
    """How many works to pick in one pass, at most, and of which lane where it shall be one."""

    merchant: MerchantRef | None = None
    warehouse: Word
    size: Annotated[int, Meta(ge=1, le=fulfilment.MAX_CLAIM)]
    lane: LaneName | None = None


class WaveView(View, frozen=True, kw_only=True):
    """A pass through a warehouse: what to take from the shelves in all, and the works that it is for."""

    id: str
    merchant: str
    warehouse_id: str
    lane: LaneName | None
    size: int
    claimed_at: datetime
    to_pick: list[PieceView]
    works: list[WorkView]


@get("/v1/work/queue", permission="work.read")
async def waiting(tx: Tx, query: WaitingQuery) -> Page[PositionView]:
    """Who is next, and why: what must leave soon first, by its promise, then lane by lane, by payment."""
    place = await scope.warehouse_meant(tx, query.merchant, query.warehouse, "query.warehouse", "query.merchant")
    asked = slice_of(query).asked
    try:
        found = await fulfilment.waiting(tx, place.id, limit=asked.limit + 1, behind=asked.after)
    except fulfilment.WorkUnknown:
        raise Malformed("query.after", what="not a cursor that a list gave out", what_zh="不是列表给出的游标") from None
    shown = found[: asked.limit]
    goes_on = len(found) > asked.limit
    return Page(
        items=[_position(one, place) for one in shown],
        next=page.encode_cursor(shown[-1].work.id) if goes_on else None,
    )


@get("/v1/work/{work_id}/place", permission="work.read")
async def place_of(tx: Tx, work_id: int) -> PositionView:
    """Where one work stands in its queue, and why."""
    found = await fulfilment.place_of(tx, work_id)
    places = await inventory.warehouses(tx, [found.work.warehouse_id])
    return _position(found, places[found.work.warehouse_id])


@post("/v1/waves", permission="work.do", status=201)
async def claim_wave(tx: Tx, body: WaveInput) -> WaveView | None:
    """Claim the next works for one pass; two claimers never get the same one. Null where nothing waits."""
    place = await scope.warehouse_meant(tx, body.merchant, body.warehouse)
    lane = LANES[body.lane] if body.lane else None
    made = await fulfilment.claim_wave(tx, place.id, size=body.size, claimed_by=tx.actor.id, lane=lane)
    return None if made is None else await _wave(tx, *made)


@get("/v1/waves/{wave_id}", permission="work.read")
async def wave(tx: Tx, wave_id: int) -> WaveView:
    """A wave as it stands: works that were put back have left it, packed ones need no picking any more."""
    return await _wave(tx, *await fulfilment.wave(tx, wave_id))


async def _wave(tx: Tx, found: fulfilment.Wave, works: list[fulfilment.Work]) -> WaveView:
    ids = [work.id for work in works]
    return WaveView(
        id=ref("wave", found.id), merchant=ref("merchant", found.merchant_id),
        warehouse_id=ref("warehouse", found.warehouse_id),
        lane=None if found.lane is None else _lane(found.lane), size=found.size, claimed_at=found.claimed_at,
        to_pick=[piece_view(one) for one in await pick_queue.to_pick(tx, ids)],
        works=[work_view(tx, row) for row in await pick_queue.works(tx, ids)],
    )  # fmt: skip


def _position(one: fulfilment.Position, place: inventory.Warehouse) -> PositionView:
    said = fulfilment.why(one, ZoneInfo(place.zone))
    by_lane = {_lane(lane): count for lane, count in one.ahead_by_lane.items()}
    return PositionView(
        place=one.place, work_id=ref("work", one.work.id), order_id=ref("order", one.work.order_id),
        lane=_lane(one.work.lane), is_aged=one.is_aged, why={"zh": said.zh, "en": said.en}, paid_at=one.work.paid_at,
        ship_by=one.work.ship_by,
        ahead=AheadView(
            must_leave_soon=one.ahead_aged, fresh_vip=by_lane.get("fresh_vip", 0), fresh=by_lane.get("fresh", 0),
            vip=by_lane.get("vip", 0), ordinary=by_lane.get("ordinary", 0),
        ),
    )  # fmt: skip


def _lane(lane: int) -> LaneName:
    names: dict[int, LaneName] = {0: "fresh_vip", 1: "fresh", 2: "vip", 3: "ordinary"}
    return names[lane]


ROUTES = [waiting, place_of, claim_wave, wave]
