"""Exchanges: something else, or the same again, for goods that come back."""

from typing import Annotated

import msgspec
from msgspec import Meta

from dingdan.areas import channel_orders, exchanges, returns
from dingdan.overviews import exchange_queue
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api import exchange_views as views
from dingdan.surfaces.api.exchange_views import ExchangeAppliedView, ExchangePreviewView, ExchangeRow, ExchangeView
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import get, post
from dingdan.surfaces.shared.wire import (
    Id,
    Input,
    Line,
    LineNo,
    MerchantRef,
    Moment,
    Page,
    PageQuery,
    Quantity,
    Sku,
    Word,
    number,
    page_of,
    slice_of,
)


class ExchangeLineInput(Input, frozen=True, kw_only=True):
    """Units of an order line that shall come back, and the SKU that is wanted for them; without one the same again."""

    order_id: Id
    line_no: LineNo
    quantity: Quantity
    reason: Word = "NO_REASON"
    wanted: Sku | None = None


class ExchangeInput(Input, frozen=True, kw_only=True):
    """An application of one buyer, by the id that the shop knows them by; it becomes one exchange for each order.

    `evidence` was brought before. `ask_person`: where the rules say no, a person shall decide.
    """

    merchant: MerchantRef | None = None
    buyer: Line
    lines: Annotated[list[ExchangeLineInput], Meta(min_length=1, max_length=200)]
    evidence: Annotated[list[Id], Meta(max_length=40)] = msgspec.field(default_factory=list)
    ask_person: bool = False


class WishInput(Input, frozen=True, kw_only=True):
    """The SKU that is wanted for a line now."""

    line_no: LineNo
    sku: Sku


class ExchangeChangeInput(Input, frozen=True, kw_only=True):
    """What is wanted instead of what there is none of; lines that are not named stay as they were."""

    lines: Annotated[list[WishInput], Meta(min_length=1, max_length=200)]


class ExchangeQuery(PageQuery, frozen=True, kw_only=True):
    """Which exchanges; without `state` all that are not over."""

    merchant: MerchantRef | None = None
    state: exchanges.ExchangeState | None = None
    order: Id | None = None
    is_overdue: bool | None = None
    due_before: Moment | None = None


@post("/v1/exchanges/preview", permission="return.apply", why_unkeyed="it changes nothing", reads=True)
async def preview(tx: Tx, body: ExchangeInput) -> ExchangePreviewView:
    """What an application would lead to: what is allowed and why, what it costs or brings, and whether it is there."""
    shown, terms = await exchanges.preview(tx, await _asked(tx, body))
    return views.previewed(shown, terms)


@post("/v1/exchanges", permission="return.apply", status=201)
async def ask(tx: Tx, body: ExchangeInput) -> ExchangeAppliedView:
    """Apply to exchange goods; where the policy alone decides, what is wanted is kept for the buyer at once."""
    applied, made = await exchanges.ask(tx, await _asked(tx, body))
    return await views.applied(tx, applied, made)


@get("/v1/exchanges", permission="return.read")
async def listed(tx: Tx, query: ExchangeQuery) -> Page[ExchangeRow]:
    """Exchanges within reach, what is due first at the top."""
    wanted = exchange_queue.Filter(
        merchant_id=await scope.merchant_filter(tx, query.merchant), state=query.state, is_overdue=query.is_overdue,
        due_before=query.due_before,
        order_id=None if query.order is None else number("order", query.order, "query.order"),
    )  # fmt: skip
    asked = slice_of(query)
    return page_of(asked, await exchange_queue.page(tx, wanted, asked.asked), views.row)


@get("/v1/exchanges/{exchange_id}", permission="return.read")
async def show(tx: Tx, exchange_id: int) -> ExchangeView:
    """One exchange, with its return and the order that goes out."""
    return await views.one(tx, exchange_id)


@post("/v1/exchanges/{exchange_id}/change", permission="return.apply")
async def change(tx: Tx, exchange_id: int, body: ExchangeChangeInput) -> ExchangeView:
    """Take something else, because there is none of what was wanted."""
    await exchanges.change(tx, exchange_id, {line.line_no: line.sku for line in body.lines})
    return await views.one(tx, exchange_id)


@post("/v1/exchanges/{exchange_id}/take-money", permission="return.apply")
async def take_money(tx: Tx, exchange_id: int) -> ExchangeView:
    """Take the money instead: where there is nothing to send, it costs more, or it is late."""
    await exchanges.take_money(tx, exchange_id)
    return await views.one(tx, exchange_id)


@post("/v1/exchanges/{exchange_id}/ship-ahead", permission="exchange.ship_ahead")
async def ship_ahead(tx: Tx, exchange_id: int) -> ExchangeView:
    """Send what is wanted before the goods have come, where the policy trusts the buyer and it costs the same."""
    await exchanges.ship_ahead(tx, exchange_id)
    return await views.one(tx, exchange_id)


async def _asked(tx: Tx, body: ExchangeInput) -> exchanges.Ask:
    order_ids = [number("order", line.order_id, f"lines[{i}].order_id") for i, line in enumerate(body.lines)]
    # Of a channel's order the channel has the money, and exchanges.
    for order_id in sorted(set(order_ids)):
        await channel_orders.demand_made_here(tx, order_id)
    lines = tuple(
        returns.ApplyLine(quantity=line.quantity, reason=line.reason, line_no=line.line_no, order_id=order_id)
        for order_id, line in zip(order_ids, body.lines, strict=True)
    )  # fmt: skip
    application = returns.Apply(
        await scope.merchant_id_meant(tx, body.merchant), body.buyer, lines, resolution=returns.Resolution.EXCHANGE,
        evidence=tuple(number("evidence", text, f"evidence[{i}]") for i, text in enumerate(body.evidence)),
        ask_person=body.ask_person,
    )  # fmt: skip
    wishes = {
        (order_id, line.line_no): line.wanted
        for order_id, line in zip(order_ids, body.lines, strict=True) if line.wanted is not None
    }  # fmt: skip
    return exchanges.Ask(application, wishes)


ROUTES = [preview, ask, listed, show, change, take_money, ship_ahead]
