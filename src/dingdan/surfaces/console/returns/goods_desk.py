"""Goods that came back and wait: for somebody who says what becomes of them, or for their buyer's word."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from msgspec import Meta

from dingdan.areas import catalog, disposition, identity
from dingdan.kernel import ids
from dingdan.kernel.money import Money
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Text
from dingdan.overviews import goods_list
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing
from dingdan.surfaces.console.house.bench_view import BINS
from dingdan.surfaces.shared import rows
from dingdan.surfaces.shared.pages import naming
from dingdan.surfaces.shared.pages.doors import act, screen
from dingdan.surfaces.shared.pages.forms import Form, Typed, amount_of
from dingdan.surfaces.shared.pages.listing import listing
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Chip,
    Code,
    Column,
    Done,
    Empty,
    Facts,
    Field,
    Fuse,
    Listing,
    Row,
    Section,
    Sheet,
    Table,
    Two,
)
from dingdan.surfaces.shared.wire import Id, Prose, Quantity, Sku

OURS, THEIRS = Chip(Text("Ours", "我方所有"), "us"), Chip(Text("The buyer's", "买家所有"), "customer")


class DisposeForm(Form, frozen=True, kw_only=True):
    """What becomes of some units, with what that takes."""

    kind: Literal["restock", "repack", "open_box", "refurbish", "vendor", "liquidate", "donate", "scrap", "send_back"]
    quantity: Quantity
    recovered: Typed | None = None
    as_sku: Sku | None = None
    is_wiped: bool = False
    witness: Id | None = None
    certificate: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
    note: Prose = ""


class OfferForm(Form, frozen=True, kw_only=True):
    """Money for goods that were not accepted, if they stay with us."""

    amount: Typed


class BuyerForm(Form, frozen=True, kw_only=True):
    """What the buyer wants done."""

    choice: disposition.Choice


async def as_list(tx: Tx, found: Sequence[goods_list.Row], **what: Any) -> Listing:
    """Goods that wait, what has lain longest first."""
    places = await choosing.warehouse_names(tx, {one.warehouse_id for one in found})
    return listing(
        found, lambda one: Row(naming.ref("goods", one.id), f"/goods/{naming.ref('goods', one.id)}", {
            "sku": Two(Code(one.sku), Code(naming.spoken(one.return_id))), "units": one.open, "grade": one.grade,
            "whose": OURS if one.is_ours else THEIRS, "wanted": BINS.get(one.wanted), "value": Money(one.value, one.currency),
            "place": places.get(one.warehouse_id), "since": one.since,
            "due": Fuse(one.decide_by if one.is_ours else one.store_until, tx.now),
        }), is_queue=True,
        title=Text("Exchanges and repairs", "换货与维修"), live=["goods", "return"],
        columns=[
            Column("sku", Text("SKU, return", "SKU / 售后单")), Column("units", Text("Units", "件数"), is_number=True), Column("grade", Text("Grade", "等级")),
            Column("whose", Text("Whose", "归属")), Column("wanted", Text("Inspector's word", "验货建议")), Column("value", Text("Paid for it", "实付价值"), is_number=True),
            Column("place", Text("Warehouse", "仓库")), Column("since", Text("Since", "入库时间")), Column("due", Text("Decide by", "处置时限")),
        ],
        empty=Empty(Text("Nothing waits for a decision.", "没有待处置的商品。")), **what,
    )  # fmt: skip


@screen("/goods/{goods_id}", permission="return.read")
async def show(tx: Tx, goods_id: int) -> Sheet:
    """Some goods that came back, what may become of them, and what became of them."""
    one = await disposition.get_one(tx, goods_id)
    offer = (await catalog.by_ids(tx, [one.product_id])).get(one.product_id)
    done = (await disposition.dispositions(tx, [goods_id]))[goods_id]
    main: list[Section] = [Table(Text("What became of them", "处置记录"), [
        Column("kind", Text("Use", "去向")), Column("units", Text("Units", "件数"), is_number=True), Column("recovered", Text("Recovered", "回收金额"), is_number=True),
        Column("note", Text("Note", "备注")), Column("at", Text("When", "时间")),
    ], [Row(str(each.id), None, {
        "kind": BINS.get(each.kind), "units": each.quantity, "recovered": Money(each.recovered, one.currency), "note": each.certificate or each.note or None, "at": each.at,
    }) for each in done], Text("Nothing yet.", "尚未处置。"))]  # fmt: skip
    return Sheet(
        title=Text("Returned goods", "退回商品"), kind=Text("Returned goods", "退回商品"), number=offer.sku if offer else naming.spoken(goods_id),
        key=naming.ref("goods", goods_id), full=f"/goods/{naming.ref('goods', goods_id)}", chips=[OURS if one.is_ours else THEIRS, Code(one.grade)],
        lead=one.since, acts=await _acts(tx, one), main=main, live=["goods"],
        side=[Facts(Text("Goods", "商品"), [
            (Text("Item", "商品"), naming.in_tongues(offer.title) if offer else None), (Text("Still to decide", "待处置件数"), one.open),
            (Text("Paid for them", "实付价值"), Money(one.value, one.currency)), (Text("Worth by grade", "按等级估值"), Money(one.book_value, one.currency)),
            (Text("Return", "售后单"), naming.link("return", one.return_id)), (Text("Inspector's word", "验货建议"), BINS.get(one.wanted)),
            (Text("Found", "异常标签"), ", ".join(one.tags) or None),
            (Text("Decide by", "处置时限"), Fuse(one.decide_by if one.is_ours else one.store_until, tx.now)),
            *([(Text("Offered to the buyer", "已向买家出价"), Money(one.offered, one.currency))] if one.offered is not None else []),
        ])],
    )  # fmt: skip


async def _acts(tx: Tx, one: disposition.ReturnedGoods) -> list[Act]:
    here = f"/goods/{naming.ref('goods', one.id)}"
    ware = (await disposition.wares(tx, [one]))[one.id]
    uses = disposition.allowed(one, ware)
    found: list[Act] = []
    if tx.actor.may("return.dispose") and uses:
        found.append(Act("dispose", Text("Decide what becomes of it", "处置"), f"{here}/dispose", "D", [
            Field("kind", Text("Use", "去向"), "choice", options=[(kind, BINS[kind]) for kind in uses], value=one.wanted if one.wanted in uses else uses[0]),
            Field("quantity", Text("Units", "件数"), "number", value=one.open),
            *([] if not one.is_ours else [
                Field("recovered", Text("Money that it brings", "回收金额"), "money", is_needed=False, currency=one.currency),
                Field("as_sku", Text("Sold on as (second-hand SKU)", "转售 SKU（二手）"), is_needed=False, longest=120),
                Field("is_wiped", Text("Personal data was wiped", "个人数据已清除"), "check", is_needed=False),
                Field("witness", Text("Witness of destruction", "销毁见证人"), "choice", is_needed=False, options=await _witnesses(tx)),
                Field("certificate", Text("Certificate of destruction", "销毁证明编号"), is_needed=False),
            ]),
            Field("note", Text("Note", "备注"), "prose", is_needed=False),
        ], tone="first"))  # fmt: skip
    if not one.is_ours and one.open == one.quantity and one.choice is None:
        if tx.actor.may("return.decide"):
            found.append(Act("offer", Text("Offer money for it", "出价留下"), f"{here}/offer", "O", [
                Field("amount", Text("Amount", "金额"), "money", currency=one.currency)]))  # fmt: skip
        if tx.actor.may("return.apply"):
            choices = [(str(code), text) for code, text in disposition.CHOICES.items()
                       if code is not disposition.Choice.REDUCTION or one.offered is not None]  # fmt: skip
            found.append(Act("choose", Text("The buyer chose", "登记买家选择"), f"{here}/choose", "B", [
                Field("choice", Text("Choice", "选择"), "choice", options=choices)]))  # fmt: skip
    return found


async def _witnesses(tx: Tx) -> list[tuple[str, Text | str]]:
    staff = await identity.list_staff(tx, tx.actor.merchant_id, Page(limit=200))
    return [(naming.ref("staff", person.id), person.name) for person in staff if person.id != tx.actor.id]


@act("/goods/{goods_id}/dispose", permission="return.dispose")
async def dispose(tx: Tx, goods_id: int, form: DisposeForm) -> Done:
    """Decide what becomes of units and do it."""
    one = await disposition.get_one(tx, goods_id)
    with rows.one_of_a_set():
        await disposition.decide(tx, [disposition.Decide(
            goods_id=goods_id, kind=form.kind, quantity=form.quantity, as_sku=form.as_sku, is_wiped=form.is_wiped,
            recovered=None if form.recovered is None else amount_of(form.recovered, one.currency, "recovered"),
            certificate=form.certificate, note=form.note,
            witnessed_by=None if form.witness is None else ids.decode("staff", form.witness),
        )])  # fmt: skip
    return Done(text=Text("Decided", "已处置"))


@act("/goods/{goods_id}/offer", permission="return.decide")
async def offer(tx: Tx, goods_id: int, form: OfferForm) -> Done:
    """Offer the buyer money for goods that were not accepted."""
    one = await disposition.get_one(tx, goods_id)
    await disposition.offer(tx, goods_id, amount=amount_of(form.amount, one.currency, "amount"))
    return Done(text=Text("Offered", "已出价"))


@act("/goods/{goods_id}/choose", permission="return.apply")
async def choose(tx: Tx, goods_id: int, form: BuyerForm) -> Done:
    """Write down what the buyer wants done."""
    await disposition.choose(tx, goods_id, form.choice)
    return Done(text=Text("Noted", "已登记"))


ROUTES = [show, dispose, offer, choose]
