"""Facts about money owed back."""

from dingdan.kernel.event import Event


class RefundRequested(Event, frozen=True, kw_only=True):
    """Money is asked back."""

    wire = "refund.requested"
    subject = "refund"

    amount: int
    currency: str
    cause: str
    cause_id: int


class RefundSigned(Event, frozen=True, kw_only=True):
    """One of the people who have to sign a large refund did."""

    wire = "refund.signed"
    subject = "refund"

    missing: int


class RefundApproved(Event, frozen=True, kw_only=True):
    """The refund was signed by whoever had to, or by the system where the policy decided."""

    wire = "refund.approved"
    subject = "refund"

    amount: int
    currency: str
    is_automatic: bool


class RefundRefused(Event, frozen=True, kw_only=True):
    """The refund was refused."""

    wire = "refund.refused"
    subject = "refund"

    reason: str


class RefundSent(Event, frozen=True, kw_only=True):
    """The refund is with the provider."""

    wire = "refund.sent"
    subject = "refund"


class RefundLostTrack(Event, frozen=True, kw_only=True):
    """We do not know whether the money arrived; the provider will be asked."""

    wire = "refund.lost_track"
    subject = "refund"


class RefundSettled(Event, frozen=True, kw_only=True):
    """The money is back where it came from."""

    wire = "refund.settled"
    subject = "refund"

    amount: int
    currency: str
    cause: str
    cause_id: int


class RefundFailed(Event, frozen=True, kw_only=True):
    """The provider could not send it; somebody must look."""

    wire = "refund.failed"
    subject = "refund"

    failure: str


class RefundWentOffline(Event, frozen=True, kw_only=True):
    """It will be paid by hand, with the buyer's consent."""

    wire = "refund.went_offline"
    subject = "refund"
