"""Facts about money owed back."""

from datetime import datetime

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


class RefundHeld(Event, frozen=True, kw_only=True):
    """Somebody let the money go; until then they may take that back, then it goes out."""

    wire = "refund.held"
    subject = "refund"

    amount: int
    currency: str
    until: datetime


class RefundHeldAgain(Event, frozen=True, kw_only=True):
    """Somebody had a failed refund sent again; until then they may take that back."""

    wire = "refund.held_again"
    subject = "refund"

    amount: int
    currency: str
    until: datetime


class RefundTakenBack(Event, frozen=True, kw_only=True):
    """It was taken back in time: nothing went out, and it stands where it stood."""

    wire = "refund.taken_back"
    subject = "refund"


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


class HandPayoutConsented(Event, frozen=True, kw_only=True):
    """The buyer agreed to be paid by hand and said where: what no channel takes back of an order."""

    wire = "hand_payout.consented"
    subject = "hand_payout"

    amount: int
    currency: str


class HandPayoutDropped(Event, frozen=True, kw_only=True):
    """It is not paid like that after all; the buyer may say it anew."""

    wire = "hand_payout.dropped"
    subject = "hand_payout"


class HandPayoutPaid(Event, frozen=True, kw_only=True):
    """Somebody paid and noted the receipt; somebody else looks after it."""

    wire = "hand_payout.paid"
    subject = "hand_payout"


class HandPayoutNotFound(Event, frozen=True, kw_only=True):
    """Whoever looked after it did not find the money gone: it is to be paid again, or for the first time."""

    wire = "hand_payout.not_found"
    subject = "hand_payout"

    reason: str


class HandPayoutConfirmed(Event, frozen=True, kw_only=True):
    """A second person found the money gone: its refunds are settled."""

    wire = "hand_payout.confirmed"
    subject = "hand_payout"

    amount: int
    currency: str
