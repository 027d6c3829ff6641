"""Everything of an order that is over goes into the archive, whole or not at all; what happens later is added."""

from collections.abc import Awaitable, Callable, Iterable, Sequence

from dingdan.areas import identity, orders, policies
from dingdan.areas.archive import store
from dingdan.areas.archive.events import ArchiveFailed, ArchiveSupplemented, OrderKept
from dingdan.areas.archive.model import (
    PUT_AWAY_AFTER,
    RETRY_AFTER,
    SUPPLEMENT_AFTER,
    Bundle,
    BundleKind,
    Collected,
    Facts,
    Kept,
    People,
)
from dingdan.areas.archive.promises import ERASE, KEEP, PUT_AWAY
from dingdan.areas.archive.rules import keeping as rules
from dingdan.areas.archive.rules import packing
from dingdan.kernel.canonical import canonical
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx

# What finds everything of orders; it reads across all areas, so it stands above them and is handed in.
Collect = Callable[[Tx, Sequence[int]], Awaitable[dict[int, Collected]]]


async def mind(tx: Tx, order_ids: Iterable[int]) -> None:
    """Something happened to these orders: those that are over are archived soon, or what is new is added."""
    ids = sorted(set(order_ids))
    known = await store.kept(tx, ids)
    found = await orders.get(tx, ids)
    later = [deadlines.Due(i, known[i].merchant_id, tx.now + SUPPLEMENT_AFTER) for i in ids if i in known]
    first = [
        deadlines.Due(i, order.merchant_id, at)
        for i, order in found.items()
        if i not in known and (at := rules.keep_at(order, tx.now)) is not None
    ]
    await deadlines.schedule(tx, KEEP, [*later, *first])


async def keep(tx: Tx, order_ids: Sequence[int], *, collect: Collect, leaving: Sequence[str] = ()) -> list[Bundle]:
    """Archive these orders, or add to their archive what has changed; gives the new bundles.

    An order of which a part is missing is not archived: that is told, listed, and tried again. Orders that are not
    over are left alone. Parts that are `leaving` are not looked for any more once an order was put away.
    """
    locked = await orders.lock(tx, order_ids)
    over = {i: order for i, order in locked.items() if rules.over_since(order) is not None}
    known = await store.kept(tx, over)
    found = await collect(tx, list(over)) if over else {}
    await _note_failed(tx, [one for i, one in found.items() if one.missing and i not in known], over)
    whole = {i: over[i] for i, one in found.items() if i in known or not one.missing}
    if not whole:
        return []
    chains = await store.lock_chains(tx, {order.merchant_id for order in whole.values()}, packing.BEGINNING)
    fresh = await _new_kept(tx, [order for i, order in whole.items() if i not in known])
    before = await store.bundles(tx, [i for i in whole if i in known])
    keys = await open_keys(tx, [*fresh.values(), *(known[i] for i in whole if i in known)])
    new: list[Bundle] = []
    for order_id, order in whole.items():
        gone = leaving if order_id in known and known[order_id].put_away_at else ()
        facts, people = _fresh(tx, before.get(order_id, []), found[order_id], keys.get(order_id), gone=gone)
        if not facts and not people:
            continue
        key = keys.get(order_id)
        bundle = packing.bundle(
            bundle_id=tx.mint(), order_id=order_id, merchant_id=order.merchant_id, facts=facts, at=tx.now,
            kind=BundleKind.SUPPLEMENT if order_id in known else BundleKind.BUNDLE,
            people=tx.sealer.seal(key, canonical(people)) if key and people else None,
            previous=chains[order.merchant_id],
        )  # fmt: skip
        chains[order.merchant_id] = (bundle.number, bundle.hash)
        new.append(bundle)
    await store.add_bundles(tx, new, chains)
    await store.add_kept(tx, list(fresh.values()))
    await store.forget_failures(tx, fresh)
    await _set_clocks(tx, list(fresh.values()))
    _announce(tx, new)
    return new


async def open_keys(tx: Tx, kept: Sequence[Kept]) -> dict[int, bytes]:
    """The keys of the people of orders, as our sealer takes them; none of whoever was forgotten, or erased."""
    opened = await identity.unseal(tx, [(one.buyer_id, one.sealed_key) for one in kept])
    return {one.order_id: key for one, key in zip(kept, opened, strict=True) if key is not None}


def people_of(tx: Tx, bundles: Iterable[Bundle], key: bytes) -> People:
    """What is said about people in these bundles, row by row, as it was last said."""
    return packing.merged_people(tx.sealer.unseal(key, one.people) for one in bundles if one.people is not None)


def _fresh(
    tx: Tx, before: Sequence[Bundle], found: Collected, key: bytes | None, *, gone: Sequence[str]
) -> tuple[Facts, People]:
    """What is not in the archive yet."""
    if not before:
        return found.facts, found.people
    facts = packing.changed_facts(packing.facts_of(before), found.facts, gone=gone)
    # Without the key nobody can say what is new about people, and nobody may.
    people = packing.changed_people(people_of(tx, before, key), found.people) if key else {}
    return facts, people


async def _new_kept(tx: Tx, fresh: Sequence[orders.Order]) -> dict[int, Kept]:
    """Entries for orders that come to the archive, each with a key of its own under its buyer's."""
    sealed = await identity.seal(tx, [(order.buyer_id, tx.sealer.new_key()) for order in fresh])
    terms = await policies.by_ids(tx, {order.policy_id for order in fresh})
    today = await store.today(tx)
    found = {}
    for order, key in zip(fresh, sealed, strict=True):
        since = rules.over_since(order)
        assert since is not None
        since = rules.counts_from(since, today)
        policy = terms.get(order.policy_id)
        found[order.id] = Kept(
            order_id=order.id, merchant_id=order.merchant_id, buyer_id=order.buyer_id, sealed_key=key,
            kept_at=rules.counts_from(tx.now, today),
            erase_after=rules.erase_after(since, policy.document.retention_years if policy else None),
            put_away_at=None, erased_at=None,
        )  # fmt: skip
    return found


async def _set_clocks(tx: Tx, fresh: Sequence[Kept]) -> None:
    await deadlines.schedule(
        tx, PUT_AWAY, [deadlines.Due(one.order_id, one.merchant_id, one.kept_at + PUT_AWAY_AFTER) for one in fresh]
    )
    await deadlines.schedule(
        tx, ERASE, [deadlines.Due(one.order_id, one.merchant_id, one.erase_after) for one in fresh]
    )


async def _note_failed(tx: Tx, failed: Sequence[Collected], over: dict[int, orders.Order]) -> None:
    by_id = {one.order_id: (over[one.order_id].merchant_id, one.missing) for one in failed}
    news = await store.note_failures(tx, by_id) if by_id else set()
    await deadlines.schedule(
        tx, KEEP, [deadlines.Due(i, merchant_id, tx.now + RETRY_AFTER) for i, (merchant_id, _) in by_id.items()]
    )
    tx.announce(*(
        ArchiveFailed(subject_id=i, merchant_id=by_id[i][0], order_id=i, missing=list(by_id[i][1])) for i in sorted(news)
    ))  # fmt: skip


def _announce(tx: Tx, new: Sequence[Bundle]) -> None:
    for one in new:
        if one.kind is BundleKind.BUNDLE:
            tx.announce(OrderKept(subject_id=one.order_id, merchant_id=one.merchant_id, order_id=one.order_id,
                                  number=one.number, hash=one.hash.hex()))  # fmt: skip
        else:
            tx.announce(ArchiveSupplemented(
                subject_id=one.order_id, merchant_id=one.merchant_id, order_id=one.order_id, number=one.number,
                hash=one.hash.hex(), parts=sorted(packing.facts_of([one])),
            ))  # fmt: skip
