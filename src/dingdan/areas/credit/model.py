"""What credit speaks of: purses and what is in them, what is kept of it for orders, and cards with their codes."""

from datetime import datetime
from enum import StrEnum

import msgspec

from dingdan.areas.credit.lifecycle import HoldState

# Points are counted, not worth anything by themselves: their unit is no currency.
POINTS_UNIT = "points"


class PurseKind(StrEnum):
    """A buyer's money, a buyer's points, or money that belongs to whoever knows a card's code."""

    BALANCE = "balance"
    POINTS = "points"
    CARD = "card"


class Funding(StrEnum):
    """Where granted money comes from: paid in elsewhere, or given away."""

    RECEIVED = "received"
    GIVEN = "given"


class Purse(msgspec.Struct, frozen=True, kw_only=True):
    """One purse; `merchant_id` None is the platform's card, `unit` a currency or `points`."""

    id: int
    merchant_id: int | None
    buyer_id: int | None
    kind: PurseKind
    unit: str
    balance: int
    held: int

    @property
    def available(self) -> int:
        """What can still be spent."""
        return self.balance - self.held


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """Something for a buyer: money of a currency, or points that end at `expires_at`. `reason` is a code."""

    merchant_id: int
    buyer_id: int
    kind: PurseKind
    unit: str
    amount: int
    reason: str
    funding: Funding = Funding.GIVEN
    expires_at: datetime | None = None


class NewCard(msgspec.Struct, frozen=True, kw_only=True):
    """A card to be issued; `merchant_id` None is a card of the platform, good at every merchant."""

    merchant_id: int | None
    currency: str
    amount: int
    funding: Funding = Funding.RECEIVED
    expires_at: datetime | None = None


class IssuedCard(msgspec.Struct, frozen=True):
    """A card just issued; the code is shown this once and stored nowhere."""

    purse_id: int
    code: str


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A card as people see it: the last four characters of its code and whether it can be used."""

    purse_id: int
    merchant_id: int | None
    tail: str
    expires_at: datetime | None
    blocked_at: datetime | None
    issued_at: datetime

    def is_usable(self, now: datetime) -> bool:
        """Whether it pays at this moment."""
        return self.blocked_at is None and (self.expires_at is None or self.expires_at > now)


class Presented(msgspec.Struct, frozen=True):
    """A code that somebody typed: the purse it opens, or None; `retry_at` where too many wrong ones were tried."""

    purse_id: int | None
    retry_at: datetime | None = None


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """Credit to be kept for an order, from one purse: named, or a buyer's of a kind and unit.

    `payment_id` names the tender that it pays as; without one it is points that were taken off the price.
    """

    order_id: int
    merchant_id: int
    amount: int
    purse_id: int | None = None
    buyer_id: int | None = None
    kind: PurseKind = PurseKind.POINTS
    unit: str = POINTS_UNIT
    payment_id: int | None = None


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """Credit that is or was kept for an order."""

    id: int
    order_id: int
    merchant_id: int
    purse_id: int
    payment_id: int | None
    amount: int
    state: HoldState
    version: int


class Restore(msgspec.Struct, frozen=True, kw_only=True):
    """What goes back into the purse that an order was paid from, once for each cause."""

    order_id: int
    cause_id: int
    amount: int
    payment_id: int | None = None


class Movement(msgspec.Struct, frozen=True, kw_only=True):
    """One change of what is in a purse, never changed."""

    id: int
    purse_id: int
    kind: str
    amount: int
    order_id: int | None
    reason: str
    at: datetime
