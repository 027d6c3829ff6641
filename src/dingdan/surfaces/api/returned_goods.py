"""Goods that came back and were looked at: what waits, how long, what becomes of it, and what their buyer says."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from dingdan.areas import disposition
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.overviews import goods_list
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import rows, scope
from dingdan.surfaces.shared.doors import get, post
from dingdan.surfaces.shared.facts import Who, who
from dingdan.surfaces.shared.wire import (
    Amount,
    Id,
    Input,
    List,
    MerchantRef,
    Page,
    PageQuery,
    Prose,
    Quantity,
    Sku,
    View,
    number,
    page_of,
    ref,
    ref_or_none,
    slice_of,
)


class DisposeInput(Input, frozen=True, kw_only=True):
    """What shall become of some units. Destroying (`scrap`) wants a witness and a certificate; `open_box` and `refurbish` a

    product marked second-hand, as which they are sold; devices are wiped before anybody else has them.
    """

    kind: Literal[
        "restock", "repack", "open_box", "refurbish", "vendor", "liquidate", "donate", "scrap", "send_back",
    ]  # fmt: skip
    quantity: Quantity
    recovered: Amount | None = None
    as_sku: Sku | None = None
    is_wiped: bool = False
    witness: Id | None = None
    certificate: Annotated[str, Meta(min_length=1, max_length=200)] | None = None
    note: Prose = ""


class OfferInput(Input, frozen=True, kw_only=True):
    """Money for goods that were not accepted, if they stay with us, in minor units of the order's currency."""

    amount: Amount


class ChooseInput(Input, frozen=True, kw_only=True):
    """What the buyer wants done about goods that were not accepted."""

    choice: disposition.Choice


class GoodsQuery(PageQuery, frozen=True, kw_only=True):
    """Which goods: those that wait, or with a return all of its."""

    merchant: MerchantRef | None = None
    return_id: Id | None = None
    is_ours: bool | None = None


class AgeingQuery(Input, frozen=True, kw_only=True):
    """Whose goods."""

    merchant: MerchantRef | None = None


class DispositionView(View, frozen=True, kw_only=True):
    """What became of some units."""

    id: str
    kind: str
    quantity: int
    value: Money
    recovered: Money
    as_product_id: str | None
    is_wiped: bool
    witness_id: str | None
    certificate: str | None
    note: str
    at: datetime
    by: Who


class GoodsChoiceView(View, frozen=True, kw_only=True):
    """Something that the buyer can choose."""

    code: disposition.Choice
    text: Text


class GoodsView(View, frozen=True, kw_only=True):
    """Units that came back: `open` of them wait. What was not accepted is the buyer's (`is_ours` is false).

    `value` is what was paid for them, `book_value` what their grade leaves of that.
    """

    id: str
    order_id: str
    return_id: str
    line_no: int
    product_id: str
    quantity: int
    open: int
    is_ours: bool
    grade: str
    tags: list[str]
    value: Money
    book_value: Money
    wanted: str
    since: datetime
    decide_by: datetime
    store_until: datetime | None
    offered: Money | None
    choice: disposition.Choice | None
    refund_id: str | None
    allowed: list[str]
    choices: list[GoodsChoiceView]
    dispositions: list[DispositionView]


class GoodsRow(View, frozen=True, kw_only=True):
    """Goods as the list shows them."""

    id: str
    order_id: str
    return_id: str
    merchant: str
    warehouse_id: str
    sku: str
    quantity: int
    open: int
    is_ours: bool
    grade: str
    tags: list[str]
    value: Money
    wanted: str
    since: datetime
    decide_by: datetime
    store_until: datetime | None
    choice: disposition.Choice | None


class AgeView(View, frozen=True, kw_only=True):
    """What has waited for so many days, up to the next age: how much, what it was worth, how much of it too long."""

    days: int
    is_ours: bool
    lots: int
    units: int
    value: Money
    overdue: int


@get("/v1/returned-goods", permission="return.read")
async def listed(tx: Tx, query: GoodsQuery) -> Page[GoodsRow]:
    """Goods that came back and wait, what has lain longest first."""
    wanted = goods_list.Filter(
        merchant_id=await scope.merchant_filter(tx, query.merchant), is_ours=query.is_ours,
        return_id=None if query.return_id is None else number("return", query.return_id, "query.return_id"),
    )  # fmt: skip
    asked = slice_of(query)
    return page_of(asked, await goods_list.page(tx, wanted, asked.asked), _row)


@get("/v1/returned-goods/ageing", permission="return.read")
async def ageing(tx: Tx, query: AgeingQuery) -> List[AgeView]:
    """How long goods have lain that wait, by age in days."""
    found = await goods_list.ageing(tx, await scope.merchant_filter(tx, query.merchant))
    return List(items=[
        AgeView(days=one.days, is_ours=one.is_ours, lots=one.lots, units=one.units,
                value=Money(one.value, one.currency), overdue=one.overdue)
        for one in found
    ])  # fmt: skip


@get("/v1/returned-goods/{goods_id}", permission="return.read")
async def show(tx: Tx, goods_id: int) -> GoodsView:
    """Some goods that came back, what may become of them, and what became of them."""
    return await _view(tx, await disposition.get_one(tx, goods_id))


@post("/v1/returned-goods/{goods_id}/dispose", permission="return.dispose")
async def dispose(tx: Tx, goods_id: int, body: DisposeInput) -> GoodsView:
    """Decide what becomes of units and do it; nothing else moves the stock of goods that came back."""
    decided = disposition.Decide(
        goods_id=goods_id, kind=body.kind, quantity=body.quantity, recovered=body.recovered, as_sku=body.as_sku,
        is_wiped=body.is_wiped, certificate=body.certificate, note=body.note,
        witnessed_by=None if body.witness is None else number("staff", body.witness, "witness"),
    )  # fmt: skip
    with rows.one_of_a_set():
        await disposition.decide(tx, [decided])
    return await _view(tx, await disposition.get_one(tx, goods_id))


@post("/v1/returned-goods/{goods_id}/offer", permission="return.decide")
async def offer(tx: Tx, goods_id: int, body: OfferInput) -> GoodsView:
    """Offer the buyer money for goods that were not accepted, if they stay with us."""
    return await _view(tx, await disposition.offer(tx, goods_id, amount=body.amount))


@post("/v1/returned-goods/{goods_id}/choose", permission="return.apply")
async def choose(tx: Tx, goods_id: int, body: ChooseInput) -> GoodsView:
    """The buyer says what is to be done; a reduction is paid, and only then the goods are ours."""
    return await _view(tx, await disposition.choose(tx, goods_id, body.choice))


async def _view(tx: Tx, one: disposition.ReturnedGoods) -> GoodsView:
    ware = (await disposition.wares(tx, [one]))[one.id]
    is_choosable = not one.is_ours and one.open == one.quantity
    return GoodsView(
        id=ref("goods", one.id), order_id=ref("order", one.order_id), return_id=ref("return", one.return_id),
        line_no=one.line_no, product_id=ref("product", one.product_id), quantity=one.quantity, open=one.open,
        is_ours=one.is_ours, grade=one.grade, tags=one.tags, value=Money(one.value, one.currency),
        book_value=Money(one.book_value, one.currency), wanted=one.wanted,
        since=one.since, decide_by=one.decide_by, store_until=one.store_until,
        offered=None if one.offered is None else Money(one.offered, one.currency), choice=one.choice,
        refund_id=ref_or_none("refund", one.paid_with), allowed=[str(kind) for kind in disposition.allowed(one, ware)],
        choices=[
            GoodsChoiceView(code=code, text=text)
            for code, text in disposition.CHOICES.items()
            if is_choosable and (code is not disposition.Choice.REDUCTION or one.offered is not None)
        ],
        dispositions=[
            _disposition(done, one.currency) for done in (await disposition.dispositions(tx, [one.id]))[one.id]
        ],
    )  # fmt: skip


def _disposition(one: disposition.Disposition, currency: str) -> DispositionView:
    return DispositionView(
        id=ref("disposition", one.id), kind=one.kind, quantity=one.quantity, value=Money(one.value, currency),
        recovered=Money(one.recovered, currency), as_product_id=ref_or_none("product", one.sold_as),
        is_wiped=one.is_wiped, witness_id=ref_or_none("staff", one.witnessed_by), certificate=one.certificate,
        note=one.note, at=one.at, by=who(one.decided_by_kind, one.decided_by),
    )  # fmt: skip


def _row(one: goods_list.Row) -> GoodsRow:
    return GoodsRow(
        id=ref("goods", one.id), order_id=ref("order", one.order_id), return_id=ref("return", one.return_id),
        merchant=ref("merchant", one.merchant_id), warehouse_id=ref("warehouse", one.warehouse_id), sku=one.sku,
        quantity=one.quantity, open=one.open, is_ours=one.is_ours, grade=one.grade, tags=one.tags,
        value=Money(one.value, one.currency), wanted=one.wanted, since=one.since, decide_by=one.decide_by,
        store_until=one.store_until, choice=None if one.choice is None else disposition.Choice(one.choice),
    )  # fmt: skip


ROUTES = [listed, ageing, show, dispose, offer, choose]
