"""A basket on its way to become an order."""

from datetime import datetime

import msgspec

from dingdan.kernel.address import Address


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One wish of a basket. `confirmed` is the version of the text with which the buyer confirmed, for this

    purchase, that the line cannot be returned without a reason.
    """

    sku: str
    quantity: int
    confirmed: str | None = None


class Buyer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who buys, by the name the shop knows them by."""

    ref: str
    name: str = ""
    phone: str = ""
    email: str = ""
    language: str = ""


class Basket(msgspec.Struct, frozen=True):
    """All that a buyer submits. Amounts are ours to compute; `expected_total` is only compared (minor units)."""

    merchant_id: int
    channel: str
    buyer: Buyer
    ship_to: Address
    items: tuple[Item, ...]
    currency: str | None = None
    expected_total: int | None = None
    remark: str | None = None
    reference: str | None = None


class Placed(msgspec.Struct, frozen=True):
    """An order that exists now."""

    order_id: int
    total: int
    currency: str
    pay_by: datetime
