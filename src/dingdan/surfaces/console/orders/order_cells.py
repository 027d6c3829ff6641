"""What stands in the list of orders about each: on the screen a few full cells, in a file each thing by itself."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from dingdan.areas import identity
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.overviews import headline, order_list
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console.orders import order_keeping
from dingdan.surfaces.shared import looks
from dingdan.surfaces.shared.pages import naming, vocabulary
from dingdan.surfaces.shared.pages.screens import Code, Column, Fuse, Pictured, Row, Two

# Lanes of the warehouse that are a preferred buyer's.
_VIP = frozenset({0, 2})
_FLAGS = {
    "vip": Text("VIP", "VIP 会员"), "perishable": Text("Fresh", "生鲜"), "presale": Text("Presale", "预售"),
    "custom_made": Text("Custom", "定制"), "cross_border": Text("Cross-border", "跨境"), "large": Text("Large", "大额"),
}  # fmt: skip
_LEAST = timedelta(hours=1)


class Beside(NamedTuple):
    """What the cells say that the list does not know itself."""

    merchants: Mapping[int | None, Text]
    contacts: Mapping[int, identity.Contact]
    tags: Mapping[int, Sequence[str]]


def columns(*, is_file: bool, may_read: bool) -> list[Column]:
    """The columns of a screen, or of a file; notes, tags and keepers are for whoever may read them."""
    if is_file:
        return [
            Column("number", Text("Order", "订单")), Column("reference", Text("Shop's number", "商家单号")),
            Column("placed", Text("Placed", "下单时间")), Column("merchant", Text("Merchant", "商家")),
            Column("channel", Text("Channel", "渠道")), Column("customer", Text("Customer", "买家")),
            Column("region", Text("City", "城市")), Column("items", Text("Items", "商品")),
            Column("lines", Text("Different items", "商品种数"), is_number=True), Column("units", Text("Units", "件数"), is_number=True),
            Column("total", Text("Total", "金额"), is_number=True), Column("refunded", Text("Refunded", "已退款"), is_number=True),
            Column("stands", Text("Stands", "状态")), Column("payment", Text("Payment", "付款")),
            Column("fulfilment", Text("Fulfilment", "发货")), Column("due", Text("Due", "截止时间")),
            Column("due_for", Text("Due for", "截止事项")), Column("flags", Text("Flags", "标记")),
            *([Column("tags", Text("Tags", "标签")), Column("keeper", Text("Owner", "负责人"))] if may_read else []),
        ]  # fmt: skip
    return [
        Column("number", Text("Order", "订单")), Column("items", Text("Items", "商品")), Column("customer", Text("Customer", "买家")),
        Column("merchant", Text("Merchant", "商家")), Column("total", Text("Total", "金额"), is_number=True),
        Column("stands", Text("Stands", "状态")), Column("steps", Text("Paid / sent", "付款 / 发货")),
        Column("due", Text("Due", "剩余时间")), Column("flags", Text("Flags", "标记")),
        *([Column("keeper", Text("Owner", "负责人"))] if may_read else []),
    ]  # fmt: skip


def row(tx: Tx, one: order_list.Shown, beside: Beside, *, is_file: bool) -> Row:
    """One order as a row of them."""
    total = Money(one.total, one.currency)
    return Row(
        naming.ref("order", one.id), naming.place("order", one.id),
        (_apart if is_file else _together)(tx, one, beside), total,
    )  # fmt: skip


def _together(tx: Tx, one: order_list.Shown, beside: Beside) -> dict[str, Any]:
    said = _apart(tx, one, beside)
    reference = Code(one.reference) if one.reference else None
    tags = [f"#{tag}" for tag in beside.tags.get(one.id, ())]
    units = Text(f"{one.units} unit{'' if one.units == 1 else 's'}", f"{one.units} 件")
    kinds = Text(f"{units.en} of {one.lines} items", f"{one.lines} 种 {units.zh}") if one.lines > 1 else units
    back = said["refunded"]
    return said | {
        "number": Two(naming.link("order", one.id), [one.placed_at, reference] if reference else one.placed_at),
        "items": Pictured(looks.picture_href(one.product_id, one.picture), Two(said["items"], kinds)),
        "customer": Two(said["customer"], said["region"] or ""), "merchant": Two(said["merchant"], one.channel),
        "total": Two(said["total"], Text(f"back {back}", f"退 {back}")) if back is not None else said["total"],
        "steps": Two(said["payment"], said["fulfilment"] or ""),
        "due": Two(said["due"], said["due_for"]) if said["due"] is not None else None,
        "flags": Two(said["flags"] or "", tags) if tags else said["flags"],
    }  # fmt: skip


def _apart(tx: Tx, one: order_list.Shown, beside: Beside) -> dict[str, Any]:
    who = beside.contacts.get(one.contact_id)
    buyer = identity.mask(who) if who is not None else None
    due, due_for = _due(tx, one)
    return {
        "number": Code(naming.spoken(one.id)), "reference": Code(one.reference) if one.reference else None, "placed": one.placed_at,
        "merchant": beside.merchants.get(one.merchant_id), "channel": one.channel,
        "customer": (buyer.name if buyer else None) or Text("erased", "已删除"),
        "region": (buyer.city or buyer.province) if buyer else None,
        "items": naming.in_tongues(one.title), "lines": one.lines, "units": one.units, "total": Money(one.total, one.currency),
        "refunded": Money(one.refunded, one.currency) if one.refunded else None,
        "stands": vocabulary.chip("headline", headline.of(one)), "payment": _payment(one), "fulfilment": _fulfilment(one),
        "due": due, "due_for": due_for if due is not None else None, "flags": _flags(one) or None, "tags": list(beside.tags.get(one.id, ())) or None,
        "keeper": order_keeping.said(one.keeper) if one.keeper_id is not None else None,
    }  # fmt: skip


def _payment(one: order_list.Shown) -> Text:
    if one.paid_at is not None:
        if not one.refunded:
            return Text("Paid", "已付款")
        return Text("Refunded", "已退款") if one.refunded == one.total else Text("Partly refunded", "部分退款")
    if one.state != "awaiting_payment":
        return Text("Not paid", "未付款")
    if one.payment == "captured":
        return Text("Deposit paid", "已付定金")
    if one.payment in ("pending", "unknown", "failed"):
        return vocabulary.chip("payment", one.payment).text
    return Text("To pay", "待付款")


def _fulfilment(one: order_list.Shown) -> Text | None:
    if one.delivered_at is not None:
        return Text("Delivered", "已签收")
    if one.shipped_at is not None:
        return Text("Sent", "已发货")
    if one.paid_at is None or one.state not in ("confirmed", "held"):
        return None
    if one.gone:
        return Text(f"Sent {one.gone} of {one.works}", f"已发 {one.gone}/{one.works}")
    if one.works and one.packed == one.works:
        return Text("Packed", "已打包")
    if one.dispatch_locked_at is not None:
        return Text("Picking", "拣货中")
    return Text("To pick", "待拣货") if one.works else Text("Waiting", "未下发")


def _due(tx: Tx, one: order_list.Shown) -> tuple[Fuse | None, Text | None]:
    """The clock that runs for an order: until it is paid, sent, or there."""
    if one.state == "awaiting_payment":
        return _fuse(tx, one.pay_by, one.placed_at), Text("to pay", "付款")
    if one.state not in ("confirmed", "held") or one.delivered_at is not None:
        return None, None
    if one.shipped_at is None:
        return _fuse(tx, one.ship_by, one.paid_at or one.placed_at), Text("to send", "发货")
    return _fuse(tx, one.arrive_by, one.shipped_at), Text("to arrive", "送达")


def _fuse(tx: Tx, at: datetime | None, since: datetime) -> Fuse | None:
    return Fuse(at, tx.now, max(at - since, _LEAST)) if at is not None else None


def _flags(one: order_list.Shown) -> list[Text]:
    held = {*one.flags, *(["vip"] if one.lane in _VIP else []), *(["large"] if one.is_large else [])}
    return [words for flag, words in _FLAGS.items() if flag in held]
