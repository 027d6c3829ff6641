"""Orders: placed, shown, listed, told, and acted upon."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from litestar import Response

from dingdan.areas import identity, orders, placement
from dingdan.kernel.actor import Actor
from dingdan.overviews import order_list, timeline
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api import baskets
from dingdan.surfaces.api import order_views as views
from dingdan.surfaces.api.baskets import OrderInput
from dingdan.surfaces.api.order_views import OrderPage, OrderRow, OrderView
from dingdan.surfaces.shared import facts, idempotent, intake, scope
from dingdan.surfaces.shared.doors import Ask, get, post
from dingdan.surfaces.shared.wire import (
    Code,
    Input,
    Line,
    LineNo,
    List,
    MerchantRef,
    Moment,
    Page,
    PageQuery,
    Prose,
    Quantity,
    json_response,
    page_of,
    slice_of,
)


class ReasonInput(Input, frozen=True, kw_only=True):
    """Why."""

    reason: Code = "buyer_request"


class CancelLine(Input, frozen=True, kw_only=True):
    """Units of a line."""

    line_no: LineNo
    quantity: Quantity


class CancelInput(ReasonInput, frozen=True, kw_only=True):
    """Why, and what: without lines the whole order."""

    lines: Annotated[list[CancelLine], msgspec.Meta(min_length=1, max_length=500)] | None = None


class ObjectInput(Input, frozen=True, kw_only=True):
    """What is wrong, by one of the known reasons, and in words for the shop alone."""

    reason: Code
    text: Prose = ""


class SettleObjectionInput(Input, frozen=True, kw_only=True):
    """How the buyer's objection was settled."""

    outcome: Code = "settled"


class OrderQuery(PageQuery, frozen=True, kw_only=True):
    """Which orders; `buyer` and `reference` are the shop's own for a buyer and an order, `only` is a view of the desk."""

    merchant: MerchantRef | None = None
    state: orders.OrderState | None = None
    buyer: Line | None = None
    reference: Line | None = None
    placed_from: Moment | None = None
    placed_before: Moment | None = None
    only: order_list.Only | None = None


@post("/v1/orders", permission="order.place", status=201, answers=OrderView)
async def place(ask: Ask, body: OrderInput) -> Response[bytes]:
    """Place an order: stock is held in the same transaction, or the order does not exist.

    Everything that is wrong with it comes back at once, each problem with its ways out. Lines of several merchants
    become an order for each, all or none: the answer is the first of them and names the others as `siblings`. The
    answer, repeated too, shows the order as it was placed.
    """
    known: dict[str, int] = {}
    if baskets.names_merchants(body, ask.actor.merchant_id):
        async with ask.db.reading(ask.actor) as tx:
            known = await baskets.named(tx, [body])
    basket = baskets.basket_of(body, ask.actor.merchant_id, known, baskets.spoken(ask.request))
    door: intake.OrderIntake = ask.request.app.state.intake
    size = len(await ask.request.body())
    taken = await door.place(ask.actor, placement.Intake(basket, await idempotent.key_of(ask.request)), size=size)
    headers = {idempotent.REPLAYED: "true"} if taken.is_replay else {}
    return json_response(taken.body, status=201, headers=headers)


async def rendered(tx: Tx, order_ids: Sequence[int]) -> dict[int, bytes]:
    """Orders as they were placed, the same at every repetition."""
    found = await orders.get(tx, order_ids)
    lines = await orders.lines(tx, found)
    names, then = await views.names_of(tx, found), await orders.promised_at_first(tx, found)
    return {
        order_id: msgspec.json.encode(
            views.as_placed(tx.actor, order, lines[order_id], names[order_id], then.get(order_id))
        )
        for order_id, order in found.items()
    }


def _fresh(actor: Actor, placed: placement.Placed) -> bytes:
    """The same of orders that were placed just now, without reading them."""
    return msgspec.json.encode(views.as_written(actor, placed))


ANSWERING = intake.Answering(_fresh, rendered)


@get("/v1/orders", permission="order.read")
async def listed(tx: Tx, query: OrderQuery) -> Page[OrderRow]:
    """Orders within reach, newest first."""
    merchant_id, buyer_id, order_id = await scope.merchant_filter(tx, query.merchant), None, None
    if query.buyer is not None or query.reference is not None:
        merchant_id = await scope.merchant_id_meant(tx, query.merchant, "query.merchant")
    # Nobody and nothing has the id 0: an unknown buyer has no orders, an unknown reference is no order's.
    if query.buyer is not None and merchant_id is not None:
        buyer_id = await identity.find_buyer(tx, merchant_id, query.buyer) or 0
    if query.reference is not None and merchant_id is not None:
        order_id = (await orders.by_reference(tx, merchant_id, [query.reference])).get(query.reference, 0)
    wanted = order_list.Filter(
        merchant_id=merchant_id, state=query.state, buyer_id=buyer_id, order_id=order_id,
        placed_from=query.placed_from, placed_before=query.placed_before, only=query.only,
    )  # fmt: skip
    asked = slice_of(query)
    return page_of(asked, await order_list.page(tx, wanted, asked.asked), views.row)


@get("/v1/orders/{order_id}", permission="order.read")
async def show(tx: Tx, order_id: int) -> OrderPage:
    """One order with everything around it. Names, phones and addresses are masked for whoever may not see them."""
    return await views.page(tx, order_id)


@get("/v1/orders/{order_id}/timeline", permission="order.read")
async def told(tx: Tx, order_id: int) -> List[facts.FactView]:
    """What happened to the order, its payments, parcels, returns and refunds: who, when, from where to where."""
    return List(items=[facts.of_timeline(entry) for entry in await timeline.of_order(tx, order_id)])


@post("/v1/orders/{order_id}/cancel", permission="order.cancel")
async def cancel(tx: Tx, order_id: int, body: CancelInput | None = None) -> OrderView:
    """Cancel an order that nobody picks yet, or units of its lines.

    Stock is free at once, and what was paid goes back by itself: with the last unit the freight too. Units are
    cancelled of paid orders only. Of a presale whose balance is not paid yet the deposit is settled: a reason that
    begins with `seller_` says that the seller does not deliver, any other that the buyer does not buy.
    """
    asked = body or CancelInput()
    if asked.lines is None:
        await orders.cancel(tx, order_id, reason=asked.reason)
    else:
        await orders.cancel_lines(tx, order_id, _units(asked.lines), reason=asked.reason)
    return await views.one(tx, order_id)


@post("/v1/orders/{order_id}/hold", permission="order.hold")
async def hold(tx: Tx, order_id: int, body: ReasonInput) -> OrderView:
    """Stop a paid order before it is picked."""
    await orders.hold(tx, order_id, reason=body.reason)
    return await views.one(tx, order_id)


@post("/v1/orders/{order_id}/release", permission="order.hold")
async def release(tx: Tx, order_id: int) -> OrderView:
    """Let a held order go on; it keeps the place that its payment time gave it."""
    await orders.release(tx, order_id)
    return await views.one(tx, order_id)


@post("/v1/orders/{order_id}/receive", permission="order.receive")
async def receive(tx: Tx, order_id: int) -> OrderView:
    """The buyer says that the goods are here; the order is completed. Rights to return go on."""
    await orders.receive(tx, order_id)
    return await views.one(tx, order_id)


@post("/v1/orders/{order_id}/object", permission="order.receive")
async def objects(tx: Tx, order_id: int, body: ObjectInput) -> OrderView:
    """The buyer says that something is wrong, or that nothing came; automatic receipt waits until this is settled."""
    await orders.object_as_buyer(tx, order_id, reason=body.reason, text=body.text)
    return await views.one(tx, order_id)


@post("/v1/orders/{order_id}/withdraw-objection", permission="order.receive")
async def withdraw_objection(tx: Tx, order_id: int) -> OrderView:
    """The buyer takes the objection back; the rest of the time runs, a day at least."""
    await orders.settle_as_buyers(tx, order_id, outcome="withdrawn")
    return await views.one(tx, order_id)


@post("/v1/orders/{order_id}/settle-objection", permission="objection.settle")
async def settle_objection(tx: Tx, order_id: int, body: SettleObjectionInput | None = None) -> OrderView:
    """Say that what the buyer objected to is settled; the rest of the time runs, a day at least."""
    await orders.settle_as_buyers(tx, order_id, outcome=(body or SettleObjectionInput()).outcome)
    return await views.one(tx, order_id)


def _units(lines: Sequence[CancelLine]) -> dict[int, int]:
    """Units by line number; a line that is named twice counts together."""
    units: dict[int, int] = {}
    for line in lines:
        units[line.line_no] = units.get(line.line_no, 0) + line.quantity
    return units


ROUTES = [
    place, listed, show, told, cancel, hold, release, receive, objects, withdraw_objection, settle_objection,
]  # fmt: skip
