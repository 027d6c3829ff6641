"""Deliveries: what was sent to whom and what was answered, of one endpoint or of all, and sending it again."""

from typing import Annotated, Any, Literal

from msgspec import Meta

from dingdan.areas import webhooks
from dingdan.kernel.refusal import Text
from dingdan.overviews import delivery_list
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing, typed
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.pages import formatting, naming, reasons
from dingdan.surfaces.shared.pages.doors import ListQuery, act, screen
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.listing import listing, one_more, slice_of
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Chip,
    Code,
    Column,
    Done,
    Empty,
    Facts,
    Field,
    Filter,
    Link,
    Listing,
    Part,
    Row,
    Section,
    Sheet,
    Table,
    View,
)
from dingdan.surfaces.shared.problems import Malformed

STANDS = {
    webhooks.Standing.PENDING: Chip(Text("Waiting", "待推送"), "system"), webhooks.Standing.DELIVERED: Chip(Text("Delivered", "已送达"), "done"),
    webhooks.Standing.FAILED: Chip(Text("Failed", "失败"), "blocked"),
}  # fmt: skip
RESULTS = {
    webhooks.Result.SUCCEEDED: Text("Succeeded", "成功"), webhooks.Result.REFUSED: Text("Refused", "被拒绝"),
    webhooks.Result.TIMED_OUT: Text("No answer in time", "超时"), webhooks.Result.UNREACHABLE: Text("Unreachable", "无法连接"),
    webhooks.Result.NOT_ALLOWED: Text("Address not allowed", "地址不允许"), webhooks.Result.LOST: Text("Outcome unknown", "结果未知"),
    webhooks.Result.NOT_TRIED: Text("Not tried", "未尝试"),
}  # fmt: skip
COLUMNS = [
    Column("event", Text("Event", "事件")), Column("stands", Text("Stands", "状态")), Column("made", Text("Made", "产生时间")),
    Column("tries", Text("Attempts", "尝试"), is_number=True), Column("done", Text("Delivered", "送达时间")),
]  # fmt: skip


class SentQuery(ListQuery, frozen=True, kw_only=True):
    """Which deliveries."""

    state: Literal["pending", "delivered", "failed"] | None = None
    type: Annotated[str, Meta(max_length=64)] | None = None


class AllSentQuery(SentQuery, frozen=True, kw_only=True):
    """The same of every endpoint of a merchant, or of all."""

    merchant: Annotated[str, Meta(max_length=64)] | None = None


class SinceForm(Form, frozen=True, kw_only=True):
    """Since when, by the house's clock."""

    since: Annotated[str, Meta(max_length=30)]


@screen("/deliveries", permission="webhook.read")
async def everything(tx: Tx, query: AllSentQuery) -> Listing:
    """What was sent to any endpoint within reach, the newest first; a row opens its bodies."""
    wanted = delivery_list.Filter(
        merchant_id=await scope.merchant_filter(tx, query.merchant), standing=query.state, wire=query.type
    )
    found = await delivery_list.page(tx, wanted, slice_of(query))
    choice = await choosing.by_merchant(tx)
    return listing(
        found, lambda one: Row(naming.ref("webhook_delivery", one.id), naming.place("webhook_delivery", one.id), {
            "event": Code(one.wire), "stands": STANDS[one.standing], "made": one.created_at, "tries": one.tries, "done": one.delivered_at,
            "to": Link(naming.place("webhook_endpoint", one.endpoint_id), one.url, is_code=True), "status": one.last_status,
        }),
        title=Text("Deliveries", "推送记录"),
        columns=[*COLUMNS, Column("status", Text("Last answer", "最近状态码"), is_number=True), Column("to", Text("To", "推送至"))],
        views=_views(), filters=[Filter("type", Text("Event", "事件")), *choice],
        empty=Empty(
            Text("Nothing was sent yet.", "还没有推送。"), Text("Deliveries are kept for 30 days.", "推送记录保留 30 天。"),
            Link("/webhooks", Text("Say where events go", "设置推送地址")),
        ),
    )  # fmt: skip


@screen("/webhooks/{webhook_endpoint_id}/deliveries", permission="webhook.read")
async def deliveries(tx: Tx, webhook_endpoint_id: int, query: SentQuery) -> Listing:
    """What was sent to an endpoint and what waits for it, the newest first."""
    standing = webhooks.Standing(query.state) if query.state else None
    found = await webhooks.delivered(
        tx, webhook_endpoint_id, one_more(query), standing=standing, wire=query.type, since=None
    )
    one = await webhooks.endpoint(tx, webhook_endpoint_id)
    here = naming.place("webhook_endpoint", webhook_endpoint_id)
    is_on = one.state is webhooks.EndpointState.ENABLED
    return listing(
        found, _row, title=Text("Deliveries", "推送记录"), columns=COLUMNS,
        views=_views(), acts=[replaying(tx, here, is_on=is_on)] if tx.actor.may("webhook.write") else [],
        filters=[Filter("type", Text("Event", "事件"))], empty=Empty(Text("Nothing was sent yet.", "还没有推送。")),
    )  # fmt: skip


@screen("/deliveries/{webhook_delivery_id}", permission="webhook.read")
async def show_delivery(tx: Tx, webhook_delivery_id: int) -> Sheet:
    """One message: its body, and every call with its answer."""
    one = await webhooks.delivery(tx, webhook_delivery_id)
    here = naming.place("webhook_delivery", one.id)
    calls = await webhooks.attempts(tx, webhook_delivery_id)
    # What is out has no outcome yet, and the moment of the next try that it would have without one.
    is_due = one.standing is webhooks.Standing.PENDING and (one.called_at is not None or one.next_at <= tx.now)
    return Sheet(
        title=Text("Delivery", "推送"), kind=Text("Webhook delivery", "Webhook 推送"), number=naming.spoken(one.id),
        key=naming.ref("webhook_delivery", one.id), full=here, chips=[STANDS[one.standing], Code(one.wire)], lead=one.created_at,
        acts=[Act("resend", Text("Send again", "重新推送"), f"{here}/resend", "R", tone="first")] if tx.actor.may("webhook.write") else [],
        main=[
            Part(Text("What was sent", "请求正文"), "code.html", {"code": "" if one.body is None else one.body.decode(errors="replace")}),
            *([Part(Text("Next call", "下次调用"), "soon.html", {})] if is_due else []),
            *(Part(
                Text(f"Call {call.number}: {RESULTS[call.result].en}", f"第 {call.number} 次：{RESULTS[call.result].zh}"), "call.html",
                {"call": call},
            ) for call in calls),
        ],
        side=[Facts(Text("Delivery", "推送"), [
            (Text("Endpoint", "端点"), naming.link("webhook_endpoint", one.endpoint_id)), (Text("Message id", "消息编号"), Code(one.message_id)),
            (Text("Attempts", "尝试次数"), one.tries), (Text("Next try", "下次尝试"), one.next_at if one.standing is webhooks.Standing.PENDING else None),
            (Text("Why not", "失败原因"), reasons.text(one.failure, reasons.FAILURE) if one.failure else None),
        ])],
    )  # fmt: skip


@act("/webhooks/{webhook_endpoint_id}/replay", permission="webhook.write")
async def replay_failed(tx: Tx, webhook_endpoint_id: int, form: SinceForm) -> Done:
    """Send everything again that failed since a moment, up to 5,000 at a time."""
    since = typed.moment_of(form.since, "since")
    if since is None:
        raise Malformed("since", what="no moment", what_zh="时间无效")
    sent, has_more = await webhooks.replay_failed(tx, webhook_endpoint_id, since=since)
    more = Text(" Ask again for the rest.", "，其余请再次提交。") if has_more else Text("", "")
    return Done(text=Text(f"Sent again: {sent}.{more.en}", f"重新推送 {sent} 条{more.zh}"))


@act("/deliveries/{webhook_delivery_id}/resend", permission="webhook.write")
async def resend(tx: Tx, webhook_delivery_id: int) -> Done:
    """Send a message again: the same id and the same body."""
    await webhooks.replay(tx, webhook_delivery_id)
    return Done(text=Text("On its way again", "已重新推送"))


def replaying(tx: Tx, here: str, *, is_on: bool) -> Act:
    """The act that sends all failed again: two clicks, with the day's beginning filled in."""
    return Act("replay", Text("Send failed again", "重推失败"), f"{here}/replay", "R", [
        Field("since", Text("Everything that failed since", "此后失败的全部"), "moment", value=f"{formatting.local(tx.now):%Y-%m-%dT00:00}"),
    ], why_not=None if is_on else Text("Switch it on first.", "请先启用。"))  # fmt: skip


def last_sent(found: list[webhooks.Delivery]) -> Section:
    """What was sent to an endpoint last."""
    rows = [
        Row(row.key, row.href, {**row.cells, "event": Link(row.href or "", one.wire, is_code=True)})
        for one, row in zip(found, map(_row, found), strict=True)
    ]
    return Table(Text("Sent last", "最近推送"), COLUMNS, rows, Text("Nothing was sent yet.", "还没有推送。"))


def _row(one: webhooks.Delivery) -> Row:
    return Row(naming.ref("webhook_delivery", one.id), naming.place("webhook_delivery", one.id), {
        "event": Code(one.wire), "stands": STANDS[one.standing], "made": one.created_at, "tries": one.tries, "done": one.delivered_at,
    })  # fmt: skip


def _views() -> list[View]:
    return [View(Text("All", "全部")), *(View(chip.text, {"state": str(state)}) for state, chip in STANDS.items())]


ROUTES: list[Any] = [everything, deliveries, show_delivery, replay_failed, resend]
