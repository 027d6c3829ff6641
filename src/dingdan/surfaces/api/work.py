"""Work: what the warehouse picks, packs and hands over."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from dingdan.areas import fulfilment, packing
from dingdan.kernel.refusal import Refusal
from dingdan.overviews import merge_suggestions, pick_queue
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api.parcels import ParcelView, parcel_view
from dingdan.surfaces.shared import rows, scope
from dingdan.surfaces.shared.doors import get, post
from dingdan.surfaces.shared.wire import (
    Code,
    Id,
    Input,
    LineNo,
    List,
    MerchantRef,
    Quantity,
    Sku,
    View,
    Word,
    allowed,
    number,
    ref,
    ref_or_none,
)

OPEN = [fulfilment.WorkState.QUEUED, fulfilment.WorkState.PICKING, fulfilment.WorkState.PACKED]

# What can be done with a work by where it stands, and what each action takes.
VERBS = {"queued": ["claim"], "picking": ["pack", "report_short", "put_back"], "packed": ["ship", "put_back"]}
ACTIONS = {
    "claim": "work.do", "pack": "work.do", "report_short": "work.do", "put_back": "work.do", "ship": "parcel.ship",
}  # fmt: skip
# In the order of the lanes: 0 is picked first.
LaneName = Literal["fresh_vip", "fresh", "vip", "ordinary"]
LANES: dict[str, fulfilment.Lane] = {lane.name.lower(): lane for lane in fulfilment.Lane}


class ClaimInput(Input, frozen=True, kw_only=True):
    """How many works to take from which warehouse's queue; with `orders` or `lane`, those and no others."""

    merchant: MerchantRef | None = None
    warehouse: Word
    limit: Annotated[int, Meta(ge=1, le=200)] = 1
    orders: Annotated[list[Id], Meta(min_length=1, max_length=200)] | None = None
    lane: LaneName | None = None


class PackedInput(Input, frozen=True, kw_only=True):
    """Pieces that lie in the box: of an order line, or of whatever product the scanner read, by SKU or by `gtin`."""

    line_no: LineNo | None = None
    sku: Sku | None = None
    gtin: Annotated[str, Meta(pattern=r"^\d{8,14}$")] | None = None
    quantity: Quantity


class SerialInput(Input, frozen=True, kw_only=True):
    """The serial number of one piece."""

    sku: Sku
    serial: Word


class PackInput(Input, frozen=True, kw_only=True):
    """All that lies in the box; it must be exactly what the order holds.

    A weight that is unlike the goods' is refused until it comes with `weight_confirmed`.
    """

    lines: Annotated[list[PackedInput], Meta(max_length=5_000)]
    weight_grams: Annotated[int, Meta(ge=1, le=10_000_000)] | None = None
    weight_confirmed: bool = False
    serials: Annotated[tuple[SerialInput, ...], Meta(max_length=5_000)] = ()


class ShortLineInput(Input, frozen=True, kw_only=True):
    """Pieces of a line that were not found, or found unfit; with `sku` of what lies in its bundle."""

    line_no: LineNo
    sku: Sku | None = None
    missing: Annotated[int, Meta(ge=0, le=1_000_000)] = 0
    damaged: Annotated[int, Meta(ge=0, le=1_000_000)] = 0


class ShortInput(Input, frozen=True, kw_only=True):
    """What cannot be picked; the books are put right at once."""

    lines: Annotated[list[ShortLineInput], Meta(min_length=1, max_length=500)]


class PutBackInput(Input, frozen=True, kw_only=True):
    """Why picking is given up."""

    reason: Code = "put_back"


class ShipLineInput(Input, frozen=True, kw_only=True):
    """Units of an order line that go into this parcel."""

    line_no: LineNo
    quantity: Quantity


class ShipParcelInput(Input, frozen=True, kw_only=True):
    """A parcel with its carrier and number; without `lines` it holds all that was packed."""

    carrier: Word
    tracking_number: Word
    lines: Annotated[tuple[ShipLineInput, ...], Meta(max_length=5_000)] = ()
    number_reason: Annotated[Code | None, Meta(description="Why a number that does not fit is right; a code.")] = None
    carrier_reason: Annotated[
        Code | None, Meta(description="Why not the carrier that is suggested; a code. Another one takes a reason.")
    ] = None


class ShipInput(Input, frozen=True, kw_only=True):
    """The parcels that the packed goods leave in; nothing ships without a number."""

    parcels: Annotated[list[ShipParcelInput], Meta(min_length=1, max_length=100)]


class PieceView(View, frozen=True, kw_only=True):
    """A product to take, as one that lies in a bundle, how many of it in all, and from which shelf."""

    sku: str
    title: dict[str, str]
    quantity: int
    bin: str | None


class PickLineView(View, frozen=True, kw_only=True):
    """One line to pick, or this warehouse's share of it; of a bundle the `pieces` are picked and scanned."""

    line_no: int
    sku: str
    title: dict[str, str]
    quantity: int
    bin: str | None
    pieces: list[PieceView]


class WorkView(View, frozen=True, kw_only=True):
    """The picking of one order in one warehouse, shelf after shelf; neither prices nor people.

    `merge_with` are orders that could travel in the same parcel: a suggestion, nothing is merged by it.
    """

    id: str
    order_id: str
    merchant: str
    warehouse_id: str
    state: fulfilment.WorkState
    lane: int
    paid_at: datetime
    ship_by: datetime
    wave_id: str | None
    claimed_at: datetime | None
    lines: list[PickLineView]
    deadline_at: datetime | None
    available_actions: list[str]
    merge_with: list[str]


class ReasonView(View, frozen=True, kw_only=True):
    """Why, in Chinese and English."""

    zh: str
    en: str


class CarrierOptionView(View, frozen=True, kw_only=True):
    """One carrier's service for this parcel: whether it can be taken, whether it is the one to take, and why."""

    carrier: str
    service: str
    lane: str
    is_chosen: bool
    is_out: bool
    arrive_by: datetime
    cost: int | None
    grade: str | None
    share: int
    reasons: list[ReasonView]


class SuggestionQuery(Input, frozen=True, kw_only=True):
    """What the parcel weighs; without it the sum of its products counts, where all have a weight."""

    grams: Annotated[int, Meta(ge=1, le=100_000_000)] | None = None


class QueueQuery(Input, frozen=True, kw_only=True):
    """Which warehouse, and how far its work has come; without `state` everything that is not handed over."""

    merchant: MerchantRef | None = None
    warehouse: Word
    state: fulfilment.WorkState | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


@get("/v1/work", permission="work.read")
async def queue(tx: Tx, query: QueueQuery) -> List[WorkView]:
    """A warehouse's work, lane by lane, by payment time. Who is next, and why, says `/v1/work/queue`."""
    place = await scope.warehouse_meant(tx, query.merchant, query.warehouse, "query.warehouse", "query.merchant")
    states = [query.state] if query.state else OPEN
    found = await pick_queue.page(tx, place.id, [str(state) for state in states], query.limit)
    others = await merge_suggestions.of_buyers(tx, {row.order_id for row in found})
    return List(items=[work_view(tx, row, others.get(row.order_id, ())) for row in found])


@post("/v1/work/claim", permission="work.do")
async def claim(tx: Tx, body: ClaimInput) -> List[WorkView]:
    """Take the next works of a warehouse; two claimers never get the same one. The orders can no longer be cancelled."""
    place = await scope.warehouse_meant(tx, body.merchant, body.warehouse)
    named = None
    if body.orders is not None:
        named = [number("order", text, f"orders[{i}]") for i, text in enumerate(body.orders)]
    limit = body.limit if named is None else len(named)
    lane = LANES[body.lane] if body.lane else None
    works = await fulfilment.claim(tx, place.id, limit=limit, claimed_by=tx.actor.id, order_ids=named, lane=lane)
    return List(items=[work_view(tx, row) for row in await pick_queue.works(tx, [work.id for work in works])])


@post("/v1/work/{work_id}/pack", permission="work.do")
async def pack(tx: Tx, work_id: int, body: PackInput) -> WorkView:
    """Close the box; every mismatch with the order is named at once. What was scanned is kept as evidence."""
    one = fulfilment.Pack(
        work_id, tuple(fulfilment.PackedLine(line.line_no, line.quantity, line.sku, line.gtin) for line in body.lines),
        grams=body.weight_grams, is_weight_confirmed=body.weight_confirmed,
        serials=tuple(packing.Serial(one.sku, one.serial) for one in body.serials),
    )  # fmt: skip
    await fulfilment.pack_one(tx, one)
    return await _one(tx, work_id)


@post("/v1/work/{work_id}/short", permission="work.do")
async def report_short(tx: Tx, work_id: int, body: ShortInput) -> WorkView:
    """Say what is not there or not fit. Other warehouses give it, or the order waits for it or for the buyer's word."""
    lines = [fulfilment.ShortLine(one.line_no, one.missing, one.damaged, one.sku) for one in body.lines]
    await fulfilment.report_short(tx, work_id, lines)
    return await _one(tx, work_id)


@post("/v1/work/{work_id}/put_back", permission="work.do")
async def put_back(tx: Tx, work_id: int, body: PutBackInput | None = None) -> WorkView:
    """Give up picking: the order goes back to its place in the queue and can be cancelled again."""
    with rows.one_of_a_set():
        await fulfilment.put_back(tx, [work_id], reason=(body or PutBackInput()).reason)
    return await _one(tx, work_id)


@get("/v1/work/{work_id}/carrier-suggestion", permission="work.read")
async def suggestion(tx: Tx, work_id: int, query: SuggestionQuery) -> List[CarrierOptionView]:
    """The carriers that this parcel could be given to, the suggested one first; empty where nobody keeps lanes."""
    return List(items=[
        CarrierOptionView(
            carrier=one.carrier, service=one.service, lane=one.lane, is_chosen=one.is_chosen, is_out=one.is_out,
            arrive_by=one.arrive_by, cost=one.cost, grade=one.grade, share=one.share,
            reasons=[ReasonView(zh=text.zh, en=text.en) for text in one.reasons],
        )
        for one in await fulfilment.suggest_one(tx, work_id, grams=query.grams)
    ])  # fmt: skip


@post("/v1/work/{work_id}/ship", permission="parcel.ship")
async def ship(tx: Tx, work_id: int, body: ShipInput) -> List[ParcelView]:
    """Hand the packed goods to carriers: they leave the stock, and the order is on its way."""
    ships = [
        fulfilment.Ship(
            work_id, parcel.carrier, parcel.tracking_number,
            tuple(fulfilment.ShipLine(line.line_no, line.quantity) for line in parcel.lines),
            number_reason=parcel.number_reason, carrier_reason=parcel.carrier_reason,
        )
        for parcel in body.parcels
    ]  # fmt: skip
    try:
        parcels = await fulfilment.ship(tx, ships)
    except Refusal as refusal:
        raise refusal.at("parcels") from None
    return List(items=[await parcel_view(tx, parcel) for parcel in parcels])


def piece_view(one: pick_queue.Piece) -> PieceView:
    """A product to take."""
    return PieceView(sku=one.sku, title=one.title, quantity=one.quantity, bin=one.bin)


async def _one(tx: Tx, work_id: int) -> WorkView:
    (row,) = await pick_queue.works(tx, [work_id])
    return work_view(tx, row)


def work_view(tx: Tx, row: pick_queue.Row, others: Sequence[merge_suggestions.Other] = ()) -> WorkView:
    """A work with what is to be picked; a claim ends by itself when nobody packs."""
    ends_at = row.claimed_at + fulfilment.CLAIM_FOR if row.state == "picking" and row.claimed_at else None
    return WorkView(
        id=ref("work", row.id), order_id=ref("order", row.order_id), merchant=ref("merchant", row.merchant_id),
        warehouse_id=ref("warehouse", row.warehouse_id), state=fulfilment.WorkState(row.state), lane=row.lane,
        paid_at=row.paid_at, ship_by=row.ship_by, wave_id=ref_or_none("wave", row.wave_id), claimed_at=row.claimed_at,
        lines=[
            PickLineView(
                line_no=line.line_no, sku=line.sku, title=line.title, quantity=line.quantity,
                bin=line.bin, pieces=[piece_view(one) for one in line.pieces],
            )
            for line in row.lines
        ],
        deadline_at=ends_at, available_actions=allowed(tx.actor, VERBS.get(row.state, []), ACTIONS),
        merge_with=[ref("order", one.id) for one in others],
    )  # fmt: skip


ROUTES = [queue, claim, pack, report_short, put_back, suggestion, ship]
