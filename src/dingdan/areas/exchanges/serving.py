"""Goods came or became free: exchanges that wait for them are tried again, the longest waiting first."""

from collections.abc import Collection, Sequence

from dingdan.areas import catalog, inventory, orders, payments, returns
from dingdan.areas.exchanges import store
from dingdan.areas.exchanges.following import follow_returns
from dingdan.areas.exchanges.lifecycle import ExchangeState
from dingdan.areas.exchanges.model import Exchange
from dingdan.areas.exchanges.reading import hold
from dingdan.areas.exchanges.reserving import take_up
from dingdan.plumbing.tx import Tx

# So many of a merchant are looked at, and so many served, by one piece of news.
LOOKED_AT, SERVED = 2_000, 200


async def serve_short(tx: Tx, merchant_ids: Collection[int]) -> None:
    """Keep what came for exchanges of these merchants that wait; what is not enough for all is the longest waiting's."""
    for merchant_id in sorted(set(merchant_ids)):
        there = await _there(tx, await store.short_of(tx, merchant_id, LOOKED_AT))
        held = await hold(tx, [one.id for one in there]) if there else {}
        # Others may have served, changed or ended it before its order was locked.
        waiting = {
            one.id: held[one.id] for one in there
            if one.id in held and held[one.id].exchange.state is ExchangeState.SHORT
            and held[one.id].one.decision is returns.Decision.APPROVED
        }  # fmt: skip
        if not waiting:
            continue
        # Of goods that were accepted meanwhile the money is carried over; purses come before stock.
        await payments.lock_purses(tx, {one.exchange.order_id for one in waiting.values()})
        kept = await take_up(tx, waiting)
        await follow_returns(tx, [waiting[i].exchange.return_id for i in sorted(kept)])


async def _there(tx: Tx, short: Sequence[Exchange]) -> list[Exchange]:
    """Those for which there seems to be enough, one after the other; whoever takes it up looks again."""
    if not short:
        return []
    lines = await store.lines_of(tx, [one.id for one in short])
    offers = await catalog.by_ids(tx, {line.product_id for some in lines.values() for line in some})
    free = await inventory.sellable(tx, {i: (short[0].merchant_id, one.components) for i, one in offers.items()})
    sold = await orders.get(tx, {one.order_id for one in short})
    found: list[Exchange] = []
    for one in short:
        keys = {line: (one.merchant_id, sold[one.order_id].channel_id, line.product_id) for line in lines[one.id]}
        if all(free.get(key, 0) >= line.quantity for line, key in keys.items()):
            for line, key in keys.items():
                free[key] -= line.quantity
            found.append(one)
    return found[:SERVED]
