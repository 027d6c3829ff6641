"""What payments speak of: attempts to be paid, what came in, what was sent back, and what providers say."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from dingdan.areas.payments.lifecycle import PaymentState, SendBackState


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt to be paid; `merchant_id` None where orders of several merchants are paid at once."""

    id: int
    checkout_id: int
    merchant_id: int | None
    provider: str
    method: str
    state: PaymentState
    version: int
    currency: str
    amount: int
    provider_ref: str | None
    pay_url: str | None
    failure: str | None
    asks: int
    started_at: datetime
    captured_at: datetime | None
    # The same number for tenders that are captured together, None for one that pays alone.
    together: int | None = None
    purse_id: int | None = None

    @property
    def is_credit(self) -> bool:
        """Whether it is paid from what the buyer has with us: no provider is asked about it."""
        return self.purse_id is not None


class PaidElsewhere(msgspec.Struct, frozen=True, kw_only=True):
    """Money that a sales channel took for one order; `provider_ref` is unique among all that this channel told."""

    order_id: int
    merchant_id: int
    checkout_id: int
    channel: str
    provider_ref: str
    currency: str
    amount: int


class CreditTender(msgspec.Struct, frozen=True, kw_only=True):
    """Credit that a buyer wants to pay with: a card's purse, or without one the balances of whoever bought.

    Without an amount it is as much as is needed and there.
    """

    purse_id: int | None = None
    amount: int | None = None


class Share(msgspec.Struct, frozen=True):
    """What one order gets of a payment."""

    order_id: int
    merchant_id: int
    amount: int


class Charge(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider is asked to charge, under our number `payment_id`; `shares` in order of their orders."""

    payment_id: int
    provider: str
    method: str
    amount: int
    currency: str
    shares: tuple[Share, ...]
    purse_id: int | None = None


class MoneyBack(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider is asked to send back of a charge, under our number `send_back_id`."""

    send_back_id: int
    payment_id: int
    provider: str
    order_id: int
    merchant_id: int
    amount: int
    currency: str
    captured_at: datetime
    made_before: int


class ChargeOutcome(StrEnum):
    """How a charge stands, by the provider's word; UNKNOWN is the lack of one."""

    ACCEPTED = "accepted"
    CAPTURED = "captured"
    FAILED = "failed"
    VOIDED = "voided"
    NOT_FOUND = "not_found"
    UNKNOWN = "unknown"


class MoneyBackOutcome(StrEnum):
    """How money on its way back stands; IMPOSSIBLE is a no that trying again does not change."""

    ACCEPTED = "accepted"
    ARRIVED = "arrived"
    FAILED = "failed"
    IMPOSSIBLE = "impossible"
    NOT_FOUND = "not_found"
    UNKNOWN = "unknown"


class ChargeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A provider's word about a charge. `amount` and `currency` say what came in, where it was captured.

    `is_notice` marks what came by notification: good enough to book what we asked for, not to book anything else.
    """

    payment_id: int
    provider: str
    outcome: ChargeOutcome
    provider_ref: str | None = None
    amount: int = 0
    currency: str = ""
    pay_url: str | None = None
    failure: str = ""
    is_notice: bool = False


class MoneyBackAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A provider's word about money on its way back; `is_notice` as with charges."""

    send_back_id: int
    provider: str
    outcome: MoneyBackOutcome
    provider_ref: str | None = None
    amount: int = 0
    currency: str = ""
    failure: str = ""
    is_notice: bool = False


Answer = ChargeAnswer | MoneyBackAnswer


class Taken(StrEnum):
    """What we made of an answer; kept with each notification."""

    ACCEPTED = "accepted"
    CAPTURED = "captured"
    EXCESS = "excess"
    ARRIVED = "arrived"
    FAILED = "failed"
    CLOSED = "closed"
    LOST_TRACK = "lost_track"
    AMOUNT_DIFFERS = "payment.amount_differs"
    ANOTHER_AMOUNT = "another_amount"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"
    PARKED = "parked"


class Capture(msgspec.Struct, frozen=True, kw_only=True):
    """Money that really came in for one order: `normal`, or `excess` that nobody owed."""

    id: int
    payment_id: int
    order_id: int
    merchant_id: int
    kind: str
    currency: str
    amount: int
    provider: str
    provider_ref: str
    at: datetime
    # The send-back of another order that this money was carried over by, where nobody paid it in anew.
    carried_from: int | None = None


class Tender(msgspec.Struct, frozen=True):
    """What one payment brought for an order, and what of it is back or on its way back."""

    payment_id: int
    amount: int
    sent_back: int


class SendBack(msgspec.Struct, frozen=True, kw_only=True):
    """A refund to be sent: `tenders` are (payment, amount). `carried_to` is the order that the money stays here for."""

    refund_id: int
    order_id: int
    merchant_id: int
    currency: str
    tenders: tuple[tuple[int, int], ...]
    carried_to: int | None = None


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """One tender of a refund on its way."""

    id: int
    refund_id: int
    order_id: int
    merchant_id: int
    payment_id: int
    provider: str
    state: SendBackState
    version: int
    currency: str
    amount: int
    failure: str | None
    can_retry: bool
    asks: int
    carried_to: int | None = None


class Booked(msgspec.Struct, frozen=True, kw_only=True):
    """Money of one provider as it stands in our books, one for each of its references, all orders together.

    A charge has the id of its payment, money back that of its send-back.
    """

    id: int
    merchant_id: int | None
    provider_ref: str
    currency: str
    amount: int
    at: datetime


class Limits(msgspec.Struct, frozen=True):
    """What a channel can do at most; None is no limit.

    Common ones are 50 partial refunds of one payment, 365 days after it, and a minute between two of them.
    """

    max_refunds: int | None = None
    max_days: int | None = None
    seconds_apart: int | None = None

    def broken_by(self, *, made_before: int, captured_at: datetime, now: datetime) -> str:
        """Which limit forbids one more refund of a charge; "" where none does."""
        if self.max_refunds is not None and made_before >= self.max_refunds:
            return "too_many_refunds"
        if self.max_days is not None and now - captured_at > timedelta(days=self.max_days):
            return "too_old"
        return ""


class Notice(msgspec.Struct, frozen=True):
    """A notification whose signature is right; `answer` None where it is about nothing we follow."""

    event_id: str
    sent_at: datetime
    answer: Answer | None


class Reply(msgspec.Struct, frozen=True):
    """What a provider wants to hear: a status and an exact body."""

    status: int
    body: bytes


class Received(msgspec.Struct, frozen=True):
    """A notification as it came in: its headers and its raw bytes."""

    headers: Mapping[str, str]
    body: bytes


class Deposit(msgspec.Struct, frozen=True, kw_only=True):
    """How an order is paid in two parts, in minor units of its currency, and what became of that.

    `keep_at_most` of the deposit are earnest money. Once it ended before the balance was paid, the seller `kept` so much,
    or owes the buyer a `penalty` on top of what was paid.
    """

    order_id: int
    merchant_id: int
    amount: int
    counts_as: int
    balance: int
    balance_from: datetime
    balance_until: datetime
    is_earnest: bool
    keep_at_most: int
    paid_at: datetime | None = None
    ended_at: datetime | None = None
    kept: int | None = None
    penalty: int | None = None


class EndedDeposit(msgspec.Struct, frozen=True):
    """What the buyer gets of a deposit that ended without its balance, and what the seller owes on top."""

    back: int
    penalty: int
