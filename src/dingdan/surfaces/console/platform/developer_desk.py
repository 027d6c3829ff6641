"""Developers: the first calls with a key of one's own, keys, and the feed of events."""

from typing import Annotated, Any

import msgspec
from litestar import Response
from msgspec import Meta

from dingdan.areas import identity
from dingdan.kernel.refusal import Text
from dingdan.overviews import audit_log, key_page
from dingdan.plumbing.settings import Settings
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing
from dingdan.surfaces.console.platform.audit_desk import BACK
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import naming, story
from dingdan.surfaces.shared.pages.doors import ListQuery, act, itself, screen, shown
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
    ("/webhooks", Text("Webhooks", "Webhook 推送"), "webhook.read"), ("/events", Text("Events", "事件"), "event.read"),
    ("/sandbox", Text("Sandbox", "沙盒"), "sandbox.use"),
)  # fmt: skip


class KeyQuery(ListQuery, frozen=True, kw_only=True):
    """Whose keys."""

    merchant: Annotated[str, Meta(max_length=64)] | None = None


class EventQuery(ListQuery, frozen=True, kw_only=True):
    """Which events."""

    what: Annotated[str, Meta(max_length=64, pattern=r"^[a-z_.]+$")] | None = None


class KeyForm(Form, frozen=True, kw_only=True):
    """A key that is wanted; without scopes of its own it may read what its maker may read."""

    name: Line
    scopes: tuple[Word, ...] = ()
    merchant: Annotated[str, Meta(max_length=64)] | None = None


@itself("GET", "/developers", permission="key.read")
async def start(ask: Ask) -> Response[str]:
    """The first calls, ready to be copied."""
    places = [(href, words) for href, words, permission in PLACES[1:] if ask.actor.may(permission)]
    made = Own(
        title=Text("Developers", "开发者"), template="developers.html",
        data={
            "places": [one for one in places if one[0] != "/sandbox" or ask.settings.mode == "sandbox"],
            "url": str(ask.request.base_url).rstrip("/"), "may_make": ask.actor.may("key.manage"),
            "make": Act("try", Text("Make me a key", "生成我的密钥"), "/developers/key", "K", tone="first"),
        },
    )  # fmt: skip
    return shown(ask.request, made, None)


@act("/developers/key", permission="key.manage", is_secret=True)
async def try_it(tx: Tx, settings: Settings) -> Done:
    """A key that does what its maker may do, for trying things in a sandbox. Raises NothingThere outside of one."""
    if not tx.sandbox:
        raise NothingThere
    issued = await identity.issue_key(tx, identity.IssueKey(
        tx.actor.merchant_id, tx.actor.id, "quick start", tuple(sorted(tx.actor.permissions))
    ))  # fmt: skip
    what = "orders" if tx.actor.may("order.read") else "merchants"
    url = f"http://{settings.host}:{settings.port}/v1/{what}?limit=1"
    done = _shown(issued.secret, "/developers")
    call = (Text("Your first call", "首次调用"), f"curl -s '{url}' -H 'Authorization: Bearer {issued.secret}'")
    return msgspec.structs.replace(done, shown=[*done.shown, call])


@screen("/keys", permission="key.read")
async def keys(tx: Tx, query: KeyQuery) -> Listing:
    """Keys within reach, oldest first, revoked ones too."""
    found = await identity.list_keys(tx, await scope.merchant_filter(tx, query.merchant), one_more(query))
    names = await naming.merchant_names(tx, {one.merchant_id for one in found})
    choice = await choosing.merchants_to_choose(tx)
    return listing(
        found, lambda one: Row(naming.ref("key", one.id), naming.place("key", one.id), {
            "name": one.name, "stands": _standing(one), "scopes": len(one.scopes), "made": one.created_at,
            "merchant": names.get(one.merchant_id, Text("Platform", "平台")),
        }),
        title=Text("API keys", "API 密钥"),
        columns=[
            Column("name", Text("Name", "名称")), Column("stands", Text("Stands", "状态")), Column("merchant", Text("Of", "所属")),
            Column("scopes", Text("Permissions", "权限数"), is_number=True), Column("made", Text("Made", "签发时间")),
        ],
        filters=[Filter("merchant", Text("Merchant", "商家"), choice)] if choice else [],
        acts=[_making(tx, choice)] if tx.actor.may("key.manage") else [],
        empty=Empty(Text("No keys yet.", "还没有密钥。"), Text("A key lets a program speak for you.", "程序通过密钥调用 API。")),
    )  # fmt: skip


@screen("/keys/{key_id}", permission="key.read")
async def show_key(tx: Tx, key_id: int) -> Sheet:
    """One key: what it may do, never its secret."""
    one = await key_page.key(tx, key_id)
    here = naming.place("key", key_id)
    gone = None if one.revoked_at is None else Text("It is revoked.", "密钥已吊销。")
    return Sheet(
        title=Text(one.name, one.name), kind=Text("API key", "API 密钥"), key=naming.ref("key", key_id), full=here,
        chips=[_standing(one), Code(naming.ref("key", key_id))], lead=one.created_at,
        acts=[
            Act("roll", Text("Roll", "轮换"), f"{here}/roll", "R", why_not=gone,
                warns=Text("A new key with the same permissions is shown once. This one works until you revoke it.",
                           "将生成权限相同的新密钥，仅显示一次；旧密钥在吊销前仍有效。")),
            Act("revoke", Text("Revoke", "吊销"), f"{here}/revoke", tone="danger", why_not=gone,
                warns=Text("Whatever uses it stops working at once.", "使用该密钥的程序将立即失效。")),
        ] if tx.actor.may("key.manage") else [],
        main=[Table(
            Text("What it may do", "权限"), [Column("words", Text("Permission", "权限")), Column("name", Text("Code", "代码"))],
            [Row(name, None, {"words": identity.PERMISSIONS.get(name), "name": Code(name)}) for name in sorted(one.scopes)],
        )],
        side=[Facts(Text("Key", "密钥"), [
            (Text("Acts as", "代表"), naming.link("staff", one.staff_id) or Text("itself", "自身")), (Text("Revoked", "吊销时间"), one.revoked_at),
        ])],
    )  # fmt: skip


@act("/keys/make", permission="key.manage", fresh=True, is_secret=True)
async def make_key(tx: Tx, form: KeyForm) -> Done:
    """Make a key; its secret is shown this once."""
    merchant_id = await scope.merchant_filter(tx, form.merchant, "merchant")
    usual = [name for name in sorted(tx.actor.permissions) if name.endswith(".read")]
    issued = await identity.issue_key(tx, identity.IssueKey(merchant_id, None, form.name, form.scopes or tuple(usual)))
    return _shown(issued.secret, "/keys")


@act("/keys/{key_id}/roll", permission="key.manage", fresh=True, is_secret=True)
async def roll(tx: Tx, key_id: int) -> Done:
    """A new key with the same permissions; the old one works until it is revoked."""
    one = await key_page.key(tx, key_id)
    issued = await identity.issue_key(tx, identity.IssueKey(one.merchant_id, one.staff_id, one.name, tuple(one.scopes)))
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


def _standing(one: identity.ApiKey) -> Chip:
    return Chip(Text("Works", "有效"), "done") if one.revoked_at is None else Chip(Text("Revoked", "已吊销"), "closed")


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
    return Act("make", Text("Make a key", "签发密钥"), "/keys/make", "N", fields, "first")


def _shown(secret: str, to: str) -> Done:
    return Done(text=Text("Your key", "您的密钥"), to=to, shown=[
        (Text("Key", "密钥"), secret), (Text("In a terminal", "在终端中"), f"export DINGDAN_KEY={secret}"),
    ])  # fmt: skip


ROUTES: list[Any] = [start, try_it, keys, show_key, make_key, roll, revoke, events]
