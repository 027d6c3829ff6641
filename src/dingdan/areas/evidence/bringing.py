"""A buyer shows what is wrong: a file is kept with the order, and whether somebody else showed it before is noticed."""

import re
from datetime import timedelta

from dingdan.areas import orders
from dingdan.areas.evidence import store
from dingdan.areas.evidence.events import EvidenceBrought, EvidenceReused
from dingdan.areas.evidence.model import MOST_OF_DAY, MOST_OF_ORDER, Evidence, NewEvidence
from dingdan.areas.evidence.refusals import NoNameForShot, TooMuchEvidence
from dingdan.plumbing.tx import Tx

_SHOT = re.compile(r"[a-z][a-z0-9_]{0,63}")


async def demand_room(tx: Tx, order: orders.Order) -> None:
    """There is a limit to what an order has and a buyer brings; looked at before a file is even written down.

    Raises TooMuchEvidence.
    """
    of_order, lately = await store.count(tx, order.id, order.buyer_id, tx.now - timedelta(days=1))
    if of_order >= MOST_OF_ORDER or lately >= MOST_OF_DAY:
        raise TooMuchEvidence(most=MOST_OF_ORDER if of_order >= MOST_OF_ORDER else MOST_OF_DAY)


async def bring(tx: Tx, new: NewEvidence) -> Evidence:
    """Keep a file with an order; the same one twice is one. Raises OrderUnknown, NoNameForShot or TooMuchEvidence."""
    if not _SHOT.fullmatch(new.shot):
        raise NoNameForShot("shot")
    order = await orders.lock_one(tx, new.order_id)
    for known in await store.of_orders(tx, [new.order_id]):
        if known.sha256 == new.sha256:
            return known
    await demand_room(tx, order)
    like = await store.like(tx, new, merchant_id=order.merchant_id, buyer_id=order.buyer_id)
    kept = Evidence(
        id=tx.mint(), merchant_id=order.merchant_id, order_id=order.id, buyer_id=order.buyer_id, sort=new.sort,
        shot=new.shot, sha256=new.sha256, size=new.size, width=new.width, height=new.height, likeness=new.likeness,
        like=like, brought_by_kind=str(tx.actor.kind), brought_by=tx.actor.id, at=tx.now,
    )  # fmt: skip
    await store.add(tx, kept)
    tx.announce(EvidenceBrought(subject_id=kept.id, merchant_id=kept.merchant_id, order_id=order.id, sort=kept.sort,
                                shot=kept.shot))  # fmt: skip
    if like:
        tx.announce(EvidenceReused(subject_id=kept.id, merchant_id=kept.merchant_id, order_id=order.id, like=like))
    return kept
