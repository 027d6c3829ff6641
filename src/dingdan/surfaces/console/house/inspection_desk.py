"""Inspection: returned goods that wait for a look, what came first on top, with the way to the station."""

from typing import Annotated, Literal

from msgspec import Meta

from dingdan.kernel.refusal import Text
from dingdan.overviews import inspection_queue
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.console import choosing
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.pages import naming
from dingdan.surfaces.shared.pages.doors import ListQuery, screen
from dingdan.surfaces.shared.pages.listing import listing, slice_of
from dingdan.surfaces.shared.pages.screens import (
    Act,
    Chip,
    Code,
    Column,
    Empty,
    Fuse,
    Listing,
    Row,
    Two,
    View,
)

NEEDS = {
    "look": Chip(Text("First look", "初检"), "us"), "second": Chip(Text("Second look", "复检"), "us"),
    "lab": Chip(Text("At the laboratory", "送检中"), "system"),
}  # fmt: skip


class LooksQuery(ListQuery, frozen=True, kw_only=True):
    """Whose goods, and what they wait for."""

    merchant: Annotated[str, Meta(max_length=64)] | None = None
    needs: Literal["look", "second", "lab"] | None = None


@screen("/q/inspection", permission="return.inspect")
async def queue(tx: Tx, query: LooksQuery) -> Listing:
    """Goods that came back and wait to be looked at."""
    wanted = inspection_queue.Filter(merchant_id=await scope.merchant_filter(tx, query.merchant), needs=query.needs)
    found = await inspection_queue.page(tx, wanted, slice_of(query))
    names = await naming.merchant_names(tx, {one.merchant_id for one in found})
    places = await choosing.warehouse_names(tx, {one.warehouse_id for one in found})
    return listing(
        found, lambda one: Row(naming.ref("return", one.id), f"/station/inspect/{naming.ref('return', one.id)}", {
            "number": Two(Code(naming.spoken(one.id)), Code(naming.spoken(one.order_id))), "merchant": names.get(one.merchant_id),
            "place": places.get(one.warehouse_id), "units": one.units, "needs": NEEDS[one.needs],
            "money": Text("paid back early", "已先行退款") if one.is_paid_early else None, "pictures": one.pictures,
            "came": one.received_at,
            "due": Fuse(one.inspect_by, tx.now, is_paused=one.inspect_by is None, waits_for=Text("laboratory", "检测机构")),
        }),
        title=Text("Inspection", "验货"), live=["return"],
        columns=[
            Column("number", Text("Return, order", "售后单 / 订单")), Column("merchant", Text("Merchant", "商家")), Column("place", Text("Warehouse", "仓库")),
            Column("units", Text("Units", "件数"), is_number=True), Column("needs", Text("Waits for", "等待")), Column("money", Text("Money", "款项")),
            Column("pictures", Text("Photos", "照片"), is_number=True), Column("came", Text("Came", "签收时间")), Column("due", Text("Look by", "验货时限")),
        ],
        views=[View(Text("All", "全部")), *(View(chip.text, {"needs": key}) for key, chip in NEEDS.items())],
        filters=await choosing.by_merchant(tx),
        acts=[Act("station", Text("Inspection station", "进入验货台"), "/station/inspect", "S", is_link=True, tone="first")],
        empty=Empty(Text("Everything was looked at.", "已全部验完。"), Text("Scan a waybill at the station when the next parcel comes.", "新包裹到达后，在验货台扫描运单号即可。")),
    )  # fmt: skip


ROUTES = [queue]
