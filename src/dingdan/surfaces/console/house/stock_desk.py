"""Stock: what there is of everything and where, why a number is what it is, and what puts it right."""

from typing import Annotated, Any, Literal

from msgspec import Meta

from dingdan.areas import catalog, inventory, merchants
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Text
from dingdan.overviews import movements, stock_list
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing
from dingdan.surfaces.console.house import stock_moves
from dingdan.surfaces.shared import looks, scope
from dingdan.surfaces.shared.pages import naming, vocabulary
from dingdan.surfaces.shared.pages.doors import ListQuery, screen
from dingdan.surfaces.shared.pages.listing import listing, slice_of
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Chip,
    Code,
    Column,
    Empty,
    Facts,
    Field,
    Filter,
    Link,
    Listing,
    Picture,
    Pictured,
    Pictures,
    Row,
    Section,
    Sheet,
    Table,
    Two,
    View,
)

REASONS = {
    "receive": Text("received", "收货"), "count": Text("counted", "盘点"), "adjust": Text("adjusted", "调整"), "ship": Text("left with an order", "销售出库"),
    "hold": Text("held back", "暂扣"), "release": Text("let go", "解除暂扣"), "transfer_out": Text("sent to another warehouse", "调拨出库"),
    "transfer_in": Text("came from another warehouse", "调拨入库"), "return_in": Text("came back", "退货入库"), "restock": Text("back for sale", "重新上架"),
    "write_off": Text("written off", "核销"), "send_back": Text("sent back to the buyer", "寄回买家"), "resell": Text("sold on as second-hand", "转二手销售"),
    "hand_on": Text("handed on", "转出处置"),
}  # fmt: skip
BUCKETS = {
    "on_hand": Text("on hand", "在库"), "held": Text("held back", "暂扣"), "quarantine": Text("quarantine", "待检隔离"), "in_transit": Text("on its way", "调拨在途"),
}  # fmt: skip
FROZEN = Chip(Text("Sale stopped", "停止销售"), "blocked")


class StockQuery(ListQuery, frozen=True, kw_only=True):
    """Whose stock, where, and what of it."""

    merchant: Annotated[str, Meta(max_length=64)] | None = None
    warehouse: Annotated[str, Meta(max_length=64)] | None = None
    sku: Annotated[str, Meta(max_length=120)] | None = None
    show: Literal["levels", "transfers", "stocktakes", "pools"] = "levels"


@screen("/stock", permission="stock.read")
async def listed(tx: Tx, query: StockQuery) -> Listing:
    """A merchant's stock by product and warehouse, or what moves it."""
    owners = await choosing.merchants_to_choose(tx)
    named = query.merchant or (owners[0][0] if owners else None)
    if named is None and tx.actor.merchant_id is None:
        return Listing(
            title=Text("Stock", "库存"),
            columns=[],
            rows=[],
            empty=Empty(Text("There is no merchant yet.", "还没有商家。")),
        )
    merchant = await scope.merchant_meant(tx, named, "query.merchant")
    kept = {"merchant": query.merchant} if query.merchant else {}
    what: dict[str, Any] = {
        "title": Text("Stock", "库存"), "live": ["stock", "product"], "lead": naming.in_tongues(merchant.name),
        "views": [View(text, {**kept, **({} if show == "levels" else {"show": show})}) for show, text in (
            ("levels", Text("Levels", "库存量")), ("transfers", Text("Transfers", "调拨")), ("stocktakes", Text("Stocktakes", "盘点")),
            ("pools", Text("Pools", "渠道配额")))],
        "filters": [*await choosing.by_merchant(tx, always=merchant.code), Filter("warehouse", Text("Warehouse", "仓库"), [
            (one.code, naming.in_tongues(one.name)) for one in await inventory.warehouses_of(tx, merchant.id)]), Filter("sku", Text("SKU", "商品编码"))],
        "acts": await stock_moves.acts(tx, merchant),
    }  # fmt: skip
    if query.show != "levels":
        what["filters"] = await choosing.by_merchant(tx, always=merchant.code)
    if query.show == "transfers":
        return await _transfers(tx, merchant, query, what)
    if query.show == "stocktakes":
        return await _stocktakes(tx, merchant, query, what)
    if query.show == "pools":
        return await _pools(tx, merchant, what)
    found = await stock_list.page(tx, merchant.id, slice_of(query), warehouse=query.warehouse, sku=query.sku)
    offers = await catalog.by_ids(tx, {one.id for one in found})
    by_channel = await inventory.sellable(tx, {i: (one.merchant_id, one.components) for i, one in offers.items()})
    channels = {one.id: one.code for one in await inventory.channels_of(tx, merchant.id)}
    made = listing(found, lambda one: Row(str(one.id), None, {}), columns=_LEVELS, empty=Empty(
        Text("No warehouse has anything yet.", "仓库中还没有商品。"), Text("Receive goods, or load a file of stock.", "请登记收货或导入库存文件。"),
    ), **what)  # fmt: skip
    rows = []
    for one in found[: len(made.rows)]:
        sold = {channels[c]: units for (_, c, p), units in by_channel.items() if p == one.id and c in channels}
        rows += [_level(one, level, offers.get(one.id), sold if n == 0 else {}) for n, level in enumerate(one.levels)]
    return Listing(**{name: getattr(made, name) for name in made.__struct_fields__} | {"rows": rows})


_LEVELS = [
    Column("sku", Text("SKU", "商品编码")), Column("place", Text("Warehouse", "仓库")), Column("on_hand", Text("On hand", "在库"), is_number=True),
    Column("reserved", Text("Reserved", "已预留"), is_number=True), Column("held", Text("Held, safety", "暂扣 / 安全"), is_number=True),
    Column("quarantine", Text("Inspecting", "待检"), is_number=True), Column("incoming", Text("Incoming", "在途"), is_number=True),
    Column("sellable", Text("Sellable", "可售"), is_number=True), Column("channels", Text("By channel", "各渠道可售")), Column("state", Text("State", "状态")),
]  # fmt: skip


def _level(one: stock_list.Row, level: stock_list.Level, offer: catalog.Offer | None, sold: dict[str, int]) -> Row:
    free = level.on_hand - level.reserved - level.safety - level.held
    short = Chip(Text(f"{-free} oversold", f"超卖 {-free} 件"), "blocked")
    title = naming.in_tongues(offer.title) if offer else None
    return Row(f"{naming.ref('product', one.id)}-{level.warehouse}", f"/stock/{naming.ref('product', one.id)}", {
        "sku": Pictured(looks.shows(offer) if offer else None, Two(Code(one.sku), title)), "place": Two(level.warehouse, level.bin), "on_hand": level.on_hand, "reserved": level.reserved,
        "held": f"{level.held} / {level.safety}", "quarantine": level.quarantine, "incoming": level.in_transit, "sellable": max(0, free),
        "channels": [f"{code} {units}" for code, units in sorted(sold.items())] or None,
        "state": FROZEN if level.is_frozen else short if free < 0 else None,
    })  # fmt: skip


@screen("/stock/{product_id}", permission="stock.read")
async def show(tx: Tx, product_id: int, query: ListQuery) -> Sheet:
    """One product: its levels, and the movements that explain each number."""
    offer = (await catalog.by_ids(tx, [product_id])).get(product_id)
    if offer is None:
        raise catalog.ProductUnknown("product", sku="-")
    merchant = (await merchants.by_ids(tx, [offer.merchant_id]))[offer.merchant_id]
    (row,) = await stock_list.page(tx, merchant.id, Page(1), warehouse=None, sku=offer.sku) or [
        stock_list.Row(id=product_id, sku=offer.sku, levels=[])
    ]
    told = await movements.explained(tx, product_id, slice_of(query))
    by_channel = await inventory.sellable(tx, {product_id: (merchant.id, offer.components)})
    channels = {one.id: naming.in_tongues(one.name) for one in await inventory.channels_of(tx, merchant.id)}
    return Sheet(
        title=Text("Stock", "库存"), kind=Text("Stock", "库存"), number=offer.sku, key=naming.ref("product", product_id),
        full=f"/stock/{naming.ref('product', product_id)}", lead=naming.in_tongues(offer.title), live=["stock"],
        chips=[FROZEN] if any(level.is_frozen for level in row.levels) else [],
        acts=[
            *await stock_moves.acts(tx, merchant, offer.sku, [level.warehouse for level in row.levels if level.is_frozen]),
            *_picture_acts(tx, offer),
        ],
        main=[
            Table(Text("Levels", "库存量"), [column for column in _LEVELS if column.key not in ("sku", "channels")],
                  [_level(row, level, offer, {}) for level in row.levels], Text("No warehouse ever had it.", "尚无仓库存放过此商品。")),
            Table(Text("Explain the numbers: every movement", "数字从何而来：逐笔变动"), [
                Column("at", Text("When", "时间")), Column("place", Text("Warehouse", "仓库")), Column("bucket", Text("Number", "口径")),
                Column("why", Text("Why", "原因")), Column("quantity", Text("Change", "变动"), is_number=True), Column("after", Text("Then", "变动后"), is_number=True),
            ], [Row(str(one.id), None, {
                "at": one.at, "place": one.warehouse, "bucket": BUCKETS.get(one.bucket, one.bucket),
                "why": Two(REASONS.get(one.reason, one.reason), naming.link("order", one.order_id) or one.why), "quantity": f"{one.quantity:+d}", "after": one.after,
            }) for one in told[:50]], Text("Nothing ever moved.", "暂无变动记录。")),
        ],
        side=[*_pictured(offer), Facts(Text("By channel", "各渠道可售"), [(channels[c], units) for (_, c, _p), units in sorted(by_channel.items()) if c in channels])],
    )  # fmt: skip


def _pictured(offer: catalog.Offer) -> list[Section]:
    at, words = looks.shows(offer), Text("Picture", "商品图片")
    return [] if at is None else [Pictures(words, [Picture(at, naming.in_tongues(offer.title))])]


def _picture_acts(tx: Tx, offer: catalog.Offer) -> list[Act]:
    """Giving it a picture, and taking it away."""
    if not tx.actor.may("product.write"):
        return []
    here = f"/stock/{naming.ref('product', offer.product_id)}"
    hint = Text(
        "Drawn anew as a square on white; buyers see it beside the name.", "将重新绘制为白底方图，显示在商品名旁。"
    )
    found = [Act("picture", Text("Picture", "商品图片"), f"{here}/picture", fields=[
        Field("files", Text("Picture", "图片"), "files", accept="image/jpeg,image/png,image/webp", hint=hint),
    ])]  # fmt: skip
    gone = Act("no-picture", Text("Take the picture away", "移除图片"), f"{here}/no-picture")
    return [*found, gone] if offer.picture else found


async def _transfers(tx: Tx, merchant: merchants.Merchant, query: StockQuery, what: dict[str, Any]) -> Listing:
    asked = slice_of(query)
    found = await inventory.transfers_of(tx, merchant.id, Page(asked.limit + 1, asked.after))
    places = await choosing.warehouse_names(tx, {i for one in found for i in (one.from_id, one.to_id)})
    return listing(
        found, lambda one: Row(naming.ref("transfer", one.id), f"/transfers/{naming.ref('transfer', one.id)}", {
            "number": Code(naming.spoken(one.id)), "from": places[one.from_id], "to": places[one.to_id],
            "units": sum(line.quantity for line in one.lines), "open": sum(line.open for line in one.lines),
            "state": vocabulary.chip("transfer", str(one.state)), "sent": one.sent_at,
        }),
        columns=[
            Column("number", Text("Transfer", "调拨单")), Column("from", Text("From", "调出仓")), Column("to", Text("To", "调入仓")), Column("units", Text("Units", "件数"), is_number=True),
            Column("open", Text("On the way", "在途"), is_number=True), Column("state", Text("Stands", "状态")), Column("sent", Text("Sent", "发出时间")),
        ],
        empty=Empty(Text("Nothing goes between warehouses.", "暂无调拨。")), **what,
    )  # fmt: skip


async def _stocktakes(tx: Tx, merchant: merchants.Merchant, query: StockQuery, what: dict[str, Any]) -> Listing:
    asked = slice_of(query)
    found = await inventory.stocktakes_of(tx, merchant.id, Page(asked.limit + 1, asked.after))
    places = await choosing.warehouse_names(tx, {one.warehouse_id for one in found})
    return listing(
        found, lambda one: Row(naming.ref("stocktake", one.id), f"/stocktakes/{naming.ref('stocktake', one.id)}", {
            "number": Code(naming.spoken(one.id)), "place": places[one.warehouse_id], "lines": len(one.lines), "units": one.differing,
            "state": vocabulary.chip("stocktake", str(one.state)), "at": one.counted_at,
        }),
        columns=[
            Column("number", Text("Stocktake", "盘点单")), Column("place", Text("Warehouse", "仓库")), Column("lines", Text("Products that differ", "差异商品"), is_number=True),
            Column("units", Text("Units that differ", "差异件数"), is_number=True), Column("state", Text("Stands", "状态")), Column("at", Text("Counted", "盘点时间")),
        ],
        empty=Empty(Text("Nothing was counted yet.", "暂无盘点记录。")), **what,
    )  # fmt: skip


async def _pools(tx: Tx, merchant: merchants.Merchant, what: dict[str, Any]) -> Listing:
    rows = []
    for channel in await inventory.channels_of(tx, merchant.id):
        found = await inventory.pools_of(tx, channel.id, limit=200)
        places = await choosing.warehouse_names(tx, {one.warehouse_id for one in found})
        offers = await catalog.by_ids(tx, {one.product_id for one in found})
        rows += [Row(naming.ref("pool", one.id), None, {
            "channel": naming.in_tongues(channel.name), "sku": Link(f"/stock/{naming.ref('product', one.product_id)}", offers[one.product_id].sku, is_code=True),
            "place": places[one.warehouse_id], "guaranteed": one.guaranteed, "most": one.most, "buffer": one.buffer, "taken": one.taken, "since": one.since,
        }) for one in found]  # fmt: skip
    return Listing(
        columns=[
            Column("channel", Text("Channel", "渠道")), Column("sku", Text("SKU", "商品编码")), Column("place", Text("Warehouse", "仓库")),
            Column("guaranteed", Text("Guaranteed", "保证量"), is_number=True), Column("most", Text("At most", "上限"), is_number=True),
            Column("buffer", Text("Kept back", "缓冲"), is_number=True), Column("taken", Text("Taken", "已用"), is_number=True), Column("since", Text("Since", "起算时间")),
        ],
        rows=rows, empty=Empty(Text("No channel has units of its own.", "暂无渠道配额。"), Text("All channels sell from what is there.", "各渠道共享可售库存。")), **what,
    )  # fmt: skip


ROUTES = [listed, show]
