"""What others may ask about customs."""

from collections.abc import Collection

from dingdan.areas.customs import rules, store
from dingdan.areas.customs.lifecycle import CustomsReturnState
from dingdan.areas.customs.model import CustomsReturn, Release
from dingdan.areas.customs.refusals import CustomsReturnUnknown
from dingdan.plumbing.tx import Tx


async def releases(tx: Tx, order_ids: Collection[int]) -> dict[int, Release]:
    """When orders of the actor's merchants were released."""
    return {one.order_id: one for one in await store.releases(tx, order_ids) if tx.actor.reaches(one.merchant_id)}


async def returns_of(tx: Tx, order_id: int) -> list[CustomsReturn]:
    """What goes back of an order, oldest first."""
    return [one for one in await store.of_orders(tx, [order_id]) if tx.actor.reaches(one.merchant_id)]


async def get_one(tx: Tx, customs_return_id: int) -> CustomsReturn:
    """One of them. Raises CustomsReturnUnknown."""
    found = await store.get(tx, [customs_return_id])
    if not found or not tx.actor.reaches(found[0].merchant_id):
        raise CustomsReturnUnknown
    return found[0]


async def cleared_units(tx: Tx, order_ids: Collection[int]) -> dict[int, dict[int, int]]:
    """Of orders that stand still, how many units of each line were back in time: {order: {line: units}}."""
    found: dict[int, list[CustomsReturn]] = {}
    for one in await store.of_orders(tx, order_ids):
        found.setdefault(one.order_id, []).append(one)
    return {i: rules.units(some, {CustomsReturnState.CLEARED}) for i, some in found.items()}
