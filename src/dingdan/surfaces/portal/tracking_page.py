"""Tracking: when it comes, each parcel's way, and for what went wrong what happened, what we do, by when, what can be chosen."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from dingdan.areas import access, carriers, cases, fulfilment, orders, transit
from dingdan.kernel.refusal import Text
from dingdan.overviews import tracking
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.portal import pages, within
from dingdan.surfaces.portal.pages import Card
from dingdan.surfaces.shared.pages import vocabulary
from dingdan.surfaces.shared.pages.doors import screen
from dingdan.surfaces.shared.pages.screens import Act, Chip, Link, Own, Part

SPOKEN_AGAIN = timedelta(hours=24)
HAPPENED: dict[str, tuple[Text, Text]] = {
    "unscanned": (
        Text("The carrier has not seen the parcel yet.", "承运商尚未揽收扫描。"),
        Text("We ask the carrier whether they have it.", "我们正在向承运商核实是否已揽收。"),
    ),
    "silent": (
        Text("The carrier has not said anything for longer than usual.", "承运商已较长时间未更新物流。"),
        Text("We ask the carrier where it is.", "我们正在向承运商查询包裹位置。"),
    ),
    "overdue": (
        Text("It is later than we promised.", "包裹未能按承诺时间送达。"),
        Text("We press the carrier, and look for a quicker way.", "我们正在催促承运商，并为您寻找解决办法。"),
    ),
    "disappeared": (
        Text("The parcel was never seen after it left us.", "包裹发出后一直没有物流记录。"),
        Text("We look for it here and at the carrier.", "我们正在仓库和承运商处查找。"),
    ),
    "lost": (
        Text("The parcel is lost.", "包裹已丢失。"),
        Text("You get your goods again or your money; you lose nothing by it.", "我们将为您补发或退款，您无须承担损失。"),
    ),
    "damaged": (
        Text("The parcel was damaged on its way.", "包裹在运输途中破损。"),
        Text("You get your goods again or your money; you lose nothing by it.", "我们将为您补发或退款，您无须承担损失。"),
    ),
    "turned_away": (
        Text("The parcel was turned away at the door.", "包裹被拒收。"),
        Text("It comes back to us, and what is due is paid back when it has arrived.", "包裹退回仓库后，应退款项将退还给您。"),
    ),
    "returning": (
        Text("The parcel is on its way back to us.", "包裹正在退回。"),
        Text("When it has arrived, what is due is paid back.", "包裹到仓后，应退款项将退还给您。"),
    ),
}  # fmt: skip
CHOOSE = Text(
    "You can wait, have it called back, or report that you want your money or the goods again.",
    "您可以继续等待、申请拦截退回，或反馈问题申请退款或补发。",
)


@screen("/my/{order_id}/tracking", permission="parcel.read")
async def show(tx: Tx, order_id: int, guest: access.Guest) -> Own:
    """Where the parcels of an order are."""
    order = await orders.get_one(tx, order_id)
    lines = (await orders.lines(tx, [order_id]))[order_id]
    ways = await tracking.of_order(tx, order_id)
    named = await pages.titles(tx, order_id)
    told = await within.told_cases(tx, order_id)
    due = max((line.arrive_by for line in lines if line.arrive_by), default=None)
    is_asked = any(way.interception is not None for way in ways)
    acts = []
    if not is_asked and await transit.may_call_back(tx, order_id):
        acts.append(Act("call-back", Text("Have it brought back", "拦截退回"), f"{pages.here(order_id)}/call-back", warns=Text(
            "The carrier is asked to bring it back. When it has arrived here, you get your money.",
            "我们会请承运商将包裹退回，到仓后退款。")))  # fmt: skip
    return pages.page(
        Text("Tracking", "物流"), guest, card=_card(order, ways, due), acts=acts, back=pages.to_order(order_id),
        main=[
            Part(Text(f"Parcel {n} of {len(ways)}", f"包裹 {n}/{len(ways)}"), "parcel_way.html", _parcel(way, order_id, named, told))
            for n, way in enumerate(ways, start=1)
        ],
        links=[Link(pages.here(order_id, "help"), Text("Something is wrong with it", "包裹有问题"))],
    )  # fmt: skip


def _card(order: orders.Order, ways: list[tracking.Way], due: Any) -> Card:
    """The promise on top: when it is there, and how sure that is."""
    if not ways:
        ship = Text("It has not left yet. The way is shown here when it has.", "商品尚未发出，发出后可在此查看物流。")
        return Card(
            chip=Chip(Text("Not sent yet", "待发货"), "us"),
            text=ship,
            until=due,
            until_words=Text("Arrives by", "预计送达"),
        )
    if all(way.parcel.state is fulfilment.ParcelState.DELIVERED for way in ways):
        return Card(chip=vocabulary.chip("parcel", "delivered"), text=Text("Everything has arrived.", "包裹均已签收。"),
                    until=order.delivered_at, until_words=Text("Delivered", "签收时间"))  # fmt: skip
    going = [way for way in ways if way.parcel.state is not fulfilment.ParcelState.DELIVERED]
    worst = max(going, key=lambda way: (way.parcel.state in ("lost", "damaged", "turned_away"), way.estimate.is_late))
    sure = {
        "out_for_delivery": Text("It is out for delivery, and comes today.", "快递员正在派送，预计今天送达。"),
        "scans": Text("By what the carrier tells, it comes by then.", "根据物流进度预计送达。"),
        "promise": Text(
            "This is what we promised. The carrier has not said otherwise.", "此为承诺送达时间，物流暂无异常。"
        ),
    }
    text = sure.get(worst.estimate.basis, worst.status)
    if worst.estimate.is_late:
        text = Text(
            "It is later than promised. What we do about it stands below.", "包裹晚于承诺时间，处理情况见下方。"
        )
    at = max((way.estimate.at for way in going if way.estimate.at), default=None)
    return Card(
        chip=vocabulary.chip("parcel", worst.parcel.state),
        text=text,
        until=at or due,
        until_words=Text("Arrives by", "预计送达"),
    )


def _parcel(
    way: tracking.Way, order_id: int, named: Mapping[int, Text], told: list[tuple[cases.Case, cases.KindDocument]]
) -> dict[str, Any]:
    parcel = way.parcel
    return {
        "carrier": _carrier(parcel.carrier), "number": parcel.tracking_number, "steps": way.steps,
        "lines": [(named[line.line_no], line.quantity) for line in parcel.lines if line.order_id == order_id and line.line_no in named],
        "troubles": _troubles(way, told),
    }  # fmt: skip


def _troubles(way: tracking.Way, told: list[tuple[cases.Case, cases.KindDocument]]) -> list[dict[str, Any]]:
    parcel = way.parcel
    is_over = parcel.state is fulfilment.ParcelState.DELIVERED
    found = [] if is_over else [one for one in parcel.noticed if one in HAPPENED]
    if parcel.state in HAPPENED:
        found = [str(parcel.state)]
    case = next((one for one, _ in told if one.subject_id == parcel.id and one.ended_at is None), None)
    until = case.next_update_at if case is not None else way.last_update_at + SPOKEN_AGAIN
    called = way.interception
    made = [
        {"happened": HAPPENED[one][0], "we_do": HAPPENED[one][1], "until": until,
         "choose": CHOOSE if parcel.state not in ("lost", "damaged", "turned_away", "returning") else None}
        for one in found[-1:]
    ]  # fmt: skip
    if called is not None:
        words = {
            None: Text("The carrier was asked to bring it back and has not answered yet.", "已请求拦截，等待承运商答复。"),
            "succeeded": Text("The carrier brings it back.", "拦截成功，包裹正在退回。"),
            "failed": Text("The carrier could not stop it any more. Turn it away at the door, or send it back.", "拦截失败，您可拒收或在收货后退货。"),
        }[called.answer]  # fmt: skip
        made.append(
            {"happened": Text("You wanted it back.", "您已申请拦截。"), "we_do": words, "until": None, "choose": None}
        )
    return made


def _carrier(code: str) -> Text:
    known = carriers.KNOWN.get(code)
    return Text(known.name.en, known.name.zh) if known else Text(code, code)


ROUTES = [show]
