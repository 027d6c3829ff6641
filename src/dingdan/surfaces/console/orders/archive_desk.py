"""The archive: orders that are over, found by number, whole and checked anew; case files, and legal holds."""

from typing import Annotated, Any

from litestar import Response
from msgspec import Meta

from dingdan.areas import access, archive, orders
from dingdan.kernel import ids
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing, words
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import Ask
from dingdan.surfaces.shared.pages import naming
from dingdan.surfaces.shared.pages.doors import ListQuery, act, itself, screen
from dingdan.surfaces.shared.pages.forms import Form
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
    Listing,
    Part,
    Reason,
    Reasons,
    Row,
    Section,
    Sheet,
    Table,
)
from dingdan.surfaces.shared.wire import Code as CodeWord

HOLDS = [
    ("dispute", Text("A dispute", "纠纷")), ("authority", Text("An authority asks", "主管机关要求")), ("lawsuit", Text("A lawsuit", "诉讼")),
    ("audit", Text("An audit", "审计")), ("other", Text("Something else", "其他")),
]  # fmt: skip
LIFTS = [("over", Text("It is over", "事由已结束")), ("mistake", Text("It was a mistake", "误设"))]
# Rows of one part that a page shows; the case file has all of them.
MOST_ROWS = 50


class ArchiveQuery(ListQuery, frozen=True, kw_only=True):
    """Which orders: by our number or id, or the shop's own number of one."""

    merchant: Annotated[str, Meta(max_length=64)] | None = None
    number: Annotated[str, Meta(max_length=64)] | None = None
    reference: Annotated[str, Meta(max_length=200)] | None = None


class FailedQuery(ListQuery, frozen=True, kw_only=True):
    """Whose orders."""

    merchant: Annotated[str, Meta(max_length=64)] | None = None


class HoldForm(Form, frozen=True, kw_only=True):
    """Why."""

    reason: CodeWord


@screen("/archive", permission="archive.read")
async def listed(tx: Tx, query: ArchiveQuery) -> Listing:
    """Orders in the archive, newest first."""
    merchant_id, order_id = await scope.merchant_filter(tx, query.merchant), None
    if query.number is not None:
        order_id = ids.decode("order", query.number.strip()) or 0
    elif query.reference is not None:
        merchant_id = await scope.merchant_id_meant(tx, query.merchant, "query.merchant")
        order_id = (await orders.by_reference(tx, merchant_id, [query.reference])).get(query.reference, 0)
    asked = slice_of(query)
    found = await archive.listed(tx, merchant_id, order_id, Page(asked.limit + 1, asked.after))
    names = await naming.merchant_names(tx, {one.merchant_id for one in found})
    return listing(
        found, lambda one: _row(one, names), title=Text("Archive", "归档"), live=[],
        columns=[
            Column("number", Text("Order", "订单")), Column("merchant", Text("Merchant", "商家")), Column("kept", Text("Archived", "归档时间")),
            Column("away", Text("Left the live tables", "移出在线库")), Column("until", Text("People kept until", "个人信息保存至")),
            Column("stands", Text("Stands", "状态")),
        ],
        filters=[
            Filter("merchant", Text("Merchant", "商家"), await choosing.merchants_to_choose(tx)),
            Filter("number", Text("Number", "订单号")), Filter("reference", Text("Shop's number", "店铺单号")),
        ],
        acts=[Act("failed", Text("Not whole yet", "归档未完成"), "/archive/failures", is_link=True)],
        empty=Empty(Text("Nothing is archived yet.", "暂无归档订单。"), Text("Orders come here an hour after they are over.", "订单结束一小时后自动归档。")),
    )  # fmt: skip


def _row(one: archive.Kept, names: dict[int | None, Text]) -> Row:
    erased = Chip(Text("People erased", "个人信息已删除"), "closed")
    return Row(naming.ref("order", one.order_id), f"/archive/{naming.ref('order', one.order_id)}", {
        "number": Code(ids.spoken(one.order_id)), "merchant": names.get(one.merchant_id), "kept": one.kept_at, "away": one.put_away_at,
        "until": one.erase_after, "stands": erased if one.erased_at else Chip(Text("Kept", "保存中"), "done"),
    })  # fmt: skip


@screen("/archive/failures", permission="archive.read")
async def failed(tx: Tx, query: FailedQuery) -> Listing:
    """Orders that could not be archived whole yet."""
    merchant_id = await scope.merchant_filter(tx, query.merchant)
    asked = slice_of(query)
    found = await archive.failures(tx, merchant_id, Page(asked.limit + 1, asked.after))
    names = await naming.merchant_names(tx, {one.merchant_id for one in found})
    return listing(
        found, lambda one: Row(naming.ref("order", one.order_id), naming.place("order", one.order_id), {
            "number": Code(ids.spoken(one.order_id)), "merchant": names.get(one.merchant_id),
            "missing": [_part(name) for name in one.missing], "attempts": one.attempts, "first": one.first_at, "last": one.last_at,
        }),
        title=Text("Not archived whole yet", "归档未完成"), columns=[
            Column("number", Text("Order", "订单")), Column("merchant", Text("Merchant", "商家")), Column("missing", Text("Missing", "缺少")),
            Column("attempts", Text("Attempts", "尝试次数"), is_number=True), Column("first", Text("First", "首次")),
            Column("last", Text("Last", "最近")),
        ],
        filters=[Filter("merchant", Text("Merchant", "商家"), await choosing.merchants_to_choose(tx))],
        acts=[Act("all", Text("Archive", "归档"), "/archive", is_link=True)],
        empty=Empty(Text("Everything was archived whole.", "全部订单均已完整归档。"), Text("What fails is tried again every hour.", "失败的订单每小时重试。")),
    )  # fmt: skip


@screen("/archive/{order_id}", permission="archive.read")
async def show(tx: Tx, order_id: int) -> Sheet:
    """One archived order whole, with its hashes computed again."""
    opened = await archive.open_one(tx, order_id)
    seller = (await naming.merchant_names(tx, [opened.kept.merchant_id]))[opened.kept.merchant_id]
    held = any(one.lifted_at is None for one in opened.holds)
    return Sheet(
        title=Text("Archived order", "归档订单"), kind=Text(f"Archived order, {seller.en}", f"归档订单 · {seller.zh}"),
        number=ids.spoken(order_id), key=naming.ref("order", order_id), full=f"/archive/{naming.ref('order', order_id)}",
        chips=[
            Chip(Text("Hashes right", "校验通过"), "done") if not opened.faults else Chip(Text("Hashes wrong", "校验不符"), "blocked"),
            *([Chip(Text("Legal hold", "法律保全"), "us")] if held else []),
        ],
        lead=opened.kept.kept_at, acts=_acts(tx, order_id, is_held=held),
        main=[_checked(opened), _bundles(opened), Part(
            Text("What is kept", "归档内容"), "archive_parts.html", {"parts": _parts(opened.facts), "most": MOST_ROWS})],
        side=[_retention(opened), _holds(opened), Facts(Text("Where else", "相关"), [
            (Text("Order", "订单"), naming.link("order", order_id) if tx.actor.may("order.read") else Code(ids.spoken(order_id)))])],
    )  # fmt: skip


@itself("GET", "/archive/{order_id}/case-file", permission="archive.read")
async def case_file(ask: Ask, order_id: int) -> Response[bytes]:
    """Everything of an archived order in one packet. That it was taken out is on record."""

    async def taken(tx: Tx) -> bytes:
        await scope.demand_reach(tx, "order", order_id)
        opened = await archive.open_one(tx, order_id)
        access.note_export(tx, "archive.case_file", 1)
        return archive.case_file(opened, with_people=tx.actor.may("order.read_contact"))

    packet = await ask.write(taken)
    return Response(packet, media_type="application/zip", headers={
        "Content-Disposition": f'attachment; filename="case-file-{ids.spoken(order_id)}.zip"', "Cache-Control": "private, no-store",
    })  # fmt: skip


@act("/archive/{order_id}/hold", permission="archive.hold")
async def hold(tx: Tx, order_id: int, form: HoldForm) -> Done:
    """Set a legal hold: nothing of this order is erased until it is lifted."""
    await archive.hold(tx, order_id, reason=form.reason)
    return Done(text=Text("Legal hold set", "已设置法律保全"))


@act("/archive/{order_id}/lift", permission="archive.hold")
async def lift(tx: Tx, order_id: int, form: HoldForm) -> Done:
    """Lift the hold; the time to keep runs out as it would have."""
    await archive.lift_hold(tx, order_id, reason=form.reason)
    return Done(text=Text("Legal hold lifted", "已解除法律保全"))


def _acts(tx: Tx, order_id: int, *, is_held: bool) -> list[Act]:
    here = f"/archive/{naming.ref('order', order_id)}"
    found = [Act("case_file", Text("Case file", "下载案卷"), f"{here}/case-file", "P", tone="first", is_link=True)]
    if tx.actor.may("archive.hold"):
        found.append(
            Act("lift", Text("Lift the hold", "解除保全"), f"{here}/lift", "L", [Field("reason", Text("Why", "原因"), "choice", options=LIFTS)])
            if is_held else
            Act("hold", Text("Legal hold", "法律保全"), f"{here}/hold", "H", [Field("reason", Text("Why", "原因"), "choice", options=HOLDS)])
        )  # fmt: skip
    return found


def _checked(opened: archive.Opened) -> Section:
    good = Reason("good", Text("Every hash was computed again just now and is right; each bundle names the one before.",
                               "已重新计算全部哈希，均一致；各归档包首尾相连。"))  # fmt: skip
    return Reasons(
        Text("Verification", "完整性校验"), [Reason("bad", Text(one, one)) for one in opened.faults] or [good]
    )


def _bundles(opened: archive.Opened) -> Section:
    kinds = {"bundle": Text("Bundle", "归档包"), "supplement": Text("Supplement", "补充包")}
    return Table(Text("Bundles", "归档包"), [
        Column("number", Text("In the chain", "链上序号"), is_number=True), Column("kind", Text("Kind", "类型")), Column("at", Text("Made", "生成时间")),
        Column("hash", Text("Hash", "哈希")),
    ], [Row(str(one.id), None, {
        "number": one.number, "kind": kinds[one.kind], "at": one.at, "hash": Code(f"{one.hash.hex()[:16]}…"),
    }) for one in opened.bundles])  # fmt: skip


def _retention(opened: archive.Opened) -> Section:
    kept = opened.kept
    return Facts(Text("How long", "保存期限"), words.said(
        (Text("Archived", "归档"), kept.kept_at), (Text("Left the live tables", "移出在线库"), kept.put_away_at),
        (Text("People kept until", "个人信息保存至"), kept.erase_after), (Text("People erased", "个人信息删除于"), kept.erased_at),
    ), Text("What was traded is kept; who it was is erased when the time is over and no hold is open.",
            "交易记录长期保存；期满且无保全时删除个人信息。"))  # fmt: skip


def _holds(opened: archive.Opened) -> Section:
    known = dict([*HOLDS, *LIFTS])
    return Table(Text("Legal holds", "法律保全"), [
        Column("why", Text("Why", "原因")), Column("set", Text("Set", "设置")), Column("lifted", Text("Lifted", "解除")),
    ], [Row(str(one.id), None, {"why": known.get(one.reason, one.reason), "set": one.set_at, "lifted": one.lifted_at})
        for one in opened.holds], Text("None.", "无。"))  # fmt: skip


def _parts(facts: archive.Facts) -> list[tuple[Text, int, list[str], list[dict[str, Any]]]]:
    """The parts that hold something: name, how many rows, the columns that say anything, and the first rows."""
    found = []
    known = list(archive.PARTS)
    for name, held in sorted(facts.items(), key=lambda part: known.index(part[0]) if part[0] in known else len(known)):
        if held:
            columns = [column for column in held[0] if any(one.get(column) not in (None, "", [], {}) for one in held)]
            found.append((_part(name), len(held), columns, held[:MOST_ROWS]))
    return found


def _part(name: str) -> Text:
    return archive.PARTS.get(name, Text(name.replace("_", " "), name))


ROUTES = [listed, failed, show, case_file, hold, lift]
