"""Channel sync: how far each channel is behind, and orders of channels that do not fit, with what to do."""

from typing import Annotated

from msgspec import Meta

from dingdan.areas import channel_orders, channels, inventory
from dingdan.kernel import ids
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.overviews import channel_order_list
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.pages import naming, vocabulary
from dingdan.surfaces.shared.pages.doors import ListQuery, act, screen
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
    Listing,
    Row,
    Sheet,
    Table,
    Two,
    View,
)
from dingdan.surfaces.shared.wire import Code as ReasonCode
from dingdan.surfaces.shared.wire import Id, Sku

PROBLEMS = {
    "unknown_sku": (Text("Unknown SKU", "未知 SKU"), Text("Say what it is called here; the order is written then.", "登记与本系统 SKU 的对应关系后自动建单。")),
    "no_policy": (Text("No return policy", "无退货政策"), Text("Publish a policy for the merchant, then try again.", "为商家发布退货政策后重试。")),
    "no_stock": (Text("No stock", "库存不足"), Text("Receive or move goods, then try again.", "补货或调拨后重试。")),
    "sums_differ": (Text("Sums differ", "金额不符"), Text("Ask the channel which sum holds, or accept it with a reason.", "与渠道核对金额，或说明原因后接受。")),
    "overpaid": (Text("Paid too much", "多付款"), Text("Ask the channel, or accept it with a reason.", "与渠道核对，或说明原因后接受。")),
    "refund_exceeds": (Text("Refunded too much", "退款超额"), Text("Ask the channel, or accept it with a reason.", "与渠道核对，或说明原因后接受。")),
    "address_unusable": (Text("Address cannot be used", "地址不可用"), Text("Ask for a better address, or accept it with a reason.", "索取有效地址，或说明原因后接受。")),
    "changed": (Text("Changed after the start", "处理中被修改"), Text("Look what changed; accept it with a reason.", "查看变更内容后说明原因接受。")),
    "cancelled_too_late": (Text("Cancelled too late", "取消过晚"), Text("Have the parcel brought back, then accept it.", "先拦截包裹，再说明原因接受。")),
    "ended_here": (Text("Ended here already", "本系统已结束"), Text("Tell the channel; accept it with a reason.", "告知渠道后说明原因接受。")),
    "unknown_carrier": (Text("Unknown carrier", "未知承运商"), Text("Register the carrier, then try again.", "登记承运商后重试。")),
    "part_shipped": (Text("Part left there already", "渠道已部分发货"), Text("See what is still to send; accept it with a reason.", "确认剩余发货内容后说明原因接受。")),
    "import_limit": (Text("More than a person may import", "超出个人进口限额"), Text("Have it declared otherwise or called off; accept it with a reason.", "改按其他方式申报或取消；也可说明原因后接受。")),
}  # fmt: skip
WHY = (
    ("channel_confirmed", Text("The channel confirmed it", "渠道已确认")), ("small_difference", Text("Too small to matter", "差异可忽略")),
    ("settled_otherwise", Text("Settled otherwise", "已另行处理")), ("other", Text("Something else", "其他")),
)  # fmt: skip


class SyncQuery(ListQuery, frozen=True, kw_only=True):
    """Whose channels, or one channel's orders that do not fit."""

    merchant: Annotated[str, Meta(max_length=64)] | None = None
    channel: Id | None = None


class ResolveForm(Form, frozen=True, kw_only=True):
    """Why it may stay as it is."""

    reason: ReasonCode


class SkuForm(Form, frozen=True, kw_only=True):
    """The channel's word for a product, and ours."""

    sku: Sku
    ours: Sku


@screen("/channels", permission="channel.read")
async def listed(tx: Tx, query: SyncQuery) -> Listing:
    """Every channel with how far it is behind; or the orders of one that do not fit."""
    if query.channel is not None:
        return await _problems(tx, query)
    owners = await choosing.merchants_to_choose(tx)
    merchant_id = await scope.merchant_filter(tx, query.merchant)
    chosen = (
        [merchant_id] if merchant_id is not None else [await scope.merchant_id_meant(tx, code) for code, _ in owners]
    )
    names = await naming.merchant_names(tx, chosen)
    may_see_orders = tx.actor.may("channel_order.read")
    rows = [
        await _row(tx, channel, names.get(number), may_see_orders=may_see_orders)
        for number in chosen for channel in await inventory.channels_of(tx, number)
    ]  # fmt: skip
    return Listing(
        title=Text("Channel sync", "渠道同步"), live=["channel_order", "stock"], rows=rows,
        columns=[
            Column("channel", Text("Channel", "渠道")), Column("merchant", Text("Merchant", "商家")), Column("state", Text("State", "状态")),
            Column("stock", Text("Stock changes behind", "库存未同步"), is_number=True), Column("lag", Text("Since", "落后时长")),
            Column("orders", Text("Order updates behind", "订单未同步"), is_number=True), Column("p95", Text("Lag p95", "延迟 p95")),
            Column("problems", Text("Open problems", "待处理问题"), is_number=True), Column("seen", Text("Last heard", "最近确认")),
        ],
        filters=await choosing.by_merchant(tx),
        empty=Empty(Text("No channel is connected.", "还没有接入渠道。"), Text("Add one through the API.", "请通过 API 接入。")),
    )  # fmt: skip


async def _row(tx: Tx, channel: inventory.Channel, owner: Text | None, *, may_see_orders: bool) -> Row:
    stock = await channels.sync(tx, channel.id)
    told = await channel_orders.sync(tx, channel.id) if may_see_orders else None
    lag = None if stock.behind_since is None else tx.now - stock.behind_since
    is_late = told is not None and (told.late or told.open_problems)
    state = Chip(Text("Closed", "已停用"), "closed") if not channel.active else Chip(Text("Needs a look", "需处理"), "blocked") if is_late \
        else Chip(Text("Behind", "落后"), "system") if stock.behind else Chip(Text("In step", "已同步"), "done")  # fmt: skip
    code = naming.ref("channel", channel.id)
    return Row(code, f"/channels?channel={code}" if may_see_orders else None, {
        "channel": Two(naming.in_tongues(channel.name), Code(channel.code)), "merchant": owner, "state": state, "stock": stock.behind, "lag": lag,
        "orders": told.backlog if told else None, "p95": f"{told.lag_p95_ms / 1000:.1f} s" if told and told.lag_p95_ms is not None else None,
        "problems": told.open_problems if told else None, "seen": stock.acknowledged_at,
    })  # fmt: skip


async def _problems(tx: Tx, query: SyncQuery) -> Listing:
    number = ids.decode("channel", query.channel or "")
    found = (await inventory.channels_by_ids(tx, [number])).get(number) if number is not None else None
    if found is None or not tx.actor.reaches(found.merchant_id) or not tx.actor.may("channel_order.read"):
        raise scope.NothingThere("query.channel")
    rows = await channel_order_list.page(
        tx, channel_order_list.Filter(channel_id=found.id, problem="any"), slice_of(query)
    )
    return listing(
        rows, lambda one: Row(naming.ref("channel_order", one.id), f"/channels/orders/{naming.ref('channel_order', one.id)}", {
            "number": Code(one.number), "problems": [PROBLEMS[kind][0] for kind in one.problems], "todo": PROBLEMS[one.problems[0]][1] if one.problems else None,
            "order": naming.link("order", one.order_id), "total": Money(one.total, one.currency), "placed": one.placed_at,
        }), is_queue=True,
        title=Text("Orders that do not fit", "渠道订单问题"), lead=naming.in_tongues(found.name), live=["channel_order"],
        views=[View(Text("Open problems", "待处理问题"), {"channel": query.channel or ""})],
        columns=[
            Column("number", Text("Number there", "渠道单号")), Column("problems", Text("What does not fit", "问题")), Column("todo", Text("What to do", "处理办法")),
            Column("order", Text("Order here", "本系统订单")), Column("total", Text("Total", "金额"), is_number=True), Column("placed", Text("Placed", "下单时间")),
        ],
        acts=[Act("back", Text("All channels", "全部渠道"), "/channels", is_link=True)],
        empty=Empty(Text("Everything fits.", "没有待处理的问题。")),
    )  # fmt: skip


@screen("/channels/orders/{channel_order_id}", permission="channel_order.read")
async def show(tx: Tx, channel_order_id: int) -> Sheet:
    """One order as its channel told it, with what does not fit and what to do."""
    known = await channel_order_list.one(tx, channel_order_id)
    source = await channel_orders.get_one(tx, channel_order_id)
    told = (await channel_orders.problems(tx, [channel_order_id]))[channel_order_id]
    return Sheet(
        title=Text("Channel order", "渠道订单"), kind=Text("Channel order", "渠道订单"), number=known.number, key=naming.ref("channel_order", channel_order_id),
        full=f"/channels/orders/{naming.ref('channel_order', channel_order_id)}", lead=known.placed_at, acts=_acts(tx, known, told), live=["channel_order"],
        chips=[vocabulary.chip("order", known.state)] if known.state else [Chip(Text("Not written here yet", "尚未建单"), "blocked")],
        main=[
            Table(Text("What does not fit", "问题"), [
                Column("kind", Text("Problem", "问题")), Column("state", Text("Stands", "状态")), Column("todo", Text("What to do", "处理办法")), Column("at", Text("Since", "发生时间")),
            ], [Row(str(one.id), None, {
                "kind": Two(PROBLEMS[str(one.kind)][0], Code(", ".join(f"{name}={value}" for name, value in one.details.items())) if one.details else None),
                "state": vocabulary.chip("channel_problem", str(one.state)), "todo": PROBLEMS[str(one.kind)][1] if one.closed_at is None else None, "at": one.opened_at,
            }) for one in told], Text("Everything fits.", "没有问题。")),
            Table(Text("Lines as told", "渠道明细"), [
                Column("sku", Text("SKU there", "渠道 SKU")), Column("units", Text("Units", "件数"), is_number=True), Column("price", Text("Unit price", "单价"), is_number=True),
            ], [Row(li.ref, None, {"sku": Two(Code(li.sku), li.title or None), "units": li.quantity, "price": Money(li.unit_price, source.currency)}) for li in source.deal.lines]),
        ],
        side=[Facts(Text("Order", "订单"), [
            (Text("Here", "本系统"), naming.link("order", known.order_id) or Text("not written yet", "尚未建单")), (Text("Total", "金额"), Money(known.total, known.currency)),
            (Text("Updated there", "渠道更新时间"), known.updated_at), (Text("Told us", "接收时间"), known.recorded_at), (Text("Cancelled there", "渠道取消时间"), known.cancelled_at),
        ])],
    )  # fmt: skip


def _acts(tx: Tx, known: channel_order_list.Row, told: list[channel_orders.Problem]) -> list[Act]:
    here = f"/channels/orders/{naming.ref('channel_order', known.id)}"
    if not tx.actor.may("channel_order.write") or not known.problems:
        return []
    unknown = [
        str(one.details.get("sku", "")) for one in told if one.closed_at is None and str(one.kind) == "unknown_sku"
    ]
    found = [Act("retry", Text("Try again", "重试"), f"{here}/retry", "T", tone="first")]
    if unknown:
        found.insert(0, Act("map", Text("Say what it is called here", "登记 SKU 对应"), f"{here}/map", "M", [
            Field("sku", Text("SKU there", "渠道 SKU"), value=unknown[0], longest=120), Field("ours", Text("SKU here", "本系统 SKU"), longest=120)]))  # fmt: skip
    if any(kind not in channel_orders.NEEDS_CURE for kind in known.problems):
        found.append(Act("resolve", Text("Accept as it is", "接受现状"), f"{here}/resolve", "A", [Field("reason", Text("Why", "原因"), "choice", options=WHY)],
                         warns=Text("The order goes on when nothing else holds it.", "无其他问题时订单将继续处理。")))  # fmt: skip
    return found


@act("/channels/orders/{channel_order_id}/retry", permission="channel_order.write")
async def retry(tx: Tx, channel_order_id: int) -> Done:
    """Try again what could not be done."""
    await channel_orders.retry(tx, channel_order_id)
    return Done(text=Text("Tried again", "已重试"))


@act("/channels/orders/{channel_order_id}/resolve", permission="channel_order.write")
async def resolve(tx: Tx, channel_order_id: int, form: ResolveForm) -> Done:
    """Live with what does not fit, for a reason."""
    await channel_orders.resolve(tx, channel_order_id, (), reason=form.reason)
    return Done(text=Text("Accepted", "已接受"))


@act("/channels/orders/{channel_order_id}/map", permission="channel_order.write")
async def save_word(tx: Tx, channel_order_id: int, form: SkuForm) -> Done:
    """Say what the channel calls a product; orders that waited for it are written."""
    known = await channel_order_list.one(tx, channel_order_id)
    channel = (await inventory.channels_by_ids(tx, [known.channel_id])).get(known.channel_id)
    if channel is None:
        raise scope.NothingThere("sku")
    written = await channel_orders.save_sku_map(
        tx, channel, [channel_orders.SkuPair(form.sku.strip(), form.ours.strip())]
    )
    return Done(text=Text(f"Kept; {written} orders were looked at again", f"已保存，重新处理 {written} 单"))


ROUTES = [listed, show, retry, resolve, save_word]
