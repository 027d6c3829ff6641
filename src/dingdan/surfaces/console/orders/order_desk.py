"""All orders within reach: the list, and what can be done with many of them at once."""

from typing import Annotated

from msgspec import Meta

from dingdan.areas import orders
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.overviews import headline, order_list
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing
from dingdan.surfaces.console.orders import order_together
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.pages import naming, vocabulary
from dingdan.surfaces.shared.pages.doors import ListQuery, screen
from dingdan.surfaces.shared.pages.listing import listing, slice_of
from dingdan.surfaces.shared.pages.screens import Act, Chip, Code, Column, Empty, Filter, Link, Listing, Row, Two, View


class OrdersQuery(ListQuery, frozen=True, kw_only=True):
    """Which orders."""

    merchant: Annotated[str, Meta(max_length=64)] | None = None
    state: orders.OrderState | None = None
    tag: Annotated[str, Meta(max_length=30)] | None = None


NEW = Act("new", Text("New order on behalf", "代客下单"), "/orders/new", "C", is_link=True)


@screen("/orders", permission="order.read")
async def listed(tx: Tx, query: OrdersQuery) -> Listing:
    """Orders within reach, newest first."""
    may_read = tx.actor.may("note.read")
    wanted = order_list.Filter(
        merchant_id=await scope.merchant_filter(tx, query.merchant), state=query.state, tag=query.tag if may_read else None,
    )  # fmt: skip
    found = await order_list.page(tx, wanted, slice_of(query))
    tags = await orders.tags(tx, [one.id for one in found]) if may_read else {}
    names = await naming.merchant_names(tx, {one.merchant_id for one in found})
    return listing(
        found, lambda one: _row(one, names, tags.get(one.id, [])),
        title=Text("All orders", "全部订单"), live=["order"],
        columns=[
            Column("number", Text("Order", "订单")), Column("placed", Text("Placed", "下单时间")),
            Column("merchant", Text("Merchant", "商家")), Column("stands", Text("Stands", "状态")),
            Column("units", Text("Units", "件数"), is_number=True), Column("total", Text("Total", "金额"), is_number=True),
            Column("refunded", Text("Refunded", "已退款"), is_number=True), Column("channel", Text("Channel", "渠道")), *([Column("tags", Text("Tags", "标签"))] if may_read else []),
        ],
        views=[View(Text("All", "全部")), *(
            View(vocabulary.chip("order", state).text, {"state": state})
            for state in ("awaiting_payment", "held", "confirmed", "completed", "cancelled")
        )],
        filters=[
            Filter("merchant", Text("Merchant", "商家"), await choosing.merchants_to_choose(tx)),
            Filter("state", Text("State", "状态"), vocabulary.options("order")),
            *([Filter("tag", Text("Tag", "标签"))] if may_read else []),
        ],
        acts=[NEW] if tx.actor.may("order.place") else [], bulk=order_together.bulk(tx),
        empty=Empty(
            Text("No orders yet.", "还没有订单。"),
            Text("Connect a channel, import a file, take one down on the phone, or place one through the API.", "接入渠道、导入文件、代客下单，或通过 API 下单。"),
            Link(NEW.href, NEW.text) if tx.actor.may("order.place") else Link("/docs", Text("API reference", "API 文档")),
        ),
    )  # fmt: skip


def _row(one: order_list.Row, names: dict[int | None, Text], tags: list[str]) -> Row:
    return Row(naming.ref("order", one.id), naming.place("order", one.id), {
        "number": Two(Code(naming.spoken(one.id)), Code(one.reference) if one.reference else None),
        "placed": one.placed_at, "merchant": names.get(one.merchant_id),
        "stands": vocabulary.chip("headline", headline.of(one)), "units": one.units, "total": Money(one.total, one.currency),
        "refunded": Money(one.refunded, one.currency) if one.refunded else None, "channel": one.channel, "tags": [Chip(Text(tag, tag), "closed") for tag in tags] or None,
    }, Money(one.total, one.currency))  # fmt: skip


ROUTES = [listed]
