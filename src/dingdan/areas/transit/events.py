"""Facts about the way of parcels: what was noticed without anybody asking, and what became of calling one back."""

from dingdan.kernel.event import Event


class ParcelUnscanned(Event, frozen=True, kw_only=True):
    """Called dispatched, and a day later the carrier had not seen it: perhaps it never left."""

    wire = "parcel.unscanned"
    subject = "parcel"

    carrier: str


class ParcelSilent(Event, frozen=True, kw_only=True):
    """Nothing was heard of the parcel for longer than is normal on its lane; `normal_seconds` is how long that is."""

    wire = "parcel.silent"
    subject = "parcel"

    carrier: str
    normal_seconds: int


class ParcelOverdue(Event, frozen=True, kw_only=True):
    """The promise has passed and the parcel is not there."""

    wire = "parcel.overdue"
    subject = "parcel"

    carrier: str


class ParcelDisappeared(Event, frozen=True, kw_only=True):
    """Nothing was heard of the parcel for a week: it is probably lost."""

    wire = "parcel.disappeared"
    subject = "parcel"

    carrier: str


class InterceptAsked(Event, frozen=True, kw_only=True):
    """The carrier is to bring the parcel back."""

    wire = "parcel.intercept_asked"
    subject = "parcel"

    reason: str


class ParcelIntercepted(Event, frozen=True, kw_only=True):
    """The carrier brings the parcel back."""

    wire = "parcel.intercepted"
    subject = "parcel"


class InterceptFailed(Event, frozen=True, kw_only=True):
    """The carrier does not bring the parcel back; `why` is a code."""

    wire = "parcel.intercept_failed"
    subject = "parcel"

    why: str
