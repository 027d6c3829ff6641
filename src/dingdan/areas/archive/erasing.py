"""The time to keep people is over: the order's key is destroyed, and whatever could still find them. Accounts stay true."""

from collections.abc import Sequence

from dingdan.areas import credit, customs, identity, orders
from dingdan.areas.archive import keeping, putting_away, store
from dingdan.areas.archive.events import PeopleErased
from dingdan.areas.archive.model import STRAGGLER_AFTER, Kept
from dingdan.areas.archive.promises import ERASE
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx


async def erase(tx: Tx, order_ids: Sequence[int], *, collect: keeping.Collect, leaving: Sequence[str]) -> list[int]:
    """Erase the people of orders whose time is over; gives those whose were. A second time changes nothing.

    An order under a legal hold is left alone: lifting it sets the clock again. One about which something is open, or
    whose archive does not verify, is looked at again later. Bundles stay as they are: their facts still verify, and
    so does the sealed text that nobody can open any more.
    """
    await orders.lock(tx, order_ids)
    known = await store.kept(tx, order_ids)
    held = {one.order_id for one in await store.holds(tx, known, open_only=True)}
    due = {i: one for i, one in known.items() if i not in held and not one.erased_at and one.erase_after <= tx.now}
    await putting_away.put_away(
        tx, [i for i, one in due.items() if one.put_away_at is None], collect=collect, leaving=leaving
    )
    still_open = await putting_away.busy(tx, due)
    away = {i for i, one in (await store.kept(tx, due)).items() if one.put_away_at is not None}
    ready = {i: one for i, one in due.items() if i in away and i not in still_open}
    contacts = await orders.contacts(tx, ready)
    await store.destroy_keys(tx, ready)
    await identity.erase_contacts(tx, [one for of_order in contacts.values() for one in of_order])
    await customs.forget(tx, ready)
    await _forget(tx, ready)
    await deadlines.schedule(tx, ERASE, [
        deadlines.Due(i, one.merchant_id, tx.now + STRAGGLER_AFTER) for i, one in due.items() if i not in ready
    ])  # fmt: skip
    tx.announce(*(PeopleErased(subject_id=i, merchant_id=ready[i].merchant_id, order_id=i) for i in sorted(ready)))
    return sorted(ready)


async def _forget(tx: Tx, ready: dict[int, Kept]) -> None:
    """Buyers of whom no order is left that tells of them, and who have nothing with us, are forgotten altogether."""
    buyers = sorted({one.buyer_id for one in ready.values()})
    left = await store.with_people_left(tx, await orders.of_buyers(tx, buyers))
    purses = await credit.of_buyers(tx, buyers)
    for buyer_id in buyers:
        if buyer_id not in left and not purses[buyer_id]:
            await identity.forget(tx, buyer_id)
