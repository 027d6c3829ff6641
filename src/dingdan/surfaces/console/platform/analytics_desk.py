"""Analytics: each chart asks one question of a period, and shows its numbers, how many they rest on, and the cases behind."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal
from urllib.parse import urlencode

from msgspec import Meta

from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.overviews import analytics, today
from dingdan.overviews.analytics import Figure, Loss, Span
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing
from dingdan.surfaces.console.today import PROMISES, Attainment
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.pages import formatting, naming, reasons, vocabulary
from dingdan.surfaces.shared.pages.doors import ListQuery, screen
from dingdan.surfaces.shared.pages.listing import listing, slice_of
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Bars,
    Code,
    Column,
    Empty,
    Filter,
    Link,
    Listing,
    Own,
    Row,
    Section,
    Table,
    Two,
    View,
)
from dingdan.surfaces.shared.problems import Malformed

USUAL, LONGEST = 30, 92
QUESTIONS: dict[str, Text] = {
    "reason": Text("Why do goods come back?", "为什么退货？"), "sku": Text("Which goods come back?", "哪些商品退货多？"),
    "merchant": Text("Whose goods come back?", "哪些商家退货多？"), "channel": Text("Where were they bought?", "哪些渠道退货多？"),
    "promises": Text("Which promises are kept?", "承诺达成情况"), "refund_time": Text("How long does money take?", "退款要多久？"),
    "loss": Text("What do returns and troubles cost?", "售后与异常的成本"),
}  # fmt: skip
STAGES: dict[str, Text] = {
    "review": Text("Review", "审核"), "transit": Text("Way back", "退货运输"), "inspection": Text("Inspection", "验货"),
    "payment": Text("Payment", "打款"), "whole": Text("From request to money", "申请到到账"),
}  # fmt: skip
CAUSES: dict[str, Text] = {
    "label": Text("Return labels", "退货面单"), "recovered": Text("Recovered from carriers", "承运商追回"),
    "write_down": Text("Goods written down", "商品减值"), "remedy:compensation": Text("Compensation", "补偿"),
}  # fmt: skip
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Chart = Literal["reason", "sku", "merchant", "channel", "promises", "refund_time", "loss"]


class SpanQuery(ListQuery, frozen=True, kw_only=True):
    """Of whom, and from which day to which."""

    merchant: Annotated[str, Meta(max_length=64)] | None = None
    since: Day | None = None
    until: Day | None = None


class CasesQuery(SpanQuery, frozen=True, kw_only=True):
    """Of which figure."""

    by: Literal["reason", "sku", "merchant", "channel"]
    key: Annotated[str, Meta(max_length=64)]


@screen("/analytics", permission="policy_figure.read")
async def show(tx: Tx, query: SpanQuery) -> Own:
    """All charts of one period."""
    span = await _span(tx, query)
    asked = {
        name: value
        for name, value in (("merchant", query.merchant), ("since", query.since), ("until", query.until))
        if value
    }
    number, before = await analytics.returns_asked(tx, span), await analytics.returns_asked(tx, span.before)
    charts: list[tuple[str, Section]] = []
    for by in analytics.BY:
        if by != "merchant" or span.merchant_id is None:
            charts.append((by, _bars(by, await analytics.returns_by(tx, by, span), number, asked)))
    charts.append(("promises", _kept(await _promises(tx, span))))
    charts.append(("refund_time", await _times(tx, span)))
    charts.append(("loss", _lost(await analytics.losses(tx, span))))
    return Own(
        title=Text("Analytics", "分析"), template="analytics.html",
        data={
            "charts": [(f"/analytics/{name}?{urlencode(asked)}", section) for name, section in charts], "period": span,
            "number": number, "before": before, "merchants": await choosing.merchants_to_choose(tx), "asked": asked,
            "last": span.until - timedelta(seconds=1),
        },
    )  # fmt: skip


@screen("/analytics/cases", permission="policy_figure.read")
async def cases(tx: Tx, query: CasesQuery) -> Listing:
    """The returns behind one figure."""
    found = await analytics.cases_behind(tx, query.by, query.key, await _span(tx, query), slice_of(query))
    names = await naming.merchant_names(tx, {one.merchant_id for one in found})
    what = reasons.text(query.key, reasons.RETURN) if query.by == "reason" else Text(query.key, query.key)
    return listing(
        found, lambda one: Row(naming.ref("return", one.id), naming.place("return", one.id), {
            "number": Code(naming.spoken(one.id)), "asked": one.requested_at, "merchant": names.get(one.merchant_id),
            "decision": vocabulary.chip("return_decision", one.decision), "journey": vocabulary.chip("return_journey", one.journey),
            "outcome": vocabulary.chip("return_outcome", one.outcome), "order": naming.link("order", one.order_id),
        }),
        title=Text(f"Returns behind: {what.en}", f"相关售后单：{what.zh}"),
        columns=[
            Column("number", Text("Return", "售后单")), Column("asked", Text("Asked for", "申请时间")), Column("merchant", Text("Merchant", "商家")),
            Column("decision", Text("Decision", "审核")), Column("journey", Text("Goods", "货物")), Column("outcome", Text("Outcome", "结果")),
            Column("order", Text("Order", "订单")),
        ],
        acts=[Act("back", Text("All charts", "全部图表"), "/analytics", is_link=True)],
        empty=Empty(Text("No return is behind this any more.", "暂无相关售后单。")),
    )  # fmt: skip


@screen("/analytics/{chart}", permission="policy_figure.read")
async def table(tx: Tx, chart: Chart, query: SpanQuery) -> Listing:
    """One chart as a table, which can be taken away as a file."""
    span = await _span(tx, query)
    rows, columns = await _rows(tx, chart, span)
    return Listing(
        title=QUESTIONS[chart], rows=rows, columns=columns,
        lead=Text(f"{formatting.day(span.since, 'en')} to {formatting.day(span.until - timedelta(seconds=1), 'en')}",
                  f"{formatting.day(span.since, 'zh')} 至 {formatting.day(span.until - timedelta(seconds=1), 'zh')}"),
        filters=[
            Filter("merchant", Text("Merchant", "商家"), await choosing.merchants_to_choose(tx)),
            Filter("since", Text("From", "起"), kind="date"), Filter("until", Text("To", "止"), kind="date"),
        ],
        acts=[Act("back", Text("All charts", "全部图表"), "/analytics", is_link=True)],
        views=[View(Text("30 days", "近 30 天"))],
        empty=Empty(Text("Nothing of this happened in the period.", "该时段暂无数据。"), Text("Choose an earlier day.", "可选择更早的日期。")),
    )  # fmt: skip


async def _span(tx: Tx, query: SpanQuery) -> Span:
    midnight = formatting.local(tx.now).replace(hour=0, minute=0, second=0, microsecond=0)
    until = (_day(query.until, "until") if query.until else midnight) + timedelta(days=1)
    since = _day(query.since, "since") if query.since else until - timedelta(days=USUAL)
    if not timedelta() < until - since <= timedelta(days=LONGEST):
        raise Malformed("since", what=f"a period of 1 to {LONGEST} days", what_zh=f"时段须为 1 至 {LONGEST} 天")
    return Span(since.astimezone(UTC), until.astimezone(UTC), await scope.merchant_filter(tx, query.merchant))


def _day(text: str, path: str) -> datetime:
    try:
        found = datetime.fromisoformat(text).replace(tzinfo=formatting.ZONE)
    except ValueError:
        found = None
    if found is None or not 2000 <= found.year <= 2200:
        raise Malformed(path, what="no day of the calendar", what_zh="日期无效")
    return found


def _name(by: str, one: Figure) -> Text:
    if by == "reason":
        words = reasons.text(one.key, reasons.RETURN)
        return Text(words.en[:1].upper() + words.en[1:], words.zh)
    return naming.in_tongues(one.words) if one.words else Text(one.key, one.key)


def _bars(by: str, found: list[Figure], number: int, asked: dict[str, str]) -> Section:
    return Bars(
        QUESTIONS[by], Text("Returns", "退货数"),
        [(Link(_behind(by, one, asked), _name(by, one)), one.returns) for one in found],
        Text(f"of {number} returns", f"共 {number} 单退货"),
    )  # fmt: skip


def _behind(by: str, one: Figure, asked: dict[str, str]) -> str:
    return "/analytics/cases?" + urlencode({**asked, "by": by, "key": one.key})


async def _promises(tx: Tx, span: Span) -> list[Attainment]:
    found = await today.promises(tx, since=span.since, until=span.until, merchant_id=span.merchant_id)
    return [Attainment(PROMISES[one.promise][0], one) for one in found]


_KEPT = [
    Column("what", Text("Promise", "承诺")), Column("share", Text("In time", "按时率"), is_number=True),
    Column("done", Text("Done", "完成"), is_number=True), Column("missed", Text("Missed", "逾期"), is_number=True),
]  # fmt: skip
_TIMES = [
    Column("what", Text("Stage", "阶段")), Column("median", Text("Half within", "半数不超过")), Column("most", Text("Nine of ten within", "九成不超过")),
    Column("samples", Text("Refunds", "样本数"), is_number=True),
]  # fmt: skip
_LOST = [
    Column("what", Text("For", "原因")), Column("times", Text("Times", "次数"), is_number=True), Column("amount", Text("Amount", "金额"), is_number=True),
]  # fmt: skip


def _kept(found: list[Attainment]) -> Section:
    return Table(
        QUESTIONS["promises"], _KEPT, _kept_rows(found), Text("No promise came due in this time.", "该时段无到期承诺。")
    )


def _kept_rows(found: list[Attainment]) -> list[Row]:
    return [
        Row(
            one.kept.promise,
            None,
            {"what": one.text, "share": one.share, "done": one.kept.done, "missed": one.kept.missed},
        )
        for one in found
    ]


async def _times(tx: Tx, span: Span) -> Section:
    return Table(
        QUESTIONS["refund_time"],
        _TIMES,
        await _time_rows(tx, span),
        Text("No refund of a return arrived in this time.", "该时段无退货退款到账。"),
    )


async def _time_rows(tx: Tx, span: Span) -> list[Row]:
    return [
        Row(
            one.stage, None, {"what": STAGES[one.stage], "median": one.median, "most": one.most, "samples": one.samples}
        )
        for one in await analytics.refund_times(tx, span)
    ]


def _lost(found: list[Loss]) -> Section:
    totals = [
        Row(f"total-{currency}", None, {"what": Text("Together", "合计"), "times": None, "amount": Money(analytics.total(found, currency), currency)})
        for currency in sorted({one.currency for one in found})
    ]  # fmt: skip
    return Table(
        QUESTIONS["loss"],
        _LOST,
        [*_loss_rows(found), *totals],
        Text("Nothing was paid back or written off.", "该时段无退款或减值。"),
    )


def _loss_rows(found: list[Loss]) -> list[Row]:
    return [
        Row(f"{one.cause}-{one.currency}", None, {"what": _cause(one.cause), "times": one.times, "amount": Money(one.amount, one.currency)})
        for one in found
    ]  # fmt: skip


def _cause(cause: str) -> Text:
    if cause in CAUSES:
        return CAUSES[cause]
    words = reasons.text(cause.partition(":")[2], reasons.REFUND, reasons.REMEDY)
    return Text(f"Refunds: {words.en}", f"退款：{words.zh}")


async def _rows(tx: Tx, chart: str, span: Span) -> tuple[list[Row], list[Column]]:
    if chart == "promises":
        return _kept_rows(await _promises(tx, span)), _KEPT
    if chart == "refund_time":
        return await _time_rows(tx, span), _TIMES
    if chart == "loss":
        return _loss_rows(await analytics.losses(tx, span)), _LOST
    number = await analytics.returns_asked(tx, span)
    asked = {
        "since": f"{formatting.local(span.since):%Y-%m-%d}",
        "until": f"{formatting.local(span.until) - timedelta(days=1):%Y-%m-%d}",
    }
    rows = [
        Row(one.key, _behind(chart, one, asked), {
            "what": Two(_name(chart, one), Code(one.key)), "returns": one.returns, "units": one.units, "share": formatting.percent(one.returns, number),
        }) for one in await analytics.returns_by(tx, chart, span)
    ]  # fmt: skip
    return rows, [
        Column("what", Text("What", "项目")), Column("returns", Text("Returns", "退货数"), is_number=True),
        Column("units", Text("Units", "件数"), is_number=True), Column("share", Text("Of all returns", "占比"), is_number=True),
    ]  # fmt: skip


ROUTES = [show, cases, table]
