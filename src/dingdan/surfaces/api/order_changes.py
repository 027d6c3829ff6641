"""Orders changed before they are picked: another address, other quantities; and what could travel together."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from dingdan.areas import addresses, channel_orders, orders, placement
from dingdan.kernel import ids
from dingdan.kernel.refusal import Text
from dingdan.overviews import merge_suggestions
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api import order_views as views
from dingdan.surfaces.api.baskets import PapersInput
from dingdan.surfaces.api.order_views import OrderView
from dingdan.surfaces.shared.doors import get, post
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import AddressInput, Code, Input, LineNo, MoneyInput, View, Word, ref

# Why orders are suggested to travel together; the words say what was compared.
REASONS = {
    "same_buyer": Text("The same buyer ordered them from the same seller", "同一买家在同一商家下单"),
    "same_recipient": Text("They go to the same person at the same address", "收件人和收货地址相同"),
    "same_warehouse": Text("They leave from the same warehouse", "由同一仓库发货"),
    "close_in_time": Text("They were placed within 24 hours of each other", "下单时间相差不超过 24 小时"),
    "not_picked": Text("Nobody picks any of them yet", "均未开始拣货"),
}


class NewPapersInput(Input, frozen=True, kw_only=True):
    """Whoever takes the goods through customs at the new address; without them those shown before count."""

    papers: PapersInput | None = None


class ChangeAddressInput(Input, frozen=True, kw_only=True):
    """Where the order shall go. `waive_freight`: nobody pays what the way there costs more."""

    ship_to: AddressInput
    buyer: NewPapersInput = NewPapersInput()
    service: Word | None = None
    reason: Code = "buyer_request"
    waive_freight: bool = False


class LineQuantityInput(Input, frozen=True, kw_only=True):
    """How many units of a line are wanted; none leaves the line out."""

    line_no: LineNo
    quantity: Annotated[int, Meta(ge=0, le=1_000_000)]


class ChangeQuantitiesInput(Input, frozen=True, kw_only=True):
    """Lines with other quantities; those that are not named stay. `expected_total` is only compared."""

    lines: Annotated[list[LineQuantityInput], Meta(min_length=1, max_length=2_000)]
    expected_total: MoneyInput | None = None
    reason: Code = "buyer_request"


class ReasonView(View, frozen=True, kw_only=True):
    """One thing that orders have in common."""

    code: str
    words: Text


class MergeableView(View, frozen=True, kw_only=True):
    """An order that could travel with this one; `is_ready` once both are paid."""

    id: str
    number: str
    state: str
    placed_at: datetime
    lines: int
    units: int
    is_ready: bool


class MergeView(View, frozen=True, kw_only=True):
    """What could travel together, why, and how many parcels that would save. A suggestion: nothing is merged."""

    items: list[MergeableView]
    parcels_saved: int
    reasons: list[ReasonView]


@post("/v1/orders/{order_id}/change-address", permission="order.change")
async def change_address(tx: Tx, order_id: int, body: ChangeAddressInput) -> OrderView:
    """Send an order that nobody picks yet to another address, paid or not.

    The address is judged as when ordering, with the same ways out, and the promise is made anew. A way that costs more
    is refused with the amount, unless it is waived; one that costs less changes nothing. The buyer gets a new
    confirmation.
    """
    await channel_orders.demand_made_here(tx, order_id)
    papers = body.buyer.papers
    await placement.change_address(tx, order_id, placement.ChangeAddress(
        ship_to=body.ship_to.as_address(),
        identity=addresses.Identity(papers.name, papers.number) if papers is not None else None,
        service=body.service, reason=body.reason, waive=body.waive_freight,
    ))  # fmt: skip
    return await views.one(tx, order_id)


@post("/v1/orders/{order_id}/change-quantities", permission="order.change")
async def change_quantities(tx: Tx, order_id: int, body: ChangeQuantitiesInput) -> OrderView:
    """Change how many units of an unpaid order are wanted. The answer is the order that holds now.

    It is a new one that `replaces` the first: at its unit prices and under its policy, with its number, coupons and
    points, to be paid by the same time. Of a paid order units are cancelled, and what is missing is ordered anew.
    """
    await channel_orders.demand_made_here(tx, order_id)
    wanted: dict[int, int] = {}
    for i, line in enumerate(body.lines):
        if line.line_no in wanted:
            raise Malformed(f"lines[{i}].line_no", what="a line is named twice", what_zh="同一行重复出现")
        wanted[line.line_no] = line.quantity
    shown = body.expected_total
    if shown is not None:
        currency = (await orders.get_one(tx, order_id)).currency
        if shown.currency != currency:
            what = f"the order is in {currency}"
            raise Malformed("expected_total.currency", what=what, what_zh=f"订单币种为 {currency}")
    now = await placement.change_quantities(
        tx, order_id, wanted, reason=body.reason, expected_total=shown.amount if shown is not None else None
    )
    return await views.one(tx, now)


@get("/v1/orders/{order_id}/merge-suggestions", permission="order.read")
async def merge(tx: Tx, order_id: int) -> MergeView:
    """Orders that the same buyer placed and that could travel in one parcel with this one, to be picked or in hand.

    What lies on the packing tables, of several buyers too: `GET /v1/work/combinable`, from the same reading.
    """
    found = (await merge_suggestions.of_buyers(tx, [order_id])).get(order_id, [])
    return MergeView(
        items=[
            MergeableView(id=ref("order", one.id), number=ids.spoken(one.id), state=one.state, placed_at=one.placed_at,
                          lines=one.lines, units=one.units, is_ready=one.is_ready)
            for one in found
        ],
        parcels_saved=sum(one.is_ready for one in found),
        reasons=[ReasonView(code=code, words=words) for code, words in REASONS.items()] if found else [],
    )  # fmt: skip


ROUTES = [change_address, change_quantities, merge]
