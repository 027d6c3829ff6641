"""The audit log: who did what to what, when, by which rule; narrowed, and taken away as signed lines of JSON."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

import msgspec
from litestar import Response
from msgspec import Meta

from dingdan.areas import access, identity
from dingdan.kernel import ids
from dingdan.kernel.actor import ActorKind
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Text
from dingdan.overviews import audit_log, staff_page
from dingdan.overviews.audit_log import Line
from dingdan.plumbing import attested_lines, attesting
from dingdan.plumbing.doing import within
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared import wire as written
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import formatting, naming, story, vocabulary
from dingdan.surfaces.shared.pages.doors import ListQuery, itself, screen
from dingdan.surfaces.shared.pages.listing import listing, slice_of
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Cell,
    Chip,
    Code,
    Column,
    Empty,
    Filter,
    Link,
    Listing,
    Row,
    Two,
    View,
)
from dingdan.surfaces.shared.problems import Malformed

# Without a thing that is looked for, the log is read so far back: from its last day, or from now.
BACK = timedelta(days=31)
DAY = timedelta(days=1)
# So many lines at most are signed together.
MOST_LINES = 5_000
SORTS: dict[str, Text] = {
    "people": Text("By people and keys", "人工与接口"),
    "personal_data": Text("Personal data", "个人信息"), "exported": Text("Exported", "导出"), "policy": Text("Policy", "政策"),
    "sign_in": Text("Sign-in", "登录"), "access": Text("Roles and keys", "权限与密钥"), "money": Text("Money", "资金"),
    "by_hand": Text("By hand", "人工干预"), "forced": Text("Forced", "强制放行"),
}  # fmt: skip
Sort = Literal["people", "personal_data", "exported", "policy", "sign_in", "access", "money", "by_hand", "forced"]
Day = Annotated[str, Meta(pattern=r"^[12]\d{3}-\d{2}-\d{2}$")]


class AuditQuery(ListQuery, frozen=True, kw_only=True):
    """Which lines: of whom, what, about what, when."""

    sort: Sort | None = None
    by: Annotated[str, Meta(max_length=64)] | None = None
    what: Annotated[str, Meta(max_length=64, pattern=r"^[a-z_.]+$")] | None = None
    about: Annotated[str, Meta(max_length=64)] | None = None
    merchant: Annotated[str, Meta(max_length=64)] | None = None
    since: Day | None = None
    until: Day | None = None


@screen("/audit", permission="audit.read")
async def listed(tx: Tx, query: AuditQuery) -> Listing:
    """What was done, by people and keys and by itself, newest first."""
    found = await audit_log.page(tx, await _wanted(tx, query), slice_of(query))
    names = await _names(tx, found)
    places = await story.names_in(tx, [one.data for one in found])
    chain = await attesting.watch(tx)
    return listing(
        found, lambda one: _row(one, names, places), title=Text("Audit log", "审计日志"), chips=[_badge(chain)],
        lead=_read_again(chain, tx.now),
        columns=[
            Column("at", Text("Time", "时间")), Column("who", Text("Who", "操作者")), Column("did", Text("Did what", "操作")),
            Column("about", Text("To what", "对象")), Column("change", Text("Before and after", "变更前后")),
            Column("rule", Text("Rule", "依据")), Column("request", Text("Request", "请求编号")),
            Column("entry", Text("Entry", "条目"), is_number=True),
        ],
        views=[View(Text("Everything", "全部")), *(View(words, {"sort": sort}) for sort, words in SORTS.items())],
        filters=[
            Filter("by", Text("Who (login)", "操作者账号")), Filter("what", Text("Act (order.held)", "操作代码")),
            Filter("about", Text("Number", "单号")), Filter("merchant", Text("Merchant", "商家"), await choosing.merchants_to_choose(tx)),
            Filter("since", Text("From", "起"), kind="date"), Filter("until", Text("To", "止"), kind="date"),
        ],
        acts=[
            Act("jsonl", Text("As signed lines (JSONL)", "导出签名 JSONL"), f"/audit.jsonl?{urlencode(_asked(query))}", is_link=True),
            Act("key", Text("Public key", "验签公钥"), "/audit.key", is_link=True, is_more=True),
        ],
        empty=Empty(Text("Nobody did anything in this time.", "该时段无操作记录。"), Text("The log goes 31 days back, from its last day or from now, unless you say from when.", "未选起始日期时，显示截止日期（默认今天）前 31 天。")),
    )  # fmt: skip


@itself("GET", "/audit.jsonl", permission="audit.read")
async def taken(ask: Ask, query: AuditQuery) -> Response[bytes]:
    """The same lines as JSON, one a line, the newest 5,000, and a signed last line; that they were taken is one of its own.

    The last line says of which time they are. Raises Malformed for a cursor: whoever wants older ones says until when.
    """
    if query.after is not None:
        raise Malformed("query.after", what="a file begins with the newest, `until` a day where that is given",
                        what_zh="文件总是从最新一条开始，可用 until 指定截止日期")  # fmt: skip
    async with ask.db.reading(ask.actor) as tx:
        wanted = await _wanted(tx, query)
        all_found = await audit_log.page(tx, wanted, Page(MOST_LINES))
        chain, now = await attesting.watch(tx), tx.now
    found = all_found[:MOST_LINES]

    async def note(tx: Tx) -> None:
        access.note_export(tx, "audit_desk.taken", len(found))

    await within(ask.db, ask.actor, note, name="audit_desk.note")
    about = {
        "asked": _asked(query), "since": wanted.since and formatting.iso(wanted.since),
        "until": wanted.until and formatting.iso(wanted.until), "is_complete": len(all_found) == len(found),
        "taken_at": formatting.iso(now), "taken_by": written.ref_or_none("staff", ask.actor.id),
        "merchant": written.ref_or_none("merchant", ask.actor.merchant_id), "chain": _end_of(chain),
    }  # fmt: skip
    body = await asyncio.to_thread(attested_lines.ended, [_as_json(one) for one in found], about, ask.db.sealer)
    headers = {"Content-Disposition": 'attachment; filename="audit.jsonl"', "Cache-Control": "no-store"}
    return Response(body, media_type="application/jsonl", headers=headers)


@itself("GET", "/audit.key", permission="audit.read")
async def key(ask: Ask) -> Response[str]:
    """The public key by which anybody can check what was taken away."""
    return Response(
        f"{ask.db.sealer.public_key.hex()}\n", media_type="text/plain", headers={"Cache-Control": "no-store"}
    )


def _badge(chain: attesting.Watch) -> Chip:
    """Whether history is what it was, as far as somebody has looked."""
    if chain.broken_at is not None:
        at = formatting.count(chain.broken_at)
        return Chip(Text(f"Chain broken at entry {at}", f"第 {at} 条校验不符"), "blocked")
    if not chain.verified_to:
        return Chip(Text("Not verified yet", "尚未校验"), "system")
    to = formatting.count(chain.verified_to)
    return Chip(Text(f"Verified to entry {to}", f"已校验至第 {to} 条"), "done")


def _read_again(chain: attesting.Watch, now: datetime) -> Text | None:
    if chain.broken_at is not None:
        since = [formatting.short(chain.broken_since, tongue, now) for tongue in ("en", "zh")]
        return Text(f"found {since[0]}; it is not what was written down then", f"{since[1]} 发现：与当时的记录不一致")
    if chain.whole_at is None:
        return None
    at = [formatting.short(chain.whole_at, tongue, now) for tongue in ("en", "zh")]
    return Text(f"whole chain last read again {at[0]}", f"全链上次复核：{at[1]}")


def _end_of(chain: attesting.Watch) -> dict[str, Any] | None:
    """The end of the chain, as a file that lies elsewhere remembers it."""
    if chain.head is None:
        return None
    return {
        "entry": chain.attested_to,
        "hash": chain.head.hex(),
        "verified_to": chain.verified_to,
        "broken_at": chain.broken_at,
    }


def _asked(query: AuditQuery) -> dict[str, str]:
    given = msgspec.structs.asdict(query)
    return {
        name: value for name, value in given.items() if value is not None and name not in ListQuery.__struct_fields__
    }


async def _wanted(tx: Tx, query: AuditQuery) -> audit_log.Filter:
    subject = None if query.about is None else _number(query.about)
    actor = None
    if query.by is not None:
        actor = await staff_page.by_login(tx, query.by) or -1
    since, last = _moment(query.since, "since"), _moment(query.until, "until")
    until = None if last is None else last + DAY
    if since is None and subject is None:
        # In whole seconds, as a file says it.
        since = (until or tx.now.replace(microsecond=0)) - BACK
    return audit_log.Filter(
        since=since, until=until, people=True if query.sort == "people" else None,
        actor_id=actor, wire=f"{query.what}%" if query.what else None,
        wires=list(audit_log.SORTS[query.sort]) if query.sort in audit_log.SORTS else None, subject_id=subject,
        merchant_id=await scope.merchant_filter(tx, query.merchant),
    )  # fmt: skip


def _number(text: str) -> int:
    number = ids.decode("order", text.rpartition("_")[2])
    if number is None:
        raise Malformed("about", what="not a number of ours", what_zh="不是有效的单号")
    return number


def _moment(text: str | None, path: str) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=formatting.ZONE).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Malformed(path, what="no day of the calendar", what_zh="日期无效") from None


async def _names(tx: Tx, found: list[Line]) -> dict[tuple[str, int], str]:
    staff = {one.actor_id for one in found if one.actor_kind == ActorKind.STAFF and one.actor_id}
    staff |= {one.subject_id for one in found if one.subject == "staff"}
    return {("staff", number): one.name for number, one in (await identity.staff_by_ids(tx, staff)).items()}


def _row(one: Line, names: dict[tuple[str, int], str], places: story.Names) -> Row:
    at = formatting.local(one.at)
    who: str | Text = names.get((one.actor_kind, one.actor_id or 0), "") or story.WHO[one.actor_kind]
    # Whoever signs in is nobody yet when they do.
    if one.subject == "staff" and one.actor_id is None:
        who = names.get(("staff", one.subject_id), who)
    number = written.ref_or_none(one.actor_kind, one.actor_id) if one.actor_kind in ids.PREFIXES else None
    order = naming.link("order", one.order_id) if one.order_id and one.subject != "order" else None
    return Row(naming.ref("fact", one.id), None, {
        "at": Code(f"{at:%Y-%m-%d %H:%M:%S}.{at.microsecond // 1000:03d}"),
        "who": Two(who, Code(number)) if number else who,
        "did": Two(story.sentence(one.wire, one.data, names=places), Code(one.wire)),
        "about": Two(_thing(one, names), order) if order else _thing(one, names),
        "change": _change(one),
        "rule": Code(one.rule) if one.rule else None, "request": Code(one.correlation[:12]),
        "entry": Code(str(one.position)) if one.position else None,
    })  # fmt: skip


def _change(one: Line) -> Cell:
    if not one.now or not one.machine:
        return None
    known = vocabulary.known().get(one.machine, frozenset())
    steps = [state for state in (one.was, one.now) if state]
    return [vocabulary.chip(one.machine, state) if state in known else Code(state) for state in steps]


def _thing(one: Line, names: dict[tuple[str, int], str]) -> Cell:
    if one.subject == "staff" and ("staff", one.subject_id) in names:
        return Link(naming.place("staff", one.subject_id), names["staff", one.subject_id])
    if one.subject in naming.PLACES:
        return Link(naming.place(one.subject, one.subject_id), naming.spoken(one.subject_id), is_code=True)
    return Code(naming.ref(one.subject, one.subject_id)) if one.subject in ids.PREFIXES else Code(str(one.subject_id))


def _as_json(one: Line) -> dict[str, Any]:
    told = msgspec.structs.asdict(one)
    told["entry"] = told.pop("position")
    for name, kind in (("id", "fact"), ("subject_id", one.subject), ("order_id", "order"), ("merchant_id", "merchant"),
                       ("actor_id", one.actor_kind)):  # fmt: skip
        if told[name] is not None:
            told[name] = naming.ref(kind, told[name]) if kind in ids.PREFIXES else str(told[name])
    return told


ROUTES = [listed, taken, key]
