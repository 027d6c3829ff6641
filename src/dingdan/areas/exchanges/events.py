"""Facts about what is sent instead of goods that come back."""

from dingdan.kernel.event import Event


class ExchangeAsked(Event, frozen=True, kw_only=True):
    """Something else is wanted for goods that shall come back."""

    wire = "exchange.asked"
    subject = "exchange"

    return_id: int
    units: int


class ExchangeChanged(Event, frozen=True, kw_only=True):
    """Something else is wanted than before."""

    wire = "exchange.changed"
    subject = "exchange"

    return_id: int


class ExchangeReserved(Event, frozen=True, kw_only=True):
    """What is wanted is kept for the buyer, under the order that it will go out with."""

    wire = "exchange.reserved"
    subject = "exchange"

    return_id: int
    sent_order_id: int


class ExchangeRanShort(Event, frozen=True, kw_only=True):
    """There is none of what is wanted; the buyer chooses something else, or the money."""

    wire = "exchange.ran_short"
    subject = "exchange"

    return_id: int


class ExchangeDifferenceAsked(Event, frozen=True, kw_only=True):
    """The goods were accepted and what is wanted costs more: it is kept until the difference is paid, or its time over."""

    wire = "exchange.difference_asked"
    subject = "exchange"

    return_id: int
    sent_order_id: int
    amount: int
    currency: str
    pay_by: str


class ExchangeReplaced(Event, frozen=True, kw_only=True):
    """An order of what is wanted is paid and goes out; with `is_ahead` before the goods have come."""

    wire = "exchange.replaced"
    subject = "exchange"

    return_id: int
    sent_order_id: int
    is_ahead: bool


class ExchangeFinished(Event, frozen=True, kw_only=True):
    """The goods are back, and the buyer has what was wanted."""

    wire = "exchange.finished"
    subject = "exchange"

    return_id: int
    sent_order_id: int


class ExchangeOverdue(Event, frozen=True, kw_only=True):
    """The goods are here for longer than promised, and nothing was sent; the buyer may take the money."""

    wire = "exchange.overdue"
    subject = "exchange"

    return_id: int
    role: str


class ExchangeRefunded(Event, frozen=True, kw_only=True):
    """The buyer gets the money instead; `why` says how it came to that."""

    wire = "exchange.refunded"
    subject = "exchange"

    return_id: int
    why: str


class ExchangeDropped(Event, frozen=True, kw_only=True):
    """Nothing is sent, because nothing came back that was accepted; what was kept is free again."""

    wire = "exchange.dropped"
    subject = "exchange"

    return_id: int
    why: str


class ExchangeOwed(Event, frozen=True, kw_only=True):
    """Something was sent ahead, and the goods did not come, or not all of them."""

    wire = "exchange.owed"
    subject = "exchange"

    return_id: int
    sent_order_id: int
