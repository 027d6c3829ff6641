"""Facts about picking, parcels and their way."""

from dingdan.kernel.event import Event


class WorkQueued(Event, frozen=True, kw_only=True):
    """An order waits to be picked; `rule` says why in this lane."""

    wire = "work.queued"
    subject = "work"

    warehouse_id: int
    lane: int


class WorkClaimed(Event, frozen=True, kw_only=True):
    """Somebody began to pick an order."""

    wire = "work.claimed"
    subject = "work"

    warehouse_id: int
    wave_id: int | None = None


class WorkPutBack(Event, frozen=True, kw_only=True):
    """Picking was given up; the order waits again."""

    wire = "work.put_back"
    subject = "work"

    reason: str


class WorkPacked(Event, frozen=True, kw_only=True):
    """The order is packed."""

    wire = "work.packed"
    subject = "work"

    # Why it was closed without scanning every piece.
    unscanned: str | None = None


class WorkShort(Event, frozen=True, kw_only=True):
    """A picker did not find, or found unfit, what the order gets from here: units by line number.

    `moved` come from other warehouses instead; `waiting` are units that nobody has. `move` where the work ended with it.
    """

    wire = "work.short"
    subject = "work"

    warehouse_id: int
    missing: dict[str, int]
    damaged: dict[str, int]
    moved: dict[str, int]
    waiting: dict[str, int]


class WorkHandedOver(Event, frozen=True, kw_only=True):
    """The carrier has the goods."""

    wire = "work.handed_over"
    subject = "work"


class WorkWithdrawn(Event, frozen=True, kw_only=True):
    """The order left the queue before anybody picked it."""

    wire = "work.withdrawn"
    subject = "work"


class ParcelDispatched(Event, frozen=True, kw_only=True):
    """A parcel left with carrier and number; it may hold lines of several orders of one recipient."""

    wire = "parcel.dispatched"
    subject = "parcel"

    carrier: str
    units: int
    # Its channel sent it, and watches over it.
    is_elsewhere: bool = False
    # Why a number that does not look like the carrier's, or a carrier that was not suggested, was used all the same.
    number_reason: str | None = None
    carrier_reason: str | None = None
    # The carrier that was suggested, where it is another one.
    suggested: str | None = None


class ParcelHeardAgain(Event, frozen=True, kw_only=True):
    """The carrier saw a parcel again of which nothing was heard; `reasons` are what had been noticed."""

    wire = "parcel.heard_again"
    subject = "parcel"

    reasons: list[str]


class ParcelMoved(Event, frozen=True, kw_only=True):
    """The carrier has the parcel and is moving it."""

    wire = "parcel.moved"
    subject = "parcel"


class ParcelOutForDelivery(Event, frozen=True, kw_only=True):
    """The parcel is on its last mile."""

    wire = "parcel.out_for_delivery"
    subject = "parcel"


class ParcelDelivered(Event, frozen=True, kw_only=True):
    """The parcel was signed for."""

    wire = "parcel.delivered"
    subject = "parcel"


class ParcelTurnedAway(Event, frozen=True, kw_only=True):
    """Nobody took the parcel at the door."""

    wire = "parcel.turned_away"
    subject = "parcel"


class ParcelReturning(Event, frozen=True, kw_only=True):
    """The parcel is on its way back to us."""

    wire = "parcel.returning"
    subject = "parcel"


class ParcelLost(Event, frozen=True, kw_only=True):
    """The carrier says the parcel is lost."""

    wire = "parcel.lost"
    subject = "parcel"


class ParcelDamaged(Event, frozen=True, kw_only=True):
    """The carrier says the parcel is damaged."""

    wire = "parcel.damaged"
    subject = "parcel"
