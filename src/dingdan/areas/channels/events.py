"""Facts about goods that somebody waits for."""

from dingdan.kernel.event import Event


class StockAvailableAgain(Event, frozen=True, kw_only=True):
    """A channel may sell as many units of a product as somebody waits for."""

    wire = "stock.available_again"
    subject = "product"

    channel_id: int
    available: int
