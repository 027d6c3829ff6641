"""What moves stock: receiving, writing off, counting with a second person, transfers, safety, pools, shelves."""

from typing import Annotated, Literal

from msgspec import Meta

from dingdan.areas import catalog, inventory, merchants, placement
from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import rows, scope
from dingdan.surfaces.shared.pages import naming, vocabulary
from dingdan.surfaces.shared.pages.doors import act, screen
from dingdan.surfaces.shared.pages.forms import Form
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Code,
    Column,
    Done,
    Facts,
    Field,
    Row,
    Sheet,
    Table,
)
from dingdan.surfaces.shared.wire import Code as ReasonCode
from dingdan.surfaces.shared.wire import MerchantRef, Quantity, Sku, Word

VERBS = (
    ("receive", Text("Receive", "收货")), ("write_off", Text("Write off", "核销")), ("hold", Text("Hold back", "暂扣")), ("release", Text("Let go", "解除暂扣")),
)  # fmt: skip
WHY_MOVED = (
    ("delivery", Text("Delivery", "到货")), ("damaged", Text("Damaged", "破损")), ("lost", Text("Lost", "丢失")), ("expired", Text("Past its date", "过期")),
    ("quality_check", Text("Quality check", "质量检查")), ("other", Text("Something else", "其他")),
)  # fmt: skip
WHY_COUNTED = (
    ("daily", Text("Daily count", "日常盘点")), ("doubt", Text("The number looks wrong", "数量存疑")), ("after_short", Text("After a short pick", "拣货短缺后")),
    ("year_end", Text("End of the year", "年终盘点")),
)  # fmt: skip
WHY_REFUSED = (
    ("count_again", Text("Count again", "需重新盘点")),
    ("wrong_place", Text("Wrong warehouse", "仓库有误")),
    ("other", Text("Something else", "其他")),
)


class MoveForm(Form, frozen=True, kw_only=True):
    """One move of units."""

    merchant: MerchantRef | None = None
    verb: Literal["receive", "write_off", "hold", "release"]
    warehouse: Word
    sku: Sku
    quantity: Quantity
    why: ReasonCode


class CountForm(Form, frozen=True, kw_only=True):
    """What was counted; up to the merchant's limit one person may say so alone."""

    merchant: MerchantRef | None = None
    warehouse: Word
    sku: Sku
    counted: Annotated[int, Meta(ge=0, le=1_000_000_000)]
    why: ReasonCode = "count"


class SendForm(Form, frozen=True, kw_only=True):
    """Units that leave for another warehouse."""

    merchant: MerchantRef | None = None
    from_warehouse: Word
    to_warehouse: Word
    sku: Sku
    quantity: Quantity


class PriceForm(Form, frozen=True, kw_only=True):
    """Which product of whose."""

    merchant: MerchantRef | None = None
    sku: Sku


class SafetyForm(Form, frozen=True, kw_only=True):
    """Units that are kept back for nobody."""

    merchant: MerchantRef | None = None
    warehouse: Word
    sku: Sku
    safety: Annotated[int, Meta(ge=0, le=1_000_000_000)]


class BinForm(Form, frozen=True, kw_only=True):
    """On which shelf it lies."""

    merchant: MerchantRef | None = None
    warehouse: Word
    sku: Sku
    bin: Annotated[str, Meta(min_length=1, max_length=60)] | None = None


class PoolForm(Form, frozen=True, kw_only=True):
    """What a channel may count on and may not exceed; all of nothing ends it."""

    merchant: MerchantRef | None = None
    channel: Word
    warehouse: Word
    sku: Sku
    guaranteed: Annotated[int, Meta(ge=0, le=1_000_000_000)] = 0
    most: Annotated[int, Meta(ge=0, le=1_000_000_000)] | None = None
    buffer: Annotated[int, Meta(ge=0, le=1_000_000_000)] = 0


class PlaceForm(Form, frozen=True, kw_only=True):
    """A product in a warehouse."""

    merchant: MerchantRef | None = None
    warehouse: Word
    sku: Sku


class WhyForm(Form, frozen=True, kw_only=True):
    """Why the books stay as they are."""

    reason: ReasonCode


@act("/stock/price", permission="price.write")
async def price(tx: Tx, form: PriceForm) -> Done:
    """Say that the prices of a product are meant, however unusual: it is sold again."""
    with rows.one_of_a_set():
        await placement.release_prices(tx, [(await scope.merchant_id_meant(tx, form.merchant), form.sku)])
    return Done(text=Text("Sold again at its price", "已按当前价格恢复销售"))


async def acts(
    tx: Tx, merchant: merchants.Merchant, sku: str | None = None, frozen: list[str] | None = None
) -> list[Act]:
    """What somebody may do with a merchant's stock, or with one product of it."""
    places = [(one.code, naming.in_tongues(one.name)) for one in await inventory.warehouses_of(tx, merchant.id)]
    channels = [(one.code, naming.in_tongues(one.name)) for one in await inventory.channels_of(tx, merchant.id)]
    own = Field("merchant", Text("Merchant", "商家"), "hidden", value=merchant.code)
    item = Field("sku", Text("SKU", "商品编码"), "hidden" if sku else "text", value=sku, longest=120)
    where = Field(
        "warehouse",
        Text("Warehouse", "仓库"),
        "choice",
        options=places,
        value=places[0][0] if len(places) == 1 else None,
    )
    units = Field("quantity", Text("Units", "件数"), "number")
    limit = merchant.settings.stocktake_alone_up_to
    possible = [
        ("stock.move", Act("count", Text("Count it", "盘点"), "/stock/count", "C", [own, where, item, Field("counted", Text("Counted", "实盘数量"), "number"),
            Field("why", Text("Why", "原因"), "choice", options=WHY_COUNTED, hint=Text(f"A difference above {limit} units waits for a second person.", f"差异超过 {limit} 件需他人复核。"))], tone="first")),
        ("stock.move", Act("move", Text("Receive, write off, hold", "收货 / 核销 / 暂扣"), "/stock/move", "M", [own, Field("verb", Text("What", "操作"), "choice", options=VERBS), where, item, units,
            Field("why", Text("Why", "原因"), "choice", options=WHY_MOVED)])),
        ("stock.move", Act("send", Text("Send to another warehouse", "调拨"), "/transfers", "T", [own, Field("from_warehouse", Text("From", "调出仓"), "choice", options=places),
            Field("to_warehouse", Text("To", "调入仓"), "choice", options=places), item, units], why_not=None if len(places) > 1 else Text("There is only one warehouse.", "仅有一个仓库。"))),
        ("stock.write", Act("safety", Text("Safety stock", "安全库存"), "/stock/safety", fields=[own, where, item, Field("safety", Text("Units kept back", "保留件数"), "number")])),
        ("stock.write", Act("bin", Text("Shelf", "货位"), "/stock/bin", fields=[own, where, item, Field("bin", Text("Zone-aisle-shelf", "区-排-位"), is_needed=False, longest=60, hint=Text("As in A-02-10; empty: nobody knows.", "如 A-02-10；留空表示未知。"))])),
        ("stock.write", Act("pool", Text("Pool of a channel", "渠道配额"), "/stock/pool", fields=[own, Field("channel", Text("Channel", "渠道"), "choice", options=channels), where, item,
            Field("guaranteed", Text("Guaranteed", "保证量"), "number", value=0), Field("most", Text("At most", "上限"), "number", is_needed=False), Field("buffer", Text("Kept back", "缓冲"), "number", value=0)])),
    ]  # fmt: skip
    offer = (await catalog.offers(tx, [(merchant.id, sku)])).get((merchant.id, sku)) if sku else None
    if offer is not None and offer.is_paused:
        possible.append(("price.write", Act("price", Text("The price is meant", "确认价格并恢复销售"), "/stock/price", fields=[own, item],
                                            warns=Text("It is sold again at the prices that it has now.", "将按当前价格恢复销售。"))))  # fmt: skip
    if sku and frozen:
        stopped = [(code, words) for code, words in places if code in frozen]
        possible.append(("stock.approve", Act("thaw", Text("Sell again", "恢复销售"), "/stock/thaw", fields=[own, Field("warehouse", Text("Warehouse", "仓库"), "choice", options=stopped, value=stopped[0][0]), item],
                                              warns=Text("The books must say again what is promised.", "账面须重新满足已承诺的数量。"))))  # fmt: skip
    return [made for permission, made in possible if tx.actor.may(permission)]


async def _shelf(tx: Tx, merchant: str | None, warehouse: str, sku: str) -> tuple[int, int, int]:
    merchant_id = await scope.merchant_id_meant(tx, merchant)
    ((place, product_id),) = await scope.shelves_meant(tx, merchant_id, [(warehouse, sku)], "")
    return merchant_id, place, product_id


@act("/stock/move", permission="stock.move")
async def move(tx: Tx, form: MoveForm) -> Done:
    """Receive, write off, hold back or let go."""
    merchant_id, place, product_id = await _shelf(tx, form.merchant, form.warehouse, form.sku)
    with rows.one_of_a_set():
        await inventory.move(
            tx, [inventory.Move(form.verb, merchant_id, place, product_id, form.quantity, form.why, False)]
        )
    return Done(text=Text("Moved", "已登记"))


@act("/stock/count", permission="stock.move")
async def count(tx: Tx, form: CountForm) -> Done:
    """Say what was counted: booked at once, or when a second person has approved it."""
    merchant = await scope.merchant_meant(tx, form.merchant)
    _, place, product_id = await _shelf(tx, form.merchant, form.warehouse, form.sku)
    made = await inventory.take_stock(tx, inventory.TakeStock(
        merchant.id, place, ((product_id, form.counted),), form.why, merchant.settings.stocktake_alone_up_to
    ))  # fmt: skip
    if made.state is inventory.StocktakeState.REQUESTED:
        return Done(
            text=Text("Waits for a second person", "等待他人复核"), to=f"/stocktakes/{naming.ref('stocktake', made.id)}"
        )
    return Done(text=Text("Counted, the books are right", "已盘点，账面已更新"))


@act("/stock/safety", permission="stock.write")
async def safety(tx: Tx, form: SafetyForm) -> Done:
    """Keep units back."""
    merchant_id, place, product_id = await _shelf(tx, form.merchant, form.warehouse, form.sku)
    await inventory.set_safety(tx, [inventory.SetSafety(merchant_id, place, product_id, form.safety)])
    return Done(text=Text("Set", "已设置"))


@act("/stock/bin", permission="stock.write")
async def set_bin(tx: Tx, form: BinForm) -> Done:
    """Say on which shelf a product lies."""
    merchant_id, place, product_id = await _shelf(tx, form.merchant, form.warehouse, form.sku)
    await inventory.set_bins(tx, merchant_id, {(place, product_id): form.bin})
    return Done(text=Text("Set", "已设置"))


@act("/stock/pool", permission="stock.write")
async def pool(tx: Tx, form: PoolForm) -> Done:
    """Set what a channel may count on and may not exceed."""
    merchant_id, place, product_id = await _shelf(tx, form.merchant, form.warehouse, form.sku)
    channel = await scope.channel_meant(tx, form.merchant, form.channel)
    with rows.one_of_a_set():
        await inventory.set_pools(tx, [inventory.SetPool(
            merchant_id, place, product_id, channel.id, form.guaranteed, form.most, form.buffer
        )])  # fmt: skip
    return Done(text=Text("Set", "已设置"))


@act("/stock/thaw", permission="stock.approve")
async def thaw(tx: Tx, form: PlaceForm) -> Done:
    """Sell again what was stopped."""
    _, place, product_id = await _shelf(tx, form.merchant, form.warehouse, form.sku)
    with rows.one_of_a_set():
        await inventory.thaw(tx, [(place, product_id)])
    return Done(text=Text("On sale again", "已恢复销售"))


@act("/transfers", permission="stock.move")
async def send(tx: Tx, form: SendForm) -> Done:
    """Send goods to another warehouse: they are on their way, for sale in neither."""
    merchant_id, place, product_id = await _shelf(tx, form.merchant, form.from_warehouse, form.sku)
    to = await scope.warehouse_meant(tx, form.merchant, form.to_warehouse, "to_warehouse")
    made = await inventory.send_transfer(
        tx, inventory.SendTransfer(merchant_id, place, to.id, ((product_id, form.quantity),))
    )
    return Done(text=Text("On its way", "已发出"), to=f"/transfers/{naming.ref('transfer', made.id)}")


@screen("/transfers/{transfer_id}", permission="stock.read")
async def transfer(tx: Tx, transfer_id: int) -> Sheet:
    """Goods between two warehouses."""
    one = await inventory.transfer(tx, transfer_id)
    offers = await catalog.by_ids(tx, {line.product_id for line in one.lines})
    places = await inventory.warehouses(tx, {one.from_id, one.to_id})
    here = f"/transfers/{naming.ref('transfer', transfer_id)}"
    take = Act("receive", Text("All of it arrived", "全部到仓"), f"{here}/receive", "A", tone="first")
    return Sheet(
        title=Text("Transfer", "调拨单"), kind=Text("Transfer", "调拨单"), number=naming.spoken(transfer_id), key=naming.ref("transfer", transfer_id), full=here,
        chips=[vocabulary.chip("transfer", str(one.state))], lead=one.sent_at,
        acts=[take] if str(one.state) == "sent" and tx.actor.may("stock.move") else [],
        main=[Table(Text("Goods", "商品"), [
            Column("sku", Text("SKU", "商品编码")), Column("units", Text("Sent", "发出"), is_number=True), Column("arrived", Text("Arrived", "到仓"), is_number=True),
            Column("missing", Text("Missing", "缺失"), is_number=True),
        ], [Row(str(line.product_id), None, {"sku": Code(offers[line.product_id].sku), "units": line.quantity, "arrived": line.arrived, "missing": line.missing})
            for line in one.lines])],
        side=[Facts(Text("Way", "路线"), [(Text("From", "调出仓"), naming.in_tongues(places[one.from_id].name)), (Text("To", "调入仓"), naming.in_tongues(places[one.to_id].name)),
                                        (Text("Arrived", "到仓时间"), one.arrived_at)])],
    )  # fmt: skip


@act("/transfers/{transfer_id}/receive", permission="stock.move")
async def receive(tx: Tx, transfer_id: int) -> Done:
    """Take in everything that was on its way."""
    await inventory.receive_transfer(tx, transfer_id, None)
    return Done(text=Text("Taken in", "已收货"))


@screen("/stocktakes/{stocktake_id}", permission="stock.read")
async def stocktake(tx: Tx, stocktake_id: int) -> Sheet:
    """A count with what differs, for a second person to approve."""
    one = await inventory.stocktake(tx, stocktake_id)
    offers = await catalog.by_ids(tx, {line.product_id for line in one.lines})
    place = (await inventory.warehouses(tx, [one.warehouse_id]))[one.warehouse_id]
    here = f"/stocktakes/{naming.ref('stocktake', stocktake_id)}"
    is_mine = one.counted_by_kind == str(tx.actor.kind) and one.counted_by == tx.actor.id
    found = [
        Act("approve", Text("Approve", "通过"), f"{here}/approve", "A", tone="first",
            why_not=Text("You counted it: somebody else approves.", "盘点人不能自行审批。") if is_mine else None),
        Act("refuse", Text("Leave the books", "驳回"), f"{here}/refuse", "R", [Field("reason", Text("Why", "原因"), "choice", options=WHY_REFUSED)], tone="danger"),
    ]  # fmt: skip
    return Sheet(
        title=Text("Stocktake", "盘点单"), kind=Text("Stocktake", "盘点单"), number=naming.spoken(stocktake_id), key=naming.ref("stocktake", stocktake_id), full=here,
        chips=[vocabulary.chip("stocktake", str(one.state))], lead=one.counted_at,
        acts=found if str(one.state) == "requested" and tx.actor.may("stock.approve") else [],
        main=[Table(Text("What differs", "差异"), [
            Column("sku", Text("SKU", "商品编码")), Column("booked", Text("Books", "账面"), is_number=True), Column("counted", Text("Counted", "实盘"), is_number=True),
            Column("difference", Text("Difference", "差异"), is_number=True),
        ], [Row(str(line.product_id), None, {"sku": Code(offers[line.product_id].sku), "booked": line.booked, "counted": line.counted, "difference": f"{line.difference:+d}"})
            for line in one.lines], Text("Nothing differs.", "无差异。"))],
        side=[Facts(Text("Count", "盘点"), [(Text("Warehouse", "仓库"), naming.in_tongues(place.name)), (Text("Units that differ", "差异件数"), one.differing),
                                          (Text("Alone up to", "单人限额"), one.alone_up_to), (Text("Decided", "审批时间"), one.decided_at)])],
    )  # fmt: skip


@act("/stocktakes/{stocktake_id}/approve", permission="stock.approve")
async def approve(tx: Tx, stocktake_id: int) -> Done:
    """Put the differences into the books; whoever counted may not."""
    await inventory.approve_stocktake(tx, stocktake_id)
    return Done(text=Text("Approved", "已通过"))


@act("/stocktakes/{stocktake_id}/refuse", permission="stock.approve")
async def refuse(tx: Tx, stocktake_id: int, form: WhyForm) -> Done:
    """Leave the books as they are."""
    await inventory.refuse_stocktake(tx, stocktake_id, reason=form.reason)
    return Done(text=Text("The books stay", "已驳回"))


ROUTES = [move, count, safety, set_bin, pool, thaw, send, transfer, receive, stocktake, approve, refuse, price]
