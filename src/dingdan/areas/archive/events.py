"""Facts about what is kept, for how long, and what is gone."""

from dingdan.kernel.event import Event


class OrderKept(Event, frozen=True, kw_only=True):
    """Everything of an order lies in the archive as bundle `number` of its merchant; `hash` is in hex."""

    wire = "archive.kept"
    subject = "order"

    number: int
    hash: str


class ArchiveSupplemented(Event, frozen=True, kw_only=True):
    """What happened since was added to the archive of an order; what stood there stands as it did."""

    wire = "archive.supplemented"
    subject = "order"

    number: int
    hash: str
    parts: list[str]


class ArchiveFailed(Event, frozen=True, kw_only=True):
    """An order could not be archived whole: these parts are missing. It is tried again."""

    wire = "archive.failed"
    subject = "order"

    missing: list[str]


class OrderPutAway(Event, frozen=True, kw_only=True):
    """What is heavy or about people left the live tables; it is read from the archive."""

    wire = "archive.put_away"
    subject = "order"


class PeopleErased(Event, frozen=True, kw_only=True):
    """The time to keep is over: the key of the order's people was destroyed. Accounts and facts stay."""

    wire = "archive.erased"
    subject = "order"


class HoldSet(Event, frozen=True, kw_only=True):
    """Somebody ordered that nothing of an order is erased."""

    wire = "archive.hold_set"
    subject = "order"

    reason: str


class HoldLifted(Event, frozen=True, kw_only=True):
    """The order to keep everything ended."""

    wire = "archive.hold_lifted"
    subject = "order"

    reason: str
