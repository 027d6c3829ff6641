"""Facts about evidence."""

from dingdan.kernel.event import Event


class EvidenceBrought(Event, frozen=True, kw_only=True):
    """A picture or a video is kept with an order."""

    wire = "evidence.brought"
    subject = "evidence"

    sort: str
    shot: str


class EvidenceReused(Event, frozen=True, kw_only=True):
    """Another buyer showed the same before."""

    wire = "evidence.reused"
    subject = "evidence"

    like: list[int]
