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
