"""Work: what the warehouse picks, packs and hands over."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from msgspec import Meta

from dingdan.areas import fulfilment
from dingdan.kernel.refusal import Refusal
from dingdan.overviews import carrier_choice, merge_suggestions, pick_queue
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
)

OPEN = [fulfilment.WorkState.QUEUED, fulfilment.WorkState.PICKING, fulfilment.WorkState.PACKED]

# What can be done with a work by where it stands, and what each action takes.
VERBS = {"queued": ["claim"], "picking": ["pack", "put_back"], "packed": ["ship", "put_back"]}
ACTIONS = {"claim": "work.do", "pack": "work.do", "put_back": "work.do", "ship": "parcel.ship"}


class ClaimInput(Input, frozen=True, kw_only=True):
    """How many works to take from which warehouse's queue; with `orders`, those and no others."""

    merchant: MerchantRef | None = None
    warehouse: Word
    limit: Annotated[int, Meta(ge=1, le=200)] = 1
    orders: Annotated[list[Id], Meta(min_length=1, max_length=200)] | None = None


class PackedInput(Input, frozen=True, kw_only=True):
    """Pieces that lie in the box: of an order line, or of whatever product the scanner read."""

    line_no: LineNo | None = None
    sku: Sku | None = None
    quantity: Quantity


class PackInput(Input, frozen=True, kw_only=True):
    """All that lies in the box; it must be exactly what the order holds."""

    lines: Annotated[list[PackedInput], Meta(max_length=5_000)]


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
    carrier_reason: Annotated[Code | None, Meta(description="Why not the carrier that was suggested; a code.")] = None


class ShipInput(Input, frozen=True, kw_only=True):
    """The parcels that the packed goods leave in; nothing ships without a number."""

    parcels: Annotated[list[ShipParcelInput], Meta(min_length=1, max_length=100)]


class PieceView(View, frozen=True, kw_only=True):
    """A product that lies in a bundle, and how many of it in all."""

    sku: str
    title: dict[str, str]
    quantity: int


class PickLineView(View, frozen=True, kw_only=True):
    """One line to pick, or this warehouse's share of it; of a bundle the `pieces` are picked and scanned."""

    line_no: int
    sku: str
    title: dict[str, str]
    quantity: int
    pieces: list[PieceView]


class WorkView(View, frozen=True, kw_only=True):
    """The picking of one order in one warehouse; neither prices nor people.

    `merge_with` are orders that could travel in the same parcel: a suggestion, nothing is merged by it.
    """

    id: str
    order_id: str
    merchant: str
    warehouse_id: str
    state: fulfilment.WorkState
    lane: int
    paid_at: datetime
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
    """A warehouse's work in the order it is handed out: lane by lane, by payment time."""
    place = await scope.warehouse_meant(tx, query.merchant, query.warehouse, "query.warehouse", "query.merchant")
    states = [query.state] if query.state else OPEN
    found = await pick_queue.page(tx, place.id, [str(state) for state in states], query.limit)
    others = await merge_suggestions.of_orders(tx, {row.order_id for row in found})
    return List(items=[_view(tx, row, others.get(row.order_id, ())) for row in found])


@post("/v1/work/claim", permission="work.do")
async def claim(tx: Tx, body: ClaimInput) -> List[WorkView]:
    """Take the next works of a warehouse; two claimers never get the same one. The orders can no longer be cancelled."""
    place = await scope.warehouse_meant(tx, body.merchant, body.warehouse)
    named = None
    if body.orders is not None:
        named = [number("order", text, f"orders[{i}]") for i, text in enumerate(body.orders)]
    limit = body.limit if named is None else len(named)
    works = await fulfilment.claim(tx, place.id, limit=limit, claimed_by=tx.actor.id, order_ids=named)
    return List(items=[_view(tx, row) for row in await pick_queue.works(tx, [work.id for work in works])])


@post("/v1/work/{work_id}/pack", permission="work.do")
async def pack(tx: Tx, work_id: int, body: PackInput) -> WorkView:
    """Close the box; every mismatch with the order is named at once."""
    lines = [fulfilment.PackedLine(line.line_no, line.quantity, line.sku) for line in body.lines]
    await fulfilment.pack(tx, work_id, lines)
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
        for one in await carrier_choice.of_work(tx, work_id, grams=query.grams)
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


async def _one(tx: Tx, work_id: int) -> WorkView:
    (row,) = await pick_queue.works(tx, [work_id])
    return _view(tx, row)


def _view(tx: Tx, row: pick_queue.Row, others: Sequence[merge_suggestions.Other] = ()) -> WorkView:
    return WorkView(
        id=ref("work", row.id), order_id=ref("order", row.order_id), merchant=ref("merchant", row.merchant_id),
        warehouse_id=ref("warehouse", row.warehouse_id), state=fulfilment.WorkState(row.state), lane=row.lane,
        paid_at=row.paid_at, claimed_at=row.claimed_at,
        lines=[
            PickLineView(
                line_no=line.line_no, sku=line.sku, title=line.title, quantity=line.quantity,
                pieces=[PieceView(sku=one.sku, title=one.title, quantity=one.quantity) for one in line.pieces],
            )
            for line in row.lines
        ],
        deadline_at=None, available_actions=allowed(tx.actor, VERBS.get(row.state, []), ACTIONS),
        merge_with=[ref("order", one.id) for one in others],
    )  # fmt: skip


ROUTES = [queue, claim, pack, put_back, suggestion, ship]
