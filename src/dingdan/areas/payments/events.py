"""Facts about money coming in and going back."""

from dingdan.kernel.event import Event


class PaymentStarted(Event, frozen=True, kw_only=True):
    """An attempt to be paid began."""

    wire = "payment.started"
    subject = "payment"

    amount: int
    currency: str
    provider: str
    method: str


class PaymentAccepted(Event, frozen=True, kw_only=True):
    """The provider took the attempt and waits for the buyer."""

    wire = "payment.accepted"
    subject = "payment"

    provider_ref: str


class PaymentLostTrack(Event, frozen=True, kw_only=True):
    """We do not know how a call ended; the provider will be asked."""

    wire = "payment.lost_track"
    subject = "payment"


class PaymentCaptured(Event, frozen=True, kw_only=True):
    """The money is in."""

    wire = "payment.captured"
    subject = "payment"

    amount: int
    currency: str
    provider_ref: str


class PaymentAmountDiffered(Event, frozen=True, kw_only=True):
    """Another amount or currency came in than was asked for; it pays for nothing and goes back."""

    wire = "payment.amount_differed"
    subject = "payment"

    asked: int
    asked_currency: str
    came: int
    came_currency: str


class PaymentFailed(Event, frozen=True, kw_only=True):
    """The attempt ended without money."""

    wire = "payment.failed"
    subject = "payment"

    failure: str


class PaymentVoided(Event, frozen=True, kw_only=True):
    """The attempt was closed: its order ended, or the buyer began another."""

    wire = "payment.voided"
    subject = "payment"


class ExcessCaptured(Event, frozen=True, kw_only=True):
    """Money came in that nobody owes; it goes back by itself."""

    wire = "payment.excess_captured"
    subject = "capture"

    payment_id: int
    amount: int
    currency: str


class SendBackQueued(Event, frozen=True, kw_only=True):
    """Money was handed to the provider's queue to go back."""

    wire = "send_back.queued"
    subject = "send_back"

    refund_id: int
    amount: int
    currency: str


class SendBackAccepted(Event, frozen=True, kw_only=True):
    """The provider took the order to send money back."""

    wire = "send_back.accepted"
    subject = "send_back"

    refund_id: int
    provider_ref: str


class SendBackLostTrack(Event, frozen=True, kw_only=True):
    """We do not know whether money went back; the provider will be asked."""

    wire = "send_back.lost_track"
    subject = "send_back"

    refund_id: int


class MoneySentBack(Event, frozen=True, kw_only=True):
    """The provider says the money went back."""

    wire = "send_back.arrived"
    subject = "send_back"

    refund_id: int
    amount: int
    currency: str


class SendingBackFailed(Event, frozen=True, kw_only=True):
    """The provider could not send money back; `can_retry` is False where it never will."""

    wire = "send_back.failed"
    subject = "send_back"

    refund_id: int
    failure: str
    can_retry: bool


class SendBackAmountDiffered(Event, frozen=True, kw_only=True):
    """Another amount or currency went back than was asked for; the provider is asked no more, somebody must look."""

    wire = "send_back.amount_differed"
    subject = "send_back"

    refund_id: int
    asked: int
    asked_currency: str
    went: int
    went_currency: str


class SendBackRetried(Event, frozen=True, kw_only=True):
    """Sending money back is tried again under the same number."""

    wire = "send_back.retried"
    subject = "send_back"

    refund_id: int


class DepositPaid(Event, frozen=True, kw_only=True):
    """The deposit of a presale is in; the balance may be paid between two moments."""

    wire = "deposit.paid"
    subject = "order"

    amount: int
    balance: int
    currency: str


class BalanceOpened(Event, frozen=True, kw_only=True):
    """From now on the balance of a presale can be paid."""

    wire = "deposit.balance_opened"
    subject = "order"

    balance: int
    currency: str


class DepositEnded(Event, frozen=True, kw_only=True):
    """A presale ended before its balance was paid: what the seller keeps, what goes back, what the seller owes on top."""

    wire = "deposit.ended"
    subject = "order"

    kept: int
    back: int
    penalty: int
    currency: str
