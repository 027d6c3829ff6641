"""What inventory speaks of: places, levels, wants and what came of them."""

from datetime import datetime
from typing import Literal

import msgspec

from dingdan.areas.inventory.lifecycle import StocktakeState, TransferState
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
    """A channel as it should be; `warehouses` may serve its orders besides the first choice."""

    merchant_id: int
    code: str
    name: dict[str, str]
    currency: str
    warehouse: str
    active: bool = True
    warehouses: tuple[str, ...] = ()


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
    pool_id: int | None = None
    # By which rule the warehouse was chosen: first, has_all or split.
    chosen_by: str = "first"


class Loss(msgspec.Struct, frozen=True, kw_only=True):
    """Units of a line that a warehouse holds on paper only; `gone` and `damaged` are pieces of what is in them, by product."""

    order_id: int
    line_no: int
    warehouse_id: int
    units: int
    gone: dict[int, int] = {}
    damaged: dict[int, int] = {}


class Lost(msgspec.Struct, frozen=True):
    """What became of lost units: by line the warehouses that give others, and units that nobody has; `first` serves now."""

    moved: dict[int, dict[int, int]]
    waiting: dict[int, int]
    first: int


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


class News(msgspec.Struct, frozen=True):
    """What changed since somebody looked; asking again from `horizon` misses nothing."""

    product_ids: set[int]
    channel_ids: set[int]
    horizon: int


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


Verb = Literal["receive", "adjust", "write_off", "hold", "release"]


class Move(msgspec.Struct, frozen=True):
    """Units that come, go or are held back. `quantity` is above zero, for `adjust` also below.

    `is_held` receives units into hold, or writes off units that are held. `why` is a code such as damaged.
    """

    verb: Verb
    merchant_id: int
    warehouse_id: int
    product_id: int
    quantity: int
    why: str | None = None
    is_held: bool = False


class SetSafety(msgspec.Struct, frozen=True):
    """How many units of a product in a warehouse are kept back for nobody."""

    merchant_id: int
    warehouse_id: int
    product_id: int
    safety: int


class SetPool(msgspec.Struct, frozen=True):
    """A channel's allotment: what it may count on, at most, and what is kept back from it.

    With `renew` counting begins anew; without numbers (all 0 and None) the allotment ends.
    """

    merchant_id: int
    warehouse_id: int
    product_id: int
    channel_id: int
    guaranteed: int = 0
    most: int | None = None
    buffer: int = 0
    renew: bool = False

    @property
    def is_end(self) -> bool:
        """Whether nothing is left of it."""
        return not self.guaranteed and self.most is None and not self.buffer


class PoolLevel(msgspec.Struct, frozen=True):
    """An allotment as it stands; `taken` counts units held or sold since it began."""

    id: int
    merchant_id: int
    warehouse_id: int
    product_id: int
    channel_id: int
    guaranteed: int
    most: int | None
    buffer: int
    taken: int
    since: datetime


class TransferLine(msgspec.Struct, frozen=True):
    """Units of a product on their way: sent, arrived and found missing."""

    product_id: int
    quantity: int
    arrived: int = 0
    missing: int = 0

    @property
    def open(self) -> int:
        """Those still on their way."""
        return self.quantity - self.arrived - self.missing


class SendTransfer(msgspec.Struct, frozen=True):
    """Goods that leave one warehouse for another: pairs of product and quantity."""

    merchant_id: int
    from_id: int
    to_id: int
    lines: tuple[tuple[int, int], ...]


class Arrived(msgspec.Struct, frozen=True):
    """Units of a transfer that came in, or that will not."""

    product_id: int
    arrived: int
    missing: int = 0


class Transfer(msgspec.Struct, frozen=True, kw_only=True):
    """Goods between two warehouses."""

    id: int
    merchant_id: int
    from_id: int
    to_id: int
    state: TransferState
    version: int
    sent_at: datetime
    arrived_at: datetime | None
    lines: tuple[TransferLine, ...] = ()


class StocktakeLine(msgspec.Struct, frozen=True):
    """What was counted of a product, and what the books had at that moment."""

    product_id: int
    counted: int
    booked: int

    @property
    def difference(self) -> int:
        """What the books gain or lose."""
        return self.counted - self.booked


class TakeStock(msgspec.Struct, frozen=True):
    """A count of a warehouse: pairs of product and units found. Differences of more than `alone_up_to` units in

    all wait for a second person.
    """

    merchant_id: int
    warehouse_id: int
    counts: tuple[tuple[int, int], ...]
    why: str
    alone_up_to: int = 0


class Stocktake(msgspec.Struct, frozen=True, kw_only=True):
    """A count of a warehouse with who counted and who approved it."""

    id: int
    merchant_id: int
    warehouse_id: int
    state: StocktakeState
    version: int
    why: str
    differing: int
    alone_up_to: int
    counted_by_kind: str
    counted_by: int | None
    decided_by_kind: str | None
    decided_by: int | None
    counted_at: datetime
    decided_at: datetime | None
    lines: tuple[StocktakeLine, ...] = ()


class StockLevel(msgspec.Struct, frozen=True):
    """How many there are, how many are spoken for, how many wait for a look or are on their way."""

    warehouse_id: int
    product_id: int
    on_hand: int
    reserved: int
    quarantine: int
    held: int = 0
    in_transit: int = 0
    safety: int = 0
    is_frozen: bool = False
    bin: str | None = None

    @property
    def available(self) -> int:
        """What can still be sold; below zero where more is promised or kept back than there is."""
        return self.on_hand - self.reserved - self.safety - self.held
