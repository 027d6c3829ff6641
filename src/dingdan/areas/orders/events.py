"""Facts about the agreement."""

from datetime import datetime

from dingdan.kernel.event import Event


class OrderPlaced(Event, frozen=True, kw_only=True):
    """An order exists, with its stock held."""

    wire = "order.placed"
    subject = "order"

    buyer_id: int
    channel_id: int
    total: int
    currency: str
    lines: int


class OrderPaid(Event, frozen=True, kw_only=True):
    """All the money is in; the order is confirmed."""

    wire = "order.paid"
    subject = "order"

    amount: int
    currency: str


class OrderHeld(Event, frozen=True, kw_only=True):
    """Somebody stopped the order before it left."""

    wire = "order.held"
    subject = "order"

    reason: str


class OrderReleased(Event, frozen=True, kw_only=True):
    """The order may go on."""

    wire = "order.released"
    subject = "order"


class OrderCancelled(Event, frozen=True, kw_only=True):
    """The order ended before it left us."""

    wire = "order.cancelled"
    subject = "order"

    reason: str
    was_paid: bool


class OrderLinesCancelled(Event, frozen=True, kw_only=True):
    """Some units were cancelled, and the others go on; `units` by line number."""

    wire = "order.lines_cancelled"
    subject = "order"

    amendment_id: int
    units: dict[str, int]
    reason: str


class OrderAddressChanged(Event, frozen=True, kw_only=True):
    """The order goes elsewhere, and the promise with it; `waived` is what the way costs more and nobody pays."""

    wire = "order.address_changed"
    subject = "order"

    amendment_id: int
    contact_id: int
    reason: str
    waived: int


class OrderServedElsewhere(Event, frozen=True, kw_only=True):
    """Somebody had units sent from another warehouse, the order's first one as it may be; `units` by line number.

    `warehouse_ids` are those that kept them before.
    """

    wire = "order.served_elsewhere"
    subject = "order"

    warehouse_id: int
    warehouse_ids: list[int]
    units: dict[str, int]


class OrderQuantitiesChanged(Event, frozen=True, kw_only=True):
    """An unpaid order was replaced by this one, with other quantities; `units` are all of them by line number."""

    wire = "order.quantities_changed"
    subject = "order"

    amendment_id: int
    replaced_order_id: int
    units: dict[str, int]
    reason: str
    total: int
    currency: str


class OrderExpired(Event, frozen=True, kw_only=True):
    """Nobody paid in time; the stock is free again."""

    wire = "order.expired"
    subject = "order"


class OrderRevived(Event, frozen=True, kw_only=True):
    """Money came late, and the stock could be taken again."""

    wire = "order.revived"
    subject = "order"

    amount: int
    currency: str


class OrderShipped(Event, frozen=True, kw_only=True):
    """Everything of the order is on its way."""

    wire = "order.shipped"
    subject = "order"


class OrderDelivered(Event, frozen=True, kw_only=True):
    """Everything of the order has arrived."""

    wire = "order.delivered"
    subject = "order"


class OrderReceiptAnnounced(Event, frozen=True, kw_only=True):
    """In three days an order counts as received unless the buyer says otherwise."""

    wire = "order.receipt_announced"
    subject = "order"


class OrderReceiptDueSoon(Event, frozen=True, kw_only=True):
    """In one day an order counts as received unless the buyer says otherwise."""

    wire = "order.receipt_due_soon"
    subject = "order"


class OrderObjected(Event, frozen=True, kw_only=True):
    """Something stands against the order's completion: the buyer's word, a return, a case. `about` is its id."""

    wire = "order.objected"
    subject = "order"

    cause: str
    about: str
    reason: str


class OrderObjectionSettled(Event, frozen=True, kw_only=True):
    """It stands against it no more; `still_open` others do."""

    wire = "order.objection_settled"
    subject = "order"

    cause: str
    about: str
    outcome: str
    still_open: int


class OrderReceived(Event, frozen=True, kw_only=True):
    """The buyer confirmed the goods, or the period for it passed."""

    wire = "order.received"
    subject = "order"

    is_automatic: bool


class OrderCompleted(Event, frozen=True, kw_only=True):
    """The agreement is fulfilled; rights to return go on."""

    wire = "order.completed"
    subject = "order"


class OrderRefunded(Event, frozen=True, kw_only=True):
    """Money went back to the buyer; where `is_told` is false it was carried over to what they get instead."""

    wire = "order.refunded"
    subject = "order"

    amount: int
    refunded: int
    currency: str
    is_told: bool = True


class OrderNoted(Event, frozen=True, kw_only=True):
    """Somebody of the staff wrote a note for colleagues, `called` of whom by name."""

    wire = "order.noted"
    subject = "order"

    note_id: int
    called: int


class OrderBuyerWritten(Event, frozen=True, kw_only=True):
    """Somebody of the staff wrote to the buyer about the order, and called so many colleagues by name."""

    wire = "order.buyer_written"
    subject = "order"

    note_id: int
    called: int


class OrderWordsHeld(Event, frozen=True, kw_only=True):
    """Somebody wrote to the buyer; until then they may take it back, then it is sent."""

    wire = "order.words_held"
    subject = "order"

    until: datetime


class OrderWordsTakenBack(Event, frozen=True, kw_only=True):
    """Whoever wrote to the buyer took it back in time: the buyer never saw it."""

    wire = "order.words_taken_back"
    subject = "order"

    notes: int


class OrderTagged(Event, frozen=True, kw_only=True):
    """Tags were put on the order or taken off."""

    wire = "order.tagged"
    subject = "order"

    added: list[str]
    dropped: list[str]


class OrderAssigned(Event, frozen=True, kw_only=True):
    """Somebody of the staff looks after the order now, or nobody does any more."""

    wire = "order.assigned"
    subject = "order"

    staff_id: int | None


# What is nothing for buyers: not even that it is so.
OF_THE_STAFF = frozenset({
    OrderNoted.wire, OrderTagged.wire, OrderServedElsewhere.wire, OrderWordsHeld.wire, OrderWordsTakenBack.wire,
    OrderAssigned.wire,
})  # fmt: skip
