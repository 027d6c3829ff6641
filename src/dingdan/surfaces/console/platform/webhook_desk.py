"""Webhooks: where events are sent, how the receivers do, every call with its answer, and sending again."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from litestar import Response
from msgspec import Meta

from dingdan.areas import webhooks
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Text
from dingdan.plumbing.doing import within
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import formatting, naming, reasons, vocabulary
from dingdan.surfaces.shared.pages.doors import ListQuery, act, answered, itself, screen
from dingdan.surfaces.shared.pages.forms import Form, as_form, read
from dingdan.surfaces.shared.pages.listing import listing, one_more
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
    Reason,
    Row,
    Section,
    Sheet,
    Table,
    View,
)
from dingdan.surfaces.shared.problems import Malformed

# What messages show unless it is said otherwise: of these what their maker may see.
USUAL = ("order.read", "parcel.read", "payment.read", "refund.read", "return.read", "review.read")
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


class HookQuery(ListQuery, frozen=True, kw_only=True):
    """Whose endpoints."""

    merchant: Annotated[str, Meta(max_length=64)] | None = None


class SentQuery(ListQuery, frozen=True, kw_only=True):
    """Which deliveries."""

    state: Literal["pending", "delivered", "failed"] | None = None
    type: Annotated[str, Meta(max_length=64)] | None = None


class HookForm(Form, frozen=True, kw_only=True):
    """An endpoint that is wanted; events by name, by subject with a star, or all, parted by commas or spaces."""

    url: Annotated[str, Meta(min_length=1, max_length=500)]
    events: Annotated[str, Meta(max_length=2000)] = "*"
    description: Annotated[str, Meta(max_length=200)] = ""
    merchant: Annotated[str, Meta(max_length=64)] | None = None


class SinceForm(Form, frozen=True, kw_only=True):
    """Since when, by the house's clock."""

    since: Annotated[str, Meta(max_length=30)]


@screen("/webhooks", permission="webhook.read")
async def listed(tx: Tx, query: HookQuery) -> Listing:
    """Endpoints within reach, oldest first, with how they do."""
    found = await webhooks.endpoints(tx, await scope.merchant_filter(tx, query.merchant), one_more(query))
    names = await naming.merchant_names(tx, {one.merchant_id for one in found})
    choice = await choosing.merchants_to_choose(tx)
    return listing(
        found, lambda one: Row(naming.ref("webhook_endpoint", one.id), naming.place("webhook_endpoint", one.id), {
            "url": Code(one.url), "stands": vocabulary.chip("webhook_endpoint", one.state), "health": _health(one),
            "events": Code(", ".join(one.events)), "merchant": names.get(one.merchant_id),
        }),
        title=Text("Webhooks", "Webhook 推送"),
        columns=[
            Column("url", Text("Address", "地址")), Column("stands", Text("Stands", "状态")), Column("health", Text("Health", "健康")),
            Column("events", Text("Events", "事件")), Column("merchant", Text("Merchant", "商家")),
        ],
        filters=[Filter("merchant", Text("Merchant", "商家"), choice)] if choice else [],
        acts=[_adding(choice)] if tx.actor.may("webhook.write") else [],
        empty=Empty(Text("No endpoint yet.", "还没有端点。"), Text("Events are sent to the addresses that you add here.", "添加地址后，事件将推送到该处。")),
    )  # fmt: skip


@screen("/webhooks/{webhook_endpoint_id}", permission="webhook.read")
async def show(tx: Tx, webhook_endpoint_id: int) -> Sheet:
    """One endpoint, how it does, and what was sent to it last."""
    one = await webhooks.endpoint(tx, webhook_endpoint_id)
    here = naming.place("webhook_endpoint", one.id)
    last = await webhooks.delivered(tx, one.id, Page(20), standing=None, wire=None, since=None)
    return Sheet(
        title=Text("Endpoint", "端点"), kind=Text("Webhook endpoint", "Webhook 端点"), number=naming.spoken(one.id),
        key=naming.ref("webhook_endpoint", one.id), full=here, lead=one.created_at,
        chips=[vocabulary.chip("webhook_endpoint", one.state), Code(one.url)],
        acts=_acts(tx, one, here) if tx.actor.may("webhook.write") else [],
        main=[_sent(last), Facts(Text("All deliveries", "全部推送"), [(Text("List", "列表"), Link(f"{here}/deliveries", Text("with filters", "可筛选")))])],
        side=[Facts(Text("Endpoint", "端点"), [
            (Text("Health", "健康"), _health(one)), (Text("Events", "事件"), [Code(name) for name in one.events]),
            (Text("Shows", "可见内容"), [Code(name) for name in one.scopes]), (Text("What for", "说明"), one.description or None),
            (Text("Old secret signs until", "旧密钥有效至"), one.old_until if one.old_until and one.old_until > tx.now else None),
        ])],
    )  # fmt: skip


@screen("/webhooks/{webhook_endpoint_id}/deliveries", permission="webhook.read")
async def deliveries(tx: Tx, webhook_endpoint_id: int, query: SentQuery) -> Listing:
    """What was sent to an endpoint and what waits for it, the newest first."""
    standing = webhooks.Standing(query.state) if query.state else None
    found = await webhooks.delivered(
        tx, webhook_endpoint_id, one_more(query), standing=standing, wire=query.type, since=None
    )
    return listing(
        found, _row, title=Text("Deliveries", "推送记录"), columns=_COLUMNS,
        views=[View(Text("All", "全部")), *(View(chip.text, {"state": str(state)}) for state, chip in STANDS.items())],
        filters=[Filter("type", Text("Event", "事件"))], empty=Empty(Text("Nothing was sent yet.", "还没有推送。")),
    )  # fmt: skip


@screen("/deliveries/{webhook_delivery_id}", permission="webhook.read")
async def show_delivery(tx: Tx, webhook_delivery_id: int) -> Sheet:
    """One message: its body, and every call with its answer."""
    one = await webhooks.delivery(tx, webhook_delivery_id)
    here = naming.place("webhook_delivery", one.id)
    calls = await webhooks.attempts(tx, webhook_delivery_id)
    return Sheet(
        title=Text("Delivery", "推送"), kind=Text("Webhook delivery", "Webhook 推送"), number=naming.spoken(one.id),
        key=naming.ref("webhook_delivery", one.id), full=here, chips=[STANDS[one.standing], Code(one.wire)], lead=one.created_at,
        acts=[Act("resend", Text("Send again", "重新推送"), f"{here}/resend", "R", tone="first")] if tx.actor.may("webhook.write") else [],
        main=[
            Part(Text("What was sent", "请求正文"), "code.html", {"code": "" if one.body is None else one.body.decode(errors="replace")}),
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


@itself("POST", "/webhooks/add", permission="webhook.write", fresh=True)
async def add(ask: Ask) -> Response[Any]:
    """Set up an endpoint; its secret is shown this once. Whether we may call the address is looked up before."""
    form: HookForm = as_form(HookForm, (await read(ask.request)).words)
    await webhooks.demand_target(ask.db, form.url)
    events = tuple(dict.fromkeys(form.events.replace(",", " ").split())) or ("*",)

    async def body(tx: Tx) -> webhooks.Made:
        return await webhooks.create(tx, webhooks.SaveEndpoint(
            merchant_id=await scope.merchant_id_meant(tx, form.merchant), url=form.url, events=events,
            scopes=tuple(filter(tx.actor.may, USUAL)), description=form.description,
        ))  # fmt: skip

    made = await within(ask.db, ask.actor, body, name="webhook_desk.add")
    return answered(ask.request, _secret(made))


@act("/webhooks/{webhook_endpoint_id}/test", permission="webhook.write")
async def test(tx: Tx, webhook_endpoint_id: int) -> Done:
    """Send a test message, once."""
    sent = await webhooks.test(tx, webhook_endpoint_id)
    return Done(text=Text("Test message queued", "测试消息已提交"), to=naming.place("webhook_delivery", sent))


@act("/webhooks/{webhook_endpoint_id}/rotate", permission="webhook.write", fresh=True, is_secret=True)
async def rotate(tx: Tx, webhook_endpoint_id: int) -> Done:
    """A new secret; for 24 hours each message has two signatures."""
    return _secret(await webhooks.rotate_secret(tx, webhook_endpoint_id))


@act("/webhooks/{webhook_endpoint_id}/enable", permission="webhook.write")
async def enable(tx: Tx, webhook_endpoint_id: int) -> Done:
    """Tell an endpoint again, of what happens from now on."""
    await webhooks.enable(tx, webhook_endpoint_id, after=None)
    return Done(text=Text("Endpoint switched on", "端点已启用"))


@act("/webhooks/{webhook_endpoint_id}/disable", permission="webhook.write")
async def disable(tx: Tx, webhook_endpoint_id: int) -> Done:
    """Tell an endpoint nothing any more."""
    await webhooks.disable(tx, webhook_endpoint_id)
    return Done(text=Text("Endpoint switched off", "端点已停用"))


@act("/webhooks/{webhook_endpoint_id}/remove", permission="webhook.write", fresh=True)
async def remove(tx: Tx, webhook_endpoint_id: int) -> Done:
    """Take an endpoint away with its secrets."""
    await webhooks.remove(tx, webhook_endpoint_id)
    return Done(text=Text("Endpoint removed", "端点已删除"), to="/webhooks")


@act("/webhooks/{webhook_endpoint_id}/replay", permission="webhook.write")
async def replay_failed(tx: Tx, webhook_endpoint_id: int, form: SinceForm) -> Done:
    """Send everything again that failed since a moment, up to 5,000 at a time."""
    try:
        since = datetime.fromisoformat(form.since)
    except ValueError:
        raise Malformed("since", what="no moment", what_zh="时间无效") from None
    since = since.replace(tzinfo=since.tzinfo or formatting.ZONE).astimezone(UTC)
    sent, has_more = await webhooks.replay_failed(tx, webhook_endpoint_id, since=since)
    more = Text(" Ask again for the rest.", "，其余请再次提交。") if has_more else Text("", "")
    return Done(text=Text(f"Sent again: {sent}.{more.en}", f"重新推送 {sent} 条{more.zh}"))


@act("/deliveries/{webhook_delivery_id}/resend", permission="webhook.write")
async def resend(tx: Tx, webhook_delivery_id: int) -> Done:
    """Send a message again: the same id and the same body."""
    await webhooks.replay(tx, webhook_delivery_id)
    return Done(text=Text("On its way again", "已重新推送"))


_COLUMNS = [
    Column("event", Text("Event", "事件")), Column("stands", Text("Stands", "状态")), Column("made", Text("Made", "产生时间")),
    Column("tries", Text("Attempts", "尝试"), is_number=True), Column("done", Text("Delivered", "送达时间")),
]  # fmt: skip


def _row(one: webhooks.Delivery) -> Row:
    return Row(naming.ref("webhook_delivery", one.id), naming.place("webhook_delivery", one.id), {
        "event": Code(one.wire), "stands": STANDS[one.standing], "made": one.created_at, "tries": one.tries, "done": one.delivered_at,
    })  # fmt: skip


def _sent(found: list[webhooks.Delivery]) -> Section:
    rows = [
        Row(row.key, row.href, {**row.cells, "event": Link(row.href or "", row.cells["event"].text, is_code=True)})
        for row in map(_row, found)
    ]
    return Table(Text("Sent last", "最近推送"), _COLUMNS, rows, Text("Nothing was sent yet.", "还没有推送。"))


def _health(one: webhooks.Endpoint) -> Any:
    if one.failing_since is not None:
        return Reason("bad", Text(f"{one.failures} failures in a row", f"连续失败 {one.failures} 次"))
    if one.disabled_reason:
        return reasons.text(one.disabled_reason, reasons.ENDING)
    return Reason("good", Text("Answers", "正常"))


def _adding(choice: list[tuple[str, Text]]) -> Act:
    fields = [
        Field("url", Text("Address", "地址"), hint=Text("https://… that we may call", "可访问的 https 地址"), longest=500),
        Field("events", Text("Events", "事件"), hint=Text("order.paid, order.* or * for all", "如 order.paid、order.*，* 表示全部"), value="*"),
        Field("description", Text("What for", "说明"), is_needed=False, longest=200),
    ]  # fmt: skip
    if choice:
        fields.append(Field("merchant", Text("Merchant", "商家"), "choice", options=choice))
    return Act("add", Text("Add an endpoint", "添加端点"), "/webhooks/add", "N", fields, "first")


def _acts(tx: Tx, one: webhooks.Endpoint, here: str) -> list[Act]:
    state = webhooks.EndpointState
    if one.state is state.REMOVED:
        return []
    is_on = one.state is state.ENABLED
    return [
        Act("test", Text("Send a test", "发送测试"), f"{here}/test", "T", tone="first"),
        Act("replay", Text("Send failed again", "重推失败"), f"{here}/replay", "R", [
            Field("since", Text("Everything that failed since", "此后失败的全部"), "moment", value=f"{formatting.local(tx.now):%Y-%m-%dT00:00}"),
        ], why_not=None if is_on else Text("Switch it on first.", "请先启用。")),
        Act("rotate", Text("New secret", "轮换密钥"), f"{here}/rotate",
            warns=Text("The new secret is shown once; the old one signs for 24 hours more.", "新密钥仅显示一次，旧密钥 24 小时内仍签名。")),
        Act("disable", Text("Switch off", "停用"), f"{here}/disable", warns=Text("What waits for it counts as failed.", "待推送消息将计为失败。"))
        if is_on else Act("enable", Text("Switch on", "启用"), f"{here}/enable"),
        Act("remove", Text("Remove", "删除"), f"{here}/remove", tone="danger", warns=Text("Its secrets are gone for good.", "密钥将永久删除。")),
    ]  # fmt: skip


def _secret(made: webhooks.Made) -> Done:
    return Done(
        text=Text("The secret that signs", "签名密钥"), to=naming.place("webhook_endpoint", made.endpoint_id),
        shown=[(Text("Secret", "密钥"), made.secret)],
    )  # fmt: skip


ROUTES = [listed, show, deliveries, show_delivery, add, test, rotate, enable, disable, remove, replay_failed, resend]
