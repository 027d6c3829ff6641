"""Facts about boxes and consents."""

from dingdan.kernel.event import Event


class PictureTaken(Event, frozen=True, kw_only=True):
    """A picture of a box is kept."""

    wire = "picture.taken"
    subject = "picture"

    work_id: int


class ConsentGiven(Event, frozen=True, kw_only=True):
    """Somebody agreed that orders travel in one parcel; the subject's orders are named."""

    wire = "consent.given"
    subject = "consent"

    order_ids: list[int]
    given_by: str
    text_version: str


class ConsentWithdrawn(Event, frozen=True, kw_only=True):
    """Orders that have not left do not travel together any more."""

    wire = "consent.withdrawn"
    subject = "consent"

    order_ids: list[int]
