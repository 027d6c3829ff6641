"""What stands on a packing slip and on a label, read from what is known of a work or a parcel."""

import asyncio
from collections.abc import Callable

from litestar import Response

from dingdan.areas import carriers, fulfilment, identity, inventory, orders, returns, way_back
from dingdan.kernel.address import Address
from dingdan.overviews import pick_queue
from dingdan.plumbing.settings import Settings
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import papers
from dingdan.surfaces.shared.scope import NothingThere
from dingdan.surfaces.shared.wire import ref

PDF = "application/pdf"


async def as_pdf(drawn: Callable[[papers.Tongue], bytes], tongue: papers.Tongue) -> Response[bytes]:
    """A paper in a language; names and addresses stand on it, so nobody keeps it."""
    content = await asyncio.to_thread(drawn, tongue)
    return Response(content, media_type=PDF, headers={"Cache-Control": "private, no-store", "Content-Language": tongue})


async def slip(tx: Tx, work_id: int, settings: Settings) -> papers.Slip:
    """What lies in the box of a work, for whoever opens it: no prices."""
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


async def label(tx: Tx, parcel_id: int, settings: Settings) -> papers.Label:
    """What is stuck on a parcel."""
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


async def return_label(tx: Tx, label_id: int, settings: Settings) -> papers.Label:
    """What is stuck on a parcel that comes back. Raises NothingThere."""
    made = await way_back.label(tx, label_id)
    if made is None:
        raise NothingThere
    held = await returns.get_one(tx, made.return_ids[0])
    order = await orders.get_one(tx, held.order_id)
    place = (await inventory.warehouses(tx, [made.warehouse_id]))[made.warehouse_id]
    known = carriers.KNOWN.get(made.carrier)
    inside = await returns.lines(tx, list((await returns.get(tx, made.return_ids)).values()))
    home = await _recipient(tx, order)
    return papers.Label(
        carrier={"en": known.name.en, "zh": known.name.zh} if known else {"en": made.carrier},
        number=made.tracking_number, link=return_link(settings, held),
        to=await way_back.address_of(tx, held), sender={} if home is None else {"zh": home.name},
        sent_from=home or place.return_address,
        orders=[ref("return", i) for i in made.return_ids],
        units=sum(line.quantity for found in inside.values() for line in found),
    )  # fmt: skip


def return_link(settings: Settings, held: returns.Return) -> str:
    """Where the buyer sees a return; it holds no secret, as everything that is printed."""
    return f"{_link(settings, held.order_id)}/returns/{ref('return', held.id)}"


async def _recipient(tx: Tx, order: orders.Order) -> Address | None:
    contact = await identity.contact(tx, order.contact_id)
    return None if contact is None or contact.is_erased else contact.address


def _link(settings: Settings, order_id: int) -> str:
    """Where the buyer sees the order. Papers go through many hands, so the link holds no secret: a code lets in."""
    return f"{settings.callback_url}/my/{ref('order', order_id)}"
