"""Nouns of goods coming back: applications, returns, parcels, inspections."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

import msgspec

from dingdan.areas import policies
from dingdan.areas.inspection import InspectedLine, Missing
from dingdan.areas.returns.lifecycle import Decision, Journey, Outcome
from dingdan.kernel.address import Address
from dingdan.kernel.refusal import Refusal, Text

Alternative = Literal["exchange", "repair", "price_reduction", "quality_claim", "partial_return"]

MAX_LINES = 2_000

# Why a person must look, besides what the policy itself wants looked at.
PRICE_MISMATCH = "price_mismatch"
REFUND_ONLY = "REFUND_ONLY"
KEEP = "KEEP_ASKED"
INTERCEPTING = "INTERCEPTING"
INTERCEPT_FAILED = "INTERCEPT_FAILED"
EVIDENCE_REUSED = "EVIDENCE_REUSED"
MANY_ATTEMPTS = "MANY_ATTEMPTS"
PERSON_ASKED = "PERSON_ASKED"
APPEALED = "APPEALED"
# Signs of abuse make a person look where the law leaves the choice; the words are as neutral as they can be.
MORE_TIME = "MORE_TIME"
LOOKS: dict[str, Text] = {
    PRICE_MISMATCH: Text("Another price was paid than is claimed.", "声称的价格与实付价格不符。"),
    REFUND_ONLY: Text("The money is wanted without sending the goods back.", "申请仅退款，不退回商品。"),
    KEEP: Text("The goods are kept for less money.", "申请保留商品并部分退款。"),
    INTERCEPTING: Text("The parcel is being called back.", "包裹正在拦截。"),
    INTERCEPT_FAILED: Text("The parcel could not be called back.", "包裹拦截失败。"),
    EVIDENCE_REUSED: Text("Another buyer showed the same picture before.", "凭证图片曾由其他用户使用。"),
    MANY_ATTEMPTS: Text("It was asked for many times.", "申请次数过多。"),
    PERSON_ASKED: Text("The rules say no, and a person was asked for.", "系统判定不符合，用户申请人工复核。"),
    APPEALED: Text("It was refused, and the buyer appealed.", "申请被拒绝后用户提出申诉。"),
    MORE_TIME: Text("This needs more time.", "该申请需要更多时间处理。"),
}


# What a buyer who was refused can do, besides taking what is offered instead.
APPEAL = Text(
    "Appeal once, and somebody else decides within the promised time. You can also ask the platform to mediate, turn to"
    " 12315 or a consumer association, or go to arbitration or to court.",
    "可申诉一次，由其他人员在承诺时限内复核；也可申请平台调解、拨打 12315、向消费者协会投诉，或申请仲裁、提起诉讼。",
)


class Resolution(StrEnum):
    """What a buyer asks for: the price for goods that come back, or without them; less for what they keep; or the

    difference to a price that has fallen; or something else for goods that come back, or the same ones mended.
    """

    REFUND = "refund"
    REFUND_ONLY = "refund_only"
    KEEP = "keep"
    PRICE_PROTECTION = "price_protection"
    EXCHANGE = "exchange"
    REPAIR = "repair"
    # Never asked for, only agreed on.
    STORE_CREDIT = "store_credit"


class ApplyLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What shall go back: a line of an order, or units of a product wherever this buyer bought them.

    `claimed_unit_price` is what the buyer says a unit cost, in minor units of the order's currency.
    """

    quantity: int
    reason: str = "NO_REASON"
    order_id: int | None = None
    line_no: int | None = None
    sku: str | None = None
    claimed_unit_price: int | None = None


class Apply(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One application of one buyer at one merchant, over any number of orders.

    `evidence` of any of these orders may be shown. `wanted` is how much less the buyer would keep the goods for.
    `ask_person`: where the rules say no, a person shall look at it (PIPL art. 24).
    """

    merchant_id: int
    buyer_ref: str
    lines: tuple[ApplyLine, ...]
    resolution: Resolution = Resolution.REFUND
    evidence: tuple[int, ...] = ()
    wanted: int | None = None
    ask_person: bool = False


class Agreement(msgspec.Struct, frozen=True):
    """What buyer and seller settled on, in the place of what was asked for; `amount` is what is taken off for keeping."""

    resolution: Resolution
    amount: int = 0


class Return(msgspec.Struct, frozen=True, kw_only=True):
    """Goods of one order that come back, on three axes; amounts are with the refund."""

    id: int
    order_id: int
    request_id: int
    merchant_id: int
    warehouse_id: int
    decision: Decision
    journey: Journey
    outcome: Outcome
    version: int
    policy_id: int
    review_reasons: list[str]
    rules: list[str]
    escalated: bool
    refusal_reason: str | None
    alternatives: list[str]
    requested_at: datetime
    decided_at: datetime | None
    send_by: datetime | None
    received_at: datetime | None
    inspected_at: datetime | None
    settled_at: datetime | None
    refund_id: int | None
    # What of the way back the buyer bears, where somebody decided that; else it follows the fault of the lines.
    postage: int = 0
    # What the way back cost: us, for labels; the buyer, by what they told; and what of that we still owe them otherwise.
    label_cost: int = 0
    postage_paid: int = 0
    postage_owed: int = 0
    # The marked price of gifts that did not come back.
    gifts: int = 0
    extended_at: datetime | None = None
    # A carrier said that the goods were broken on the way, and whose risk that was: ours or the buyer's.
    transit_risk: str | None = None
    paid_early_at: datetime | None = None
    resolution: Resolution = Resolution.REFUND
    evidence: list[int] = []
    decided_by_kind: str | None = None
    decided_by: int | None = None
    appealed_at: datetime | None = None


class ReturnLine(msgspec.Struct, frozen=True, kw_only=True):
    """Units of one order line in a return: announced, then received, then accepted or rejected.

    `fault` is whose it is: by the reason at first, by what was found later. `lost` were lost on the way, at our risk.
    """

    order_id: int
    return_id: int
    line_no: int
    merchant_id: int
    product_id: int
    quantity: int
    reason: str
    claimed_unit_price: int | None
    received: int = 0
    accepted: int = 0
    rejected: int = 0
    fault: str = "review"
    lost: int = 0
    # What is taken off the price where the goods are kept, in minor units.
    off: int = 0


class Service(msgspec.Struct, frozen=True, kw_only=True):
    """What the clocks of a line must know: it was in repair from then until then, or came for other goods then.

    `source_id` is the repair or the exchange; `until` is None as long as the goods are there.
    """

    order_id: int
    line_no: int
    merchant_id: int
    kind: Literal["repair", "exchange"]
    source_id: int
    since: datetime
    until: datetime | None = None
    is_failed: bool = False


class Cancelled(msgspec.Struct, frozen=True):
    """Units {line: how many} of an order that had not left: they are cancelled, and their money goes back."""

    order_id: int
    units: dict[int, int]


class Applied(msgspec.Struct, frozen=True):
    """What an application became: one return for each order, and units that had not left and were cancelled."""

    request_id: int
    returns: tuple[Return, ...]
    cancelled: tuple[Cancelled, ...] = ()


class PreviewLine(msgspec.Struct, frozen=True):
    """What one order line would bring: units, and the refund for them in minor units."""

    order_id: int
    line_no: int
    sku: str
    quantity: int
    refund: int
    rules: tuple[str, ...]
    window_end: datetime | None
    checks: tuple["Check", ...] = ()


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at for a line, what it says, and the rule behind it where there is one."""

    code: str
    is_passed: bool
    text: Text
    rule: str = ""


class PreviewTender(msgspec.Struct, frozen=True):
    """What would go back through one payment."""

    payment_id: int
    amount: int


class PreviewPart(msgspec.Struct, frozen=True):
    """One component of the refund, with its rule: goods, tax, freight; line 0 is the whole order."""

    component: str
    line_no: int
    amount: int
    rule: str


class PreviewReturn(msgspec.Struct, frozen=True):
    """What would become of the part of an application that concerns one order.

    `is_cancelled`: nothing of it has left, so it is cancelled at once. `way_back` is who pays for sending it. The times
    are those that would hold if it were sent now; `answer_by` where a person decides, `send_by` where none does.
    """

    order_id: int
    currency: str
    is_approved: bool
    review_reasons: tuple[str, ...]
    refund: int
    lines: tuple[PreviewLine, ...]
    is_cancelled: bool = False
    parts: tuple[PreviewPart, ...] = ()
    tenders: tuple[PreviewTender, ...] = ()
    way_back: str = ""
    answer_by: datetime | None = None
    send_by: datetime | None = None
    refund_days: int = 0
    shots_missing: tuple[policies.Shot, ...] = ()


class Preview(msgspec.Struct, frozen=True):
    """What an application would lead to; nothing was written."""

    returns: tuple[PreviewReturn, ...]


class Instructions(msgspec.Struct, frozen=True):
    """How to send goods back: where to, until when, under which number (R2.4, R3.1)."""

    return_id: int
    number: str
    address: Address
    send_by: datetime | None


class Send(msgspec.Struct, frozen=True):
    """A parcel that is on its way to us, with one or more returns in it; `postage` is what the buyer paid for it."""

    return_ids: tuple[int, ...]
    carrier: str
    tracking_number: str
    postage: int = 0


class ReturnParcel(msgspec.Struct, frozen=True):
    """A parcel coming back."""

    id: int
    merchant_id: int
    carrier: str
    tracking_number: str
    sent_at: datetime
    received_at: datetime | None
    return_ids: tuple[int, ...] = ()


class ReceivedLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Units of a line that lay in the parcel."""

    line_no: int
    quantity: int


class Receive(msgspec.Struct, frozen=True):
    """A return that arrived; without `lines` everything that was announced is there."""

    return_id: int
    lines: tuple[ReceivedLine, ...] | None = None


class Finding(msgspec.Struct, frozen=True):
    """One stored entry of an inspection, with who looked and when."""

    id: int
    at: datetime
    inspector_kind: str
    inspector_id: int | None
    n: int
    line_no: int
    quantity: int
    is_original: bool
    intact: bool
    grade: str
    disposition: str
    note: str
    is_accepted: bool = True
    tags: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()


class Inspect(msgspec.Struct, frozen=True):
    """The inspection of one return: every received unit, in as many entries as there are findings.

    `needs_lab`: nobody here can tell; what was found is kept, and the decision waits for a laboratory.
    """

    return_id: int
    lines: tuple[InspectedLine, ...]
    needs_lab: bool = False


class Choice(msgspec.Struct, frozen=True):
    """Something that the buyer can do now."""

    code: str
    text: Text


class Inspected(msgspec.Struct, frozen=True):
    """How an inspection ended; `choices` are what the buyer can do about rejected units (R3.10).

    Where it did not end, there is no `inspection_id`: `needs` says what for (a second look, or a laboratory).
    """

    return_id: int
    inspection_id: int | None
    outcome: Outcome
    accepted: int
    rejected: int
    refund_id: int | None
    refund: int
    choices: tuple[Choice, ...]
    needs: tuple[str, ...] = ()
    look_id: int | None = None
    # What went back early for units that were not accepted, and is to be had back.
    to_recover: int = 0

    @property
    def result(self) -> str:
        """R3.9: pass, partial, fail, needs_second or needs_lab."""
        if self.inspection_id is None:
            return "needs_lab" if self.needs == ("lab",) else "needs_second"
        return {Outcome.FAILED: "fail", Outcome.PARTLY: "partial"}.get(self.outcome, "pass")


class Foreseen(msgspec.Struct, frozen=True, kw_only=True):
    """What findings would bring as things stand. `amount` is None where no money follows: goods for goods, or paid before.

    `needs` says why somebody else must look first, `problems` what speaks against it.
    """

    accepted: int = 0
    rejected: int = 0
    amount: int | None = None
    needs: tuple[str, ...] = ()
    problems: tuple[Refusal, ...] = ()
