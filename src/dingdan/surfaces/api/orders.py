"""Orders: placed, shown, listed, told, and acted upon."""

from collections.abc import Sequence
from typing import Annotated

import msgspec
from litestar import Response
from msgspec import Meta

from dingdan.areas import identity, orders, placement
from dingdan.overviews import order_list, timeline
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api import order_views as views
from dingdan.surfaces.api.order_views import OrderPage, OrderRow, OrderView
from dingdan.surfaces.shared import facts, idempotent, intake, language, scope
from dingdan.surfaces.shared.doors import Ask, get, post
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import (
    AddressInput,
    Code,
    Currency,
    Input,
    Language,
    Line,
    List,
    MerchantRef,
    Moment,
    MoneyInput,
    Page,
    PageQuery,
    Prose,
    Short,
    Sku,
    Word,
    json_response,
    page_of,
    slice_of,
)


class LineInput(Input, frozen=True, kw_only=True):
    """One wish. `confirmed` is the text version with which the buyer confirmed that it cannot be returned."""

    sku: Sku
    quantity: int
    confirmed: Line | None = None


class BuyerInput(Input, frozen=True, kw_only=True):
    """Who buys, by the id that the shop knows them by; name and phone default to the recipient's.

    `language` is the one they are told in; without it the request's Accept-Language counts, then the merchant's.
    """

    ref: Line = ""
    name: Short = ""
    phone: Short = ""
    email: Short = ""
    language: Language | None = None


class OrderInput(Input, frozen=True, kw_only=True):
    """What a buyer submits. The server computes every amount; `expected_total` is only compared."""

    merchant: MerchantRef | None = None
    channel: Word
    buyer: BuyerInput
    ship_to: AddressInput
    lines: Annotated[list[LineInput], Meta(max_length=5_000)]
    currency: Currency | None = None
    expected_total: MoneyInput | None = None
    remark: Prose | None = None
    reference: Prose | None = None


class ReasonInput(Input, frozen=True, kw_only=True):
    """Why."""

    reason: Code = "buyer_request"


class OrderQuery(PageQuery, frozen=True, kw_only=True):
    """Which orders; `buyer` is the shop's own id of a buyer, `reference` its own number of an order."""

    merchant: MerchantRef | None = None
    state: orders.OrderState | None = None
    buyer: Line | None = None
    reference: Line | None = None
    placed_from: Moment | None = None
    placed_before: Moment | None = None


@post("/v1/orders", permission="order.place", status=201, answers=OrderView)
async def place(ask: Ask, body: OrderInput) -> Response[bytes]:
    """Place an order: stock is held in the same transaction, or the order does not exist.

    Everything that is wrong with it comes back at once. The answer, repeated too, shows the order as it was placed.
    """
    if ask.actor.merchant_id is None or body.merchant is not None:
        async with ask.db.reading(ask.actor) as tx:
            merchant_id = await scope.merchant_id_meant(tx, body.merchant)
    else:
        merchant_id = ask.actor.merchant_id
    spoken = language.tags(ask.request.headers.get("accept-language", ""))
    door: intake.OrderIntake = ask.request.app.state.intake
    key = await idempotent.key_of(ask.request)
    taken = await door.place(ask.actor, placement.Intake(_basket(body, merchant_id, spoken), key))
    headers = {idempotent.REPLAYED: "true"} if taken.is_replay else {}
    return json_response(taken.body, status=201, headers=headers)


async def rendered(tx: Tx, order_ids: Sequence[int]) -> dict[int, bytes]:
    """Orders as they were placed, for the intake; the same again at every repetition."""
    found = await orders.get(tx, order_ids) if order_ids else {}
    lines = await orders.lines(tx, found)
    names = await views.names_of(tx, found)
    return {
        order_id: msgspec.json.encode(views.as_placed(tx.actor, order, lines[order_id], names[order_id]))
        for order_id, order in found.items()
    }


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
        placed_from=query.placed_from, placed_before=query.placed_before,
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
async def cancel(tx: Tx, order_id: int, body: ReasonInput | None = None) -> OrderView:
    """Cancel an order that nobody picks yet; stock is free at once, and what was paid goes back by itself."""
    await orders.cancel(tx, order_id, reason=(body or ReasonInput()).reason)
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


def _basket(body: OrderInput, merchant_id: int, spoken: Sequence[str]) -> placement.Basket:
    expected, currency = body.expected_total, body.currency
    if expected is not None and currency is not None and expected.currency != currency:
        raise Malformed("expected_total.currency", what=f"the order is in {currency}", what_zh=f"订单币种为 {currency}")
    return placement.Basket(
        merchant_id=merchant_id,
        channel=body.channel,
        buyer=placement.Buyer(
            body.buyer.ref,
            body.buyer.name,
            body.buyer.phone,
            body.buyer.email,
            body.buyer.language or next(iter(spoken), ""),
        ),
        ship_to=body.ship_to.as_address(),
        items=tuple(placement.Item(line.sku, line.quantity, line.confirmed) for line in body.lines),
        currency=currency or (expected.currency if expected else None),
        expected_total=expected.amount if expected else None,
        remark=body.remark,
        reference=body.reference,
    )


ROUTES = [place, listed, show, told, cancel, hold, release, receive]
