"""What refunds speak of: what is asked back and why, what it comes to, and through which payments it goes."""

from datetime import datetime
from enum import StrEnum

import msgspec

from dingdan.areas.refunds.lifecycle import RefundState


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


class AskedLine(msgspec.Struct, frozen=True):
    """Units of one order line that are to be paid back."""

    line_no: int
    quantity: int
    basis: Basis = Basis.NO_REASON


class RequestRefund(msgspec.Struct, frozen=True, kw_only=True):
    """Money asked back for one cause; the same cause asked again is the same refund.

    `is_policy_decided` says that the policy alone decided, with nobody's judgment in it: the system may sign then.
    `deduct` is what of the way back the buyer bears, where we paid for it; `reimburse` what we bear, where they paid.
    `gifts` is the marked price of gifts that did not come back (W23). `off` are pairs of a line whose goods the buyer
    keeps and what is taken off its price.
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


class MakeGood(msgspec.Struct, frozen=True, kw_only=True):
    """Money that was granted for a remedy: for units, or an amount off a line whose goods the buyer keeps."""

    order_id: int
    remedy_id: int
    lines: tuple[AskedLine, ...] = ()
    off_line: int | None = None
    off: int = 0


class RefundedElsewhere(msgspec.Struct, frozen=True):
    """A sales channel gave money back: `total` is all that it gave for the order so far, `cause_id` its latest word."""

    order_id: int
    cause_id: int
    total: int


class Part(msgspec.Struct, frozen=True):
    """One component of a refund in minor units, with the id of the rule it comes from; line 0 is the whole order."""

    component: str
    line_no: int
    quantity: int
    amount: int
    rule: str


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

    @property
    def amount(self) -> int:
        """What it comes to."""
        return sum(part.amount for part in self.parts)
