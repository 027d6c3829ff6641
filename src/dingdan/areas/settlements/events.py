"""Facts about what the platform and merchants owe each other."""

from dingdan.kernel.event import Event


class AgreementSaved(Event, frozen=True, kw_only=True):
    """Terms with a merchant were agreed on, for orders from a moment on."""

    wire = "agreement.saved"
    subject = "agreement"

    currency: str
    number: int
    valid_from: str


class SettlementOpened(Event, frozen=True, kw_only=True):
    """A period's account was begun."""

    wire = "settlement.opened"
    subject = "settlement"

    currency: str
    starts_at: str
    ends_at: str


class SettlementBooked(Event, frozen=True, kw_only=True):
    """Lines of an order were booked into a merchant's account; `amount` is their sum, plus for the merchant."""

    wire = "settlement.booked"
    subject = "settlement"

    lines: int
    amount: int
    currency: str


class SettlementClosed(Event, frozen=True, kw_only=True):
    """A period is over: nothing is booked into it any more."""

    wire = "settlement.closed"
    subject = "settlement"

    opening: int
    closing: int
    currency: str


class DepositToppedUp(Event, frozen=True, kw_only=True):
    """A merchant left more money as security."""

    wire = "merchant_deposit.topped_up"
    subject = "deposit_movement"

    amount: int
    balance: int
    currency: str


class DepositDrawn(Event, frozen=True, kw_only=True):
    """What a buyer was paid in advance was taken out of a merchant's deposit."""

    wire = "merchant_deposit.drawn"
    subject = "deposit_movement"

    amount: int
    balance: int
    currency: str


class DepositBelowMinimum(Event, frozen=True, kw_only=True):
    """A merchant's deposit is less than was agreed; so much is missing."""

    wire = "merchant_deposit.below_minimum"
    subject = "deposit_movement"

    missing: int
    balance: int
    currency: str


class PayoutPrepared(Event, frozen=True, kw_only=True):
    """Somebody wants to pay a merchant; somebody else has to agree."""

    wire = "payout.prepared"
    subject = "payout"

    amount: int
    currency: str


class PayoutApproved(Event, frozen=True, kw_only=True):
    """It goes to the bank."""

    wire = "payout.approved"
    subject = "payout"

    amount: int
    currency: str


class PayoutDropped(Event, frozen=True, kw_only=True):
    """It was not approved; what it would have paid waits for the next one."""

    wire = "payout.dropped"
    subject = "payout"


class PayoutPaid(Event, frozen=True, kw_only=True):
    """The bank says that the money left."""

    wire = "payout.paid"
    subject = "payout"

    amount: int
    currency: str


class PayoutFailed(Event, frozen=True, kw_only=True):
    """The bank could not pay; the merchant is owed it again."""

    wire = "payout.failed"
    subject = "payout"

    reason: str
