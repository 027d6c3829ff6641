"""Nouns of exchanges: what is wanted instead of what comes back, and what became of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

from dingdan.areas import catalog, returns
from dingdan.areas.exchanges.lifecycle import ExchangeState

# How long what costs more is kept for a buyer who has not paid the difference.
DIFFERENCE_HOURS = 72


class Ask(msgspec.Struct, frozen=True):
    """An application to exchange: what for, as `wishes` {(order, line): SKU}; what is not named is wanted again."""

    application: returns.Apply
    wishes: Mapping[tuple[int, int], str] = {}


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """One return and what is sent instead of it; amounts in minor units of the order's currency.

    `sent_order_id` is the order that goes out: its stock is held under this id before it is written. `worth` is what was
    paid for what came back, `carried` what of it pays for the new order, whose price is `price`. `why` says how it came
    that nothing is sent.
    """

    id: int
    return_id: int
    order_id: int
    merchant_id: int
    state: ExchangeState
    version: int
    sent_order_id: int
    asked_at: datetime
    reserved_at: datetime | None = None
    replaced_at: datetime | None = None
    ahead_at: datetime | None = None
    worth: int | None = None
    carried: int | None = None
    price: int | None = None
    why: str | None = None
    overdue_at: datetime | None = None
    ended_at: datetime | None = None


class ExchangeLine(msgspec.Struct, frozen=True, kw_only=True):
    """Units of one line that come back, and the product that is wanted for them; `sent` are those that were accepted."""

    exchange_id: int
    line_no: int
    merchant_id: int
    order_id: int
    product_id: int
    quantity: int
    sent: int = 0


class Held(msgspec.Struct, frozen=True):
    """An exchange and its return, which stand still because their order is locked."""

    exchange: Exchange
    one: returns.Return


class TermsLine(msgspec.Struct, frozen=True):
    """Units of one line that would come back, what was paid for them, and what is sent instead at what price."""

    line_no: int
    quantity: int
    worth: int
    offer: catalog.Offer
    price: int


class Terms(msgspec.Struct, frozen=True):
    """What an exchange comes to as things stand: what is paid for the goods, what the others cost, how many there are."""

    worth: int
    price: int
    currency: str
    is_in_stock: bool
    lines: tuple[TermsLine, ...] = ()

    @property
    def difference(self) -> int:
        """What the buyer pays on top; below zero, what goes back to them."""
        return self.price - self.worth


class Choice(msgspec.Struct, frozen=True):
    """One thing that can be had for units of a line: how near it is to them, and what the buyer pays on top of their worth.

    Below zero the `difference` goes back to the buyer.
    """

    kind: Literal["same", "variant", "other"]
    offer: catalog.Offer
    difference: int
    is_in_stock: bool
