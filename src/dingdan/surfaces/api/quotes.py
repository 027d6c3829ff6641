"""Quotes: what an order would cost, what is wrong with it, and all that a buyer reviews before submitting it."""

from datetime import datetime
from typing import Any

import msgspec
from litestar import Response

from dingdan.areas import placement, pricing
from dingdan.kernel import ids
from dingdan.kernel.address import Address
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.plumbing import tries
from dingdan.plumbing.doing import do
from dingdan.surfaces.api import baskets
from dingdan.surfaces.api.baskets import QuoteInput
from dingdan.surfaces.api.price_views import LayerView, PresaleView, presale, price
from dingdan.surfaces.shared.doors import Ask, post
from dingdan.surfaces.shared.problems import ProblemItem, problem_item
from dingdan.surfaces.shared.wire import View, json_response, ref

ALREADY = Text("You ordered this already, a few minutes ago", "您几分钟前已下过相同的订单")


class AskedView(View, frozen=True, kw_only=True):
    """What the buyer may confirm about a line: send `version` as the line's `confirmed` once they did.

    Without it the line can be returned without a reason.
    """

    version: str
    words: Text
    is_given: bool


class QuotedLineView(View, frozen=True, kw_only=True):
    """A line as it would be sold. `line` is its place in the request.

    `excluded` is the rule by which it cannot be returned without a reason, if there is one.
    """

    line: int
    sku: str
    title: dict[str, str]
    quantity: int
    unit_price: Money
    goods: Money
    discount: Money
    tax: Money
    is_returnable: bool
    excluded: str | None
    asks: AskedView | None


class QuotedPolicyView(View, frozen=True, kw_only=True):
    """The return policy that the order would be bound to; the hash pins its very words."""

    id: str
    code: str
    version: str
    hash: str
    name: Text


class PromiseView(View, frozen=True, kw_only=True):
    """By when goods leave and arrive, if they are paid for now."""

    ship_by: datetime
    arrive_from: datetime
    arrive_by: datetime
    carrier: str | None
    service: str | None


class PayWayView(View, frozen=True, kw_only=True):
    """A way to pay that can be used for all of it, now."""

    provider: str
    method: str
    name: dict[str, str]


class QuotedOrderView(View, frozen=True, kw_only=True):
    """One merchant's order. Amounts are null where they cannot be known yet."""

    merchant: str
    seller: dict[str, str]
    lines: list[QuotedLineView]
    goods: Money | None
    discount: Money | None
    freight: Money | None
    tax: Money | None
    total: Money | None
    layers: list[LayerView]
    points_used: int
    presale: PresaleView | None
    promise: PromiseView | None
    policy: QuotedPolicyView | None
    pay_within_minutes: int


class QuotedProblem(ProblemItem, frozen=True, kw_only=True):
    """A problem; one that does not block is only a part that was not given yet."""

    blocks: bool


class OrderedAlreadyView(View, frozen=True, kw_only=True):
    """The same buyer ordered the very same things a moment ago. Only a hint: ordering again is not refused."""

    order: str
    number: str
    placed_at: datetime
    words: Text


class QuoteView(View, frozen=True, kw_only=True):
    """What would happen. `can_be_placed`: the same body, sent as an order now, would become one.

    `is_complete`: buyer and address are there. Problems that do not block say what is missing for that.
    """

    currency: str
    total: Money | None
    can_be_placed: bool
    is_complete: bool
    orders: list[QuotedOrderView]
    ship_to: Address | None
    payment_methods: list[PayWayView]
    problems: list[QuotedProblem]
    ordered_already: list[OrderedAlreadyView]


@post("/v1/quotes", permission="order.place", why_unkeyed="it changes nothing", answers=QuoteView)
async def quote(ask: Ask, body: QuoteInput) -> Response[bytes]:
    """Everything about an order before it is placed: amounts, policy, confirmations, and every problem with its ways out.

    The same check as placing runs over the same data, stock included. Nothing is held for the buyer meanwhile.
    """
    async with ask.db.reading(ask.actor) as tx:
        known = await baskets.named(tx, [body])
        (found,) = await placement.quote(
            tx, [baskets.basket_of(body, ask.actor.merchant_id, known, baskets.spoken(ask.request))]
        )
    if found.suspicions:
        await do(ask.db, ask.actor, placement.note_suspicious, found.suspicions)
    if found.wrong_codes:
        await do(ask.db, ask.actor, tries.note, pricing.GUESSES, found.wrong_codes)
    for one in found.found:
        if isinstance(one.problem, pricing.CouponTriesTooMany):
            raise one.problem
    return json_response(msgspec.json.encode(_view(found, body), enc_hook=str))


def _view(found: placement.Quoted, body: QuoteInput) -> QuoteView:
    return QuoteView(
        currency=found.currency,
        total=_money(found.total, found.currency),
        can_be_placed=found.can_be_placed,
        is_complete=found.is_complete,
        orders=[_order(one, found.currency) for one in found.orders],
        ship_to=body.ship_to.as_address() if body.ship_to else None,
        payment_methods=[PayWayView(provider=w.provider, method=w.method, name=w.name) for w in found.ways],
        problems=[_problem(one) for one in found.found],
        ordered_already=[
            OrderedAlreadyView(order=ref("order", one.order_id), number=ids.spoken(one.order_id),
                               placed_at=one.placed_at, words=ALREADY)
            for one in found.already
        ],
    )  # fmt: skip


def _problem(one: placement.Found) -> QuotedProblem:
    item = problem_item(one.problem)
    fields: dict[str, Any] = {name: getattr(item, name) for name in item.__struct_fields__}
    return QuotedProblem(**fields, blocks=one.blocks)


def _order(one: placement.QuotedOrder, currency: str) -> QuotedOrderView:
    policy = one.policy
    return QuotedOrderView(
        merchant=ref("merchant", one.merchant_id), seller=one.seller,
        lines=[_line(line, currency) for line in one.lines], goods=_money(one.goods, currency),
        discount=_money(one.discount, currency), freight=_money(one.freight, currency), tax=_money(one.tax, currency),
        total=_money(one.total, currency),
        layers=price(one.price, currency).layers if one.price else [],
        points_used=one.price.points_used if one.price else 0,
        presale=presale(one.price.deposit, currency) if one.price and one.price.deposit else None,
        promise=PromiseView(ship_by=one.promise.ship_by, arrive_from=one.promise.arrive_from,
                            arrive_by=one.promise.arrive_by, carrier=one.promise.carrier,
                            service=one.promise.service) if one.promise else None,
        policy=QuotedPolicyView(id=ref("policy", policy.id), code=policy.code, version=policy.version,
                                hash=policy.hash, name=Text(policy.en, policy.zh)) if policy else None,
        pay_within_minutes=one.pay_within_minutes,
    )  # fmt: skip


def _line(line: placement.QuotedLine, currency: str) -> QuotedLineView:
    asks = line.asks
    return QuotedLineView(
        line=line.place, sku=line.sku, title=line.title, quantity=line.quantity,
        unit_price=Money(line.unit_price, currency), goods=Money(line.goods, currency),
        discount=Money(line.discount, currency), tax=Money(line.tax, currency), is_returnable=line.excluded is None,
        excluded=line.excluded,
        asks=AskedView(version=asks.version, words=Text(asks.en, asks.zh), is_given=asks.is_given) if asks else None,
    )  # fmt: skip


def _money(amount: int | None, currency: str) -> Money | None:
    return None if amount is None else Money(amount, currency)


ROUTES = [quote]
