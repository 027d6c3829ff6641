"""Verdicts, tables, back-tests and figures of policies as they go out."""

from datetime import datetime
from typing import Any

from dingdan.areas import policies, policy_desk
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.overviews import policy_cases
from dingdan.surfaces.shared.wire import View, money, ref


class RuleView(View, frozen=True, kw_only=True):
    """A rule that a verdict rests on."""

    id: str
    article: str
    words: Text


class StepView(View, frozen=True, kw_only=True):
    """One thing that was looked at, and what it says: `yes`, `no`, or that a `person` must look."""

    check: str
    answer: str
    rule: str
    until: datetime | None


class RemedyOpenView(View, frozen=True, kw_only=True):
    """What else may be asked for, whether now, and until when."""

    remedy: str
    is_open: bool
    rule: str
    until: datetime | None


class WhyView(View, frozen=True, kw_only=True):
    """A reason against it, or for a person's look, in words."""

    code: str
    words: Text


class VerdictView(View, frozen=True, kw_only=True):
    """What a policy says about a line, with everything that was looked at."""

    is_allowed: bool
    needs_review: bool
    fault: str
    exclusion: str | None
    window_end: datetime | None
    reasons: list[WhyView]
    review_reasons: list[WhyView]
    steps: list[StepView]
    remedies: list[RemedyOpenView]
    conditions: list[str]
    outbound: str | None
    way_back: str | None
    reship: str | None
    seller_proves: bool
    rules: list[RuleView]


class TrialView(View, frozen=True, kw_only=True):
    """What the tried version says, and of a line that was sold what the policy says that its order is bound to."""

    tried: VerdictView
    bound: VerdictView | None


class TableCellView(View, frozen=True, kw_only=True):
    """What holds for goods of a kind for one reason; the answer is `yes`, `person`, `no`, or an `unless_`."""

    reason: str
    answer: str
    days: int
    months: int
    hours: int
    outbound: str
    way_back: str
    reship: str
    rules: list[str]


class TableRowView(View, frozen=True, kw_only=True):
    """One kind of goods: `all`, or the exclusion or condition that makes it one."""

    goods: str
    flags: list[str]
    categories: list[str]
    cells: list[TableCellView]


class SideView(View, frozen=True, kw_only=True):
    """Lines that were or would be approved (so many of them at once) and refused, and what goes out for them."""

    approved: int
    at_once: int
    refused: int
    refund: Money
    freight: Money
    postage: Money
    cost: Money


class PairView(View, frozen=True, kw_only=True):
    """The same lines then, under the policies that they came under, and now, under the one that is tried."""

    lines: int
    units: int
    then: SideView
    now: SideView


class ChangeView(View, frozen=True, kw_only=True):
    """A line that would have been answered otherwise."""

    return_id: str
    reason: str
    was: str
    would_be: str
    why: list[str]


class BacktestView(View, frozen=True, kw_only=True):
    """A back-test as far as it has come; done when `done_at` is set.

    Only returns that were asked for are known: of what a buyer was refused at once there is no record.
    """

    id: str
    policy: str
    hash: str
    since: datetime
    until: datetime
    requested_at: datetime
    done_at: datetime | None
    total: PairView
    by_reason: dict[str, PairView]
    by_category: dict[str, PairView]
    newly_approved: int
    newly_refused: int
    unknown_reasons: int
    examples: list[ChangeView]


class FiguresView(View, frozen=True, kw_only=True):
    """How one version does: of the orders delivered in a span, what came back and what it cost.

    Rates are in hundredths of a per cent: of units, of applications decided, of applications.
    """

    policy: str
    code: str
    version: str
    orders: int
    units: int
    returns: int
    units_back: int
    approved: int
    refused: int
    looked_at: int
    not_intact: int
    return_rate: int
    refusal_rate: int
    review_rate: int
    sold: Money
    refunded: Money
    freight: Money
    postage_of_buyers: Money


class NoticeView(View, frozen=True, kw_only=True):
    """The same as it stands."""

    order: str
    told_at: datetime | None


def verdict(document: policies.PolicyDocument, one: policies.Verdict) -> VerdictView:
    """What a policy says about a line, with the words of every rule and reason."""
    freight = one.freight
    return VerdictView(
        is_allowed=one.is_allowed, needs_review=one.needs_review, fault=one.fault, exclusion=one.exclusion,
        window_end=one.window_end,
        reasons=[WhyView(code=code, words=policies.DECISIONS[code]) for code in one.reasons],
        review_reasons=[WhyView(code=code, words=policies.REVIEWS[code]) for code in one.review_reasons],
        steps=[StepView(check=s.check, answer=s.answer, rule=s.rule, until=s.until) for s in one.steps],
        remedies=[RemedyOpenView(remedy=r.remedy, is_open=r.is_open, rule=r.rule, until=r.until) for r in one.remedies],
        conditions=list(one.conditions), outbound=freight.outbound if freight else None,
        way_back=freight.way_back if freight else None, reship=policies.reship_by(freight) if freight else None,
        seller_proves=one.seller_proves,
        rules=[
            RuleView(id=rule, article=document.rules[rule].article,
                     words=Text(document.rules[rule].en, document.rules[rule].zh))
            for rule in one.rules
        ],
    )  # fmt: skip


def cell(one: policy_desk.Cell) -> TableCellView:
    """One cell of the table of goods and reasons."""
    return TableCellView(
        reason=one.reason, answer=one.answer, days=one.days, months=one.months, hours=one.hours, outbound=one.outbound,
        way_back=one.way_back, reship=one.reship, rules=list(one.rules),
    )  # fmt: skip


def backtest(one: policy_desk.Backtest) -> BacktestView:
    """A back-test as far as it has come."""
    sums = one.sums
    return BacktestView(
        id=ref("backtest", one.id), policy=ref("policy", one.policy_id), hash=one.hash, since=one.since,
        until=one.until, requested_at=one.requested_at, done_at=one.done_at, total=_pair(sums.total, one.currency),
        by_reason={word: _pair(pair, one.currency) for word, pair in sums.by_reason.items()},
        by_category={word: _pair(pair, one.currency) for word, pair in sums.by_category.items()},
        newly_approved=sums.newly_approved, newly_refused=sums.newly_refused, unknown_reasons=sums.unknown_reasons,
        examples=[
            ChangeView(return_id=ref("return", c.return_id), reason=c.reason, was=c.was, would_be=c.would_be,
                       why=list(c.why))
            for c in sums.examples
        ],
    )  # fmt: skip


def _pair(pair: policy_desk.Pair, currency: str) -> PairView:
    return PairView(lines=pair.lines, units=pair.units, then=_side(pair.then, currency), now=_side(pair.now, currency))


def _side(side: policy_desk.Side, currency: str) -> SideView:
    amounts: dict[str, Any] = {
        name: money(getattr(side, name), currency) for name in ("refund", "freight", "postage", "cost")
    }
    return SideView(approved=side.approved, at_once=side.at_once, refused=side.refused, **amounts)


def figures(one: policy_cases.Figures, currency: str) -> FiguresView:
    """How one version does, with its rates."""
    amounts: dict[str, Any] = {
        name: money(getattr(one, name), currency) for name in ("refunded", "freight", "postage_of_buyers")
    }
    return FiguresView(
        policy=ref("policy", one.policy_id), code=one.code, version=one.label, orders=one.orders, units=one.units,
        returns=one.returns, units_back=one.units_back, approved=one.approved, refused=one.refused,
        looked_at=one.looked_at, not_intact=one.failed, return_rate=_rate(one.units_back, one.units),
        refusal_rate=_rate(one.refused, one.refused + one.approved), review_rate=_rate(one.looked_at, one.returns),
        sold=money(one.net, currency), **amounts,
    )  # fmt: skip


def _rate(part: int, whole: int) -> int:
    """In hundredths of a per cent, half up."""
    return (part * 20_000 + whole) // (2 * whole) if whole else 0
