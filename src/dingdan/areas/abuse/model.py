"""Nouns of abuse: signs, what they weigh, flags, and what follows from them for one buyer of one merchant."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal

import msgspec

from dingdan.areas.abuse.lifecycle import FlagState
from dingdan.kernel.refusal import Text

# Everything is forgotten after so long: a sign counted from when it happened, a flag from when it was opened (R7.4).
LASTS = timedelta(days=180)
# How far back a buyer's rate of returns is looked at.
RATE_OVER = timedelta(days=365)
BULK_OVER = timedelta(days=30)

HandoverReason = Literal["fraud", "extortion"]


class SignalKind(StrEnum):
    """What was noticed (R7.1)."""

    RETURN_RATE = "return_rate"
    WARDROBING = "wardrobing"
    SWAPPED_ITEM = "swapped_item"
    WEIGHT_DIFFERS = "weight_differs"
    EMPTY_PARCEL = "empty_parcel"
    NOT_RECEIVED = "not_received"
    EVIDENCE_REUSED = "evidence_reused"
    LINKED_ACCOUNT = "linked_account"
    BULK_RETURNS = "bulk_returns"


class Measure(StrEnum):
    """What follows, from the mildest on (R7.2). None of them takes a right, a refund or a clock of the law away."""

    EXTRA_LOOK = "extra_look"
    HOLD_EARLY = "hold_early"
    PERSON = "person"
    NO_EXTRAS = "no_extras"


KINDS: dict[SignalKind, Text] = {
    SignalKind.RETURN_RATE: Text("Orders come back far more often than others of the same kind of goods.",
                                 "该类商品的退货比例明显高于其他用户。"),
    SignalKind.WARDROBING: Text("Goods came back used, more than once.", "退回的商品多次存在使用痕迹。"),
    SignalKind.SWAPPED_ITEM: Text("Something else came back than was sold.", "退回的不是原商品。"),
    SignalKind.WEIGHT_DIFFERS: Text("What came back does not weigh what was sold.", "退回商品的重量与售出时不符。"),
    SignalKind.EMPTY_PARCEL: Text("A parcel that came back had nothing in it.", "退回的包裹内没有商品。"),
    SignalKind.NOT_RECEIVED: Text("Parcels that were delivered by their carrier were reported as not received, several times.",
                                  "多次反馈未收到承运商已显示签收的包裹。"),
    SignalKind.EVIDENCE_REUSED: Text("A picture was shown that another account had shown before.",
                                     "凭证图片曾由其他账号使用。"),
    SignalKind.LINKED_ACCOUNT: Text("Details are the same as those of another account that is being looked at.",
                                    "账号信息与另一核实中的账号一致。"),
    SignalKind.BULK_RETURNS: Text("Large quantities were bought and nearly all of them sent back.",
                                  "大量购买后几乎全部退回。"),
}  # fmt: skip

MEASURES: dict[Measure, Text] = {
    Measure.EXTRA_LOOK: Text("Two people look at goods that come back.", "退回商品由两人检验。"),
    Measure.HOLD_EARLY: Text("Money goes back after the goods were looked at, not before.", "验货后退款，不提前退款。"),
    Measure.PERSON: Text(
        "A person decides what the shop need not approve by itself.", "非法定的自动通过改为人工审核。"
    ),
    Measure.NO_EXTRAS: Text(
        "What the shop gives beyond law and terms is not offered.", "暂不提供法律和约定之外的优待。"
    ),
}

NOTICE = Text(
    "Some of your requests need more time. You have all your rights: returns, refunds and their periods are as ever. You can"
    " ask for the reason, and for a person to look at it.",
    "您的部分申请需要更多时间处理。您的退货、退款权利和期限不受任何影响。您可以查询原因，也可以申请人工复核。",
)


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened and may be a sign, as it stands in the tables; `found` are the numbers it was read from."""

    buyer_id: int
    merchant_id: int
    kind: SignalKind
    subject: str
    subject_id: int
    order_id: int | None
    at: datetime
    found: dict[str, int]


class Habit(msgspec.Struct, frozen=True, kw_only=True):
    """How many of a buyer's orders of one category came back, and how many of all others'; `latest` is the last return."""

    buyer_id: int
    merchant_id: int
    category: str
    orders: int
    returned: int
    others: int
    others_returned: int
    latest: int
    order_id: int
    at: datetime


class Picture(msgspec.Struct, frozen=True):
    """All that is known of some buyers and may be a sign."""

    seen: tuple[Seen, ...]
    habits: tuple[Habit, ...]


class NewSignal(msgspec.Struct, frozen=True, kw_only=True):
    """A sign with what it weighs and until when it counts."""

    buyer_id: int
    merchant_id: int
    kind: SignalKind
    points: int
    subject: str
    subject_id: int
    order_id: int | None
    found: dict[str, Any]
    happened_at: datetime
    expires_at: datetime


class Signal(NewSignal, frozen=True, kw_only=True):
    """A sign as it is kept. `dismissed_at`: a flag that it was part of was lifted, so it never counts again."""

    id: int
    flag_id: int | None
    noticed_at: datetime
    dismissed_at: datetime | None


class Flag(msgspec.Struct, frozen=True, kw_only=True):
    """What is held against one buyer of one merchant, for a time. `parts` is how many signs it was made from so far."""

    id: int
    merchant_id: int
    buyer_id: int
    state: FlagState
    version: int
    score: int
    level: int
    parts: int
    confirmed_level: int
    opened_at: datetime
    expires_at: datetime
    asked_at: datetime | None
    appealed_at: datetime | None
    signed_by_kind: str | None
    signed_by: int | None
    decided_by_kind: str | None
    decided_by: int | None
    decided_at: datetime | None
    lift_reason: str | None
    ended_at: datetime | None


class Standing(msgspec.Struct, frozen=True):
    """What follows for a buyer now; nothing for nearly everybody."""

    flag_id: int
    merchant_id: int
    measures: frozenset[Measure]


class Take(msgspec.Struct, frozen=True):
    """A measure that acts on something: on what, and by which flag."""

    standing: Standing
    measure: Measure
    order_id: int
    subject: str
    subject_id: int


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """A measure that acted, as it is kept."""

    id: int
    flag_id: int
    measure: Measure
    order_id: int
    subject: str
    subject_id: int
    at: datetime


class Handover(msgspec.Struct, frozen=True, kw_only=True):
    """Evidence that a person handed to an authority, on record."""

    id: int
    merchant_id: int
    flag_id: int
    reason: HandoverReason
    authority: str
    order_ids: list[int]
    by_kind: str
    by: int
    at: datetime
