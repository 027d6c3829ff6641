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


class StockReturned(Event, frozen=True, kw_only=True):
    """Units that came back were put to a use."""

    wire = "stock.returned"
    subject = "product"

    warehouse_id: int
    quantity: int
    disposition: str
