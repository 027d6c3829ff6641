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
    """Where orders come from, in which currency, and which warehouses serve them: the first choice, then the others."""

    id: int
    merchant_id: int
    code: str
    name: dict[str, str]
    currency: str
    warehouse_id: int
    active: bool
    warehouse_ids: tuple[int, ...] = ()

    @property
    def served_from(self) -> tuple[int, ...]:
        """Every warehouse that may serve its orders, the first choice first."""
        return (self.warehouse_id, *self.warehouse_ids)


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


class Holder(msgspec.Struct, frozen=True):
    """Somebody who keeps units without having paid: a buyer or a device by keyed hash, and how many of a product

    it may keep at a time.
    """

    hash: bytes
    most: int


class Want(msgspec.Struct, frozen=True):
    """One order line's wish for units.

    `warehouse_ids` are those that may serve it, best first (see `nearest`). Without `may_split` one of them serves the
    whole order. A bundle names its `components`, pairs of product and units in each; what is held are those.
    """

    order_id: int
    line_no: int
    merchant_id: int
    product_id: int
    quantity: int
    warehouse_ids: tuple[int, ...]
    channel_id: int = 0
    may_split: bool = False
    components: tuple[tuple[int, int], ...] = ()
    holders: tuple[Holder, ...] = ()


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """Units of one product in one warehouse held for an order line; `each` go into one unit of the line."""

    order_id: int
    line_no: int
    part_no: int
    merchant_id: int
    warehouse_id: int
    product_id: int
    quantity: int
    each: int = 1


class Elsewhere(msgspec.Struct, frozen=True):
    """What a warehouse that may not serve the line, or not together with the others, could give of it."""

    warehouse_id: int
    free: int


Why = Literal["stock", "frozen", "cap"]


class Shortage(msgspec.Struct, frozen=True):
    """A wish that could not be met; `free` is what the order could have had of it under the same rules.

    `why`: too few units, a product that is frozen until somebody has looked, or a holder that keeps too many.
    """

    order_id: int
    line_no: int
    product_id: int
    wanted: int
    free: int
    why: Why = "stock"
    elsewhere: tuple[Elsewhere, ...] = ()


class Reserved(msgspec.Struct, frozen=True):
    """What became of a batch of wishes: who was short, and the first warehouse of each order that was served."""

    short: list[Shortage]
    warehouse_of: dict[int, int]


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
