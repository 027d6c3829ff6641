"""One repair: what the workshop found, its clock, and what the buyer chooses where it is in vain."""

from typing import Annotated, Literal

from msgspec import Meta

from dingdan.areas import orders, repairs, returns
from dingdan.kernel.refusal import Text
from dingdan.overviews import timeline
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.pages import naming, story, vocabulary
from dingdan.surfaces.shared.pages.doors import act, screen
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Code,
    Column,
    Done,
    Facts,
    Field,
    Fuse,
    Ledger,
    Row,
    Sheet,
    Table,
    Two,
)
from dingdan.surfaces.shared.wire import Line

INSTEAD = {"exchange": Text("the same again", "换同款"), "refund": Text("the money back", "退款")}
NAMES = {
    "fail": (Text("Cannot be mended", "无法修复"), Text("Noted; the buyer chooses", "已登记，待买家选择")),
    "report_lost": (Text("Lost on its way", "寄回途中丢失"), Text("Noted; the buyer chooses", "已登记，待买家选择")),
    "pause": (Text("Stop the clock", "暂停计时"), Text("The clock stands", "已暂停计时")),
    "resume": (Text("Let the clock run", "恢复计时"), Text("The clock runs", "已恢复计时")),
    "arrive": (Text("It arrived", "买家已收到"), Text("Mended and back", "维修完成")),
    "relapse": (Text("The fault is back", "故障再现"), Text("Noted", "已登记")),
}  # fmt: skip


class SendForm(Form, frozen=True, kw_only=True):
    """How the goods go back; what goes as it came says why nothing was mended."""

    carrier: Line
    tracking_number: Line
    is_mended: bool = False
    note: Annotated[str, Meta(max_length=2000)] = ""


class ChoiceForm(Form, frozen=True, kw_only=True):
    """What the buyer wants instead."""

    instead: Literal["exchange", "refund"]


@screen("/repairs/{repair_id}", permission="return.read")
async def show(tx: Tx, repair_id: int) -> Sheet:
    """One repair with its goods and clocks."""
    one = await repairs.get_one(tx, repair_id)
    held, order = await returns.get_one(tx, one.return_id), await orders.get_one(tx, one.order_id)
    lines = (await returns.lines(tx, [held]))[held.id]
    sold = {line.line_no: line for line in (await orders.lines(tx, [one.order_id]))[one.order_id]}
    running = await deadlines.of_subjects(tx, [one.id, one.return_id])
    is_paused = any(clock.kind == repairs.FINISH_BY.name and clock.at is None for clock in running)
    at = min((clock.at for clock in running if clock.at is not None), default=None)
    seller = (await naming.merchant_names(tx, [one.merchant_id]))[one.merchant_id]
    return Sheet(
        title=Text("Repair", "维修"), kind=Text(f"Repair, {seller.en}", f"维修 · {seller.zh}"), number=naming.spoken(repair_id),
        key=naming.ref("repair", repair_id), full=naming.place("repair", repair_id),
        chips=[vocabulary.chip("return_journey", str(held.journey)), vocabulary.chip("repair", str(one.state))], lead=one.asked_at,
        acts=_acts(tx, one, await repairs.options_of(tx, held) if "choose" in repairs.actions(one, is_paused=is_paused) else (), is_paused=is_paused), live=["repair"],
        main=[
            Table(Text("Goods", "商品"), [
                Column("item", Text("Item", "商品")), Column("units", Text("Units", "件数"), is_number=True),
                Column("here", Text("Here", "已到"), is_number=True), Column("reason", Text("Reason", "原因")),
            ], [Row(str(line.line_no), None, {
                "item": Two(naming.in_tongues(sold[line.line_no].title), Code(sold[line.line_no].sku)), "units": line.quantity, "here": line.received,
                "reason": Code(line.reason),
            }) for line in lines]),
            Ledger(Text("Timeline", "时间线"), story.entries(await timeline.of_return(tx, one.return_id), order.currency, {})),
        ],
        side=[Facts(Text("Repair", "维修"), [
            (Text("Return", "售后单"), naming.link("return", one.return_id)), (Text("Order", "订单"), naming.link("order", one.order_id)),
            (Text("Finish by", "完成时限"), Fuse(at, tx.now, is_paused=is_paused, waits_for=Text("the buyer", "买家") if is_paused else None) if at or is_paused else None),
            (Text("Begun", "开始维修"), one.begun_at), (Text("Mended", "是否修复"), one.is_mended), (Text("Found", "检测说明"), one.note or None),
            (Text("Sent back", "寄回时间"), one.sent_at), (Text("Tracking number", "运单号"), Code(one.tracking_number) if one.tracking_number else None),
            *([(Text("The buyer has instead", "替代方案"), INSTEAD.get(one.instead))] if one.instead else []),
        ])],
    )  # fmt: skip


def _acts(tx: Tx, one: repairs.Repair, choices: tuple[str, ...] | list[str], *, is_paused: bool) -> list[Act]:
    here, can = naming.place("repair", one.id), set(repairs.actions(one, is_paused=is_paused))
    found: list[Act] = []
    if tx.actor.may("repair.work"):
        if "send_back" in can:
            found.append(Act("send_back", Text("Send it back", "寄回"), f"{here}/send-back", "S", [
                Field("carrier", Text("Carrier", "承运商"), longest=60), Field("tracking_number", Text("Tracking number", "运单号"), longest=60),
                Field("is_mended", Text("It is mended", "已修复"), "check", value=True, is_needed=False),
                Field("note", Text("What the workshop found", "检测说明"), "prose", is_needed=False, hint=Text("Needed where nothing was mended.", "未修复时必填。")),
            ], tone="first"))  # fmt: skip
        for verb in ("arrive", "pause", "resume", "fail", "report_lost"):
            if verb in can:
                is_end = verb in ("fail", "report_lost")
                found.append(Act(verb, NAMES[verb][0], f"{here}/{verb}", tone="danger" if is_end else "plain", warns=Text(
                    "The buyer chooses what they want instead.", "将由买家选择替代方案。") if is_end else None))  # fmt: skip
    if tx.actor.may("return.apply"):
        if "choose" in can:
            found.append(Act("choose", Text("The buyer chose", "登记买家选择"), f"{here}/choose", "O", [
                Field("instead", Text("Instead", "替代方案"), "choice", options=[(code, INSTEAD[code]) for code in choices])]))  # fmt: skip
        if "relapse" in can:
            found.append(Act("relapse", NAMES["relapse"][0], f"{here}/relapse"))
    return found


@act("/repairs/{repair_id}/send-back", permission="repair.work")
async def send_back(tx: Tx, repair_id: int, form: SendForm) -> Done:
    """Say that the goods are on their way to the buyer: mended, or as they came."""
    await repairs.send_back(tx, repair_id, repairs.SendBack(
        form.carrier, form.tracking_number, is_mended=form.is_mended, note=form.note
    ))  # fmt: skip
    return Done(text=Text("On its way to the buyer", "已寄回买家"))


@act("/repairs/{repair_id}/fail", permission="repair.work")
async def fail(tx: Tx, repair_id: int) -> Done:
    """Say that it cannot be mended."""
    await repairs.fail(tx, repair_id, "unmended")
    return Done(text=NAMES["fail"][1])


@act("/repairs/{repair_id}/report_lost", permission="repair.work")
async def report_lost(tx: Tx, repair_id: int) -> Done:
    """Say that the goods were lost on their way to the buyer."""
    await repairs.fail(tx, repair_id, "lost")
    return Done(text=NAMES["report_lost"][1])


@act("/repairs/{repair_id}/pause", permission="repair.work")
async def pause(tx: Tx, repair_id: int) -> Done:
    """Stop the days while nothing can be done without the buyer."""
    await repairs.pause(tx, repair_id)
    return Done(text=NAMES["pause"][1])


@act("/repairs/{repair_id}/resume", permission="repair.work")
async def resume(tx: Tx, repair_id: int) -> Done:
    """Let the days count again."""
    await repairs.resume(tx, repair_id)
    return Done(text=NAMES["resume"][1])


@act("/repairs/{repair_id}/arrive", permission="repair.work")
async def arrive(tx: Tx, repair_id: int) -> Done:
    """Say that the carrier brought the goods to the buyer."""
    await repairs.arrive(tx, repair_id)
    return Done(text=NAMES["arrive"][1])


@act("/repairs/{repair_id}/choose", permission="return.apply")
async def choose(tx: Tx, repair_id: int, form: ChoiceForm) -> Done:
    """Write down what the buyer wants instead."""
    await repairs.choose(tx, repair_id, form.instead)
    return Done(text=Text("Noted", "已登记"))


@act("/repairs/{repair_id}/relapse", permission="return.apply")
async def relapse(tx: Tx, repair_id: int) -> Done:
    """Say that the fault came back with the goods."""
    await repairs.relapse(tx, repair_id)
    return Done(text=NAMES["relapse"][1])


ROUTES = [show, send_back, fail, report_lost, pause, resume, arrive, choose, relapse]
