"""Boxes: what was packed, with its weight, serials and pictures: the evidence when something is wrong or missing."""

from datetime import datetime

import msgspec
from litestar import Response

from dingdan.areas import fulfilment, packing
from dingdan.plumbing import files
from dingdan.plumbing.doing import within
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import bodies, evidence_files, shots
from dingdan.surfaces.shared.doors import Ask, get, post
from dingdan.surfaces.shared.wire import List, View, json_response, ref

FORMS = ("image/jpeg", "image/png", "image/webp")


class PictureView(View, frozen=True, kw_only=True):
    """A picture of a box, as it is kept: a JPEG without anything but its pixels."""

    id: str
    work_id: str
    sha256: str
    bytes: int
    width: int
    height: int
    at: datetime


class BoxedView(View, frozen=True, kw_only=True):
    """Units of an order line in a box."""

    line_no: int
    quantity: int


class ScannedView(View, frozen=True, kw_only=True):
    """What a scanner read, entry by entry."""

    sku: str
    line_no: int | None
    quantity: int


class SerialView(View, frozen=True, kw_only=True):
    """The serial number of a piece."""

    sku: str
    serial: str


class BoxView(View, frozen=True, kw_only=True):
    """One closing of a box. A box that was opened and closed again has two, and the later one left."""

    id: str
    work_id: str
    lines: list[BoxedView]
    scanned: list[ScannedView]
    serials: list[SerialView]
    weight_grams: int | None
    expected_grams: int | None
    is_weight_confirmed: bool
    packed_by: str
    packed_at: datetime


class PackedView(View, frozen=True, kw_only=True):
    """All that is known about how an order was packed."""

    order_id: str
    boxes: list[BoxView]
    pictures: list[PictureView]


@post(
    "/v1/work/{work_id}/pictures",
    permission="work.do",
    why_unkeyed="a picture is known by what is in it: the same one twice is kept once",
    status=201,
    takes=", ".join(FORMS),
    answers=PictureView,
    max_body_bytes=files.MAX_PICTURE_BYTES,
)
async def take(ask: Ask, work_id: int) -> Response[bytes]:
    """Keep a picture of a box while it is picked or packed; it is made anew without place, camera or comments."""
    bodies.demand_media_type(ask.request, *FORMS)
    file = await shots.keep_picture(files.Files(ask.settings.data_dir), await ask.request.body())

    async def keep(tx: Tx) -> packing.Picture:
        return await fulfilment.take_picture(tx, work_id, **msgspec.structs.asdict(file))

    kept = await within(ask.db, ask.actor, keep, name="boxes.take")
    return json_response(msgspec.json.encode(_picture(kept)), status=201)


@get("/v1/orders/{order_id}/packing", permission="evidence.read")
async def packed(tx: Tx, order_id: int) -> PackedView:
    """How an order was packed, box by box, with everything that proves it."""
    boxes = await packing.boxes_of(tx, [order_id])
    pictures = await packing.pictures_of(tx, [order_id])
    return PackedView(
        order_id=ref("order", order_id),
        boxes=[_box(one) for one in boxes],
        pictures=[_picture(one) for one in pictures],
    )


@get("/v1/pictures/{picture_id}", permission="evidence.read", gives="image/jpeg")
async def show(ask: Ask, picture_id: int) -> Response[bytes]:
    """A picture of a box."""
    async with ask.db.reading(ask.actor) as tx:
        found = await packing.picture(tx, picture_id)
    folder = files.Files(ask.settings.data_dir)
    return await evidence_files.shown(folder, found.sha256, "image/jpeg", packing.PictureUnknown)


@get("/v1/work/{work_id}/pictures", permission="work.read")
async def pictures(tx: Tx, work_id: int) -> List[PictureView]:
    """The pictures of the box of one work."""
    work = (await fulfilment.works(tx, [work_id]))[work_id]
    return List(items=[_picture(o) for o in await packing.pictures_of(tx, [work.order_id]) if o.work_id == work_id])


def _picture(one: packing.Picture) -> PictureView:
    return PictureView(
        id=ref("picture", one.id), work_id=ref("work", one.work_id), sha256=one.sha256, bytes=one.size, width=one.width,
        height=one.height, at=one.at,
    )  # fmt: skip


def _box(one: packing.Box) -> BoxView:
    by = one.packed_by_kind if one.packed_by is None else f"{one.packed_by_kind}:{one.packed_by}"
    return BoxView(
        id=ref("box", one.id), work_id=ref("work", one.work_id),
        lines=[BoxedView(line_no=line_no, quantity=quantity) for line_no, quantity in one.lines],
        scanned=[ScannedView(sku=s.sku, line_no=s.line_no, quantity=s.quantity) for s in one.scanned],
        serials=[SerialView(sku=s.sku, serial=s.serial) for s in one.serials], weight_grams=one.grams,
        expected_grams=one.expected_grams, is_weight_confirmed=one.is_weight_confirmed, packed_by=by,
        packed_at=one.packed_at,
    )  # fmt: skip


ROUTES = [take, packed, show, pictures]
