"""Parcels: on their way, and what carriers say about them."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from dingdan.areas import cases, fulfilment, transit
from dingdan.kernel.refusal import refuse_all
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api.tracking import InterceptionView, interception_view
from dingdan.surfaces.shared import rows
from dingdan.surfaces.shared.doors import get, post
from dingdan.surfaces.shared.wire import DeadlineView, Input, Moment, View, Word, allowed, deadline_views, ref, soonest

ACTIONS = {"intercept": "parcel.intercept", "receive": "return.receive", "scan": "parcel.scan"}


class ParcelLineView(View, frozen=True, kw_only=True):
    """Units of an order line that lie in the parcel."""

    order_id: str
    line_no: int
    quantity: int


class ScanView(View, frozen=True, kw_only=True):
    """What the carrier said, and when; `received_at` is when we heard of it."""

    code: str
    place: str
    at: datetime
    received_at: datetime


class ParcelView(View, frozen=True, kw_only=True):
    """A parcel in our words, whatever the carrier's are; scans latest first.

    `ground` is by which right its carrier got it: `licensed`, `own`, `elsewhere`, or `before` it was asked. `suggested_carrier`

    is named where another carrier took it, for the `carrier_reason`.
    """

    id: str
    merchant: str
    warehouse_id: str
    carrier: str
    tracking_number: str
    state: fulfilment.ParcelState
    lines: list[ParcelLineView]
    scans: list[ScanView]
    ground: str | None
    licence: str | None
    number_reason: str | None
    carrier_reason: str | None
    suggested_carrier: str | None
    dispatched_at: datetime
    delivered_at: datetime | None
    last_scan_at: datetime | None
    noticed: list[str]
    interception: InterceptionView | None
    deadline_at: datetime | None
    deadlines: list[DeadlineView]
    available_actions: list[str]


class ScanInput(Input, frozen=True, kw_only=True):
    """An event that somebody enters by hand; without `at` it happened now. The same `event_id` counts once."""

    code: Word
    at: Moment | None = None
    place: Annotated[str, Meta(max_length=200)] = ""
    event_id: Annotated[str, Meta(min_length=1, max_length=200)] | None = None


class ParcelBackInput(Input, frozen=True, kw_only=True):
    """Why it came back, as a reason of the order's return policy; without one nobody accepted it at the door."""

    reason: Word | None = None


class ParcelBackView(View, frozen=True, kw_only=True):
    """A parcel that was received again, and the returns in which its goods stand now, one for each of its orders."""

    parcel: ParcelView
    return_ids: list[str]


@get("/v1/parcels/{parcel_id}", permission="parcel.read")
async def show(tx: Tx, parcel_id: int) -> ParcelView:
    """One parcel and its way."""
    return await _one(tx, parcel_id)


@post("/v1/parcels/{parcel_id}/scans", permission="parcel.scan")
async def scan(tx: Tx, parcel_id: int, body: ScanInput) -> ParcelView:
    """Enter a tracking event by hand, for carriers that tell nothing by themselves."""
    parcel = (await fulfilment.parcels(tx, [parcel_id]))[parcel_id]
    event = fulfilment.Scan(
        carrier=parcel.carrier, tracking_number=parcel.tracking_number, code=body.code, at=body.at or tx.now,
        place=body.place, event_id=body.event_id or f"by-hand-{ref('scan', tx.mint())}",
    )  # fmt: skip
    taken = await fulfilment.scan(tx, [event])
    refuse_all([rows.of_one(refusal) for refusal in taken.refused])
    return await _one(tx, parcel_id)


@post("/v1/parcels/{parcel_id}/receive", permission="return.receive")
async def receive(tx: Tx, parcel_id: int, body: ParcelBackInput) -> ParcelBackView:
    """Receive a parcel that was turned away or called back: a return of its own, whose money follows the inspection.

    Once more changes nothing. What was refunded or sent again before is not owed again.
    """
    found = await cases.take_in_parcel(tx, parcel_id, reason=body.reason or "")
    return ParcelBackView(
        parcel=await _one(tx, parcel_id),
        return_ids=[ref("return", one.id) for one in sorted(found, key=lambda r: r.id)],
    )


async def parcel_view(tx: Tx, parcel: fulfilment.Parcel) -> ParcelView:
    """A parcel with what was said about it."""
    back = (await transit.interceptions(tx, [parcel.id])).get(parcel.id)
    clocks = deadline_views(await deadlines.of_subjects(tx, [parcel.id])).get(parcel.id, [])
    given = (await fulfilment.assignments(tx, [parcel.id])).get(parcel.id)
    return ParcelView(
        id=ref("parcel", parcel.id), merchant=ref("merchant", parcel.merchant_id),
        warehouse_id=ref("warehouse", parcel.warehouse_id), carrier=parcel.carrier,
        tracking_number=parcel.tracking_number, state=parcel.state,
        lines=[
            ParcelLineView(order_id=ref("order", line.order_id), line_no=line.line_no, quantity=line.quantity)
            for line in parcel.lines
        ],
        scans=[
            ScanView(code=seen.code, place=seen.place, at=seen.at, received_at=seen.received_at)
            for seen in await fulfilment.sightings(tx, [parcel.id])
        ],
        ground=given.ground if given else None, licence=given.licence if given else None,
        number_reason=given.number_reason if given else None, carrier_reason=given.carrier_reason if given else None,
        suggested_carrier=given.suggested if given else None,
        dispatched_at=parcel.dispatched_at, delivered_at=parcel.delivered_at, last_scan_at=parcel.last_scan_at,
        noticed=list(parcel.noticed), interception=interception_view(back) if back else None,
        deadline_at=soonest(clocks), deadlines=clocks,
        available_actions=allowed(tx.actor, _possible(parcel, back), ACTIONS),
    )  # fmt: skip


def _possible(parcel: fulfilment.Parcel, back: transit.Interception | None) -> list[str]:
    may_come_back = transit.may_come_back(parcel) and (back is None or back.answer is not None)
    is_coming = parcel.state in cases.COMING_BACK
    return ["scan", *(["intercept"] if may_come_back else []), *(["receive"] if is_coming else [])]


async def _one(tx: Tx, parcel_id: int) -> ParcelView:
    return await parcel_view(tx, (await fulfilment.parcels(tx, [parcel_id]))[parcel_id])


ROUTES = [show, scan, receive]
