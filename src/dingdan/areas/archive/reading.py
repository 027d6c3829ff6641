"""What others may ask the archive."""

from collections.abc import Iterable

from dingdan.areas import identity, orders
from dingdan.areas.archive import keeping, store
from dingdan.areas.archive.model import Failure, Kept, Opened, Verdict
from dingdan.areas.archive.refusals import NotKept
from dingdan.areas.archive.rules import packing
from dingdan.kernel import ids
from dingdan.kernel.page import Page
from dingdan.plumbing.tx import Tx


async def kept(tx: Tx, order_ids: Iterable[int]) -> dict[int, Kept]:
    """What the archive knows of orders of the actor's merchants; those that are not in it are left out."""
    return {i: one for i, one in (await store.kept(tx, order_ids)).items() if tx.actor.reaches(one.merchant_id)}


async def listed(tx: Tx, merchant_id: int | None, order_id: int | None, page: Page) -> list[Kept]:
    """Orders in the archive, newest first."""
    return await store.listed(tx, merchant_id, order_id, page.after, page.limit)


async def failures(tx: Tx, merchant_id: int | None, page: Page) -> list[Failure]:
    """Orders that could not be archived whole yet, newest first."""
    return await store.failures(tx, merchant_id, page.after, page.limit)


async def open_one(tx: Tx, order_id: int) -> Opened:
    """An archived order as it reads, with whatever is wrong with its bundles. Raises OrderUnknown or NotKept."""
    await orders.get_one(tx, order_id)
    known = (await kept(tx, [order_id])).get(order_id)
    if known is None:
        raise NotKept
    bundles = (await store.bundles(tx, [order_id]))[order_id]
    before = await store.hashes_before(tx, bundles)
    faults = [f for one in bundles for f in packing.faults(one, before.get(one.id, packing.BEGINNING))]
    key = (await keeping.open_keys(tx, [known])).get(order_id)
    return Opened(
        kept=known,
        bundles=tuple(bundles),
        facts=packing.facts_of(bundles),
        people=keeping.people_of(tx, bundles, key) if key else None,
        holds=tuple(await store.holds(tx, [order_id])),
        faults=tuple(faults),
    )


async def contact(tx: Tx, known: Kept, emptied: identity.Contact) -> identity.Contact:
    """A snapshot that was put away, as the archive has it; as it lies there where nobody can open it any more."""
    key = (await keeping.open_keys(tx, [known])).get(known.order_id)
    if key is None:
        return emptied
    people = keeping.people_of(tx, (await store.bundles(tx, [known.order_id]))[known.order_id], key)
    said = people.get("contacts", {}).get(ids.encode("contact", emptied.id))
    ref = people.get("buyer", {}).get(ids.encode("buyer", known.buyer_id), "")
    return identity.refilled(emptied, said, str(ref)) if said else emptied


async def chains(tx: Tx) -> dict[int, tuple[int, bytes]]:
    """The last link of each merchant's chain: (number, hash)."""
    return await store.chains(tx)


async def verify(tx: Tx, merchant_id: int, *, after: int, last_hash: bytes, limit: int = 500) -> Verdict:
    """Compute the hashes of the next bundles of a merchant again; begin with 0 and `BEGINNING`, end with no bundle."""
    found: list[str] = []
    number, hashed = after, last_hash
    bundles = await store.chain(tx, merchant_id, after, limit)
    for one in bundles:
        if one.number != number + 1:
            found.append(f"bundles {number + 1} to {one.number - 1} of {ids.encode('merchant', merchant_id)}: missing")
        found += packing.faults(one, hashed)
        number, hashed = one.number, one.hash
    return Verdict(checked=len(bundles), last_number=number, last_hash=hashed, faults=tuple(found))
