"""Parcels at the door that nobody announced: written down, matched, asked about, sent on."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar import Response
from msgspec import Meta

from dingdan.areas import returns, way_back
from dingdan.overviews import stray_list
from dingdan.plumbing import files
from dingdan.plumbing.doing import within
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api.boxes import FORMS
from dingdan.surfaces.api.returns import ReceivedLineInput
from dingdan.surfaces.shared import bodies, evidence_files, rows, scope, shots
from dingdan.surfaces.shared.doors import Ask, get, post
from dingdan.surfaces.shared.wire import (
    Id,
    Input,
    List,
    MerchantRef,
    Page,
    PageQuery,
    Prose,
    Short,
    View,
    Word,
    allowed,
    json_response,
    number,
    page_of,
    ref,
    ref_or_none,
    slice_of,
)

ACTIONS = {"match": "return.receive", "ask": "return.decide", "close": "return.receive"}


class StrayInput(Input, frozen=True, kw_only=True):
    """A parcel at the door. `order` and `phone` are what stands on or in it; the phone helps to find it and is not kept."""

    merchant: MerchantRef | None = None
    warehouse: Word
    carrier: Word | None = None
    tracking_number: Word | None = None
    order: Short | None = None
    phone: Short | None = None
    weight_grams: Annotated[int, Meta(ge=1, le=1_000_000_000)] | None = None
    is_empty: bool = False
    note: Prose = ""


class MatchInput(Input, frozen=True, kw_only=True):
    """The return to which a parcel belongs, and what lay in it; without lines everything that was announced."""

    return_id: Id
    found_by: Literal["waybill", "order", "phone", "person"] = "person"
    lines: Annotated[list[ReceivedLineInput], Meta(max_length=2_000)] | None = None


class AskBuyerInput(Input, frozen=True, kw_only=True):
    """The order whose buyer is asked what the parcel is."""

    order_id: Id


class CloseStrayInput(Input, frozen=True, kw_only=True):
    """Why nothing more is to be done here."""

    because: Literal["sent_on", "not_ours", "empty", "refused"]


class StrayQuery(PageQuery, frozen=True, kw_only=True):
    """Which parcels; without a state those that are neither matched nor closed."""

    merchant: MerchantRef | None = None
    state: way_back.StrayState | None = None
    number: Word | None = None


class CandidateView(View, frozen=True, kw_only=True):
    """Whose a parcel may be, and by what that was found."""

    found_by: str
    order_id: str
    return_id: str | None


class StrayView(View, frozen=True, kw_only=True):
    """A parcel that nobody announced. Its goods are in nobody's books before it is matched."""

    id: str
    merchant: str
    warehouse_id: str
    state: way_back.StrayState
    carrier: str | None
    tracking_number: str | None
    weight_grams: int | None
    is_empty: bool
    note: str
    at: datetime
    match_by: datetime
    order_id: str | None
    return_id: str | None
    found_by: str | None
    closed_because: str | None
    ended_at: datetime | None
    available_actions: list[str]


class StrayFoundView(View, frozen=True, kw_only=True):
    """A parcel as it was written down, with whose it may be, the surest first."""

    stray: StrayView
    candidates: list[CandidateView]


class StrayRow(View, frozen=True, kw_only=True):
    """A parcel of the list."""

    id: str
    merchant: str
    warehouse_id: str
    state: way_back.StrayState
    carrier: str | None
    tracking_number: str | None
    weight_grams: int | None
    is_empty: bool
    at: datetime
    match_by: datetime
    order_id: str | None
    return_id: str | None
    closed_because: str | None


class StrayPictureView(View, frozen=True, kw_only=True):
    """A picture of a parcel that nobody announced."""

    id: str
    stray_id: str
    sha256: str
    bytes: int
    width: int
    height: int
    at: datetime


@post("/v1/strays", permission="return.receive", status=201)
async def register(tx: Tx, body: StrayInput) -> StrayFoundView:
    """Write down a parcel that came without a label or an announcement. The same number twice is one parcel."""
    place = await scope.warehouse_meant(tx, body.merchant, body.warehouse)
    made, found = await way_back.register(tx, way_back.NewStray(
        merchant_id=place.merchant_id, warehouse_id=place.id, carrier=body.carrier,
        tracking_number=body.tracking_number, order_ref=body.order, phone=body.phone, grams=body.weight_grams,
        is_empty=body.is_empty, note=body.note,
    ))  # fmt: skip
    return StrayFoundView(
        stray=_view(tx, made),
        candidates=[
            CandidateView(found_by=one.found_by, order_id=ref("order", one.order_id),
                          return_id=ref_or_none("return", one.return_id))
            for one in found
        ],
    )  # fmt: skip


@get("/v1/strays", permission="return.read")
async def listed(tx: Tx, query: StrayQuery) -> Page[StrayRow]:
    """Parcels that nobody announced, those first that must be matched first."""
    wanted = stray_list.Filter(
        merchant_id=await scope.merchant_filter(tx, query.merchant), state=query.state, number=query.number
    )
    asked = slice_of(query)
    return page_of(asked, await stray_list.page(tx, wanted, asked.asked), _row)


@get("/v1/strays/{stray_id}", permission="return.read")
async def show(tx: Tx, stray_id: int) -> StrayView:
    """One parcel that nobody announced."""
    return _view(tx, await way_back.stray(tx, stray_id))


@post("/v1/strays/{stray_id}/match", permission="return.receive")
async def match(tx: Tx, stray_id: int, body: MatchInput) -> StrayView:
    """Say to which return a parcel belongs; what lay in it is received there."""
    lines = None
    if body.lines is not None:
        lines = tuple(returns.ReceivedLine(line.line_no, line.quantity) for line in body.lines)
    return_id = number("return", body.return_id, "return_id")
    with rows.one_of_a_set():
        return _view(tx, await way_back.match(tx, stray_id, return_id, lines=lines, found_by=body.found_by))


@post("/v1/strays/{stray_id}/ask", permission="return.decide")
async def ask(tx: Tx, stray_id: int, body: AskBuyerInput) -> StrayView:
    """Ask the buyer of an order what a parcel is; they apply for a return, and it is matched with that."""
    return _view(tx, await way_back.ask(tx, stray_id, number("order", body.order_id, "order_id")))


@post("/v1/strays/{stray_id}/close", permission="return.receive")
async def close(tx: Tx, stray_id: int, body: CloseStrayInput) -> StrayView:
    """Say that a parcel went on, went back or was empty."""
    return _view(tx, await way_back.close(tx, stray_id, because=body.because))


@post(
    "/v1/strays/{stray_id}/pictures",
    permission="return.receive",
    why_unkeyed="a picture is known by what is in it: the same one twice is kept once",
    status=201,
    takes=", ".join(FORMS),
    answers=StrayPictureView,
    max_body_bytes=files.MAX_PICTURE_BYTES,
)
async def take(ask: Ask, stray_id: int) -> Response[bytes]:
    """Keep a picture of a parcel; it is made anew without place, camera or comments."""
    bodies.demand_media_type(ask.request, *FORMS)
    file = await shots.keep_picture(files.Files(ask.settings.data_dir), await ask.request.body())
    new = way_back.NewStrayPicture(**msgspec.structs.asdict(file))

    async def keep(tx: Tx) -> way_back.StrayPicture:
        return await way_back.take_picture(tx, stray_id, new)

    kept = await within(ask.db, ask.actor, keep, name="strays.take")
    return json_response(msgspec.json.encode(_picture(kept)), status=201)


@get("/v1/strays/{stray_id}/pictures", permission="return.read")
async def pictures(tx: Tx, stray_id: int) -> List[StrayPictureView]:
    """The pictures of a parcel, oldest first."""
    return List(items=[_picture(one) for one in await way_back.pictures_of(tx, stray_id)])


@get("/v1/stray-pictures/{stray_picture_id}", permission="return.read", gives="image/jpeg")
async def picture(ask: Ask, stray_picture_id: int) -> Response[bytes]:
    """A picture of a parcel that nobody announced."""
    async with ask.db.reading(ask.actor) as tx:
        found = await way_back.picture(tx, stray_picture_id)
    folder = files.Files(ask.settings.data_dir)
    return await evidence_files.shown(folder, found.sha256, "image/jpeg", way_back.StrayPictureUnknown)


def _picture(one: way_back.StrayPicture) -> StrayPictureView:
    return StrayPictureView(
        id=ref("stray_picture", one.id), stray_id=ref("stray", one.stray_id), sha256=one.sha256, bytes=one.size,
        width=one.width, height=one.height, at=one.at,
    )  # fmt: skip


def _view(tx: Tx, one: way_back.Stray) -> StrayView:
    return StrayView(
        id=ref("stray", one.id), merchant=ref("merchant", one.merchant_id),
        warehouse_id=ref("warehouse", one.warehouse_id), state=one.state, carrier=one.carrier,
        tracking_number=one.tracking_number, weight_grams=one.grams, is_empty=one.is_empty, note=one.note, at=one.at,
        match_by=one.match_by, order_id=ref_or_none("order", one.order_id),
        return_id=ref_or_none("return", one.return_id), found_by=one.found_by, closed_because=one.closed_because,
        ended_at=one.ended_at, available_actions=allowed(tx.actor, way_back.actions(one), ACTIONS),
    )  # fmt: skip


def _row(one: stray_list.Row) -> StrayRow:
    return StrayRow(
        id=ref("stray", one.id), merchant=ref("merchant", one.merchant_id),
        warehouse_id=ref("warehouse", one.warehouse_id), state=way_back.StrayState(one.state), carrier=one.carrier,
        tracking_number=one.tracking_number, weight_grams=one.grams, is_empty=one.is_empty, at=one.at,
        match_by=one.match_by, order_id=ref_or_none("order", one.order_id),
        return_id=ref_or_none("return", one.return_id), closed_because=one.closed_because,
    )  # fmt: skip


ROUTES = [register, listed, show, match, ask, close, take, pictures, picture]
