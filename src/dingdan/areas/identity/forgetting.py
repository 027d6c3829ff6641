"""Erase a person and keep the accounts true."""

import os
from collections.abc import Iterable

from dingdan.areas.identity import refusals, store
from dingdan.areas.identity.events import BuyerForgotten
from dingdan.plumbing.tx import Tx


async def forget(tx: Tx, buyer_id: int) -> None:
    """Destroy a buyer's key and every hash that finds them; orders and books keep their ids. Cannot be undone.

    Whether the law lets us yet (open refunds, the three years of ECL 31) is for the caller to know. Once more
    changes nothing. Raises BuyerUnknown, also for another merchant's buyer.
    """
    buyer = await store.lock_buyer(tx, buyer_id)
    if buyer is None or not tx.actor.reaches(buyer["merchant_id"]):
        raise refusals.BuyerUnknown
    if buyer["forgotten_at"] is not None:
        return
    # The row must keep a hash that is unique; a random one finds nobody.
    await store.forget(tx, buyer_id, nobody=os.urandom(16))
    tx.announce(BuyerForgotten(subject_id=buyer_id, merchant_id=buyer["merchant_id"]))


async def empty_contacts(tx: Tx, contact_ids: Iterable[int]) -> None:
    """Let go of who stands in these snapshots, once the archive has them; they can still be found by their hashes."""
    await store.empty_contacts(tx, contact_ids)


async def erase_contacts(tx: Tx, contact_ids: Iterable[int]) -> None:
    """Erase these snapshots for good; the buyer's key and other orders are not touched."""
    await store.erase_contacts(tx, contact_ids)
