"""What others may ask about evidence."""

from collections.abc import Iterable

from dingdan.areas import identity, orders
from dingdan.areas.evidence import store
from dingdan.areas.evidence.model import Evidence
from dingdan.areas.evidence.refusals import EvidenceUnknown
from dingdan.plumbing.tx import Tx


async def get(tx: Tx, ids: Iterable[int]) -> dict[int, Evidence]:
    """Evidence of the actor's merchants."""
    return {one.id: one for one in await store.get(tx, ids) if tx.actor.reaches(one.merchant_id)}


async def of_orders(tx: Tx, order_ids: Iterable[int]) -> list[Evidence]:
    """The evidence of orders of the actor's merchants, oldest first."""
    return [one for one in await store.of_orders(tx, order_ids) if tx.actor.reaches(one.merchant_id)]


async def demand_buyer(tx: Tx, order_id: int, buyer_ref: str) -> None:
    """An order's evidence is its buyer's to bring and to see. Raises OrderUnknown, also where it is somebody else's."""
    order = await orders.get_one(tx, order_id)
    if order.buyer_id not in (await identity.find_buyers(tx, {(order.merchant_id, buyer_ref)})).values():
        raise orders.OrderUnknown


async def seen_by(tx: Tx, evidence_id: int, *, buyer_ref: str | None) -> Evidence:
    """One file for somebody who may see it: staff who may read evidence, or in the name of the buyer whose order it is.

    Raises EvidenceUnknown, which is also the answer to whoever may not see it.
    """
    found = (await get(tx, [evidence_id])).get(evidence_id)
    if found is None:
        raise EvidenceUnknown
    if buyer_ref is None and tx.actor.may("evidence.read"):
        return found
    named = await identity.find_buyers(tx, {(found.merchant_id, buyer_ref or "")})
    if found.buyer_id not in named.values():
        raise EvidenceUnknown
    return found
