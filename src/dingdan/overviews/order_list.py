"""The list of orders: newest first, narrowed by what people ask for."""

from datetime import datetime
from typing import Any, Literal

import msgspec

from dingdan.areas import orders
from dingdan.kernel import times
from dingdan.kernel.page import Page
from dingdan.overviews.order_views import VIEWS
from dingdan.plumbing.tx import Tx

# Where the day ends until which things leave today.
ZONE = "Asia/Shanghai"
Only = Literal["needs_us", "to_review", "ship_today", "in_transit", "problem", "has_return"]


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What a list of orders is narrowed to; None leaves it open."""

    merchant_id: int | None = None
    state: str | None = None
    buyer_id: int | None = None
    order_id: int | None = None
    tag: str | None = None
    placed_from: datetime | None = None
    placed_before: datetime | None = None
    # Who looks after it, or that nobody does.
    keeper_id: int | None = None
    is_nobodys: bool | None = None
    # A view.
    only: Only | None = None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One order as a list shows it; amounts in minor units of `currency`, lines and units without those that were cancelled."""

    id: int
    merchant_id: int
    channel: str
    reference: str | None
    state: str
    currency: str
    total: int
    refunded: int
    lines: int
    units: int
    placed_at: datetime
    paid_at: datetime | None
    shipped_at: datetime | None
    delivered_at: datetime | None
    under_review_since: datetime | None = None
    dispatch_locked_at: datetime | None = None


class Shown(Row, frozen=True, kw_only=True):
    """One order as the desk shows it, with the first of its items, how far its goods are, and who looks after it."""

    contact_id: int
    title: dict[str, str]
    product_id: int
    picture: str | None
    flags: list[str]
    ship_by: datetime | None
    arrive_by: datetime | None
    pay_by: datetime
    received_at: datetime | None
    # Of its last payment, while it is not paid.
    payment: str | None
    # The lane of its most urgent work; how many works there are, are packed, have left.
    lane: int | None
    works: int
    packed: int
    gone: int
    is_large: bool
    keeper_id: int | None
    keeper: str | None


# Whoever looks after an order works here and has a role that may, or is of a house whose people the reader does not see.
_KEPT = (
    "order_keepers k LEFT JOIN staff s ON s.id = k.staff_id WHERE (s.id IS NULL OR s.active AND s.roles && "
    f"ARRAY[{', '.join(repr(role) for role in sorted(orders.KEEPING))}])"
)
# Lines and units that were not cancelled one by one; an order that ended whole keeps what it had by then.
_LEFT = "count(*) FILTER (WHERE l.cancelled < l.quantity) AS lines, sum(l.quantity - l.cancelled) AS units"
CONDITIONS = {
    "merchant_id": "o.merchant_id = {}",
    # The newest of a state may be far behind the newest of all: the walk begins there.
    "state": "o.state = {0} AND o.id <= (SELECT max(m.id) FROM orders m WHERE m.state = {0})",
    "buyer_id": "o.buyer_id = {}",
    "order_id": "o.id = {}",
    "tag": "EXISTS (SELECT FROM order_tags t WHERE t.order_id = o.id AND t.tag = {})",
    "placed_from": "o.placed_at >= {}",
    "placed_before": "o.placed_at < {}",
    "keeper_id": f"o.id IN (SELECT k.order_id FROM {_KEPT} AND k.staff_id = {{}})",  # noqa: S608 - our words
    "is_nobodys": f"{{}} AND NOT EXISTS (SELECT FROM {_KEPT} AND k.order_id = o.id)",
    "after": "o.id < {}",
}


async def page(tx: Tx, wanted: Filter, slice_: Page) -> list[Row]:
    """One order more than the slice asks for, so that the caller sees whether there is a next one."""
    picked, args = _picked(tx, wanted, slice_)
    rows = await tx.fetch(
        f"""
        SELECT o.id, o.merchant_id, c.code AS channel, o.reference, o.state, o.currency, o.total, o.refunded,
               n.lines, n.units, o.placed_at, o.paid_at, o.shipped_at, o.delivered_at,
               o.under_review_since, o.dispatch_locked_at
        FROM ({picked}) AS o
        JOIN channels c ON c.id = o.channel_id
        CROSS JOIN LATERAL (
            SELECT {_LEFT} FROM order_lines l WHERE l.order_id = o.id
        ) AS n
        ORDER BY o.id DESC
        """,  # noqa: S608 - conditions come from code, values as parameters
        *args,
    )
    return [Row(**dict(row)) for row in rows]


async def shown(tx: Tx, wanted: Filter, slice_: Page) -> list[Shown]:
    """The same as the desk shows it."""
    picked, args = _picked(tx, wanted, slice_)
    rows = await tx.fetch(
        f"""
        SELECT o.id, o.merchant_id, c.code AS channel, o.reference, o.state, o.currency, o.total, o.refunded,
               n.lines, n.units, o.placed_at, o.paid_at, o.shipped_at, o.delivered_at,
               o.under_review_since, o.dispatch_locked_at, o.contact_id, o.pay_by, o.received_at,
               f.title, f.product_id, p.picture, n.ship_by, n.arrive_by, w.lane, w.works, w.packed, w.gone,
               k.staff_id AS keeper_id, k.name AS keeper,
               ARRAY(SELECT DISTINCT unnest(l.flags) FROM order_lines l
                     WHERE l.order_id = o.id AND l.cancelled < l.quantity) AS flags,
               CASE WHEN o.paid_at IS NULL THEN (
                   SELECT y.state FROM payments y WHERE y.checkout_id = o.checkout_id ORDER BY y.id DESC LIMIT 1
               ) END AS payment,
               EXISTS (SELECT FROM reviews r, jsonb_array_elements(r.reasons) AS x WHERE r.order_id = o.id
                       AND x ->> 'kind' IN ('large_amount', 'large_quantity')) AS is_large
        FROM ({picked}) AS o
        JOIN channels c ON c.id = o.channel_id
        CROSS JOIN LATERAL (
            SELECT {_LEFT}, min(l.ship_by) FILTER (WHERE l.cancelled < l.quantity) AS ship_by,
                   max(l.arrive_by) FILTER (WHERE l.cancelled < l.quantity) AS arrive_by
            FROM order_lines l WHERE l.order_id = o.id
        ) AS n
        CROSS JOIN LATERAL (
            SELECT l.title, l.product_id FROM order_lines l WHERE l.order_id = o.id
            ORDER BY l.cancelled = l.quantity, l.line_no LIMIT 1
        ) AS f
        LEFT JOIN products p ON p.id = f.product_id
        CROSS JOIN LATERAL (
            SELECT min(w.lane) AS lane, count(*) AS works, count(*) FILTER (WHERE w.state = 'packed') AS packed,
                   count(*) FILTER (WHERE w.state = 'handed_over') AS gone
            FROM work_orders w WHERE w.order_id = o.id AND w.state <> 'withdrawn'
        ) AS w
        LEFT JOIN LATERAL (SELECT k.staff_id, s.name FROM {_KEPT} AND k.order_id = o.id) AS k ON true
        ORDER BY o.id DESC
        """,  # noqa: S608 - conditions come from code, values as parameters
        *args,
    )
    return [Shown(**dict(row)) for row in rows]


def _picked(tx: Tx, wanted: Filter, slice_: Page) -> tuple[str, list[Any]]:
    """The statement that picks the orders of a slice, newest first, and its values."""
    asked = msgspec.structs.asdict(wanted) | {"after": slice_.after}
    only = asked.pop("only")
    where, args = narrowed(CONDITIONS, asked)
    if only is None:
        return f"SELECT * FROM orders o {where} ORDER BY o.id DESC LIMIT {slice_.limit + 1}", args  # noqa: S608
    chosen = [name for name, value in asked.items() if value is not None]
    within = "".join(
        f" AND {words.format(f'${chosen.index(name) + 1}')}" for name, words in _WITHIN.items() if name in chosen
    )
    if only == "ship_today":
        args.append(times.end_of_day(times.local_date(tx.now, ZONE), ZONE))
    most = slice_.limit + 1
    walks = [
        one.statement(where or "WHERE true", within, most).replace("{ship_before}", f"${len(args)}") for one in VIEWS[only]
    ]  # fmt: skip
    if len(walks) == 1:
        return walks[0], args
    both = " UNION ALL ".join(f"({walk})" for walk in walks)
    return f"SELECT DISTINCT ON (id) * FROM ({both}) AS o ORDER BY id DESC LIMIT {most}", args  # noqa: S608


# What is known of rows that name an order by what is asked of the order.
_WITHIN = {
    "merchant_id": "x.merchant_id = {}",
    "order_id": "x.order_id = {}",
    "after": "x.order_id < {}",
    "tag": "x.order_id IN (SELECT t.order_id FROM order_tags t WHERE t.tag = {})",
    "keeper_id": "x.order_id IN (SELECT k.order_id FROM order_keepers k WHERE k.staff_id = {})",
}


def narrowed(conditions: dict[str, str], values: dict[str, Any]) -> tuple[str, list[Any]]:
    """The WHERE of those conditions that have a value, and the values: the planner sees only what is asked."""
    chosen = {name: value for name, value in values.items() if value is not None}
    parts = [conditions[name].format(f"${n}") for n, name in enumerate(chosen, start=1)]
    return ("WHERE " + " AND ".join(parts) if parts else "", list(chosen.values()))
