"""The form that mends where an order goes, the same wherever an address can be mended."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from dingdan.areas import addresses, channel_orders, identity, orders, placement
from dingdan.kernel.address import Address
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.screens import Field
from dingdan.surfaces.shared.wire import Short

PARTS = {
    "name": Text("Recipient", "收货人"), "phone": Text("Phone", "电话"), "province": Text("Province", "省份"),
    "city": Text("City", "城市"), "district": Text("District", "区县"), "detail": Text("Street and number", "详细地址"),
}  # fmt: skip


class AddressForm(Form, frozen=True, kw_only=True):
    """Where the order goes after all; what is left empty stays as it is."""

    name: Short = ""
    phone: Short = ""
    province: Short = ""
    city: Short = ""
    district: Short = ""
    detail: Annotated[str, Meta(max_length=500)] = ""


def fields(flaws: Sequence[addresses.Flaw] = ()) -> list[Field]:
    """What is filled in, with what is wrong beside it and filled in where a better word is known."""
    hints: dict[str, Text] = {flaw.part: flaw.why for flaw in flaws}
    offered = {part: text for flaw in flaws for part, text in (flaw.suggestion or {}).items()}
    stays = Text("Empty: as it is.", "留空则不变。")
    return [
        Field(part, text, value=offered.get(part), is_needed=False, hint=hints.get(part, stays))
        for part, text in PARTS.items()
    ]


async def mended(tx: Tx, order: orders.Order, form: AddressForm) -> Address:
    """The address of an order with what was typed in place of what stood there. Raises BuyerUnknown."""
    contact = await identity.contact(tx, order.contact_id)
    if contact is None or contact.address is None:
        raise identity.BuyerUnknown
    given = {part: text for part in PARTS if (text := getattr(form, part))}
    return msgspec.structs.replace(contact.address, **given)


async def send_elsewhere(tx: Tx, order_id: int, form: AddressForm, *, reason: str, waive: bool = False) -> None:
    """Change where an order goes. Raises what changing the address raises, and for orders that a channel made."""
    await channel_orders.demand_made_here(tx, order_id)
    order = await orders.get_one(tx, order_id)
    ship_to = await mended(tx, order, form)
    await placement.change_address(tx, order_id, placement.ChangeAddress(ship_to=ship_to, reason=reason, waive=waive))
