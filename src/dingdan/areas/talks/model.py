"""Nouns of what buyer and seller say about a return: remarks, the one question, offers, and withdrawals of withdrawal."""

from datetime import datetime
from enum import StrEnum

import msgspec

from dingdan.areas.talks.lifecycle import OfferState, QuestionState, WithdrawalState
from dingdan.kernel.refusal import Text

MOST_REMARKS, LONGEST = 200, 2_000
# What credit of the shop may be worth at most, in percent of what the units cost.
MOST_CREDIT_PERCENT = 150


class Side(StrEnum):
    """Who speaks."""

    BUYER = "buyer"
    SELLER = "seller"

    @property
    def other(self) -> "Side":
        """Who is spoken to."""
        return Side.SELLER if self is Side.BUYER else Side.BUYER


class OfferKind(StrEnum):
    """What can be offered instead of what was asked for."""

    KEEP = "keep"
    REFUND_ONLY = "refund_only"
    STORE_CREDIT = "store_credit"
    REPAIR = "repair"


# Nothing is counted where all is paid back, or the goods are mended.
WITHOUT_AMOUNT = frozenset({OfferKind.REFUND_ONLY, OfferKind.REPAIR})


class Remark(msgspec.Struct, frozen=True, kw_only=True):
    """Something that one side said; its words are sealed, `code` is why it was said."""

    id: int
    return_id: int
    order_id: int
    merchant_id: int
    buyer_id: int
    side: Side
    code: str
    sealed: bytes | None
    evidence: list[int]
    said_by_kind: str
    said_by: int | None
    at: datetime
    # Until when it waits and can be taken back; None once it was sent.
    held_until: datetime | None = None


class Spoken(msgspec.Struct, frozen=True):
    """A remark with its words; none of whoever was forgotten."""

    remark: Remark
    text: str


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """The one round of questions about a return: which shots, until when."""

    id: int
    return_id: int
    order_id: int
    merchant_id: int
    state: QuestionState
    version: int
    shots: list[str]
    asked_at: datetime
    answer_by: datetime
    answered_at: datetime | None


class Propose(msgspec.Struct, frozen=True):
    """An offer as one side thinks of it: how much is taken off, or given as credit; nothing where all is paid back or mended."""

    kind: OfferKind
    amount: int = 0
    text: str = ""


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """Something instead of what was asked for; only the other side takes it."""

    id: int
    return_id: int
    order_id: int
    merchant_id: int
    kind: OfferKind
    state: OfferState
    version: int
    currency: str
    amount: int
    side: Side
    made_by_kind: str
    made_by: int | None
    made_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    counters: int | None
    consent_text: str | None
    consented_at: datetime | None
    purse_id: int | None


class WithdrawalLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Units of an order line that somebody withdraws from."""

    line_no: int
    quantity: int


class State(msgspec.Struct, frozen=True, kw_only=True):
    """The first step of a withdrawal: who, from which order, where to acknowledge it; no lines are all of it."""

    order_id: int
    name: str
    contact: str
    lines: tuple[WithdrawalLine, ...] = ()


class Who(msgspec.Struct, frozen=True):
    """What is sealed of a statement: who withdraws, and where they are answered."""

    name: str
    contact: str


class Withdrawal(msgspec.Struct, frozen=True, kw_only=True):
    """A withdrawal from a contract; it counts from the moment it was stated, once it is confirmed."""

    id: int
    order_id: int
    merchant_id: int
    buyer_id: int
    state: WithdrawalState
    version: int
    lines: list[WithdrawalLine]
    sealed: bytes | None
    stated_at: datetime
    confirmed_at: datetime | None
    request_id: int | None


class WithdrawalTerms(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the function to withdraw from a contract is offered now, and until when."""

    is_offered: bool
    until: datetime | None


# What a buyer consents to, by version; a version is never changed, since offers name it as evidence.
CREDIT_TEXTS: dict[str, Text] = {
    "2026-11": Text(
        "I take credit of this shop for the goods named instead of the money, and keep the goods. I know that I could"
        " have had the money the way I paid, and that nothing more is paid back for these goods.",
        "本人同意就所列商品接受店铺余额以代替退款，并保留商品。本人知悉可要求按原支付方式退款，且该商品此后不再退款。",
    ),
}
