"""The bar of an order: what can be done with it, and of what cannot be done now, why not."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from dingdan.areas import cases, feedback, identity, orders, packing, sourcing
from dingdan.kernel.refusal import Refusal, Text
from dingdan.overviews import merge_suggestions
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import words
from dingdan.surfaces.console.orders import address_form, combining, order_keeping, order_notes
from dingdan.surfaces.shared.pages import naming
from dingdan.surfaces.shared.pages.screens import Act, Field

WHY = (
    ("buyer_request", Text("The buyer asks", "买家要求")), ("out_of_stock", Text("Out of stock", "缺货")),
    ("address_unclear", Text("The address is not clear", "地址不明")), ("suspected_fraud", Text("Looks like fraud", "疑似欺诈")),
    ("other", Text("Something else", "其他")),
)  # fmt: skip
OUTCOMES = (
    ("settled", Text("Settled with the buyer", "已与买家协商解决")), ("arrived_after_all", Text("It arrived after all", "买家已收到")),
    ("mistake", Text("A mistake", "误操作")),
)  # fmt: skip
HIDE = (
    ("abusive", Text("It insults somebody", "辱骂")), ("personal_data", Text("It names somebody", "含个人信息")),
    ("off_topic", Text("It is about something else", "与商品无关")), ("law", Text("The law forbids it", "违法违规")),
)  # fmt: skip
TOO_LATE = Text("It is being picked, or is over.", "订单已在拣货或已结束。")
ELSEWHERE = Text("It was made on a channel and is changed there.", "渠道订单，请在渠道侧修改。")


class Seen(NamedTuple):
    """An order with what its bar hangs on."""

    order: orders.Order
    lines: Sequence[orders.OrderLine]
    near: list[merge_suggestions.Other]
    standing: list[packing.Consent]
    cases: list[cases.Case]
    kinds: Mapping[str, cases.CaseKind]
    tags: list[str]
    is_objected: bool
    said: feedback.Feedback | None
    is_told_elsewhere: bool
    keeper: orders.Keeper | None
    people: Sequence[identity.Staff]
    # Why nothing of it can be sent from another warehouse.
    stays: Refusal | None = None


async def look(tx: Tx, order: orders.Order, lines: Sequence[orders.OrderLine], *, is_told_elsewhere: bool) -> Seen:
    """Read what the bar hangs on."""
    said = await feedback.of_orders(tx, [order.id])
    return Seen(
        order=order, lines=lines, near=await combining.near(tx, order.id), standing=await combining.agreed(tx, order.id),
        cases=await cases.of_orders(tx, [order.id]) if tx.actor.may("case.read") else [],
        kinds=await cases.catalogue(tx, order.merchant_id) if tx.actor.may("case.open") else {},
        tags=(await orders.tags(tx, [order.id]))[order.id],
        is_objected=any(one.cause == "buyer" and one.settled_at is None
                        for one in (await orders.objections(tx, [order.id]))[order.id]),
        said=said[-1] if said else None, is_told_elsewhere=is_told_elsewhere,
        stays=await sourcing.why_not(tx, order, lines) if tx.actor.may("order.split") else None,
        keeper=(await orders.keepers(tx, [order.id])).get(order.id),
        people=await order_keeping.people(tx, {order.merchant_id}) if tx.actor.may("note.write") else [],
    )  # fmt: skip


def acts(tx: Tx, seen: Seen) -> list[Act]:
    """The bar: what is done every day first, the rest behind it."""
    here, can = naming.place("order", seen.order.id), set(orders.actions(seen.order))
    noting = order_notes.acts(seen.order.id, seen.tags)
    possible = [
        ("return.apply", Act(
            "return", Text("Start a return", "发起退货"), f"{here}/return", "R", tone="first", is_link=True,
            why_not=None if "return" in can else Text("Nothing has left yet: cancel it instead.", "尚未发货，可直接取消订单。"),
        )),
        *noting[:1], *_amends(seen, here), *_holding(here, can), *noting[1:2],
        ("order.read", Act("print", Text("Print", "打印"), "#print", "P", is_link=True)),
        *_changes(tx, seen, here, can), *_around(seen, here), *noting[2:],
        ("order.place", Act("again", Text("Order again", "再来一单"), f"/orders/new?like={naming.ref('order', seen.order.id)}", is_link=True,
                            is_more=True)),
        *(("note.write", one) for one in order_keeping.acts(tx, seen.order, seen.keeper, seen.people)),
        ("order.read_contact", Act(
            "reveal", Text("Show contact", "查看联系方式"), f"{here}/reveal", is_more=True,
            warns=Text("It is noted that you looked.", "查看记录将写入审计日志。"),
        )),
        ("buyer.forget", Act(
            "forget", Text("Erase the buyer's data", "删除买家信息"), f"{here}/forget", tone="danger", is_more=True,
            warns=Text("Name, phone, address and words are gone for good, in all of their orders. Nobody can bring them back.",
                       "该买家所有订单中的姓名、电话、地址和留言将永久删除，且无法恢复。"),
        )),
    ]  # fmt: skip
    return [one for permission, one in possible if tx.actor.may(permission)]


def _holding(here: str, can: set[str]) -> list[tuple[str, Act]]:
    why = Field("reason", Text("Why", "原因"), "choice", options=WHY)
    if "release" in can:
        return [("order.hold", Act("release", Text("Release", "放行"), f"{here}/release", "L"))]
    return [
        (
            "order.hold",
            Act("hold", Text("Hold", "挂起"), f"{here}/hold", "H", [why], why_not=None if "hold" in can else TOO_LATE),
        )
    ]


def _amends(seen: Seen, here: str) -> list[tuple[str, Act]]:
    """Sending again and making good are remedies of a case: an open one leads there, else one is opened first."""
    is_open = next((one for one in seen.cases if one.ended_at is None), None)
    unsent = Text("Nothing has left yet: cancel it, or change it.", "尚未发货，可取消或修改订单。")
    found = []
    for name, text, key, remedy in (
        ("reship", Text("Reship", "补发"), "S", "reship"),
        ("compensate", Text("Compensate", "补偿"), "C", "compensation"),
    ):
        kinds = [(code, words.of_case(kind)) for code, kind in sorted(seen.kinds.items())
                 if kind.is_active and remedy in {str(one) for one in kind.document.remedies}]  # fmt: skip
        if name == "compensate" and seen.order.shipped_at is None and (seen.near or seen.standing):
            continue
        if is_open is not None:
            found.append(("case.work", Act(name, text, naming.place("case", is_open.id), key, is_link=True)))
            continue
        none = Text("No kind of case allows it.", "没有可用的异常类型。") if not kinds else None
        found.append(("case.open", Act(name, text, f"{here}/trouble", key, [
            Field("kind", Text("What went wrong", "问题类型"), "choice", options=kinds),
            Field("text", Text("What is known about it", "情况说明"), "prose", is_needed=False),
        ], why_not=unsent if seen.order.shipped_at is None else none)))  # fmt: skip
    if seen.order.shipped_at is None and (seen.near or seen.standing):
        found += [("consent.write", one) for one in combining.acts(here, seen.near, seen.standing)]
    return found


def _changes(tx: Tx, seen: Seen, here: str, can: set[str]) -> list[tuple[str, Act]]:
    why = Field("reason", Text("Why", "原因"), "choice", options=WHY)
    elsewhere = ELSEWHERE if seen.is_told_elsewhere else None
    left = [(str(line.line_no), _line(line)) for line in seen.lines if line.left > 0]
    line = Field(
        "line", Text("Which item", "商品"), "choice", options=left, value=left[0][0] if len(left) == 1 else None
    )
    waive = [Field("waive", Text("Nobody pays what the way there costs more", "免除新地址的运费差额"), "check")]
    unpaid = Text(
        "Only unpaid orders are placed anew; of a paid one units are cancelled.",
        "仅未付款订单可改数量；已付款请取消部分商品。",
    )
    unpaid_cut = Text("It is not paid: change its quantities.", "订单未付款，可直接修改数量。")
    cut = TOO_LATE if "cancel" not in can else unpaid_cut if seen.order.paid_at is None else None
    return [
        ("order.change", Act(
            "address", Text("Another address", "修改地址"), f"{here}/address", "D",
            [*address_form.fields(), *(waive if tx.actor.may("order.waive") else [])],
            why_not=elsewhere or (None if "change_address" in can else TOO_LATE), is_more=True,
        )),
        ("order.split", Act(
            "split", Text("Split…", "拆单…"), f"{here}/split", is_link=True, is_more=True,
            why_not=None if seen.stays is None else TOO_LATE if isinstance(seen.stays, orders.StateForbids)
            else seen.stays.message.filled(seen.stays.params),
        )),
        ("order.change", Act(
            "quantities", Text("Other quantities", "修改数量"), f"{here}/quantities", fields=[
                line, Field("units", Text("How many are wanted", "需要件数"), "number"),
            ], why_not=elsewhere or (None if "change_quantities" in can else unpaid), is_more=True,
        )),
        ("order.cancel", Act(
            "cancel_units", Text("Cancel some units", "取消部分商品"), f"{here}/cancel_units", fields=[
                line, Field("units", Text("How many", "取消件数"), "number"), why,
            ], tone="danger", why_not=cut, is_more=True,
            warns=Text("What was paid for them goes back by itself.", "对应款项将自动退回。"),
        )),
        ("order.cancel", Act(
            "cancel", Text("Cancel", "取消订单"), f"{here}/cancel", fields=[why], tone="danger", is_more=True,
            warns=Text("What was paid goes back by itself. This cannot be undone.", "已付款项将自动退回，且不可撤销。"),
            why_not=None if "cancel" in can else TOO_LATE,
        )),
    ]  # fmt: skip


def _around(seen: Seen, here: str) -> list[tuple[str, Act]]:
    found = [
        ("label.print", Act("slips", Text("Packing slips", "装箱单"), f"/papers/slips/{naming.ref('order', seen.order.id)}",
                            is_link=True, is_more=True, why_not=None if seen.order.paid_at is not None else Text(
                                "Nothing waits for the warehouse yet.", "尚无仓库任务。"))),
        ("message.resend", Act("resend", Text("Send confirmation again", "重发确认单"), f"{here}/resend", is_more=True)),
    ]  # fmt: skip
    if seen.is_objected:
        found.append(("objection.settle", Act("settle", Text("Settle the objection", "处理异议"), f"{here}/settle_objection", fields=[
            Field("outcome", Text("How", "处理结果"), "choice", options=OUTCOMES)], is_more=True)))  # fmt: skip
    if seen.said is not None and seen.said.hidden_at is None:
        found.append(("feedback.hide", Act("hide_feedback", Text("Hide the feedback", "隐藏评价"), f"{here}/hide_feedback", fields=[
            Field("reason", Text("Why", "原因"), "choice", options=HIDE)], is_more=True)))  # fmt: skip
    elif seen.said is not None:
        found.append(("feedback.hide", Act(
            "show_feedback", Text("Show the feedback again", "恢复评价"), f"{here}/show_feedback", is_more=True)))  # fmt: skip
    return found


def _line(line: orders.OrderLine) -> Text:
    title = naming.in_tongues(line.title)
    return Text(f"{title.en} × {line.left}", f"{title.zh} × {line.left}")
