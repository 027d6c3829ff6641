"""All orders within reach: the list, and what can be done with many of them at once."""

from typing import Annotated

from msgspec import Meta

from dingdan.areas import identity, orders
from dingdan.kernel import ids
from dingdan.kernel.refusal import Text
from dingdan.overviews import order_list
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing
from dingdan.surfaces.console.orders import order_cells, order_keeping, order_together
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.pages import naming, vocabulary
from dingdan.surfaces.shared.pages.doors import ListQuery, screen
from dingdan.surfaces.shared.pages.listing import listing, slice_of
from dingdan.surfaces.shared.pages.screens import Act, Empty, Filter, Link, Listing, View

# What the tabs show; each is one of the overview's views, or a state, or whoever looks.
VIEWS = [
    (Text("Needs us", "待我方处理"), {"only": "needs_us"}), (Text("Unpaid", "待付款"), {"state": "awaiting_payment"}),
    (Text("To review", "待审核"), {"only": "to_review"}), (Text("To ship today", "今日应发"), {"only": "ship_today"}),
    (Text("In transit", "运输中"), {"only": "in_transit"}), (Text("Problem", "有异常"), {"only": "problem"}),
    (Text("Completed", "已完成"), {"state": "completed"}), (Text("Has return", "有售后"), {"only": "has_return"}),
]  # fmt: skip


class OrdersQuery(ListQuery, frozen=True, kw_only=True):
    """Which orders; `keeper` is `me`, `nobody`, or the id of somebody of the staff."""

    merchant: Annotated[str, Meta(max_length=64)] | None = None
    state: orders.OrderState | None = None
    tag: Annotated[str, Meta(max_length=30)] | None = None
    keeper: Annotated[str, Meta(max_length=64)] | None = None
    only: order_list.Only | None = None


NEW = Act("new", Text("New order on behalf", "代客下单"), "/orders/new", "C", is_link=True)


@screen("/orders", permission="order.read")
async def listed(tx: Tx, query: OrdersQuery) -> Listing:
    """Orders within reach, newest first."""
    may_read, is_file = tx.actor.may("note.read"), query.file is not None
    merchant_id = await scope.merchant_filter(tx, query.merchant)
    found = await order_list.shown(tx, _wanted(tx, query, merchant_id, may_read=may_read), slice_of(query))
    beside = order_cells.Beside(
        await naming.merchant_names(tx, {one.merchant_id for one in found}),
        await identity.contacts(tx, {one.contact_id for one in found}),
        await orders.tags(tx, [one.id for one in found]) if may_read else {},
    )
    mine = [View(Text("Mine", "我负责的"), {"keeper": order_keeping.ME})] if may_read else []
    return listing(
        found, lambda one: order_cells.row(tx, one, beside, is_file=is_file),
        title=Text("All orders", "全部订单"), live=["order"], columns=order_cells.columns(is_file=is_file, may_read=may_read),
        views=[View(Text("All", "全部")), *mine, *(View(words, narrowed) for words, narrowed in VIEWS)],
        filters=[
            Filter("merchant", Text("Merchant", "商家"), await choosing.merchants_to_choose(tx)),
            Filter("state", Text("State", "状态"), vocabulary.options("order")),
            *([Filter("tag", Text("Tag", "标签")), await _by_keeper(tx, merchant_id)] if may_read else []),
        ],
        acts=[NEW] if tx.actor.may("order.place") else [], bulk=order_together.bulk(tx),
        empty=Empty(
            Text("No orders yet.", "还没有订单。"),
            Text("Connect a channel, import a file, take one down on the phone, or place one through the API.", "接入渠道、导入文件、代客下单，或通过 API 下单。"),
            Link(NEW.href, NEW.text) if tx.actor.may("order.place") else Link("/docs", Text("API reference", "API 文档")),
        ),
    )  # fmt: skip


def _wanted(tx: Tx, query: OrdersQuery, merchant_id: int | None, *, may_read: bool) -> order_list.Filter:
    keeper = query.keeper if may_read else None
    is_nobody = keeper == order_keeping.NOBODY
    # Nobody has the id 0: whoever is unknown looks after no orders.
    someone = (tx.actor.id if keeper == order_keeping.ME else ids.decode("staff", keeper)) or 0 if keeper else None
    return order_list.Filter(
        merchant_id=merchant_id, state=query.state, tag=query.tag if may_read else None,
        keeper_id=None if is_nobody else someone, is_nobodys=True if is_nobody else None, only=query.only,
    )  # fmt: skip


async def _by_keeper(tx: Tx, merchant_id: int | None) -> Filter:
    known = await order_keeping.people(tx, set() if merchant_id is None else {merchant_id})
    others = [(naming.ref("staff", one.id), Text(one.name, one.name)) for one in known if one.id != tx.actor.id]
    own = [(order_keeping.ME, Text("Me", "我")), (order_keeping.NOBODY, order_keeping.NONE)]
    return Filter("keeper", order_keeping.WHO, [*own, *others])


ROUTES = [listed]
