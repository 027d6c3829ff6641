"""What refunds speak of: what is asked back and why, what it comes to, and through which payments it goes."""

from datetime import datetime
from enum import StrEnum

import msgspec

from dingdan.areas.refunds.lifecycle import HandPayoutState, RefundState


class Cause(StrEnum):
    """What makes us owe money back."""

    RETURN = "return"
    CANCELLATION = "cancellation"
    # Some units of an order that goes on were cancelled.
    AMENDMENT = "amendment"
    EXCESS = "excess"
    CHANNEL = "channel"
    # Something went wrong, and whoever may has granted it.
    CASE = "case"
    # The buyer left goods with us that we need not have taken back, for what was offered.
    KEPT = "kept"
    # A seller who cannot deliver a presale owes its deposit twice; the second time nobody paid it in.
    PENALTY = "penalty"
    # Goods from abroad went back through customs in time, after they had been paid for: their tax follows.
    CUSTOMS = "customs"
    # Goods came back for others: their money was carried over to the order of those.
    EXCHANGE = "exchange"
    # What was to be sent for goods never left: what a refund of them brings on top of what went back before.
    UNSENT = "unsent"
    # What went early for goods was less than they brought once somebody had looked at them.
    REST = "rest"
    # What was withheld then is due after all, since the rest came back too: it lies with the order that never left.
    WITHHELD = "withheld"


# What goes back for these was never shipped.
UNSHIPPED = frozenset({Cause.CANCELLATION, Cause.AMENDMENT})
# What goes back for these was never a part of what the order cost.
BESIDE_ORDER = frozenset({Cause.EXCESS, Cause.PENALTY})


class Basis(StrEnum):
    """Why a line is paid back; decides about the freight out (A7)."""

    NO_REASON = "no_reason"
    # Without a reason, where the policy has the freight out paid back all the same (CRD 13(1), reg. 34(1)).
    WITHDRAWAL = "withdrawal"
    FAULT = "fault"
    CANCELLED = "cancelled"
    # Something else is sent instead: nobody gave anything up.
    EXCHANGED = "exchanged"


# Who sends goods back like that gives up what the price of the rest hung on.
LOOSE = frozenset({Basis.NO_REASON, Basis.WITHDRAWAL})


class AskedLine(msgspec.Struct, frozen=True):
    """Units of one order line that are to be paid back."""

    line_no: int
    quantity: int
    basis: Basis = Basis.NO_REASON


class RequestRefund(msgspec.Struct, frozen=True, kw_only=True):
    """Money asked back for one cause; the same cause asked again is the same refund.

    `is_policy_decided` says that the policy alone decided, with nobody's judgment in it: the system may sign then.
    `deduct` is what of the way back the buyer bears, where we paid for it; `reimburse` what we bear, where they paid.
    `gifts` is the marked price of gifts that did not come back (W23); `worn` are pairs of a line and what its units lost
    by being used more than it takes to look at them, where the policy lets that count; `off` are pairs of a line whose
    goods the buyer keeps and what is taken off its price.
    """

    order_id: int
    cause: Cause
    cause_id: int
    lines: tuple[AskedLine, ...]
    off: tuple[tuple[int, int], ...] = ()
    is_policy_decided: bool = False
    deduct: int = 0
    reimburse: int = 0
    gifts: int = 0
    worn: tuple[tuple[int, int], ...] = ()


class MakeGood(msgspec.Struct, frozen=True, kw_only=True):
    """Money that was granted for a remedy: for units, or an amount off a line whose goods the buyer keeps."""

    order_id: int
    remedy_id: int
    lines: tuple[AskedLine, ...] = ()
    off_line: int | None = None
    off: int = 0


class MadeGood(msgspec.Struct, frozen=True):
    """What went back for a remedy, and how much of it has to be paid otherwise since postage took the money."""

    refund: "Refund | None"
    short: int = 0


class CarryOver(msgspec.Struct, frozen=True, kw_only=True):
    """Units that came back for others: `keep` of what they are worth goes to the order of those, the rest to the buyer.

    `exchange_id` is the cause of what is kept, `return_id` of what goes back; with it goes what we owe of the buyer's
    postage (`reimburse`). `is_policy_decided` as with any refund.
    """

    order_id: int
    exchange_id: int
    return_id: int
    to_order_id: int
    lines: tuple[AskedLine, ...]
    keep: int
    reimburse: int = 0
    is_policy_decided: bool = False


class CarriedOver(msgspec.Struct, frozen=True):
    """What became of that: the refund that was carried over and the one that the buyer gets, None where it is nothing.

    `postage` is what of it went back, less what an earlier return was given of it and these goods need.
    """

    carried: "Refund | None"
    back: "Refund | None"
    postage: int


class RefundedElsewhere(msgspec.Struct, frozen=True):
    """A sales channel gave money back: `total` is all that it gave for the order so far, `cause_id` its latest word."""

    order_id: int
    cause_id: int
    total: int


class Part(msgspec.Struct, frozen=True):
    """One component of a refund in minor units, with the id of the rule it comes from; line 0 is the whole order.

    `basis` says why units are paid back, `clause` which rule of the order's policy it rests on; "" where none is.
    """

    component: str
    line_no: int
    quantity: int
    amount: int
    rule: str
    basis: str = ""
    clause: str = ""


class Tender(msgspec.Struct, frozen=True):
    """What of a refund goes back through one payment."""

    payment_id: int
    amount: int


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """What a refund would come to, before anybody asks for it."""

    order_id: int
    currency: str
    amount: int
    parts: tuple[Part, ...]
    tenders: tuple[Tender, ...]


class Refund(msgspec.Struct, frozen=True, kw_only=True):
    """Money we owe back, and where it stands."""

    id: int
    order_id: int
    merchant_id: int
    cause: Cause
    cause_id: int
    state: RefundState
    version: int
    currency: str
    amount: int
    requested_by_kind: str
    requested_by: int | None
    approved_by_kind: str | None
    approved_by: int | None
    requested_at: datetime
    approved_at: datetime | None
    settled_at: datetime | None
    failure: str | None
    hand_receipt: str | None
    # The payment by hand that it is a part of.
    hand_payout_id: int | None = None


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Where a buyer wants money that cannot go back the way it came; personal data, sealed wherever it is kept."""

    holder: str
    bank: str
    number: str


class HandPayout(msgspec.Struct, frozen=True, kw_only=True):
    """One transfer by hand for all refunds of an order that their channels cannot send, to where the buyer said.

    `consent` are the words that the buyer agreed to. One person pays and notes the receipt, another finds the money gone
    and confirms.
    """

    id: int
    order_id: int
    merchant_id: int
    buyer_id: int
    state: HandPayoutState
    version: int
    currency: str
    amount: int
    sealed: bytes | None
    consent: str
    consented_by_kind: str
    consented_by: int | None
    consented_at: datetime
    receipt: str | None = None
    paid_by_kind: str | None = None
    paid_by: int | None = None
    paid_at: datetime | None = None
    confirmed_by_kind: str | None = None
    confirmed_by: int | None = None
    ended_at: datetime | None = None


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """A refund about to be written: everything about it is decided."""

    order_id: int
    merchant_id: int
    currency: str
    cause: Cause
    cause_id: int
    parts: tuple[Part, ...]
    tenders: tuple[Tender, ...]
    is_automatic: bool
    # The order that the money is carried over to, where it does not leave the house.
    carried_to: int | None = None

    @property
    def amount(self) -> int:
        """What it comes to."""
        return sum(part.amount for part in self.parts)
