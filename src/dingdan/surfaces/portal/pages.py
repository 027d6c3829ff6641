"""What every page of the portal is made of: a card that says whose turn it is, sections, and forms that open without a script."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from dingdan.areas import access, catalog, identity, merchants, orders
from dingdan.kernel import ids
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import formatting, naming
from dingdan.surfaces.shared.pages.screens import Act, Chip, Link, Own, Section

# What a refund is made of, besides goods.
COMPONENTS = {
    "tax": Text("Tax", "税费"), "freight_out": Text("Shipping paid", "已付运费"), "freight_return": Text("Way back", "寄回运费"),
    "deduction": Text("Taken off", "扣减"), "reprice": Text("Discount that no longer holds", "优惠重算"),
    "freight_tax": Text("Tax on shipping", "运费税"), "penalty": Text("Compensation", "赔付"),
}  # fmt: skip


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """The first thing on a page: whose turn it is, what they do, until when, and the money it is about."""

    chip: Chip
    text: Text
    until: datetime | None = None
    until_words: Text = Text("until", "截止")
    amount: Money | None = None
    amount_words: Text | None = None

    @property
    def last(self) -> Text | None:
        """Until when, in words."""
        return None if self.until is None else until(self.until)


def page(
    title: Text,
    guest: access.Guest | None,
    *,
    number: str = "",
    lead: Text | None = None,
    card: Card | None = None,
    acts: Sequence[Act] = (),
    main: Sequence[Section] = (),
    more: Sequence[Act] = (),
    links: Sequence[Link] = (),
    back: Link | None = None,
    template: str = "portal_page.html",
    **data: Any,
) -> Own:
    """A page of the portal; `acts` stand above its sections, `more` below them."""
    return Own(title=title, template=template, data={
        "number": number, "lead": lead, "card": card, "acts": acts, "main": main, "more": more, "links": links, "back": back,
        "home": here(guest.order_id) if guest is not None else "", **data,
    })  # fmt: skip


def until(at: datetime) -> Text:
    """The last moment of something, in words: what ends when a day begins ends with the day before."""
    if formatting.clock(at) != "00:00":
        return Text(formatting.long(at, "en"), formatting.long(at, "zh"))
    before = at - timedelta(minutes=1)
    return Text(
        f"the end of {formatting.long(before, 'en').rpartition(',')[0]}", formatting.long(before, "zh")[:-5] + "24:00"
    )


def here(order_id: int, *more: str) -> str:
    """A page of an order."""
    return "/".join((f"/my/{ids.encode('order', order_id)}", *more))


def of(order_id: int, kind: str, place: str, number: int) -> str:
    """The page of something that belongs to an order."""
    return here(order_id, place, ids.encode(kind, number))


def to_order(order_id: int) -> Link:
    """Back to the order."""
    return Link(here(order_id), Text("Order", "订单"))


async def buyer_ref(tx: Tx, order: orders.Order) -> str:
    """Who applies: the shop's own word for the buyer of an order."""
    contact = await identity.contact(tx, order.contact_id)
    return contact.ref if contact is not None else ""


async def seller(tx: Tx, merchant_id: int) -> merchants.Merchant:
    """Whose order it is."""
    return (await merchants.by_ids(tx, [merchant_id]))[merchant_id]


def dress(ask: Ask, shop: merchants.Merchant) -> merchants.Merchant:
    """Let a page that anybody may open look like those of a shop."""
    ask.request.scope["state"]["shop"] = shop
    return shop


async def titles(tx: Tx, order_id: int) -> dict[int, Text]:
    """What the lines of an order are called."""
    return {line.line_no: naming.in_tongues(line.title) for line in (await orders.lines(tx, [order_id]))[order_id]}


async def pictures(tx: Tx, lines: Sequence[orders.OrderLine]) -> dict[int, str | None]:
    """The pictures of what was bought, by product."""
    return {i: one.picture for i, one in (await catalog.by_ids(tx, {line.product_id for line in lines})).items()}


def component(code: str) -> Text:
    """A part of a refund in words."""
    return COMPONENTS.get(code, Text(code, code))


def units(count: int) -> Text:
    """How many pieces."""
    return Text("1 unit" if count == 1 else f"{count} units", f"{count} 件")
