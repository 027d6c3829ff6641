"""What inventory speaks of: places, levels, wants and what came of them."""

from typing import Literal

import msgspec

from dingdan.kernel.address import Address

Disposition = Literal["restock", "scrap", "send_back", "quarantine"]


class Warehouse(msgspec.Struct, frozen=True):
    """A place that keeps goods; `zone` is where its days are counted."""

    id: int
    merchant_id: int
    code: str
    name: dict[str, str]
    zone: str
    return_address: Address
    priority: int
    active: bool


class Channel(msgspec.Struct, frozen=True):
    """Where orders come from, in which currency, and which warehouse serves them."""

    id: int
    merchant_id: int
    code: str
    name: dict[str, str]
    currency: str
    warehouse_id: int
    active: bool


class SaveWarehouse(msgspec.Struct, frozen=True):
    """A warehouse as it should be."""

    merchant_id: int
    code: str
    name: dict[str, str]
    zone: str
    return_address: Address
    priority: int = 100
    active: bool = True


class SaveChannel(msgspec.Struct, frozen=True):
    """A channel as it should be."""

    merchant_id: int
    code: str
    name: dict[str, str]
    currency: str
    warehouse: str
    active: bool = True


class Saved(msgspec.Struct, frozen=True):
    """What became of something that was to be saved."""

    id: int
    code: str
    is_new: bool
    is_changed: bool


class Want(msgspec.Struct, frozen=True):
    """One order line's wish for units."""

    order_id: int
    line_no: int
    merchant_id: int
    warehouse_id: int
    product_id: int
    quantity: int


class Shortage(msgspec.Struct, frozen=True):
    """A wish that could not be met; `free` is what the order could have had of it."""

    order_id: int
    line_no: int
    product_id: int
    wanted: int
    free: int


class Incoming(msgspec.Struct, frozen=True):
    """Units that came back and wait for a look."""

    merchant_id: int
    warehouse_id: int
    product_id: int
    quantity: int
    order_id: int
    line_no: int
    cause_id: int


class Disposal(msgspec.Struct, frozen=True):
    """What becomes of units in quarantine."""

    merchant_id: int
    warehouse_id: int
    product_id: int
    quantity: int
    order_id: int
    line_no: int
    cause_id: int
    disposition: Disposition


class Count(msgspec.Struct, frozen=True):
    """Units that somebody counted; with `if_on_hand` only where the books still say so."""

    merchant_id: int
    warehouse_id: int
    product_id: int
    on_hand: int
    if_on_hand: int | None = None


class Counted(msgspec.Struct, frozen=True):
    """What a count changed."""

    warehouse_id: int
    product_id: int
    on_hand: int
    difference: int


class StockLevel(msgspec.Struct, frozen=True):
    """How many there are, how many are spoken for, how many wait for a look."""

    warehouse_id: int
    product_id: int
    on_hand: int
    reserved: int
    quarantine: int

    @property
    def available(self) -> int:
        """What can still be sold."""
        return self.on_hand - self.reserved
