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


class WorkPutBack(Event, frozen=True, kw_only=True):
    """Picking was given up; the order waits again."""

    wire = "work.put_back"
    subject = "work"

    reason: str


class WorkPacked(Event, frozen=True, kw_only=True):
    """The order is packed."""

    wire = "work.packed"
    subject = "work"


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
    # Why a number that does not look like the carrier's, or a carrier that was not suggested, was used all the same.
    number_reason: str | None = None
    carrier_reason: str | None = None


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
