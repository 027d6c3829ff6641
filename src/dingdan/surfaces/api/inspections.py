"""Looking at goods that came back: the queue, the recipe beside what was packed, pictures, and the second look."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from litestar import Response
from msgspec import Meta

from dingdan.areas import inspection, returns
from dingdan.kernel.refusal import Text
from dingdan.overviews import inspection_queue
from dingdan.plumbing import files
from dingdan.plumbing.doing import within
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api import return_views
from dingdan.surfaces.api.boxes import FORMS
from dingdan.surfaces.api.return_views import InspectedView
from dingdan.surfaces.shared import bodies, evidence_files, rows, scope, shots
from dingdan.surfaces.shared.doors import Ask, get, post
from dingdan.surfaces.shared.facts import Who, who
from dingdan.surfaces.shared.wire import (
    Input,
    List,
    MerchantRef,
    Page,
    PageQuery,
    View,
    json_response,
    page_of,
    ref,
    ref_or_none,
    slice_of,
)


class InspectionQuery(PageQuery, frozen=True, kw_only=True):
    """Which goods: that wait for a first look, for a second one, or for a laboratory."""

    merchant: MerchantRef | None = None
    needs: Literal["look", "second", "lab"] | None = None


class ShotQuery(Input, frozen=True, kw_only=True):
    """What a picture shows, and of which line."""

    shows: Literal["unpacking", "deviation", "serial"] = "unpacking"
    line_no: Annotated[int, Meta(ge=0, le=32_767)] = 0


class WaitingView(View, frozen=True, kw_only=True):
    """Goods of a return that wait to be looked at."""

    return_id: str
    order_id: str
    merchant: str
    warehouse_id: str
    units: int
    received_at: datetime
    inspect_by: datetime | None
    needs: str
    is_paid_early: bool
    pictures: int


class CheckView(View, frozen=True, kw_only=True):
    """One check, asked so that yes is good; `if_not` is what a no means."""

    code: str
    text: Text
    if_not: str


class RecipeView(View, frozen=True, kw_only=True):
    """How one line is looked at, and what is known of it from the packing table."""

    line_no: int
    sku: str
    recipe: str
    checks: list[CheckView]
    received: int
    serials_packed: list[str]
    unit_grams: int | None
    weight_percent: int


class LookView(View, frozen=True, kw_only=True):
    """A look that was taken; of two the second counts."""

    id: str
    kind: str
    reasons: list[str]
    at: datetime
    by: Who
    agrees: bool | None
    first_id: str | None


class InspectionPictureView(View, frozen=True, kw_only=True):
    """A picture of goods that came back, as it is kept: a JPEG without anything but its pixels."""

    id: str
    return_id: str
    line_no: int
    shows: str
    sha256: str
    bytes: int
    width: int
    height: int
    at: datetime


class DeskView(View, frozen=True, kw_only=True):
    """All that an inspector needs: recipes beside what was packed, looks and pictures so far."""

    return_id: str
    rule: str
    is_strict: bool
    pictures_wanted: int
    transit_risk: str | None
    lines: list[RecipeView]
    looks: list[LookView]
    pictures: list[InspectionPictureView]


@get("/v1/inspections", permission="return.read")
async def queue(tx: Tx, query: InspectionQuery) -> Page[WaitingView]:
    """Received goods that wait to be looked at, what came first on top."""
    wanted = inspection_queue.Filter(merchant_id=await scope.merchant_filter(tx, query.merchant), needs=query.needs)
    asked = slice_of(query)
    return page_of(asked, await inspection_queue.page(tx, wanted, asked.asked), _waiting)


@get("/v1/returns/{return_id}/inspection", permission="return.inspect")
async def desk(tx: Tx, return_id: int) -> DeskView:
    """How the goods of a return are looked at: by line the recipe, beside what was packed."""
    found = (await returns.desks(tx, [return_id])).get(return_id)
    if found is None:
        raise returns.ReturnUnknown
    terms = found.document.inspection
    lines = []
    for line in found.lines:
        sold, packed = found.sold[line.line_no], found.packed[line.line_no]
        recipe = terms.recipe(sold.category, sold.flags)
        lines.append(RecipeView(
            line_no=line.line_no, sku=sold.sku, recipe=recipe.code, received=line.received,
            checks=[CheckView(code=c.code, text=Text(c.en, c.zh), if_not=c.if_not) for c in recipe.checks],
            serials_packed=sorted(packed.serials), unit_grams=packed.grams or None, weight_percent=recipe.weight_percent,
        ))  # fmt: skip
    pictures = (await inspection.pictures_of(tx, [return_id]))[return_id]
    return DeskView(
        return_id=ref("return", return_id), rule=terms.rule, is_strict=terms.is_strict, pictures_wanted=terms.pictures,
        transit_risk=found.held.transit_risk, lines=lines, looks=[_look(one) for one in found.looks],
        pictures=[_picture(one) for one in pictures],
    )  # fmt: skip


@post("/v1/returns/{return_id}/inspect/confirm", permission="return.inspect")
async def confirm(tx: Tx, return_id: int) -> InspectedView:
    """A second person has looked and found what the first one did; theirs counts. Never the same person."""
    with rows.one_of_a_set():
        return await return_views.inspected(tx, await returns.confirm(tx, return_id))


@post(
    "/v1/returns/{return_id}/inspection-pictures",
    permission="return.inspect",
    why_unkeyed="a picture is known by what is in it: the same one twice is kept once",
    status=201,
    takes=", ".join(FORMS),
    answers=InspectionPictureView,
    max_body_bytes=files.MAX_PICTURE_BYTES,
)
async def take(ask: Ask, return_id: int, query: ShotQuery) -> Response[bytes]:
    """Keep a picture of unpacking or of what is not as it should be; it is made anew without place, camera or comments."""
    bodies.demand_media_type(ask.request, *FORMS)
    kept_file = await shots.keep_picture(files.Files(ask.settings.data_dir), await ask.request.body())
    file = inspection.Drawn(**msgspec.structs.asdict(kept_file))

    async def keep(tx: Tx) -> inspection.InspectionPicture:
        return await returns.take_picture(tx, return_id, line_no=query.line_no, shows=query.shows, drawn=file)

    kept = await within(ask.db, ask.actor, keep, name="inspections.take")
    return json_response(msgspec.json.encode(_picture(kept)), status=201)


@get("/v1/returns/{return_id}/inspection-pictures", permission="return.read")
async def pictures(tx: Tx, return_id: int) -> List[InspectionPictureView]:
    """The pictures of the goods of a return: evidence for both sides."""
    return List(items=[_picture(one) for one in (await inspection.pictures_of(tx, [return_id]))[return_id]])


@get("/v1/inspection-pictures/{inspection_picture_id}", permission="return.read", gives="image/jpeg")
async def show(ask: Ask, inspection_picture_id: int) -> Response[bytes]:
    """A picture of goods that came back."""
    async with ask.db.reading(ask.actor) as tx:
        found = await inspection.picture(tx, inspection_picture_id)
    folder = files.Files(ask.settings.data_dir)
    return await evidence_files.shown(folder, found.sha256, "image/jpeg", inspection.PictureUnknown)


def _waiting(one: inspection_queue.Row) -> WaitingView:
    return WaitingView(
        return_id=ref("return", one.id), order_id=ref("order", one.order_id), merchant=ref("merchant", one.merchant_id),
        warehouse_id=ref("warehouse", one.warehouse_id), units=one.units, received_at=one.received_at,
        inspect_by=one.inspect_by, needs=one.needs, is_paid_early=one.is_paid_early, pictures=one.pictures,
    )  # fmt: skip


def _look(one: inspection.Look) -> LookView:
    return LookView(
        id=ref("look", one.id), kind=one.kind, reasons=one.reasons, at=one.at, by=who(one.taken_by_kind, one.taken_by or None),
        agrees=one.agrees, first_id=ref_or_none("look", one.first_id),
    )  # fmt: skip


def _picture(one: inspection.InspectionPicture) -> InspectionPictureView:
    return InspectionPictureView(
        id=ref("inspection_picture", one.id), return_id=ref("return", one.return_id), line_no=one.line_no,
        shows=one.shows, sha256=one.sha256, bytes=one.size, width=one.width, height=one.height, at=one.at,
    )  # fmt: skip


ROUTES = [queue, desk, confirm, take, pictures, show]
