"""What others may ask about orders made elsewhere."""

from collections.abc import Iterable

from dingdan.areas.channel_orders import store
from dingdan.areas.channel_orders.model import ChannelOrder, Part, Problem, SkuPair, Sync, Update
from dingdan.areas.channel_orders.refusals import ChannelOrderUnknown, ToldThere
from dingdan.areas.channel_orders.telling import TARGET
from dingdan.kernel.page import Page
from dingdan.plumbing.tx import Tx


async def of_orders(tx: Tx, order_ids: Iterable[int]) -> dict[int, ChannelOrder]:
    """Which of our orders were made elsewhere: {ours: theirs}."""
    return await store.of_orders(tx, order_ids)


async def demand_made_here(tx: Tx, order_id: int) -> None:
    """Whether an order is ours to change. Raises ToldThere where it was made on a channel."""
    if await store.of_orders(tx, [order_id]):
        raise ToldThere


async def get_one(tx: Tx, channel_order_id: int) -> ChannelOrder:
    """One order of a channel. Raises ChannelOrderUnknown."""
    found = (await store.get(tx, [channel_order_id])).get(channel_order_id)
    if found is None or not tx.actor.reaches(found.merchant_id):
        raise ChannelOrderUnknown
    return found


async def parts(tx: Tx, ids: Iterable[int]) -> dict[int, list[Part]]:
    """What channels told of orders, as it happened there."""
    return await store.parts(tx, ids)


async def problems(tx: Tx, ids: Iterable[int]) -> dict[int, list[Problem]]:
    """Every problem that orders have or had, oldest first."""
    return await store.problems(tx, ids)


async def sku_map(tx: Tx, channel_id: int, *, after: str, limit: int) -> list[SkuPair]:
    """What a channel calls our products, by its own words."""
    return await store.sku_map(tx, channel_id, after, limit)


async def updates(tx: Tx, channel_id: int, page: Page) -> list[Update]:
    """What a channel has not acknowledged, oldest first."""
    return await store.updates(tx, channel_id, page.after or 0, page.limit)


async def sync(tx: Tx, channel_id: int) -> Sync:
    """How far a channel is behind what happened here."""
    row = await store.sync(tx, channel_id, tx.now - TARGET)
    return Sync(backlog=row["backlog"], late=row["late"], oldest_at=row["oldest_at"], lag_p50_ms=row["p50"],
                lag_p95_ms=row["p95"], open_problems=row["open_problems"])  # fmt: skip


async def drop_people(tx: Tx, order_ids: Iterable[int]) -> None:
    """Let go of the channels' words about people in these orders of ours; the archive has them."""
    await store.drop_people(tx, order_ids)
