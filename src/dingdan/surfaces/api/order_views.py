"""Orders as others see them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec

from dingdan.areas import archive, orders, placement, pricing
from dingdan.kernel import ids
from dingdan.kernel.actor import Actor
from dingdan.kernel.money import Money
from dingdan.overviews import merge_suggestions, order_list, order_page
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api import case_views, done_views, review_views
from dingdan.surfaces.api.case_views import OrderCase
from dingdan.surfaces.api.done_views import ArchivedOrder, ObjectionView, RecipientView
from dingdan.surfaces.api.price_views import LayerView, PresaleView, layer, presale_of
from dingdan.surfaces.api.review_views import OrderReview
from dingdan.surfaces.shared.wire import DeadlineView, View, allowed, deadline_views, ref, ref_or_none, soonest

# What each action of an order takes.
ACTIONS = {
    "pay": "payment.start", "cancel": "order.cancel", "hold": "order.hold", "release": "order.hold",
    "receive": "order.receive", "object": "order.receive", "return": "return.apply",
    "change_address": "order.change", "change_quantities": "order.change",
}  # fmt: skip


# Clocks that promise nobody anything: what the archive does by itself.
SILENT = {clock.name for clock in (archive.KEEP, archive.PUT_AWAY, archive.ERASE)}


class LineView(View, frozen=True, kw_only=True):
    """One line as it was sold; `cancelled` of its units were cancelled since, the order's end aside."""

    line_no: int
    product: str
    sku: str
    title: dict[str, str]
    category: str
    flags: list[str]
    quantity: int
    cancelled: int
    unit_price: Money
    goods: Money
    discount: Money
    tax: Money
    confirmed: str | None
    ship_by: datetime | None
    arrive_by: datetime | None


class PolicyBound(View, frozen=True, kw_only=True):
    """The return policy that the order was placed under; the hash pins its very words."""

    id: str
    code: str
    version: str
    hash: str


class SiblingView(View, frozen=True, kw_only=True):
    """Another order of the same checkout, of another merchant; they were placed and are paid together."""

    id: str
    number: str
    merchant: str
    total: Money


class OrderView(View, frozen=True, kw_only=True):
    """An order; `number` is its id as people read it aloud. Nothing here tells who bought."""

    id: str
    number: str
    merchant: str
    checkout: str
    siblings: list[SiblingView]
    channel: str
    warehouse: str
    buyer: str
    reference: str | None
    state: orders.OrderState
    goods: Money
    discount: Money
    freight: Money
    tax: Money
    total: Money
    refunded: Money
    lines: list[LineView]
    policy: PolicyBound
    review: OrderReview | None
    placed_at: datetime
    pay_by: datetime
    paid_at: datetime | None
    picking_since: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    received_at: datetime | None
    completed_at: datetime | None
    cancelled_at: datetime | None
    cancel_reason: str | None
    replaces: str | None
    replaced_by: str | None
    deadline_at: datetime | None
    deadlines: list[DeadlineView]
    available_actions: list[str]


class OrderPayment(View, frozen=True, kw_only=True):
    """A payment of the order; `amount` is the order's share."""

    id: str
    provider: str
    method: str
    state: str
    amount: Money
    started_at: datetime
    captured_at: datetime | None


class OrderParcelLine(View, frozen=True, kw_only=True):
    """Units of a line that lie in a parcel."""

    line_no: int
    quantity: int


class OrderParcel(View, frozen=True, kw_only=True):
    """A parcel that holds something of the order; `noticed` is what is wrong with its silence."""

    id: str
    carrier: str
    tracking_number: str
    state: str
    dispatched_at: datetime
    delivered_at: datetime | None
    last_scan_at: datetime | None
    noticed: list[str]
    lines: list[OrderParcelLine]


class OrderReturn(View, frozen=True, kw_only=True):
    """A return of the order."""

    id: str
    decision: str
    journey: str
    outcome: str
    units: int
    requested_at: datetime


class OrderRefund(View, frozen=True, kw_only=True):
    """A refund of the order."""

    id: str
    cause: str
    state: str
    amount: Money
    requested_at: datetime
    settled_at: datetime | None


class AmendmentView(View, frozen=True, kw_only=True):
    """What was changed about the order; `units` by line number, `waived` what the way to another address costs more."""

    id: str
    kind: str
    reason: str
    units: dict[str, int] | None
    waived: Money
    at: datetime


class OrderPage(View, frozen=True, kw_only=True):
    """An order with everything around it."""

    order: OrderView
    recipient: RecipientView | None
    payments: list[OrderPayment]
    parcels: list[OrderParcel]
    returns: list[OrderReturn]
    refunds: list[OrderRefund]
    layers: list[LayerView]
    presale: PresaleView | None
    promise: dict[str, Any] | None
    objections: list[ObjectionView]
    archive: ArchivedOrder | None
    amendments: list[AmendmentView]
    merge_with: list[str]
    cases: list[OrderCase]


class OrderRow(View, frozen=True, kw_only=True):
    """An order as a list shows it; `lines` and `units` are those that were not cancelled while the others went on."""

    id: str
    number: str
    merchant: str
    channel: str
    reference: str | None
    state: orders.OrderState
    total: Money
    refunded: Money
    lines: int
    units: int
    placed_at: datetime
    paid_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None


async def names_of(tx: Tx, order_ids: Collection[int]) -> dict[int, order_page.Names]:
    """The words behind the ids of orders."""
    return await order_page.names(tx, order_ids) if order_ids else {}


async def one(tx: Tx, order_id: int) -> OrderView:
    """An order as it stands now."""
    order = await orders.get_one(tx, order_id)
    lines = await orders.lines(tx, [order_id])
    names = await names_of(tx, [order_id])
    clocks = (await _clocks(tx, [order_id])).get(order_id, [])
    looked_at = await review_views.of_order(tx, order_id)
    return _view(tx.actor, order, lines[order_id], names[order_id], clocks, looked_at=looked_at)


async def of_checkout(tx: Tx, checkout_id: int) -> list[OrderView]:
    """The orders of a checkout as they stand now, those within reach."""
    found = {order.id: order for order in await orders.of_checkout(tx, checkout_id)}
    lines, names = await orders.lines(tx, found), await names_of(tx, found)
    clocks = await _clocks(tx, found)
    return [_view(tx.actor, order, lines[i], names[i], clocks.get(i, [])) for i, order in found.items()]


async def _clocks(tx: Tx, order_ids: Collection[int]) -> dict[int, list[DeadlineView]]:
    return deadline_views(one for one in await deadlines.of_subjects(tx, order_ids) if one.kind not in SILENT)


async def page(tx: Tx, order_id: int) -> OrderPage:
    """An order with everything around it."""
    order = await orders.get_one(tx, order_id)
    around = await order_page.around(tx, order_id)
    kept = (await archive.kept(tx, [order_id])).get(order_id)
    return OrderPage(
        order=await one(tx, order_id),
        recipient=await done_views.recipient(tx, order, kept),
        payments=[
            OrderPayment(id=ref("payment", p.id), provider=p.provider, method=p.method, state=p.state,
                         amount=Money(p.amount, p.currency), started_at=p.started_at, captured_at=p.captured_at)
            for p in around.payments
        ],
        cases=await case_views.of_order(tx, order_id),
        parcels=[_parcel(p) for p in around.parcels],
        returns=[
            OrderReturn(id=ref("return", r.id), decision=r.decision, journey=r.journey, outcome=r.outcome,
                        units=r.units, requested_at=r.requested_at)
            for r in around.returns
        ],
        refunds=[
            OrderRefund(id=ref("refund", r.id), cause=r.cause, state=r.state, amount=Money(r.amount, r.currency),
                        requested_at=r.requested_at, settled_at=r.settled_at)
            for r in around.refunds
        ],
        layers=[
            layer(one.layer, list(one.shares), order.currency)
            for one in (await pricing.layers(tx, [order_id])).get(order_id, [])
        ],
        presale=await presale_of(tx, order),
        promise=(await orders.promises(tx, [order_id])).get(order_id),
        objections=await done_views.objections(tx, order),
        archive=done_views.archived(kept),
        amendments=[
            AmendmentView(id=ref("amendment", one.id), kind=one.kind, reason=one.reason, units=one.units,
                          waived=Money(one.waived, order.currency), at=one.at)
            for one in await orders.amendments(tx, order_id)
        ],
        merge_with=[
            ref("order", one.id) for one in (await merge_suggestions.of_buyers(tx, [order_id])).get(order_id, [])
        ],
    )  # fmt: skip


Moments = tuple[datetime | None, datetime | None]


def as_placed(
    actor: Actor,
    order: orders.Order,
    lines: list[orders.OrderLine],
    names: order_page.Names,
    promised: Moments | None = None,
) -> OrderView:
    """An order as it was placed, made from what never changes: the same at every repetition of the request.

    `promised` is by when it was to leave and arrive, where it goes elsewhere since.
    """
    fresh = dict.fromkeys(_LATER) | {"refunded": 0, "state": orders.OrderState.AWAITING_PAYMENT}
    then = {} if promised is None else {"ship_by": promised[0], "arrive_by": promised[1]}
    whole = [msgspec.structs.replace(line, cancelled=0, **then) for line in lines]
    new = msgspec.structs.replace(names, replaced_by=None)
    return _view(actor, msgspec.structs.replace(order, **fresh), whole, new, [_pay_by(order)])


def as_written(actor: Actor, placed: placement.Placed) -> OrderView:
    """The first order of a checkout from what was written just now: what `as_placed` makes of it when it was read."""
    one = placed.written
    siblings = [(other.order_id, other.merchant_id, other.total) for other in placed.orders[1:]]
    names = order_page.Names(one.order.id, one.channel, one.warehouse, one.policy, one.policy_version, siblings)
    return _view(actor, one.order, one.lines, names, [_pay_by(one.order)])


def _pay_by(order: orders.Order) -> DeadlineView:
    return DeadlineView(
        kind=orders.PAY_BY.name,
        deadline_at=order.pay_by,
        on_timeout=orders.PAY_BY.on_timeout,
        left_seconds=None,
        waiting_for=orders.PAY_BY.waits_for,
        paused_at=None,
        is_over=False,
    )


_LATER = (
    "paid_at", "dispatch_locked_at", "under_review_since", "shipped_at", "delivered_at", "received_at", "completed_at",
    "cancelled_at", "cancel_reason",
)  # fmt: skip


def row(found: order_list.Row) -> OrderRow:
    """An order of a list."""
    return OrderRow(
        id=ref("order", found.id), number=ids.spoken(found.id), merchant=ref("merchant", found.merchant_id),
        channel=found.channel, reference=found.reference, state=orders.OrderState(found.state),
        total=Money(found.total, found.currency), refunded=Money(found.refunded, found.currency),
        lines=found.lines, units=found.units, placed_at=found.placed_at, paid_at=found.paid_at,
        shipped_at=found.shipped_at, delivered_at=found.delivered_at,
    )  # fmt: skip


def _view(
    actor: Actor,
    order: orders.Order,
    lines: list[orders.OrderLine],
    names: order_page.Names,
    clocks: list[DeadlineView],
    *,
    looked_at: OrderReview | None = None,
) -> OrderView:
    def money(amount: int) -> Money:
        return Money(amount, order.currency)

    return OrderView(
        id=ref("order", order.id), number=ids.spoken(order.id), merchant=ref("merchant", order.merchant_id),
        checkout=ref("checkout", order.checkout_id), siblings=[
            SiblingView(id=ref("order", i), number=ids.spoken(i), merchant=ref("merchant", m), total=money(total))
            for i, m, total in names.siblings or ()
        ], channel=names.channel, warehouse=names.warehouse,
        buyer=ref("buyer", order.buyer_id), reference=order.reference, state=order.state, goods=money(order.goods),
        discount=money(order.discount), freight=money(order.freight), tax=money(order.tax), total=money(order.total),
        refunded=money(order.refunded), lines=[_line(line, order.currency) for line in lines],
        policy=PolicyBound(id=ref("policy", order.policy_id), code=names.policy, version=names.policy_version,
                           hash=order.policy_hash),
        review=looked_at,
        placed_at=order.placed_at, pay_by=order.pay_by, paid_at=order.paid_at,
        picking_since=order.dispatch_locked_at, shipped_at=order.shipped_at, delivered_at=order.delivered_at,
        received_at=order.received_at, completed_at=order.completed_at, cancelled_at=order.cancelled_at,
        cancel_reason=order.cancel_reason, replaces=ref_or_none("order", order.replaces),
        replaced_by=ref_or_none("order", names.replaced_by), deadline_at=soonest(clocks), deadlines=clocks,
        available_actions=[
            action for action in allowed(actor, orders.actions(order), ACTIONS)
            if not (names.is_told_elsewhere and action.startswith("change_"))
        ],
    )  # fmt: skip


def _line(line: orders.OrderLine, currency: str) -> LineView:
    return LineView(
        line_no=line.line_no, product=ref("product", line.product_id), sku=line.sku, title=line.title,
        category=line.category, flags=line.flags, quantity=line.quantity, cancelled=line.cancelled,
        unit_price=Money(line.unit_price, currency),
        goods=Money(line.goods, currency), discount=Money(line.discount, currency), tax=Money(line.tax, currency),
        confirmed=line.confirmed_text, ship_by=line.ship_by, arrive_by=line.arrive_by,
    )  # fmt: skip


def _parcel(found: order_page.Sent) -> OrderParcel:
    return OrderParcel(
        id=ref("parcel", found.id), carrier=found.carrier, tracking_number=found.tracking_number, state=found.state,
        dispatched_at=found.dispatched_at, delivered_at=found.delivered_at,
        last_scan_at=found.last_scan_at, noticed=found.noticed,
        lines=[OrderParcelLine(line_no=line_no, quantity=quantity) for line_no, quantity in found.contents],
    )  # fmt: skip
