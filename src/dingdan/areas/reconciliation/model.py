"""What reconciliation speaks of: lines of a provider's statement, and where our books differ from them."""

from datetime import datetime
from enum import StrEnum

import msgspec


class LineKind(StrEnum):
    """What a line of a statement is about: money in, or money back."""

    CHARGE = "charge"
    REFUND = "refund"


class DifferenceKind(StrEnum):
    """In what way a statement and our books differ."""

    MISSING_HERE = "missing_here"
    MISSING_THERE = "missing_there"
    AMOUNT_DIFFERS = "amount_differs"
    CURRENCY_DIFFERS = "currency_differs"
    STATE_DIFFERS = "state_differs"
    DUPLICATE = "duplicate"


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a statement; `number` is ours, where the provider gave it back to us in a form that we know."""

    line: int
    kind: LineKind
    provider_ref: str
    number: int | None
    state: str
    currency: str
    amount: int
    at: datetime


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """A provider's file as we took it in; it is compared when `compared_at` is set."""

    id: int
    provider: str
    covers_from: datetime | None
    covers_until: datetime | None
    lines: int
    unreadable: int
    taken_at: datetime
    compared_at: datetime | None


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a statement and our books say differently, until somebody has said what became of it."""

    id: int
    statement_id: int
    merchant_id: int | None
    kind: DifferenceKind
    line_kind: LineKind
    provider_ref: str
    payment_id: int | None
    send_back_id: int | None
    line: int | None
    ours: int | None
    theirs: int | None
    our_currency: str | None
    their_currency: str | None
    our_state: str | None
    their_state: str | None
    found_at: datetime
    resolved_at: datetime | None
    resolution: str | None
    resolved_by_kind: str | None
    resolved_by: int | None
