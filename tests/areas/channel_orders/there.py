"""What a channel says: messages about orders that were made there."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from tests import given
from tests.given import ADDRESS, Shop

from dingdan.areas import channel_orders, inventory, orders
from dingdan.areas.channel_orders import ChannelBuyer, ChannelLine, Ended, PaidThere, RefundedThere, ShippedThere, Told
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.page import Page
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

DAY = datetime(2026, 3, 1, 8, tzinfo=UTC)


def at(minutes: int) -> datetime:
    """A moment on the channel."""
    return DAY + timedelta(minutes=minutes)


def told(number: str = "T-1", *, after: int = 0, quantity: int = 1, price: int = 19900, **more: Any) -> Told:
    """An order of mugs as its channel tells it, `after` minutes after it was placed; unpaid unless payments are named."""
    line = ChannelLine(ref="1", sku=more.pop("sku", "MUG"), quantity=quantity, unit_price=price, title="马克杯")
    values: dict[str, Any] = {
        "lines": (line,), "total": quantity * price, "buyer": ChannelBuyer(ref="taobao-77", name="王小明"),
        "ship_to": ADDRESS, "currency": "CNY", "placed_at": at(0),
    }  # fmt: skip
    return Told(number=number, updated_at=at(after), **{**values, **more})


def paid(amount: int = 19900, ref: str = "p1", *, after: int = 1) -> PaidThere:
    """Money that the channel took."""
    return PaidThere(ref, amount, at(after))


def refunded(amount: int, ref: str = "r1", *, after: int = 5) -> RefundedThere:
    """Money that the channel gave back."""
    return RefundedThere(ref, amount, at(after))


def called_off(after: int = 4) -> Ended:
    """The channel's end of an order."""
    return Ended(at(after), "买家不想要了")


def sent(number: str = "SF1234567890123", ref: str = "s1", *, carrier: str = "sf", after: int = 3) -> ShippedThere:
    """A parcel of the channel with the whole order in it."""
    return ShippedThere(ref, carrier, number, at(after))


async def channel(db: Database, shop: Shop, code: str = "web") -> inventory.Channel:
    """The shop's channel."""
    async with db.transaction(SYSTEM) as tx:
        return (await inventory.channels(tx, [(shop.merchant_id, code)]))[shop.merchant_id, code]


async def tell(db: Database, shop: Shop, *messages: Told, settle: bool = True) -> list[channel_orders.Recorded]:
    """Take messages in, one after the other, and let everything follow."""
    where = await channel(db, shop)
    made = []
    for message in messages:
        made += await do(db, SYSTEM, channel_orders.take_in, where, [message])
        if settle:
            await given.settle(db)
    return made


async def order_of(db: Database, recorded: channel_orders.Recorded) -> orders.Order:
    """Our order for theirs."""
    async with db.transaction(SYSTEM) as tx:
        order_id = await tx.fetchval("SELECT order_id FROM channel_orders WHERE id = $1", recorded.id)
        return await orders.get_one(tx, order_id)


async def open_problems(db: Database, recorded: channel_orders.Recorded) -> list[channel_orders.Problem]:
    """What does not fit about it now."""
    async with db.transaction(SYSTEM) as tx:
        found = (await channel_orders.problems(tx, [recorded.id]))[recorded.id]
    return [problem for problem in found if problem.state == "open"]


async def kinds(db: Database, recorded: channel_orders.Recorded) -> list[str]:
    """The same by their kinds."""
    return sorted(str(problem.kind) for problem in await open_problems(db, recorded))


async def updates(db: Database, shop: Shop) -> list[channel_orders.Update]:
    """What the channel has not acknowledged."""
    where = await channel(db, shop)
    async with db.transaction(SYSTEM) as tx:
        return await channel_orders.updates(tx, where.id, Page(limit=200, after=None))


async def end_state(db: Database, shop: Shop) -> list[dict[str, Any]]:
    """Where everything stands, without ids and moments: what must be the same whatever came in which order."""
    async with db.transaction(SYSTEM) as tx:
        return [msgspec.to_builtins(dict(row)) for row in await tx.fetch(END_STATE, shop.merchant_id)]


END_STATE = """
SELECT c.number, c.total, c.updated_at, c.cancelled_at, o.state, o.total AS ours, o.refunded, o.paid_at IS NOT NULL AS paid,
       o.shipped_at IS NOT NULL AS shipped, o.cancel_reason, o.snagged_since IS NOT NULL AS snagged,
       (SELECT sum(amount)::bigint FROM captures p WHERE p.order_id = o.id) AS captured,
       (SELECT sum(amount)::bigint FROM refunds r WHERE r.order_id = o.id AND r.state = 'settled') AS settled,
       (SELECT array_agg(DISTINCT state) FROM reservations r WHERE r.order_id = o.id) AS units,
       (SELECT array_agg(kind ORDER BY kind) FROM channel_problems p WHERE p.channel_order_id = c.id AND p.state = 'open')
           AS problems,
       (SELECT array_agg(kind || ref ORDER BY kind, ref) FROM channel_parts p WHERE p.channel_order_id = c.id) AS parts,
       (SELECT array_agg(on_hand || '/' || reserved ORDER BY product_id) FROM stock WHERE merchant_id = $1) AS stock
FROM channel_orders c LEFT JOIN orders o ON o.id = c.order_id WHERE c.merchant_id = $1 ORDER BY c.number
"""
