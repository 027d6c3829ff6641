"""Facts about carriers and lanes."""

from datetime import datetime

from dingdan.kernel.event import Event


class CarrierSaved(Event, frozen=True, kw_only=True):
    """A carrier was registered or changed, or a licence of it."""

    wire = "carrier.saved"
    subject = "carrier"

    code: str


class LaneSaved(Event, frozen=True, kw_only=True):
    """A lane was added or changed."""

    wire = "lane.saved"
    subject = "lane"

    code: str


class CarrierLicenceExpiring(Event, frozen=True, kw_only=True):
    """A carrier's licences run out within 30 days, told once, and once more within 7."""

    wire = "carrier.licence_expiring"
    subject = "carrier"

    code: str
    within_days: int
    ends_at: datetime


class CarrierLicenceExpired(Event, frozen=True, kw_only=True):
    """A carrier's last licence is over: it gets no parcels until a new one is entered."""

    wire = "carrier.licence_expired"
    subject = "carrier"

    code: str


class CarrierGraded(Event, frozen=True, kw_only=True):
    """A carrier was evaluated; `was` is its grade of before, and `proposal` what a person is asked to confirm."""

    wire = "carrier.graded"
    subject = "carrier"

    code: str
    grade: str
    was: str | None
    samples: int
    proposal: str | None = None


class CarrierGradeOverridden(Event, frozen=True, kw_only=True):
    """Somebody set a grade by hand for a time."""

    wire = "carrier.grade_overridden"
    subject = "carrier"

    code: str
    grade: str
    reason: str
    ends_at: datetime


class CarrierWarned(Event, frozen=True, kw_only=True):
    """A carrier's grade fell, and it was warned."""

    wire = "carrier.warned"
    subject = "carrier"

    code: str
    grade: str


class CarrierSuspended(Event, frozen=True, kw_only=True):
    """A carrier gets no parcels and no new lanes."""

    wire = "carrier.suspended"
    subject = "carrier"

    code: str
    reason: str


class CarrierRestored(Event, frozen=True, kw_only=True):
    """A carrier that was warned or suspended is in good standing again."""

    wire = "carrier.restored"
    subject = "carrier"

    code: str
    reason: str


class CarrierNoted(Event, frozen=True, kw_only=True):
    """Somebody wrote a note about a carrier."""

    wire = "carrier.noted"
    subject = "carrier"

    code: str
