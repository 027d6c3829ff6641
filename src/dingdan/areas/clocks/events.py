"""Facts about calendars and moved deadlines."""

from dingdan.kernel.event import Event


class CalendarSaved(Event, frozen=True, kw_only=True):
    """A version of a calendar was written."""

    wire = "calendar.saved"
    subject = "calendar"

    version: int


class ExtensionOrdered(Event, frozen=True, kw_only=True):
    """Many deadlines shall be later; it is carried out in sets."""

    wire = "extension.ordered"
    subject = "extension"

    kinds: list[str]
    expected: int
    reason: str


class ExtensionFinished(Event, frozen=True, kw_only=True):
    """Every deadline that an extension was about has moved."""

    wire = "extension.finished"
    subject = "extension"

    extended: int


class DeadlineExtended(Event, frozen=True, kw_only=True):
    """A deadline of an order, or of something that belongs to it (`about_id`), was moved to a later time."""

    wire = "deadline.extended"
    subject = "order"

    kind: str
    about_id: int
    extension_id: int
    was_at: str
    now_at: str
    reason: str
