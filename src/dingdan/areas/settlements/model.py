"""What a platform and its merchants agree on, owe each other, and pay."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from dingdan.areas.settlements.lifecycle import PayoutState, SettlementState
from dingdan.kernel.money import MAX_AMOUNT

# Of every category that has no rate of its own.
EVERY = "*"

BasisPoints = Annotated[int, Meta(ge=0, le=10_000)]
Minor = Annotated[int, Meta(ge=0, le=MAX_AMOUNT)]
# What goes into the bank's file: nothing that a table program would take for a formula, nothing that cannot be seen.
BankWord = Annotated[
    str, Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x20\x7f-\x9f=+@\-]([^\x00-\x1f\x7f-\x9f]*)$")
]
BankNumber = Annotated[str, Meta(min_length=4, max_length=40, pattern=r"^[0-9A-Za-z][0-9A-Za-z ]*$")]
Category = Annotated[str, Meta(min_length=1, max_length=200)]


class FeeKind(StrEnum):
    """What the platform takes: a share of each line by its category, so much an order, a share of what was paid."""

    COMMISSION = "commission"
    FIXED = "fixed"
    PAYMENT = "payment"


class LineKind(StrEnum):
    """What a line of a merchant's account is. Plus is for the merchant."""

    SALE = "sale"
    # What the platform's own promotions took off the price of a line.
    SUBSIDY = "subsidy"
    # The part of a sale that was paid with credit of the merchant's own, whose money the platform never had.
    OWN_CREDIT = "own_credit"
    FEE = "fee"
    REFUND = "refund"
    SUBSIDY_BACK = "subsidy_back"
    # The same for goods that came back and for which nothing was paid, because the platform gave all of their price.
    SUBSIDY_RETURNED = "subsidy_returned"
    OWN_CREDIT_BACK = "own_credit_back"
    FEE_BACK = "fee_back"
    # Money that was paid to a buyer by hand to make something good.
    REMEDY = "remedy"
    # What buyers were paid by hand on top of the deposit of a presale that the merchant could not deliver.
    PENALTY = "penalty"
    # What a remedy was worth that the platform bears.
    BORNE = "borne"
    # What a carrier paid for what it broke or lost.
    RECOVERY = "recovery"
    # Taken out of the merchant's deposit for what buyers were paid in advance.
    DEPOSIT_DRAW = "deposit_draw"
    PAYOUT = "payout"
    PAYOUT_FAILED = "payout_failed"


# These move what is owed already; they are nothing that is owed.
PAYING = frozenset({LineKind.PAYOUT, LineKind.PAYOUT_FAILED})
# What each line is about.
SUBJECTS: dict[LineKind, str] = {
    LineKind.SALE: "order",
    LineKind.SUBSIDY: "order",
    LineKind.OWN_CREDIT: "order",
    LineKind.FEE: "order",
    LineKind.REFUND: "refund",
    LineKind.SUBSIDY_BACK: "refund",
    LineKind.SUBSIDY_RETURNED: "return",
    LineKind.OWN_CREDIT_BACK: "refund",
    LineKind.FEE_BACK: "refund",
    LineKind.REMEDY: "remedy",
    LineKind.PENALTY: "refund",
    LineKind.BORNE: "remedy",
    LineKind.RECOVERY: "claim",
    LineKind.DEPOSIT_DRAW: "refund",
    LineKind.PAYOUT: "payout",
    LineKind.PAYOUT_FAILED: "payout",
}
# Against which account of the ledger each line stands.
AGAINST: dict[LineKind, str] = {
    LineKind.SALE: "settled_sales",
    LineKind.SUBSIDY: "platform_subsidies",
    LineKind.OWN_CREDIT: "own_credit_spent",
    LineKind.FEE: "platform_fees",
    LineKind.REFUND: "settled_sales",
    LineKind.SUBSIDY_BACK: "platform_subsidies",
    LineKind.SUBSIDY_RETURNED: "platform_subsidies",
    LineKind.OWN_CREDIT_BACK: "own_credit_spent",
    LineKind.FEE_BACK: "platform_fees",
    LineKind.REMEDY: "compensations_charged",
    LineKind.PENALTY: "compensations_charged",
    LineKind.BORNE: "platform_subsidies",
    LineKind.RECOVERY: "recoveries_passed_on",
    LineKind.DEPOSIT_DRAW: "merchant_deposits",
    LineKind.PAYOUT: "payouts_under_way",
    LineKind.PAYOUT_FAILED: "payouts_under_way",
}


class Payee(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """To whom and where a merchant's money goes: an account of the firm, never of a person."""

    name: BankWord
    bank: BankWord
    account: BankNumber


class Terms(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What was agreed. Amounts in minor units, shares in hundredths of a percent.

    `commission` is by category, "*" for every other one; the longest category that fits holds. `given_back` names the
    fees that go back with a refund in proportion to it. `hold_days` after an order is done its money can be paid out.
    `check_days` is how long somebody can look at a period that is over before it is closed by itself.
    """

    commission: Annotated[dict[Category, BasisPoints], Meta(max_length=500)] = {}
    fixed_fee: Minor = 0
    payment_fee: BasisPoints = 0
    given_back: Annotated[tuple[FeeKind, ...], Meta(max_length=3)] = (FeeKind.COMMISSION,)
    period: Literal["week", "month"] = "month"
    hold_days: Annotated[int, Meta(ge=0, le=365)] = 0
    check_days: Annotated[int, Meta(ge=0, le=31)] = 0
    deposit_required: Minor = 0
    payee: Payee


class SaveAgreement(msgspec.Struct, frozen=True, kw_only=True):
    """Terms with one merchant in one currency, for orders placed from a moment on (None: from now on)."""

    merchant_id: int
    currency: str
    terms: Terms
    valid_from: datetime | None = None


class Agreement(msgspec.Struct, frozen=True, kw_only=True):
    """One version of what was agreed; it holds for orders placed since then, until the next one does."""

    id: int
    merchant_id: int
    currency: str
    number: int
    valid_from: datetime
    terms: Terms
    created_at: datetime


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """One line that belongs into a merchant's account. `detail` and `n` tell apart what has one subject."""

    kind: LineKind
    subject_id: int
    amount: int
    detail: str = ""
    n: int = 0

    @property
    def key(self) -> tuple[LineKind, str, int, int]:
        """What makes it one: it is booked once, however often it is due."""
        return (self.kind, self.detail, self.subject_id, self.n)


class NewLine(msgspec.Struct, frozen=True):
    """A line to be written: whose, in which currency, of which order."""

    merchant_id: int
    currency: str
    order_id: int | None
    due: Due


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A line of a merchant's account as it was written; `subject` says what `subject_id` is."""

    id: int
    settlement_id: int
    merchant_id: int
    currency: str
    kind: LineKind
    detail: str
    subject_id: int
    n: int
    order_id: int | None
    amount: int
    at: datetime

    @property
    def subject(self) -> str:
        """What it is about."""
        return SUBJECTS[self.kind]


class Settlement(msgspec.Struct, frozen=True, kw_only=True):
    """A merchant's account of one period in one currency. Balances are known once it is closed."""

    id: int
    merchant_id: int
    currency: str
    starts_at: datetime
    ends_at: datetime
    state: SettlementState
    version: int
    opening: int | None
    closing: int | None
    closed_at: datetime | None
    closed_by_kind: str | None
    closed_by: int | None


class MerchantDeposit(msgspec.Struct, frozen=True):
    """What a merchant left with the platform as security, and how much it should be."""

    merchant_id: int
    currency: str
    balance: int
    required: int

    @property
    def missing(self) -> int:
        """How much is to be topped up."""
        return max(0, self.required - self.balance)


class DepositMovement(msgspec.Struct, frozen=True, kw_only=True):
    """One change of a deposit; plus is a top-up."""

    id: int
    merchant_id: int
    currency: str
    kind: str
    amount: int
    refund_id: int | None
    receipt: str | None
    at: datetime


class PayoutRun(msgspec.Struct, frozen=True, kw_only=True):
    """Payouts that go into one file; `checksum` is the SHA-256 of it. `merchant_id` where it pays only one."""

    id: int
    merchant_id: int | None
    currency: str
    checksum: str
    prepared_by_kind: str
    prepared_by: int | None
    prepared_at: datetime
    approved_by_kind: str | None
    approved_by: int | None
    approved_at: datetime | None
    dropped_at: datetime | None


class Payout(msgspec.Struct, frozen=True, kw_only=True):
    """Money for one merchant; `held` is what was left out because its orders are disputed or not old enough.

    `cards` is what of it buyers had paid with the platform's cards, less what went back onto them: the platform's own money.
    """

    id: int
    payout_run_id: int
    merchant_id: int
    currency: str
    amount: int
    held: int
    payee: Payee
    state: PayoutState
    version: int
    bank_ref: str | None
    failure: str | None
    prepared_at: datetime
    ended_at: datetime | None
    cards: int = 0


class Unpaid(msgspec.Struct, frozen=True):
    """A line of a closed period that no payout took yet."""

    id: int
    merchant_id: int
    order_id: int | None
    amount: int
    kind: LineKind = LineKind.SALE
    subject_id: int = 0
