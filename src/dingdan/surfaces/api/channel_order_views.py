"""How orders made on channels are shown."""

from datetime import datetime
from typing import Any

from dingdan.areas import channel_orders
from dingdan.kernel.money import Money
from dingdan.overviews import channel_order_list
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.wire import View, allowed, ref, ref_or_none


class RecordedView(View, frozen=True, kw_only=True):
    """What a message did. `order` is ours, null while it cannot be written; `problems` are those open now."""

    id: str
    number: str
    order: str | None
    status: str
    problems: list[str]


class ChannelOrderRow(View, frozen=True, kw_only=True):
    """One order of a list; `state` is where our order stands."""

    id: str
    number: str
    order: str | None
    state: str | None
    total: Money
    placed_at: datetime
    updated_at: datetime
    recorded_at: datetime
    cancelled_at: datetime | None
    problems: list[str]


class ProblemView(View, frozen=True, kw_only=True):
    """Something that does not or did not fit; `actions` say what can be done while it is open."""

    kind: str
    state: str
    holds: bool
    details: dict[str, Any]
    actions: list[str]
    opened_at: datetime
    closed_at: datetime | None
    reason: str | None


class LineView(View, frozen=True, kw_only=True):
    """One line as the channel told it."""

    ref: str
    sku: str
    title: str
    quantity: int
    unit_price: Money
    discount: Money
    tax: Money


class PartView(View, frozen=True, kw_only=True):
    """A payment, refund or shipment of the channel; `booked` is what of a payment stands in our books."""

    kind: str
    ref: str
    at: datetime
    amount: Money
    booked: Money | None
    details: dict[str, Any]


class ChannelOrderView(ChannelOrderRow, frozen=True, kw_only=True):
    """An order as its channel told it."""

    lines: list[LineView]
    freight: Money
    discount: Money
    parts: list[PartView]
    history: list[ProblemView]
    available_actions: list[str]


class UpdateView(View, frozen=True, kw_only=True):
    """Something that happened here; `late` once the channel has had a minute for it."""

    id: str
    number: str
    order: str
    kind: str
    details: dict[str, Any]
    at: datetime
    late: bool


PERMISSIONS = {"retry": "channel_order.write", "resolve": "channel_order.write"}


def recorded(made: channel_orders.Recorded) -> RecordedView:
    """What a message did."""
    return RecordedView(id=ref("channel_order", made.id), number=made.number, order=ref_or_none("order", made.order_id),
                        status=made.status, problems=list(made.problems))  # fmt: skip


def row(one: channel_order_list.Row) -> ChannelOrderRow:
    """One order of a list."""
    return ChannelOrderRow(**_row(one))


async def one(tx: Tx, channel_order_id: int) -> ChannelOrderView:
    """One order with all that its channel told."""
    known = await channel_order_list.one(tx, channel_order_id)
    source = await channel_orders.get_one(tx, channel_order_id)
    parts = (await channel_orders.parts(tx, [channel_order_id]))[channel_order_id]
    problems = (await channel_orders.problems(tx, [channel_order_id]))[channel_order_id]
    deal, currency = source.deal, source.currency
    possible = ["retry"] if known.problems else []
    if any(kind not in channel_orders.NEEDS_CURE for kind in known.problems):
        possible.append("resolve")
    return ChannelOrderView(
        **_row(known), freight=Money(deal.freight, currency), discount=Money(deal.discount, currency),
        lines=[
            LineView(ref=li.ref, sku=li.sku, title=li.title, quantity=li.quantity,
                     unit_price=Money(li.unit_price, currency), discount=Money(li.discount, currency),
                     tax=Money(li.tax, currency))
            for li in deal.lines
        ],
        parts=[
            PartView(kind=str(part.kind), ref=part.ref, at=part.at, amount=Money(part.amount, currency),
                     booked=None if part.booked is None else Money(part.booked, currency), details=part.document)
            for part in parts
        ],
        history=[_problem(problem) for problem in problems],
        available_actions=allowed(tx.actor, possible, PERMISSIONS),
    )  # fmt: skip


def update(one: channel_orders.Update, now: datetime) -> UpdateView:
    """Something that has to be told back."""
    return UpdateView(id=ref("channel_update", one.id), number=one.number, order=ref("order", one.order_id),
                      kind=str(one.kind), details=one.document, at=one.at,
                      late=now - one.at > channel_orders.TARGET)  # fmt: skip


def _row(one: channel_order_list.Row) -> dict[str, Any]:
    return {
        "id": ref("channel_order", one.id), "number": one.number, "order": ref_or_none("order", one.order_id),
        "state": one.state, "total": Money(one.total, one.currency), "placed_at": one.placed_at,
        "updated_at": one.updated_at, "recorded_at": one.recorded_at, "cancelled_at": one.cancelled_at,
        "problems": one.problems,
    }  # fmt: skip


def _problem(problem: channel_orders.Problem) -> ProblemView:
    is_open = problem.closed_at is None
    return ProblemView(
        kind=str(problem.kind), state=str(problem.state), holds=problem.kind in channel_orders.HOLDING,
        details=problem.details, actions=list(channel_orders.ACTIONS[problem.kind]) if is_open else [],
        opened_at=problem.opened_at, closed_at=problem.closed_at, reason=problem.reason,
    )  # fmt: skip
