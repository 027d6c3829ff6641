"""What the owner of a policy tries before announcing it: on a case, against the last months, and how policies do."""

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta

from dingdan.areas import orders, policies, policy_desk
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.overviews import policy_cases
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import get, post, put
from dingdan.surfaces.shared.wire import (
    Id,
    Input,
    LineNo,
    List,
    MerchantRef,
    Moment,
    Page,
    PageQuery,
    Quantity,
    Short,
    View,
    Word,
    money,
    number,
    page_of,
    ref,
    slice_of,
)

Days = Annotated[int, Meta(ge=1, le=policy_desk.MOST_DAYS)]
Flags = Annotated[tuple[Word, ...], Meta(max_length=20)]
Country = Annotated[str, Meta(pattern="^[A-Za-z]{2}$", description="ISO 3166 code.")]
NOTHING_WRITTEN = "it writes nothing"


class MadeUpInput(Input, frozen=True, kw_only=True):
    """A line that somebody makes up: what it is, when it came, and what is known about it."""

    category: Short = ""
    flags: Flags = ()
    quantity: Quantity = 1
    returnable: Quantity = 1
    sold_at: Moment | None = None
    delivered_at: Moment | None = None
    signed_at: Moment | None = None
    last_delivered_at: Moment | None = None
    confirmed_at: Moment | None = None
    exchanged_at: Moment | None = None
    is_unshipped: bool = False
    is_confirmed: bool = False
    is_unsealed: bool = False
    is_untold: bool = False
    told_at: Moment | None = None
    country: Country | None = None
    repair_days: Annotated[int, Meta(ge=0, le=3650)] = 0
    failed_repairs: Annotated[int, Meta(ge=0, le=100)] = 0


class SoldInput(Input, frozen=True, kw_only=True):
    """A line that was sold."""

    order: Id
    line_no: LineNo


class TrialInput(Input, frozen=True, kw_only=True):
    """A case: one line, made up or sold, for a reason at a moment (now, if none is given)."""

    reason: Word = "NO_REASON"
    requested_at: Moment | None = None
    made_up: MadeUpInput | None = None
    sold: SoldInput | None = None


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


class BacktestInput(Input, frozen=True, kw_only=True):
    """Over how many of the last days, of whose returns; `way_back` is the postage of one parcel back, in minor units."""

    days: Days = 90
    way_back: Annotated[int, Meta(ge=0, le=policy_desk.MOST_POSTAGE)] = 0
    merchant: MerchantRef | None = None


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


class FiguresQuery(Input, frozen=True, kw_only=True):
    """Over which orders: those delivered in the last so many days."""

    merchant: MerchantRef | None = None
    days: Days = 90


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


class NoticeInput(Input, frozen=True, kw_only=True):
    """That the buyer of an order was not told of the right to return, and when it was made good, if it was."""

    told_at: Moment | None = None


class NoticeView(View, frozen=True, kw_only=True):
    """The same as it stands."""

    order: str
    told_at: datetime | None


@post("/v1/policies/{policy_id}/try", permission="policy.write", reads=True, why_unkeyed=NOTHING_WRITTEN)
async def try_on(tx: Tx, policy_id: int, body: TrialInput) -> TrialView:
    """Try a version, a draft too, on one line: the verdict with every reason, and nothing is written."""
    at = body.requested_at or tx.now
    if (body.made_up is None) == (body.sold is None):
        raise policy_desk.CaseUnfit("made_up", must="one of made_up and sold")
    if body.sold is not None:
        order_id = number("order", body.sold.order, "sold.order")
        await scope.demand_reach(tx, "order", order_id, "sold.order")
        with scope.under("sold"):
            document, verdict, bound = await policy_desk.try_on_line(
                tx, policy_id, order_id, body.sold.line_no, reason=body.reason, requested_at=at
            )
        return TrialView(tried=_verdict(document, verdict), bound=_verdict(*bound) if bound else None)
    assert body.made_up is not None, "one of the two is there"
    document, verdict = await policy_desk.try_on(tx, policy_id, _facts(body.made_up, body.reason, at))
    return TrialView(tried=_verdict(document, verdict), bound=None)


@get("/v1/policies/{policy_id}/table", permission="policy.read")
async def table(tx: Tx, policy_id: int) -> List[TableRowView]:
    """What holds for which goods for which reason, row by row."""
    found = await policies.by_ids(tx, [policy_id])
    if policy_id not in found:
        raise policies.PolicyUnknown
    return List(items=[
        TableRowView(goods=row.goods, flags=list(row.flags), categories=list(row.categories),
                     cells=[_cell(cell) for cell in row.cells])
        for row in policy_desk.table(found[policy_id].document)
    ])  # fmt: skip


@post("/v1/policies/{policy_id}/backtests", permission="policy.write", status=202)
async def backtest(tx: Tx, policy_id: int, body: BacktestInput) -> BacktestView:
    """Have the returns of the last days judged by a version, a draft too: approvals, refunds, freight and cost, then and now.

    It runs by itself; read its report until `done_at` is set.
    """
    merchant = await scope.merchant_meant(tx, body.merchant)
    return _backtest(await policy_desk.request(tx, merchant, policy_id, days=body.days, way_back=body.way_back))


@get("/v1/policies/{policy_id}/backtests", permission="policy_figure.read")
async def backtests(tx: Tx, policy_id: int, query: PageQuery) -> Page[BacktestView]:
    """Back-tests of a version, oldest first."""
    asked = slice_of(query)
    found = await policy_desk.backtests(tx, policy_id, tx.actor.merchant_id, asked.with_one_more)
    return page_of(asked, found, _backtest)


@get("/v1/policy-backtests/{backtest_id}", permission="policy_figure.read")
async def show_backtest(tx: Tx, backtest_id: int) -> BacktestView:
    """One back-test, as far as it has come."""
    return _backtest(await policy_desk.backtest(tx, backtest_id))


@get("/v1/policy-figures", permission="policy_figure.read")
async def figures(tx: Tx, query: FiguresQuery) -> List[FiguresView]:
    """How a merchant's policies do, version by version: how much comes back, is refused, and what it costs."""
    merchant = await scope.merchant_meant(tx, query.merchant, "query.merchant")
    since = policy_desk.since(tx.now, query.days)
    found = await policy_cases.figures(tx, merchant.id, since=since, until=tx.now, currency=merchant.currency)
    return List(items=[_figures(one, merchant.currency) for one in found])


@put("/v1/orders/{order_id}/late-notice", permission="policy.write")
async def note_notice(tx: Tx, order_id: int, body: NoticeInput) -> NoticeView:
    """Note that a buyer was not told of the right to return when buying: where the law says so the right lasts longer."""
    order = await orders.get_one(tx, order_id)
    if body.told_at is not None and not order.placed_at <= body.told_at <= tx.now:
        raise policy_desk.CaseUnfit("told_at", must="after the order was placed, and not in the future")
    await policies.note_late_notice(tx, order_id, order.merchant_id, body.told_at)
    return NoticeView(order=ref("order", order_id), told_at=body.told_at)


def _facts(given: MadeUpInput, reason: str, at: datetime) -> policies.LineFacts:
    return policies.LineFacts(
        reason=reason, requested_at=at, quantity=given.quantity, returnable=given.returnable, category=given.category,
        flags=given.flags, unshipped=given.is_unshipped, confirmed=given.is_confirmed, is_unsealed=given.is_unsealed,
        sold_at=given.sold_at, delivered_at=given.delivered_at, signed_at=given.signed_at,
        last_delivered_at=given.last_delivered_at, confirmed_at=given.confirmed_at, exchanged_at=given.exchanged_at,
        is_untold=given.is_untold, told_at=given.told_at, country=(given.country or "").upper(),
        repair_days=given.repair_days, failed_repairs=given.failed_repairs,
    )  # fmt: skip


def _verdict(document: policies.PolicyDocument, one: policies.Verdict) -> VerdictView:
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


def _cell(one: policy_desk.Cell) -> TableCellView:
    return TableCellView(
        reason=one.reason, answer=one.answer, days=one.days, months=one.months, hours=one.hours, outbound=one.outbound,
        way_back=one.way_back, reship=one.reship, rules=list(one.rules),
    )  # fmt: skip


def _backtest(one: policy_desk.Backtest) -> BacktestView:
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


def _figures(one: policy_cases.Figures, currency: str) -> FiguresView:
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


ROUTES = [try_on, table, backtest, backtests, show_backtest, figures, note_notice]
