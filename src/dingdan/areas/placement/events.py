"""Facts about what happens around placing an order."""

from dingdan.kernel.event import Event


class PriceSuspected(Event, frozen=True, kw_only=True):
    """Orders were stopped because of a price that cannot be meant; told once a minute at most."""

    wire = "price.suspicious"
    subject = "product"

    sku: str
    currency: str
    amount: int
    usual: int | None
    reason: str
    orders: int


class OrderPlacedOnBehalf(Event, frozen=True, kw_only=True):
    """Somebody of the house took the order down for a buyer who was not at a screen; who it was is the fact's actor.

    `confirmed` are the lines of which they say that the buyer agreed that these cannot be returned without a reason, with
    the version of the words that were read out; `told` is how many.
    """

    wire = "order.placed_on_behalf"
    subject = "order"

    told: int
    confirmed: dict[str, str]


class ReminderAsked(Event, frozen=True, kw_only=True):
    """A buyer wants to be told when a problem is over, or to be called."""

    wire = "reminder.asked"
    subject = "reminder"

    about: str
    buyer_id: int
    product_id: int | None


class ReminderDue(Event, frozen=True, kw_only=True):
    """What a buyer waited for is there."""

    wire = "reminder.due"
    subject = "reminder"

    about: str
    buyer_id: int
    product_id: int | None
