"""Every part that pages are made of, with made-up data: what builders look at and browsers are tried on. Sandbox only."""

from datetime import timedelta
from typing import Any

from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.pages import clocks, story, vocabulary
from dingdan.surfaces.shared.pages.doors import screen
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Bars,
    Chip,
    Code,
    Column,
    Entry,
    Facts,
    Field,
    Fuse,
    Ledger,
    Link,
    Own,
    Pictures,
    Reason,
    Reasons,
    Row,
    Say,
    Section,
    Steps,
    Sums,
    Table,
    Talk,
    Turn,
    Two,
)
from dingdan.surfaces.shared.scope import NothingThere

TURNS: tuple[tuple[Turn, Text], ...] = (
    ("us", Text("Our turn", "轮到我方")), ("customer", Text("Buyer's turn", "轮到买家")), ("carrier", Text("Carrier's turn", "轮到承运商")),
    ("system", Text("By itself", "系统处理")), ("done", Text("Done", "完成")), ("blocked", Text("Blocked", "受阻")), ("closed", Text("Closed", "关闭")),
)  # fmt: skip


@screen("/styleguide", permission="signed_in")
async def show(tx: Tx) -> Own:
    """The parts, in whichever language and theme one looks. Raises NothingThere in live mode."""
    if not tx.sandbox:
        raise NothingThere
    return Own(
        title=Text("Every part", "组件总览"), template="styleguide.html",
        data={"sections": [*_cells(tx), *_stories(tx), *_figures()], "acts": _acts(), "fields": _fields()},
    )  # fmt: skip


def _cells(tx: Tx) -> list[Section]:
    now = tx.now
    hours = (14, 3, 1, -2)
    return [
        Facts(Text("Whose turn it is", "责任方标签"), [(words, Chip(words, turn)) for turn, words in TURNS]),
        Facts(Text("Clocks", "时限"), [
            *((Text(f"{n} hours", f"{n} 小时"), Fuse(now + timedelta(hours=n), now, timedelta(hours=24))) for n in hours),
            (Text("Paused", "暂停"), Fuse(None, now, is_paused=True, waits_for=clocks.turn("buyer"))), (Text("None", "无"), Fuse(None, now)),
        ]),
        Facts(Text("Cells", "单元格"), [
            (Text("Amount", "金额"), Money(129_900, "CNY")), (Text("Less", "负数"), Money(-12_900, "CNY")), (Text("Yen", "日元"), Money(1_299, "JPY")),
            (Text("Moment", "时间"), now), (Text("Span", "时长"), timedelta(hours=26, minutes=5)), (Text("Count", "数量"), 12_345),
            (Text("Yes or no", "是否"), True), (Text("Nothing", "空"), None), (Text("Code", "编号"), Code("0SBKG-M1F80-800")),
            (Text("Link", "链接"), Link("/orders", Text("All orders", "全部订单"))), (Text("Two lines", "两行"), Two(Code("SKU-1"), Text("A mug", "马克杯"))),
            (Text("Several", "多项"), [Text("one", "一"), Text("two", "二")]),
        ]),
        Table(Text("A table", "表格"), [
            Column("what", Text("What", "内容")), Column("stands", Text("Stands", "状态")), Column("amount", Text("Amount", "金额"), is_number=True),
        ], [Row(state, None, {"what": Code(state), "stands": vocabulary.chip("order", state), "amount": Money(n * 1_000, "CNY")})
            for n, (state, _) in enumerate(vocabulary.options("order"), 1)]),
        Table(Text("An empty table", "空表"), [Column("what", Text("What", "内容"))], [], Text("Nothing yet.", "暂无数据。")),
    ]  # fmt: skip


def _stories(tx: Tx) -> list[Section]:
    told: tuple[tuple[str, dict[str, Any], Turn], ...] = (
        ("order.placed", {"lines": 2, "total": 25_800, "currency": "CNY"}, "customer"),
        ("payment.captured", {"amount": 25_800, "currency": "CNY"}, "system"), ("parcel.delivered", {}, "carrier"),
        ("return.approved", {"is_automatic": True}, "system"),
    )  # fmt: skip
    groups = {"payment.captured": ["money"], "parcel.delivered": ["logistics", "customer"]}
    return [
        Ledger(Text("What happened", "时间线"), [
            Entry(tx.now - timedelta(hours=30 - n), turn, story.sentence(wire, data), Text("System", "系统"), groups.get(wire, ["system"]),
                  Money(25_800, "CNY") if wire == "payment.captured" else None, None, [("fact", wire)])
            for n, (wire, data, turn) in enumerate(told)
        ]),
        Reasons(Text("What speaks for and against", "依据"), [
            Reason("good", Text("Within the window", "在退货期内"), "§ 25"), Reason("warn", Text("Seal is broken", "封条破损")),
            Reason("bad", Text("Made to order", "定制商品"), "§ 25.2"), Reason("plain", Text("Paid with credit", "余额支付")),
        ]),
        Talk(Text("What was said", "留言"), [
            Say(Text("Buyer", "买家"), tx.now, "杯子有裂纹。"), Say(Text("Shop", "店铺"), tx.now, "Please send a picture.", "us"),
        ]),
        Steps(Text("The way of a return", "退货进度"), [
            (Text("Asked for", "已申请"), "customer", "done"), (Text("Waiting for parcel", "待寄回"), "customer", "now"), (Text("To inspect", "待验货"), "us", "later"),
        ]),
        Pictures(Text("Pictures", "图片"), [], Text("No pictures.", "暂无图片。")),
    ]  # fmt: skip


def _figures() -> list[Section]:
    return [
        Sums(Text("Money", "金额"), [
            (Text("Items", "商品"), Money(24_800, "CNY"), False), (Text("Shipping", "运费"), Money(1_000, "CNY"), False),
            (Text("Total", "合计"), Money(25_800, "CNY"), True),
        ]),
        Bars(Text("Why do goods come back?", "退货原因"), Text("Returns", "退货数"), [
            (Text("Does not fit", "尺码不合适"), 37), (Text("Poor quality", "质量问题"), 12), (Text("Changed my mind", "七天无理由"), 5),
        ], Text("54 returns of 30 days", "30 天共 54 单")),
    ]  # fmt: skip


def _acts() -> list[Act]:
    here = "/styleguide"
    return [
        Act("first", Text("First", "主要"), here, "A", tone="first", is_link=True), Act("plain", Text("Plain", "普通"), here, "B", is_link=True),
        Act("danger", Text("Cannot be undone", "不可撤销"), here, tone="danger", is_link=True),
        Act("no", Text("Not now", "暂不可用"), here, why_not=Text("Nothing has left yet.", "尚未发货。")),
    ]  # fmt: skip


def _fields() -> list[Field]:
    either = [("one", Text("One", "一")), ("two", Text("Two", "二"))]
    return [
        Field("text", Text("Words", "文字"), hint=Text("A hint", "提示")), Field("prose", Text("More words", "长文本"), "prose", is_needed=False),
        Field("money", Text("Amount", "金额"), "money"), Field("choice", Text("Choice", "选择"), "choice", options=either),
        Field("choices", Text("Choices", "多选"), "choices", options=either), Field("check", Text("Check", "勾选"), "check"),
        Field("date", Text("Day", "日期"), "date"), Field("moment", Text("Moment", "时间"), "moment"), Field("number", Text("Number", "数字"), "number"),
        Field("files", Text("Pictures", "图片"), "files", is_needed=False),
    ]  # fmt: skip


ROUTES = [show]
