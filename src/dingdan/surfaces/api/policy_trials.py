"""What the owner of a policy tries before announcing it: on a case, against the last months, and how policies do."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from dingdan.areas import orders, policies, policy_desk
from dingdan.overviews import policy_cases
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api import policy_trial_views as views
from dingdan.surfaces.api.policy_trial_views import BacktestView, FiguresView, NoticeView, TableRowView, TrialView
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
    Word,
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


class BacktestInput(Input, frozen=True, kw_only=True):
    """Over how many of the last days, of whose returns; `way_back` is the postage of one parcel back, in minor units."""

    days: Days = 90
    way_back: Annotated[int, Meta(ge=0, le=policy_desk.MOST_POSTAGE)] = 0
    merchant: MerchantRef | None = None


class FiguresQuery(Input, frozen=True, kw_only=True):
    """Over which orders: those delivered in the last so many days."""

    merchant: MerchantRef | None = None
    days: Days = 90


class NoticeInput(Input, frozen=True, kw_only=True):
    """That the buyer of an order was not told of the right to return, and when it was made good, if it was."""

    told_at: Moment | None = None


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
        return TrialView(tried=views.verdict(document, verdict), bound=views.verdict(*bound) if bound else None)
    assert body.made_up is not None, "one of the two is there"
    document, verdict = await policy_desk.try_on(tx, policy_id, _facts(body.made_up, body.reason, at))
    return TrialView(tried=views.verdict(document, verdict), bound=None)


@get("/v1/policies/{policy_id}/table", permission="policy.read")
async def table(tx: Tx, policy_id: int) -> List[TableRowView]:
    """What holds for which goods for which reason, row by row."""
    found = await policies.by_ids(tx, [policy_id])
    if policy_id not in found:
        raise policies.PolicyUnknown
    return List(items=[
        TableRowView(goods=row.goods, flags=list(row.flags), categories=list(row.categories),
                     cells=[views.cell(cell) for cell in row.cells])
        for row in policy_desk.table(found[policy_id].document)
    ])  # fmt: skip


@post("/v1/policies/{policy_id}/backtests", permission="policy.write", status=202)
async def backtest(tx: Tx, policy_id: int, body: BacktestInput) -> BacktestView:
    """Have the returns of the last days judged by a version, a draft too: approvals, refunds, freight and cost, then and now.

    It runs by itself; read its report until `done_at` is set.
    """
    merchant = await scope.merchant_meant(tx, body.merchant)
    return views.backtest(await policy_desk.request(tx, merchant, policy_id, days=body.days, way_back=body.way_back))


@get("/v1/policies/{policy_id}/backtests", permission="policy_figure.read")
async def backtests(tx: Tx, policy_id: int, query: PageQuery) -> Page[BacktestView]:
    """Back-tests of a version, oldest first."""
    asked = slice_of(query)
    found = await policy_desk.backtests(tx, policy_id, tx.actor.merchant_id, asked.with_one_more)
    return page_of(asked, found, views.backtest)


@get("/v1/policy-backtests/{backtest_id}", permission="policy_figure.read")
async def show_backtest(tx: Tx, backtest_id: int) -> BacktestView:
    """One back-test, as far as it has come."""
    return views.backtest(await policy_desk.backtest(tx, backtest_id))


@get("/v1/policy-figures", permission="policy_figure.read")
async def figures(tx: Tx, query: FiguresQuery) -> List[FiguresView]:
    """How a merchant's policies do, version by version: how much comes back, is refused, and what it costs."""
    merchant = await scope.merchant_meant(tx, query.merchant, "query.merchant")
    since = policy_desk.since(tx.now, query.days)
    found = await policy_cases.figures(tx, merchant.id, since=since, until=tx.now, currency=merchant.currency)
    return List(items=[views.figures(one, merchant.currency) for one in found])


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


ROUTES = [try_on, table, backtest, backtests, show_backtest, figures, note_notice]
