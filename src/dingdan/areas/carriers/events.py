"""Facts about carriers and lanes."""

from dingdan.kernel.event import Event


class CarrierSaved(Event, frozen=True, kw_only=True):
    """A carrier was registered or changed."""

    wire = "carrier.saved"
    subject = "carrier"

    code: str


class LaneSaved(Event, frozen=True, kw_only=True):
    """A lane was added or changed."""

    wire = "lane.saved"
    subject = "lane"

    code: str
