"""What an application for a return would lead to, as others see it."""

from collections.abc import Sequence
from datetime import datetime

from dingdan.areas import policies, returns
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.surfaces.shared.wire import View, ref


class CheckView(View, frozen=True, kw_only=True):
    """One thing that was looked at, and what it says; what is not passed is for a person to see."""

    code: str
    is_passed: bool
    text: Text
    rule: str


class PreviewLineView(View, frozen=True, kw_only=True):
    """What one order line would bring, by which rules, and until when the right lasts."""

    line_no: int
    sku: str
    quantity: int
    refund: Money
    rules: Sequence[str]
    window_end: datetime | None
    checks: list[CheckView]


class PreviewPartView(View, frozen=True, kw_only=True):
    """One component of the refund with its rule; line 0 is the whole order."""

    component: str
    line_no: int
    amount: Money
    rule: str


class PreviewTenderView(View, frozen=True, kw_only=True):
    """What would go back through one payment."""

    payment_id: str
    amount: Money


class ShotView(View, frozen=True, kw_only=True):
    """Something that evidence should still show."""

    code: str
    sort: str
    text: Text


def shots(missing: Sequence[policies.Shot]) -> list[ShotView]:
    """What evidence should still show."""
    return [ShotView(code=one.code, sort=one.sort, text=Text(one.en, one.zh)) for one in missing]


class PreviewReturnView(View, frozen=True, kw_only=True):
    """What would become of the part of an application that concerns one order, if it were sent now.

    `is_cancelled`: nothing of it has left, so it is cancelled at once. `way_back` is who pays for sending it back;
    empty where nothing comes back. `answer_by`: a person decides by then; `send_by`: it is approved at once.
    """

    order_id: str
    is_approved: bool
    is_cancelled: bool
    review_reasons: Sequence[str]
    refund: Money
    lines: list[PreviewLineView]
    parts: list[PreviewPartView]
    tenders: list[PreviewTenderView]
    way_back: str
    answer_by: datetime | None
    send_by: datetime | None
    refund_days: int
    shots_missing: list[ShotView]


class PreviewView(View, frozen=True, kw_only=True):
    """What an application would lead to; nothing was written."""

    returns: list[PreviewReturnView]


def previewed(made: returns.Preview) -> PreviewView:
    """What an application would lead to."""
    return PreviewView(returns=[_previewed(part) for part in made.returns])


def _previewed(part: returns.PreviewReturn) -> PreviewReturnView:
    return PreviewReturnView(
        order_id=ref("order", part.order_id), is_approved=part.is_approved, is_cancelled=part.is_cancelled,
        review_reasons=part.review_reasons, refund=Money(part.refund, part.currency),
        lines=[
            PreviewLineView(
                line_no=line.line_no, sku=line.sku, quantity=line.quantity,
                refund=Money(line.refund, part.currency), rules=line.rules, window_end=line.window_end,
                checks=[CheckView(code=c.code, is_passed=c.is_passed, text=c.text, rule=c.rule) for c in line.checks],
            )
            for line in part.lines
        ],
        parts=[
            PreviewPartView(component=one.component, line_no=one.line_no, amount=Money(one.amount, part.currency),
                            rule=one.rule)
            for one in part.parts
        ],
        tenders=[
            PreviewTenderView(payment_id=ref("payment", one.payment_id), amount=Money(one.amount, part.currency))
            for one in part.tenders
        ],
        way_back=part.way_back, answer_by=part.answer_by, send_by=part.send_by, refund_days=part.refund_days,
        shots_missing=shots(part.shots_missing),
    )  # fmt: skip
