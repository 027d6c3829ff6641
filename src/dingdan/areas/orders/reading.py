"""What others may ask about orders."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from dingdan.areas.orders import store
from dingdan.areas.orders.model import Amendment, Habits, Objected, Order, Ordered, OrderLine
from dingdan.areas.orders.refusals import OrderUnknown
from dingdan.plumbing.tx import Tx


async def lock(tx: Tx, ids: Iterable[int]) -> dict[int, Order]:
    """Lock orders of the actor's merchants, lowest id first; whoever decides about an order does this before."""
    return {order.id: order for order in await store.lock(tx, ids, tx.actor.merchant_id)}


async def lock_one(tx: Tx, order_id: int) -> Order:
    """Lock one order. Raises OrderUnknown; somebody else's order is as unknown as none."""
    found = await lock(tx, [order_id])
    if order_id not in found:
        raise OrderUnknown
    return found[order_id]


async def get(tx: Tx, ids: Iterable[int]) -> dict[int, Order]:
    """Orders of the actor's merchants."""
    return {order.id: order for order in await store.get(tx, ids) if tx.actor.reaches(order.merchant_id)}


async def get_one(tx: Tx, order_id: int) -> Order:
    """One order. Raises OrderUnknown."""
    found = await get(tx, [order_id])
    if order_id not in found:
        raise OrderUnknown
    return found[order_id]


async def sold_together(tx: Tx, found: Iterable[Order]) -> dict[int, list[Order]]:
    """By the first order of each of these: it and all that was ever sent for its goods, lowest id first.

    Those of which nothing was exchanged are left out.
    """
    firsts = {order.first for order in found}
    sent = await store.sent_for(tx, firsts) if firsts else []
    both = await get(tx, {order.first for order in sent}) if sent else {}
    together = {i: [order] for i, order in both.items()}
    for order in sent:
        together[order.first].append(order)
    return together


async def lines(tx: Tx, order_ids: Iterable[int]) -> dict[int, list[OrderLine]]:
    """The lines of orders."""
    found: dict[int, list[OrderLine]] = {order_id: [] for order_id in order_ids}
    for line in await store.lines(tx, found):
        found[line.order_id].append(line)
    return found


async def of_checkout(tx: Tx, checkout_id: int) -> list[Order]:
    """Every order of a checkout. Raises OrderUnknown where there is none, or where one of them is out of reach."""
    found = await store.of_checkouts(tx, [checkout_id])
    if not found or not all(tx.actor.reaches(order.merchant_id) for order in found):
        raise OrderUnknown
    return found


async def with_product(tx: Tx, wanted: Sequence[tuple[int, int, str]]) -> list[int]:
    """Ids of the orders in which these (merchant, buyer) bought these SKUs, whatever became of them."""
    return await store.with_product(tx, wanted) if wanted else []


async def baskets_since(tx: Tx, buyer_ids: Collection[int], since: datetime) -> list[Ordered]:
    """What buyers ordered since a moment and did not cancel, newest first."""
    return [Ordered(**dict(row)) for row in await store.baskets_since(tx, buyer_ids, since)] if buyer_ids else []


async def units_bought(tx: Tx, wanted: Sequence[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """How many units of products buyers have in orders that stand, by (buyer, product)."""
    return await store.units_bought(tx, wanted) if wanted else {}


async def by_reference(tx: Tx, merchant_id: int, references: Iterable[str]) -> dict[str, int]:
    """Order ids by the shop's own numbers."""
    return await store.by_reference(tx, merchant_id, references)


async def habits(tx: Tx, order_ids: Iterable[int]) -> dict[int, Habits]:
    """How the buyers of these orders bought before each of them; one query for any number."""
    return await store.habits(tx, order_ids)


async def usual_prices(
    tx: Tx, products: Iterable[tuple[int, str]], *, since: datetime, before_id: int
) -> dict[tuple[int, str], int]:
    """The median unit price of (product, currency) since then, in orders before one; none where too little was sold."""
    return await store.usual_prices(tx, set(products), since, before_id)


async def paid_before(tx: Tx, merchant_id: int | None, *, before_id: int | None, limit: int) -> list[Order]:
    """Orders that were paid, newest first, of one merchant or of all: how the past is walked through in slices."""
    return await store.paid_before(tx, merchant_id, before_id, limit)


async def promises(tx: Tx, ids: Iterable[int]) -> dict[int, dict[str, Any]]:
    """What the promises of orders were computed from, where something was promised."""
    return await store.promises(tx, ids)


async def promised_at_first(tx: Tx, ids: Iterable[int]) -> dict[int, tuple[datetime | None, datetime | None]]:
    """By when orders were to leave and arrive as they were placed, those whose address was changed since."""
    return {
        order_id: msgspec.convert((was["ship_by"], was["arrive_by"]), tuple[datetime | None, datetime | None])
        for order_id, was in (await store.promised_at_first(tx, ids)).items()
    }


async def amendments(tx: Tx, order_id: int) -> list[Amendment]:
    """What was changed about an order, oldest first."""
    return await store.changes_of(tx, [order_id])


async def bought_before(tx: Tx, buyer_ids: Collection[int]) -> set[int]:
    """Those of these buyers who ordered before, cancelled and expired orders aside."""
    return await store.bought_before(tx, buyer_ids) if buyer_ids else set()


async def objections(tx: Tx, order_ids: Iterable[int]) -> dict[int, list[Objected]]:
    """What was or is said against orders, oldest first; an open one keeps its order from being completed."""
    found: dict[int, list[Objected]] = {order_id: [] for order_id in order_ids}
    for one in await store.objections(tx, found):
        found[one.order_id].append(one)
    return found


async def of_buyers(tx: Tx, buyer_ids: Iterable[int]) -> dict[int, list[int]]:
    """Every order of these buyers, by buyer."""
    return await store.of_buyers(tx, buyer_ids)


async def contacts(tx: Tx, order_ids: Iterable[int]) -> dict[int, list[int]]:
    """The snapshots of where orders went, those of before an amendment too."""
    return await store.contacts(tx, order_ids)
