"""Facts about goods that somebody waits for."""

from dingdan.kernel.event import Event


class NoticeAsked(Event, frozen=True, kw_only=True):
    """A buyer wants to be told when a product can be bought again."""

    wire = "stock_notice.asked"
    subject = "stock_notice"

    channel_id: int
    product_id: int
    quantity: int


class StockAvailableAgain(Event, frozen=True, kw_only=True):
    """What a buyer waited for can be bought; once for each notice."""

    wire = "stock.available_again"
    subject = "stock_notice"

    channel_id: int
    product_id: int
    buyer_id: int | None
    available: int
