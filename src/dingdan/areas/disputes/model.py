"""Nouns of disputes: what is claimed, what each side has to show and showed, and what somebody ruled."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

import msgspec

from dingdan.areas.disputes.lifecycle import DisputeState, RulingState
from dingdan.areas.talks import Side
from dingdan.kernel.refusal import Text

Subject = Literal["return", "case", "order"]

# Norms (domain.md 4.1): both sides talk first, a refusal can be taken to the platform for so long, each turn of
# showing has its time (JD art. 9), and so have the ruling and doing it; an appeal comes within seven days (JD art. 9(4), 16).
NEGOTIATION = timedelta(hours=24)
OPEN_WITHIN = timedelta(days=15)
TURN = timedelta(hours=24)
RULE_WITHIN = timedelta(hours=48)
APPEAL_WITHIN = timedelta(days=7)
DO_WITHIN = timedelta(hours=24)

# A dispute stands still (Taobao art. 83, JD art. 6): for so long where both want to agree, for so many working days until
# somebody shows that the police or a court took the matter, and for so long after that.
AGREE_WITHIN = timedelta(days=30)
PROOF_WORKING_DAYS = 7
ELSEWHERE = timedelta(days=183)
# How that ends.
OUTCOMES = ("decided", "agreed", "came_to_nothing", "time_over", "withdrawn")

# What is said in one go; a reason that says nothing is none. So many files are shown with it at most.
LONGEST, FEWEST, MOST_FILES, MOST_LINES, MOST_RULES = 2_000, 10, 40, 200, 10


class Issue(StrEnum):
    """What the two sides disagree about; who has to prove what follows from it."""

    VISIBLE_FAULT = "visible_fault"
    HIDDEN_FAULT = "hidden_fault"
    COUNTERFEIT = "counterfeit"
    SURFACE_UNCONFIRMED = "surface_unconfirmed"
    SURFACE_CONFIRMED = "surface_confirmed"
    NOT_RECEIVED = "not_received"
    MERGED_PARCEL = "merged_parcel"
    GIFT = "gift"
    CUSTOM_MADE = "custom_made"
    INSPECTION = "inspection"
    OTHER = "other"


class Outcome(StrEnum):
    """What becomes of units that are disputed."""

    REFUND = "refund"
    REDUCE = "reduce"
    RETURN_REFUND = "return_refund"
    REPLACE = "replace"
    REJECT = "reject"


class AtFault(StrEnum):
    """Whose fault it was, as somebody ruled."""

    BUYER = "buyer"
    SELLER = "seller"
    CARRIER = "carrier"
    PLATFORM = "platform"
    NOBODY = "nobody"


class Instance(StrEnum):
    """The first ruling, or the one about an appeal."""

    FIRST = "first"
    APPEAL = "appeal"


class Executor(StrEnum):
    """Who has to carry a ruling out; the platform does it for a seller who does not."""

    SELLER = "seller"
    PLATFORM = "platform"


class StillFor(StrEnum):
    """What a dispute stands still for."""

    POLICE = "police"
    COURT = "court"
    AGREEMENT = "agreement"


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Units of an order line and what shall become of them; `amount` is what is taken off where the goods are kept."""

    line_no: int
    quantity: int
    outcome: Outcome
    amount: int = 0


class OpenDispute(msgspec.Struct, frozen=True, kw_only=True):
    """A dispute as somebody opens it: about which return, case or order, what is claimed, what they say and show."""

    subject: Subject
    subject_id: int
    issue: Issue
    side: Side
    lines: tuple[Wish, ...]
    text: str
    evidence: tuple[int, ...] = ()


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A ruling as somebody gives it: what becomes of which units, whose fault, who bears the way back, and why.

    `rules` are ids of the order's policy or of the platform (RULES).
    """

    lines: tuple[Wish, ...]
    fault: AtFault
    freight: Side
    rules: tuple[str, ...]
    text: str


class Dispute(msgspec.Struct, frozen=True, kw_only=True):
    """Two sides who disagree about a return, a case or an order. `turn` counts who shows when; `silent` is who should

    have proved. `still_until`: it stands still, until then at the latest. `do_by`: the executor's time, once it is final.
    """

    id: int
    order_id: int
    merchant_id: int
    buyer_id: int
    subject: Subject
    subject_id: int
    issue: Issue
    side: Side
    claim: list[Wish]
    currency: str
    state: DisputeState
    version: int
    turn: int
    turn_by: datetime | None
    silent: Side | None
    accepted: list[str]
    opened_by_kind: str
    opened_by: int | None
    opened_at: datetime
    rule_by: datetime | None
    appeal_by: datetime | None
    appealed_side: Side | None
    final_at: datetime | None
    do_by: datetime | None
    done_by: Executor | None
    still_until: datetime | None
    ended_at: datetime | None
    case_id: int | None


class DisputeEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What one side said or showed, or that it was silent; the words are in the buyer's seal."""

    id: int
    dispute_id: int
    order_id: int
    merchant_id: int
    buyer_id: int
    side: Side
    code: str
    turn: int | None
    sealed: bytes | None
    evidence: list[int]
    said_by_kind: str
    said_by: int | None
    at: datetime


class Ruling(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody ruled; `worth` decides whether a second one must sign it."""

    id: int
    dispute_id: int
    order_id: int
    merchant_id: int
    buyer_id: int
    instance: Instance
    state: RulingState
    version: int
    lines: list[Wish]
    fault: AtFault
    freight: Side
    executor: Executor
    rules: list[str]
    sealed: bytes | None
    worth: int
    alone_up_to: int
    ruled_by_kind: str
    ruled_by: int | None
    ruled_at: datetime
    signed_by_kind: str | None
    signed_by: int | None
    signed_at: datetime | None


class Weighed(msgspec.Struct, frozen=True):
    """What a ruling would be worth in minor units, whether a second one must sign it, and who carries it out."""

    worth: int
    needs_second: bool
    executor: Executor


class Standstill(msgspec.Struct, frozen=True, kw_only=True):
    """A time in which a dispute stands still: why, under which number elsewhere, and what shows that it was taken there.

    `outcome` says how it ended: it came to something or to nothing there, its time was over, or the dispute was.
    """

    id: int
    dispute_id: int
    order_id: int
    merchant_id: int
    reason: StillFor
    number: str | None
    until: datetime
    evidence: list[int]
    shown_side: Side | None
    shown_at: datetime | None
    began_by_kind: str
    began_by: int | None
    began_at: datetime
    outcome: str | None
    ended_by_kind: str | None
    ended_by: int | None
    ended_at: datetime | None


class Told(msgspec.Struct, frozen=True):
    """An entry or a ruling with its words; none of whoever was forgotten."""

    thing: DisputeEntry | Ruling
    text: str


# What rulings rest on beside the rules of the order's policy.
RULES: dict[str, Text] = {
    "PLATFORM_PROVED": Text("Who had to prove it has proved it.", "负有举证责任的一方已完成举证。"),
    "PLATFORM_NOT_PROVED": Text("Who had to prove it has not proved it.", "负有举证责任的一方未能完成举证。"),
    "PLATFORM_SILENCE": Text("Who had to prove it said nothing in their time.", "负有举证责任的一方逾期未举证。"),
    "PLATFORM_FAULT_PAYS": Text("Who is at fault bears the freight.", "谁过错，谁承担运费。"),
    "PLATFORM_DECIDED_ELSEWHERE": Text("A court or another authority has decided it.", "司法机关或其他有权机关已作出认定。"),
    "PLATFORM_UNCLEAR": Text("Nobody's fault is clear: goods and money go back, each way is borne by its sender.",
                             "责任无法认定的，退货退款，发货运费由商家承担，退货运费由用户承担。"),
}  # fmt: skip
