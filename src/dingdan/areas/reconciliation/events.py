"""Facts about providers' statements and what they differ in."""

from dingdan.kernel.event import Event


class StatementCompared(Event, frozen=True, kw_only=True):
    """A provider's statement was compared with our books to the last line."""

    wire = "statement.compared"
    subject = "statement"

    provider: str
    lines: int
    differences: int


class DifferenceFound(Event, frozen=True, kw_only=True):
    """A provider's statement and our books say different things."""

    wire = "difference.found"
    subject = "difference"

    kind: str
    provider: str
    provider_ref: str
    ours: int | None
    theirs: int | None


class DifferenceResolved(Event, frozen=True, kw_only=True):
    """Somebody, or taking the money in, settled what was different."""

    wire = "difference.resolved"
    subject = "difference"

    resolution: str
