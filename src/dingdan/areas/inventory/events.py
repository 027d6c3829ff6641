"""Facts about stock."""

from dingdan.kernel.event import Event


class WarehouseSaved(Event, frozen=True, kw_only=True):
    """A warehouse was added or changed."""

    wire = "warehouse.saved"
    subject = "warehouse"

    code: str


class ChannelSaved(Event, frozen=True, kw_only=True):
    """A sales channel was added or changed."""

    wire = "channel.saved"
    subject = "channel"

    code: str


class StockCounted(Event, frozen=True, kw_only=True):
    """Stock on hand was counted and differed from the books."""

    wire = "stock.counted"
    subject = "product"

    warehouse_id: int
    on_hand: int
    difference: int


class StockMoved(Event, frozen=True, kw_only=True):
    """Units were received, adjusted, written off, held back or let go; `verb` says which, `why` is a code."""

    wire = "stock.moved"
    subject = "product"

    warehouse_id: int
    verb: str
    quantity: int
    why: str | None


class StockShort(Event, frozen=True, kw_only=True):
    """Fewer units are there than orders hold; `order_ids` are those that cannot be served, last come first."""

    wire = "stock.short"
    subject = "product"

    warehouse_id: int
    missing: int
    order_ids: list[int]


class StockFrozen(Event, frozen=True, kw_only=True):
    """Nothing more of a product is sold from a warehouse until somebody has looked."""

    wire = "stock.frozen"
    subject = "product"

    warehouse_id: int


class StockThawed(Event, frozen=True, kw_only=True):
    """Somebody looked; the product is sold from the warehouse again."""

    wire = "stock.thawed"
    subject = "product"

    warehouse_id: int


class StockReturned(Event, frozen=True, kw_only=True):
    """Units that came back were put to a use."""

    wire = "stock.returned"
    subject = "product"

    warehouse_id: int
    quantity: int
    disposition: str


class SafetySet(Event, frozen=True, kw_only=True):
    """How many units are kept back for nobody was set."""

    wire = "stock.safety_set"
    subject = "product"

    warehouse_id: int
    safety: int


class BinSet(Event, frozen=True, kw_only=True):
    """On which shelf a product lies was said; without a `bin` nobody knows any more."""

    wire = "stock.bin_set"
    subject = "product"

    warehouse_id: int
    bin: str | None


class PoolSet(Event, frozen=True, kw_only=True):
    """A channel's allotment of a product in a warehouse was set; without numbers it ended."""

    wire = "stock.pool_set"
    subject = "pool"

    channel_id: int
    product_id: int
    warehouse_id: int
    guaranteed: int
    most: int | None
    buffer: int


class TransferSent(Event, frozen=True, kw_only=True):
    """Goods left one warehouse for another."""

    wire = "transfer.sent"
    subject = "transfer"

    from_id: int
    to_id: int
    units: int


class TransferReceived(Event, frozen=True, kw_only=True):
    """Units of a transfer came in, or were found to be missing; it goes on while others are on their way."""

    wire = "transfer.received"
    subject = "transfer"

    arrived: int
    missing: int


class TransferArrived(Event, frozen=True, kw_only=True):
    """Every unit of a transfer is accounted for."""

    wire = "transfer.arrived"
    subject = "transfer"


class StocktakeRequested(Event, frozen=True, kw_only=True):
    """A warehouse was counted; `differing` units differ from the books."""

    wire = "stocktake.requested"
    subject = "stocktake"

    warehouse_id: int
    differing: int


class StocktakeApproved(Event, frozen=True, kw_only=True):
    """The differences of a stocktake are in the books."""

    wire = "stocktake.approved"
    subject = "stocktake"

    warehouse_id: int


class StocktakeRefused(Event, frozen=True, kw_only=True):
    """The differences of a stocktake stay out of the books."""

    wire = "stocktake.refused"
    subject = "stocktake"

    reason: str
