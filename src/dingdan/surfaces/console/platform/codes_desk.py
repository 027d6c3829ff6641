"""What the sandbox's outside can be told to do, on one page, and bars for whoever has a scanner, or has none."""

from typing import Any

from dingdan.areas import payments, transit
from dingdan.kernel import ids
from dingdan.kernel.refusal import Text
from dingdan.overviews import outbox_list
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console.platform.sandbox_desk import SCRIPTS, TAX
from dingdan.surfaces.shared.pages.doors import screen
from dingdan.surfaces.shared.pages.screens import Code, Column, Link, Own, Row, Sheet, Table, Two
from dingdan.surfaces.shared.scope import NothingThere

BARS = 24
FAULTS: dict[payments.sandbox.Fault, tuple[str, Text]] = {
    payments.sandbox.Fault.DECLINED: ("start, refund", Text("It is refused.", "被拒绝。")),
    payments.sandbox.Fault.ERROR_BEFORE: ("start, query, void, refund, query_refund", Text("An error before anything was done.", "执行前出错。")),
    payments.sandbox.Fault.ANSWER_LOST: ("start, refund", Text("It is done, and the answer never comes.", "已执行，但无应答。")),
    payments.sandbox.Fault.GARBAGE: ("start, query, refund", Text("It is done, and the answer cannot be read.", "已执行，应答无法解析。")),
    payments.sandbox.Fault.SLOW: ("start, query, refund", Text("It is done, and the answer takes its time.", "已执行，应答缓慢。")),
    payments.sandbox.Fault.ANOTHER_AMOUNT: ("start", Text("One cent less comes in.", "少到账一分。")),
    payments.sandbox.Fault.DUPLICATE: ("notify", Text("The same event is sent twice.", "同一通知发送两次。")),
    payments.sandbox.Fault.REPEAT: ("notify", Text("The same news comes as three events.", "同一消息以三个事件发送。")),
    payments.sandbox.Fault.DELAY: ("notify", Text("It is sent late.", "延迟发送。")),
    payments.sandbox.Fault.JUMP: ("notify", Text("It overtakes what waits.", "插队先到。")),
    payments.sandbox.Fault.DROP: ("notify", Text("It is never sent.", "从不发送。")),
    payments.sandbox.Fault.WRONG_SIGNATURE: ("notify", Text("Its signature does not fit.", "签名不符。")),
    payments.sandbox.Fault.WRONG_AMOUNT: ("notify", Text("It names one cent more than came in.", "多报一分。")),
}  # fmt: skip
MORE_SCRIPTS = (
    ("C", Text("Leave it where the buyer wished", "按约定放置")), ("G", Text("Let somebody else sign", "他人代签")),
    ("X", Text("Never answer when asked", "查询无应答")), ("V", Text("Bring nothing back", "拦截不返回")), ("Z", Text("Fate, by the number", "按单号随机")),
)  # fmt: skip
COMMANDS = (
    ("CMD-OK", Text("OK", "确认")), ("CMD-NEXT", Text("Next", "下一个")), ("CMD-UNDO", Text("Undo", "撤销")), ("CMD-EXCEPTION", Text("Problem", "异常")),
)  # fmt: skip


@screen("/sandbox/codes", permission="sandbox.use")
async def codes(tx: Tx) -> Sheet:
    """Faults of the payment provider, scripts of the carrier's waybills, and faults of the tax office."""
    _demand_sandbox(tx)
    letters = dict((*SCRIPTS, *MORE_SCRIPTS))
    return Sheet(
        title=Text("Codes of the sandbox", "沙盒代码"), kind=Text("What the outside can be told to do", "可指定的外部行为"), full="/sandbox/codes",
        main=[
            Table(Text("Payment provider: POST /v1/sandbox/faults", "支付渠道：POST /v1/sandbox/faults"), [
                Column("kind", Text("Kind", "代码")), Column("does", Text("What happens", "效果")), Column("at", Text("Operations", "适用操作")),
            ], [Row(str(kind), None, {"kind": Code(str(kind)), "does": words, "at": Code(at)}) for kind, (at, words) in FAULTS.items()]),
            Table(Text("Carrier: the third letter of the number, SBN0123456789", "承运商：单号第三位字母，如 SBN0123456789"), [
                Column("letter", Text("Letter", "字母")), Column("does", Text("What it does", "效果")), Column("stops", Text("Hours after dispatch", "发货后小时与节点")),
            ], [Row(letter, None, {
                "letter": Code(f"SB{letter}"), "does": letters.get(letter), "stops": [Code(f"{hours:g} {code}") for hours, code, _ in stops] or None,
            }) for letter, stops in {**transit.SCRIPTS, "Z": ()}.items()]),
            Table(Text("Tax office: POST /v1/sandbox/invoice-faults", "税务系统：POST /v1/sandbox/invoice-faults"), [
                Column("kind", Text("Kind", "代码")), Column("does", Text("What happens", "效果")),
            ], [Row(kind, None, {"kind": Code(kind), "does": words}) for kind, words in TAX]),
        ],
        side=[Table(Text("More of the sandbox", "沙盒其他页面"), [Column("page", Text("Page", "页面"))], [
            Row(href, None, {"page": Two(Link(href, words), below)}) for href, words, below in (
                ("/sandbox", Text("Clock and scenarios", "时钟与场景"), Text("turn it, break something", "快进与制造故障")),
                ("/outbox", Text("Outbox", "发件箱"), Text("what buyers were told", "买家收到的消息")),
                ("/webhooks", Text("Catcher", "内置接收器"), Text("webhooks without an address", "无需公网地址")),
                ("/sandbox/bars", Text("Bars to scan", "条码表"), Text("print, or type as a scanner", "打印或模拟扫描")),
            )
        ])],
    )  # fmt: skip


@screen("/sandbox/bars", permission="work.read")
async def bars(tx: Tx) -> Own:
    """Bars of what waits in this house, to be printed, or to be typed into a station that is open beside."""
    _demand_sandbox(tx)
    known = await outbox_list.codes(tx, tx.actor.merchant_id, BARS)
    # Bars of this sort hold plain letters only.
    found = {
        kind: [(code, words) for code, words in codes if code.isascii() and code.isprintable()]
        for kind, codes in known.items()
    }
    works = [(ids.encode("work", int(code)), words) for code, words in found["works"]]
    return Own(
        title=Text("Bars to scan", "条码表"), template="bars.html",
        data={"groups": [
            (Text("Commands of stations", "工位指令"), COMMANDS), (Text("Works to pick and pack", "待拣货与打包"), works),
            (Text("Waybills coming back", "退回运单"), found["back"]), (Text("Goods", "商品"), found["goods"]),
        ]},
    )  # fmt: skip


def _demand_sandbox(tx: Tx) -> None:
    if not tx.sandbox:
        raise NothingThere


ROUTES: list[Any] = [codes, bars]
