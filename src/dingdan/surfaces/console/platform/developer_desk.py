"""Developers: the first calls with a key of one's own, keys, and the feed of events."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any, Literal

import msgspec
from litestar import Response
from msgspec import Meta

from dingdan.areas import identity
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Text
from dingdan.overviews import audit_log, key_page, request_list
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing
from dingdan.surfaces.console.platform import catcher_desk, first_calls, request_desk
from dingdan.surfaces.console.platform.audit_desk import BACK
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import acting, naming, story
from dingdan.surfaces.shared.pages.doors import ListQuery, act, is_fragment, itself, screen, shown
from dingdan.surfaces.shared.pages.forms import Form, read
from dingdan.surfaces.shared.pages.listing import listing, slice_of
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
    Own,
    Row,
    Sheet,
    Table,
    Two,
    View,
)
from dingdan.surfaces.shared.scope import NothingThere
from dingdan.surfaces.shared.wire import Line, Word

# Where the desks of developers are, over each of them.
PLACES: tuple[tuple[str, Text, str], ...] = (
    ("/developers", Text("Quick start", "快速开始"), "key.read"), ("/keys", Text("API keys", "API 密钥"), "key.read"),
    ("/requests", Text("Request log", "请求日志"), "key.read"),
    ("/webhooks", Text("Webhooks", "Webhook 推送"), "webhook.read"), ("/deliveries", Text("Deliveries", "推送记录"), "webhook.read"),
    ("/events", Text("Events", "事件"), "event.read"),
    ("/sandbox", Text("Sandbox", "沙盒"), "sandbox.use"), ("/sandbox/codes", Text("Codes", "沙盒代码"), "sandbox.use"),
    ("/outbox", Text("Outbox", "发件箱"), "message.read"), ("/sandbox/bars", Text("Bars", "条码表"), "work.read"),
)  # fmt: skip


# So many calls stand on the page of a key.
SHOWN = 20


class KeyQuery(ListQuery, frozen=True, kw_only=True):
    """Whose keys, and those that work, end soon or are over."""

    merchant: Annotated[str, Meta(max_length=64)] | None = None
    stands: Literal["works", "ending", "over"] | None = None


class EventQuery(ListQuery, frozen=True, kw_only=True):
    """Which events."""

    what: Annotated[str, Meta(max_length=64, pattern=r"^[a-z_.]+$")] | None = None


# So long before its end a key is spoken of, here and on Today; the lives that a new one can have, and how long the old
# one works beside it.
WARNED = timedelta(days=14)
LIVES = (("30", Text("30 days", "30 天")), ("90", Text("90 days", "90 天")), ("365", Text("a year", "1 年")))
OVERLAPS = (
    ("0", Text("Not at all: it ends now", "立即失效")), ("1", Text("1 hour", "1 小时")), ("24", Text("24 hours", "24 小时")),
    ("168", Text("7 days", "7 天")),
)  # fmt: skip


class KeyForm(Form, frozen=True, kw_only=True):
    """A key that is wanted; without scopes of its own it may read what its maker may read."""

    name: Line
    scopes: tuple[Word, ...] = ()
    days: Literal["30", "90", "365"] | None = None
    merchant: Annotated[str, Meta(max_length=64)] | None = None


class ReplaceForm(Form, frozen=True, kw_only=True):
    """How many hours the old key still works."""

    overlap: Literal["0", "1", "24", "168"] = "24"


@itself("GET", "/developers", permission="key.read")
async def start(ask: Ask) -> Response[str]:
    """The first calls, ready to be copied."""
    async with ask.db.reading(ask.actor) as tx:
        catch, now = catcher_desk.making(tx, await choosing.merchants_to_choose(tx)), tx.now
    return shown(ask.request, _quick_start(ask, None, catch), now)


@itself("POST", "/developers/key", permission="key.manage")
async def try_it(ask: Ask) -> Response[str]:
    """A key that does what its maker may do, in calls that work as they are pasted. Raises NothingThere outside of a sandbox."""
    if ask.settings.mode != "sandbox":
        raise NothingThere
    sent = await read(ask.request)

    async def body(tx: Tx) -> identity.Issued:
        return await identity.issue_key(tx, identity.IssueKey(
            tx.actor.merchant_id, tx.actor.id, "quick start", tuple(sorted(tx.actor.permissions))
        ))  # fmt: skip

    issued = await acting.once_unkept(ask.request, sent, body, name="developer_desk.try_it")
    made = _quick_start(ask, issued.secret, ())
    if is_fragment(ask.request):
        made = msgspec.structs.replace(made, template="first_calls.html")
    return shown(ask.request, made, None)


def _quick_start(ask: Ask, secret: str | None, catch: Sequence[Act]) -> Own:
    house = str(ask.request.base_url).rstrip("/")
    is_sandbox = ask.settings.mode == "sandbox"
    places = [(href, words) for href, words, permission in PLACES[1:] if ask.actor.may(permission)]
    return Own(
        title=Text("Developers", "开发者"), template="developers.html",
        data={
            "places": [one for one in places if is_sandbox or not one[0].startswith(("/sandbox", "/outbox"))], "may_make": ask.actor.may("key.manage"),
            "make": Act("try", Text("Make me a key", "生成我的密钥"), "/developers/key", "K", tone="first"), "catch": catch,
            "first": first_calls.first_calls(house, secret, ask.actor, is_sandbox=is_sandbox),
        },
    )  # fmt: skip


@screen("/keys", permission="key.read")
async def keys(tx: Tx, query: KeyQuery) -> Listing:
    """Keys within reach, oldest first, revoked ones too."""
    found = await key_page.keys(
        tx, await scope.merchant_filter(tx, query.merchant), slice_of(query), stands=query.stands, ending=WARNED
    )
    names = await naming.merchant_names(tx, {one.merchant_id for one in found})
    choice = await choosing.merchants_to_choose(tx)
    return listing(
        found, lambda one: Row(naming.ref("key", one.id), naming.place("key", one.id), {
            "name": one.name, "stands": _standing(tx, one), "scopes": len(one.scopes), "made": one.created_at,
            "used": one.last_used_at, "ends": one.expires_at, "merchant": names.get(one.merchant_id, Text("Platform", "平台")),
        }),
        title=Text("API keys", "API 密钥"),
        columns=[
            Column("name", Text("Name", "名称")), Column("stands", Text("Stands", "状态")), Column("merchant", Text("Of", "所属")),
            Column("scopes", Text("Permissions", "权限数"), is_number=True), Column("used", Text("Used last", "最近使用")),
            Column("ends", Text("Ends", "到期")), Column("made", Text("Made", "签发时间")),
        ],
        views=[View(Text("All", "全部")), *(View(words, {"stands": name}) for name, words in (
            ("works", Text("Work", "有效")), ("ending", Text("End soon", "即将到期")), ("over", Text("Over", "已失效")),
        ))],
        filters=[Filter("merchant", Text("Merchant", "商家"), choice)] if choice else [],
        acts=[_making(tx, choice)] if tx.actor.may("key.manage") else [],
        empty=Empty(Text("No keys here.", "暂无密钥。"), Text("A key lets a program speak for you.", "程序通过密钥调用 API。")),
    )  # fmt: skip


@screen("/keys/{key_id}", permission="key.read")
async def show_key(tx: Tx, key_id: int) -> Sheet:
    """One key: what it may do, when it was used, and what it called last; never its secret."""
    one = await key_page.key(tx, key_id)
    here = naming.place("key", key_id)
    last = await request_list.page(tx, request_list.Filter(key_id=key_id), Page(SHOWN))
    return Sheet(
        title=Text(one.name, one.name), kind=Text("API key", "API 密钥"), key=naming.ref("key", key_id), full=here,
        chips=[_standing(tx, one), Code(naming.ref("key", key_id))], lead=one.created_at,
        acts=_key_acts(one, here) if tx.actor.may("key.manage") else [],
        main=[
            Table(
                Text("Called last", "最近请求"), request_desk.COLUMNS,
                [request_desk.row(call) for call in last[:SHOWN]], Text("It called nothing yet.", "尚无请求。"),
            ),
            Table(
                Text("What it may do", "权限"), [Column("words", Text("Permission", "权限")), Column("name", Text("Code", "代码"))],
                [Row(name, None, {"words": identity.PERMISSIONS.get(name), "name": Code(name)}) for name in sorted(one.scopes)],
            ),
        ],
        side=[Facts(Text("Key", "密钥"), [
            (Text("Acts as", "代表"), naming.link("staff", one.staff_id) or Text("itself", "自身")),
            (Text("Used last", "最近使用"), one.last_used_at or Text("never", "从未")),
            (Text("Ends", "到期"), one.expires_at or Text("when it is revoked", "吊销前有效")),
            (Text("Replaced by", "接替密钥"), naming.link("key", one.successor_id)), (Text("Revoked", "吊销时间"), one.revoked_at),
            (Text("Calls", "请求"), Link(f"/requests?key={naming.ref('key', key_id)}", Text("all of them", "全部请求"))),
        ])],
    )  # fmt: skip


@act("/keys/make", permission="key.manage", fresh=True, is_secret=True)
async def make_key(tx: Tx, form: KeyForm) -> Done:
    """Make a key; its secret is shown this once."""
    merchant_id = await scope.merchant_filter(tx, form.merchant, "merchant")
    usual = [name for name in sorted(tx.actor.permissions) if name.endswith(".read")]
    issued = await identity.issue_key(tx, identity.IssueKey(
        merchant_id, None, form.name, form.scopes or tuple(usual),
        None if form.days is None else tx.now + timedelta(days=int(form.days)),
    ))  # fmt: skip
    return _shown(issued.secret, "/keys")


@act("/keys/{key_id}/replace", permission="key.manage", fresh=True, is_secret=True)
async def replace(tx: Tx, key_id: int, form: ReplaceForm) -> Done:
    """A new key that may do the same and lasts as long; the old one works for the overlap."""
    issued = await identity.replace_key(tx, key_id, overlap=timedelta(hours=int(form.overlap)))
    return _shown(issued.secret, "/keys")


@act("/keys/{key_id}/revoke", permission="key.manage", fresh=True)
async def revoke(tx: Tx, key_id: int) -> Done:
    """Take a key away; it opens nothing from this moment on."""
    await identity.revoke_key(tx, key_id)
    return Done(text=Text("Key revoked", "密钥已吊销"))


@screen("/events", permission="event.read")
async def events(tx: Tx, query: EventQuery) -> Listing:
    """What happened, newest first, as the feed tells it."""
    wanted = audit_log.Filter(
        since=tx.now - BACK, wire=f"{query.what}%" if query.what else None, merchant_id=tx.actor.merchant_id
    )
    found = await audit_log.page(tx, wanted, slice_of(query))
    return listing(
        found, lambda one: Row(naming.ref("fact", one.id), None, {
            "at": one.at, "kind": Code(one.wire), "words": story.sentence(one.wire, one.data),
            "about": Two(Code(naming.spoken(one.subject_id)), one.subject), "data": Code(msgspec.json.encode(one.data).decode()[:200]),
        }),
        title=Text("Events", "事件"), lead=Text("GET /v1/events reads the same by position.", "GET /v1/events 可按位置读取。"),
        columns=[
            Column("at", Text("When", "时间")), Column("kind", Text("Event", "事件")), Column("words", Text("In words", "说明")),
            Column("about", Text("About", "对象")), Column("data", Text("Data", "数据")),
        ],
        views=[View(Text("All", "全部")), *(View(words, {"what": what}) for what, words in (
            ("order.", Text("Orders", "订单")), ("payment.", Text("Payments", "支付")), ("parcel.", Text("Parcels", "包裹")),
            ("return.", Text("Returns", "退货")), ("refund.", Text("Refunds", "退款")),
        ))],
        filters=[Filter("what", Text("Event (order.paid)", "事件代码"))],
        empty=Empty(Text("Nothing happened in the last 31 days.", "最近 31 天无事件。")),
    )  # fmt: skip


def _standing(tx: Tx, one: identity.ApiKey) -> Chip:
    if one.revoked_at is not None:
        return Chip(Text("Revoked", "已吊销"), "closed")
    if not one.works(tx.now):
        return Chip(Text("Expired", "已过期"), "closed")
    if one.successor_id is not None:
        return Chip(Text("Replaced, still works", "已轮换，仍有效"), "system")
    if one.expires_at is not None and one.expires_at <= tx.now + WARNED:
        return Chip(Text("Ends soon", "即将到期"), "us")
    return Chip(Text("Works", "有效"), "done")


def _key_acts(one: identity.ApiKey, here: str) -> list[Act]:
    gone = None if one.revoked_at is None else Text("It is revoked.", "密钥已吊销。")
    replaced = None if one.successor_id is None else Text("It is replaced already.", "密钥已轮换。")
    return [
        Act("replace", Text("Replace", "轮换"), f"{here}/replace", "R", why_not=gone or replaced,
            fields=[Field("overlap", Text("The old key works for", "旧密钥继续有效"), "choice", options=OVERLAPS, value="24")],
            warns=Text("A new key with the same permissions is shown once.", "将生成权限相同的新密钥，仅显示一次。")),
        Act("revoke", Text("Revoke", "吊销"), f"{here}/revoke", tone="danger", why_not=gone,
            warns=Text("Whatever uses it stops working at once.", "使用该密钥的程序将立即失效。")),
    ]  # fmt: skip


def _making(tx: Tx, choice: list[tuple[str, Text]]) -> Act:
    options = [
        (name, identity.PERMISSIONS[name]) for name in sorted(tx.actor.permissions) if name in identity.PERMISSIONS
    ]
    fields = [Field("name", Text("Name", "名称"), hint=Text("What uses it", "用途"), longest=200)]
    if choice:
        fields.append(Field("merchant", Text("Merchant", "商家"), "choice", options=choice, is_needed=False))
    fields.append(
        Field(
            "scopes",
            Text("Permissions", "权限"),
            "choices",
            Text("None chosen: everything you may read", "不选则为全部只读权限"),
            options,
            is_needed=False,
        )
    )
    fields.append(
        Field(
            "days",
            Text("Ends after", "有效期"),
            "choice",
            Text("Empty: it has no end", "不选则不过期"),
            LIVES,
            is_needed=False,
        )
    )
    return Act("make", Text("Make a key", "签发密钥"), "/keys/make", "N", fields, "first")


def _shown(secret: str, to: str) -> Done:
    return Done(text=Text("Your key", "您的密钥"), to=to, shown=[
        (Text("Key", "密钥"), secret), (Text("In a terminal", "在终端中"), f"export DINGDAN_KEY={secret}"),
    ])  # fmt: skip


ROUTES: list[Any] = [start, try_it, keys, show_key, make_key, replace, revoke, events]
