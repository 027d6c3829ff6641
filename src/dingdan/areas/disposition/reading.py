"""What others may ask about goods that came back."""

from collections import Counter
from collections.abc import Iterable

from dingdan.areas import orders, policies
from dingdan.areas.disposition import store
from dingdan.areas.disposition.model import Disposition, ReturnedGoods, Ware
from dingdan.areas.disposition.refusals import GoodsUnknown
from dingdan.plumbing.tx import Tx


async def get(tx: Tx, goods_ids: Iterable[int]) -> dict[int, ReturnedGoods]:
    """Goods of the actor's merchants."""
    return {one.id: one for one in await store.goods(tx, goods_ids) if tx.actor.reaches(one.merchant_id)}


async def get_one(tx: Tx, goods_id: int) -> ReturnedGoods:
    """Some goods. Raises GoodsUnknown."""
    found = await get(tx, [goods_id])
    if goods_id not in found:
        raise GoodsUnknown
    return found[goods_id]


async def of_returns(tx: Tx, return_ids: Iterable[int]) -> dict[int, list[ReturnedGoods]]:
    """The goods of returns, by return."""
    found: dict[int, list[ReturnedGoods]] = {i: [] for i in return_ids}
    for one in await store.goods_of(tx, found):
        if tx.actor.reaches(one.merchant_id):
            found[one.return_id].append(one)
    return found


async def kept_units(tx: Tx, order_ids: Iterable[int]) -> Counter[tuple[int, int]]:
    """Units of lines {(order, line number)} that buyers left with us for money: they do not come back again."""
    return Counter(await store.kept_units(tx, order_ids))


async def hold(tx: Tx, goods_ids: Iterable[int]) -> dict[int, ReturnedGoods]:
    """Goods of the actor's merchants that stand still, because their orders are locked."""
    known = await get(tx, goods_ids)
    await orders.lock(tx, {one.order_id for one in known.values()})
    return await get(tx, known)


async def hold_one(tx: Tx, goods_id: int) -> ReturnedGoods:
    """Goods that stand still. Raises GoodsUnknown."""
    found = await hold(tx, [goods_id])
    if goods_id not in found:
        raise GoodsUnknown
    return found[goods_id]


async def dispositions(tx: Tx, goods_ids: Iterable[int]) -> dict[int, list[Disposition]]:
    """What became of units of these goods so far."""
    found: dict[int, list[Disposition]] = {i: [] for i in await get(tx, goods_ids)}
    for one in await store.dispositions_of(tx, found):
        found[one.goods_id].append(one)
    return found


async def wares(tx: Tx, goods: Iterable[ReturnedGoods]) -> dict[int, Ware]:
    """What goods are, as they were sold, and the terms of the policy that they were sold under: {goods: ware}."""
    known = list(goods)
    sold = await orders.get(tx, {one.order_id for one in known})
    versions = await policies.by_ids(tx, {order.policy_id for order in sold.values()})
    lines = {(n.order_id, n.line_no): n for rows in (await orders.lines(tx, sold)).values() for n in rows}
    return {
        one.id: Ware(
            product_id=one.product_id, category=lines[one.order_id, one.line_no].category,
            flags=tuple(lines[one.order_id, one.line_no].flags),
            terms=versions[sold[one.order_id].policy_id].document.dispositions,
        )
        for one in known
    }  # fmt: skip
