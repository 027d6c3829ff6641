"""Paper: packing slips and labels as PDF, in Chinese and English, with codes that scanners read."""

import asyncio
from collections.abc import Callable
from typing import Literal

from litestar import Response

from dingdan.areas import carriers, fulfilment, identity, inventory, orders
from dingdan.kernel.address import Address
from dingdan.overviews import pick_queue
from dingdan.plumbing.settings import Settings
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import language, papers
from dingdan.surfaces.shared.doors import Ask, get
from dingdan.surfaces.shared.wire import Input, ref

PDF = "application/pdf"


class PaperQuery(Input, frozen=True, kw_only=True):
    """In which language; without, the one that the request prefers."""

    language: Literal["zh", "en"] | None = None


@get("/v1/work/{work_id}/packing-slip.pdf", permission="label.print", gives=PDF)
async def packing_slip(ask: Ask, work_id: int, query: PaperQuery) -> Response[bytes]:
    """What lies in the box, for whoever opens it: no prices. Code 128 is the order, the square where it is seen."""
    async with ask.db.reading(ask.actor) as tx:
        said = await _slip(tx, work_id, ask.settings)
    return await _paper(ask, query, lambda tongue: papers.slip(said, tongue))


@get("/v1/parcels/{parcel_id}/label.pdf", permission="label.print", gives=PDF)
async def label(ask: Ask, parcel_id: int, query: PaperQuery) -> Response[bytes]:
    """What is stuck on the parcel. Code 128 is the tracking number, the square where the order is seen."""
    async with ask.db.reading(ask.actor) as tx:
        said = await _label(tx, parcel_id, ask.settings)
    return await _paper(ask, query, lambda tongue: papers.label(said, tongue))


async def _paper(ask: Ask, query: PaperQuery, drawn: Callable[[papers.Tongue], bytes]) -> Response[bytes]:
    tongue = query.language or language.asked(ask.request.headers.get("accept-language", ""))
    content = await asyncio.to_thread(drawn, tongue)
    # Names and addresses stand on it.
    return Response(content, media_type=PDF, headers={"Cache-Control": "private, no-store", "Content-Language": tongue})


async def _slip(tx: Tx, work_id: int, settings: Settings) -> papers.Slip:
    (row,) = await pick_queue.works(tx, [work_id])
    order = await orders.get_one(tx, row.order_id)
    place = (await inventory.warehouses(tx, [row.warehouse_id]))[row.warehouse_id]
    return papers.Slip(
        order=ref("order", order.id), reference=order.reference, link=_link(settings, order.id),
        to=await _recipient(tx, order), sender=place.name,
        items=[
            papers.SlipItem(line.title, line.sku, line.quantity, tuple((one.sku, one.quantity) for one in line.pieces))
            for line in row.lines
        ],
    )  # fmt: skip


async def _label(tx: Tx, parcel_id: int, settings: Settings) -> papers.Label:
    parcel = (await fulfilment.parcels(tx, [parcel_id]))[parcel_id]
    own = sorted({line.order_id for line in parcel.lines})
    order = await orders.get_one(tx, own[0])
    place = (await inventory.warehouses(tx, [parcel.warehouse_id]))[parcel.warehouse_id]
    held = await carriers.carriers_of(tx, parcel.merchant_id)
    known = carriers.KNOWN.get(parcel.carrier)
    usual = {"en": known.name.en, "zh": known.name.zh} if known else {"en": parcel.carrier}
    name = next((one.name for one in held if one.code == parcel.carrier), usual)
    return papers.Label(
        carrier=name,
        number=parcel.tracking_number, link=_link(settings, order.id), to=await _recipient(tx, order), sender=place.name,
        sent_from=place.return_address, orders=[ref("order", order_id) for order_id in own],
        units=sum(line.quantity for line in parcel.lines),
    )  # fmt: skip


async def _recipient(tx: Tx, order: orders.Order) -> Address | None:
    contact = await identity.contact(tx, order.contact_id)
    return None if contact is None or contact.is_erased else contact.address


def _link(settings: Settings, order_id: int) -> str:
    """Where the buyer sees the order. Papers go through many hands, so the link holds no secret: a code lets in."""
    return f"{settings.callback_url}/my/{ref('order', order_id)}"


ROUTES = [packing_slip, label]
