"""Webhooks: where events are sent, how the receivers do, and their secrets."""

from typing import Annotated, Any

from litestar import Response
from msgspec import Meta

from dingdan.areas import identity, webhooks
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Text
from dingdan.plumbing.doing import within
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing
from dingdan.surfaces.console.platform import catcher_desk, delivery_desk
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import acting, naming, reasons, vocabulary
from dingdan.surfaces.shared.pages.doors import ListQuery, act, answered, itself, screen
from dingdan.surfaces.shared.pages.forms import Form, as_form, read
from dingdan.surfaces.shared.pages.listing import listing, one_more
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Cell,
    Code,
    Column,
    Done,
    Empty,
    Facts,
    Field,
    Filter,
    Link,
    Listing,
    Reason,
    Row,
    Sheet,
)
from dingdan.surfaces.shared.wire import Word


class HookQuery(ListQuery, frozen=True, kw_only=True):
    """Whose endpoints."""

    merchant: Annotated[str, Meta(max_length=64)] | None = None


class HookForm(Form, frozen=True, kw_only=True):
    """An endpoint that is wanted; events by name, by subject with a star, or all, parted by commas or spaces."""

    url: Annotated[str, Meta(min_length=1, max_length=500)]
    events: Annotated[str, Meta(max_length=2000)] = "*"
    description: Annotated[str, Meta(max_length=200)] = ""
    merchant: Annotated[str, Meta(max_length=64)] | None = None


class ChangeHookForm(Form, frozen=True, kw_only=True):
    """An endpoint as it shall be; a catcher has no address to change."""

    url: Annotated[str, Meta(min_length=1, max_length=500)] | None = None
    events: Annotated[str, Meta(min_length=1, max_length=2000)]
    scopes: tuple[Word, ...] = ()
    description: Annotated[str, Meta(max_length=200)] = ""


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
        acts=[_adding(choice), *catcher_desk.making(tx, choice)] if tx.actor.may("webhook.write") else [],
        empty=Empty(Text("No endpoint yet.", "还没有端点。"), Text("Events are sent to the addresses that you add here.", "添加地址后，事件将推送到该处。")),
    )  # fmt: skip


@screen("/webhooks/{webhook_endpoint_id}", permission="webhook.read")
async def show(tx: Tx, webhook_endpoint_id: int) -> Sheet:
    """One endpoint, how it does, and what was sent to it last."""
    one = await webhooks.endpoint(tx, webhook_endpoint_id)
    here = naming.place("webhook_endpoint", one.id)
    last = await webhooks.delivered(tx, one.id, Page(20), standing=None, wire=None, since=None)
    caught = [await catcher_desk.section(tx, one.id)] if one.caught_with is not None else []
    return Sheet(
        title=Text("Endpoint", "端点"), kind=Text("Webhook endpoint", "Webhook 端点"), number=naming.spoken(one.id),
        key=naming.ref("webhook_endpoint", one.id), full=here, lead=one.created_at,
        chips=[vocabulary.chip("webhook_endpoint", one.state), Code(one.url)],
        acts=_acts(tx, one, here) if tx.actor.may("webhook.write") else [],
        main=[*caught, delivery_desk.last_sent(last), Facts(Text("All deliveries", "全部推送"), [(Text("List", "列表"), Link(f"{here}/deliveries", Text("with filters", "可筛选")))])],
        side=[Facts(Text("Endpoint", "端点"), [
            (Text("Health", "健康"), _health(one)), (Text("Events", "事件"), [Code(name) for name in one.events]),
            (Text("Shows", "可见内容"), [Code(name) for name in one.scopes]), (Text("What for", "说明"), one.description or None),
            (Text("Old secret signs until", "旧密钥有效至"), one.old_until if one.old_until and one.old_until > tx.now else None),
        ])],
    )  # fmt: skip


@itself("POST", "/webhooks/add", permission="webhook.write", fresh=True)
async def add(ask: Ask) -> Response[Any]:
    """Set up an endpoint; its secret is shown this once. Whether we may call the address is looked up before."""
    sent = await read(ask.request)
    form: HookForm = as_form(HookForm, sent.words)
    await webhooks.demand_target(ask.db, form.url)

    async def body(tx: Tx) -> webhooks.Made:
        return await webhooks.create(tx, webhooks.SaveEndpoint(
            merchant_id=await scope.merchant_id_meant(tx, form.merchant), url=form.url, events=_events(form.events),
            scopes=webhooks.usual_scopes(tx.actor), description=form.description,
        ))  # fmt: skip

    made = await acting.once_unkept(ask.request, sent, body, name="webhook_desk.add")
    return answered(ask.request, _secret(made))


@itself("POST", "/webhooks/{webhook_endpoint_id}/change", permission="webhook.write", fresh=True)
async def change(ask: Ask, webhook_endpoint_id: int) -> Response[Any]:
    """Send other events, show other things, or go elsewhere; what waits goes there too."""
    form: ChangeHookForm = as_form(ChangeHookForm, (await read(ask.request)).words)
    if form.url is not None:
        await webhooks.demand_target(ask.db, form.url)

    async def body(tx: Tx) -> None:
        await webhooks.change(tx, webhook_endpoint_id, webhooks.ChangeEndpoint(
            url=form.url, events=_events(form.events), scopes=form.scopes, description=form.description,
        ))  # fmt: skip

    await within(ask.db, ask.actor, body, name="webhook_desk.change")
    here = naming.place("webhook_endpoint", webhook_endpoint_id)
    return answered(ask.request, Done(text=Text("Endpoint changed", "端点已修改"), to=here))


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


def _events(words: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words.replace(",", " ").split())) or ("*",)


def _changing(tx: Tx, one: webhooks.Endpoint, here: str) -> Act:
    """What it is told, what it may see of that, and where it is; nobody shows it more than they see."""
    seen = [
        name for name in identity.PERMISSIONS if name.endswith(".read") and (tx.actor.may(name) or name in one.scopes)
    ]
    address = Field("url", Text("Address", "地址"), value=one.url, longest=500)
    return Act("change", Text("Change", "修改"), f"{here}/change", "E", [
        *([address] if one.caught_with is None else []),
        Field("events", Text("Events", "事件"), value=", ".join(one.events), longest=2000),
        Field("scopes", Text("Shows", "可见内容"), "choices", options=[(name, identity.PERMISSIONS[name]) for name in seen],
              value=one.scopes, is_needed=False),
        Field("description", Text("What for", "说明"), value=one.description, is_needed=False, longest=200),
    ])  # fmt: skip


def _health(one: webhooks.Endpoint) -> Cell:
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
        delivery_desk.replaying(tx, here, is_on=is_on),
        *([] if one.caught_with is None else [catcher_desk.answering(one, here)]),
        _changing(tx, one, here),
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


ROUTES = [listed, show, add, change, test, rotate, enable, disable, remove]
