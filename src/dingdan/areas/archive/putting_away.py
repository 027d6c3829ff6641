"""What is heavy or about people leaves the live tables once its bundle has been checked; the rest stays as a stub."""

from collections.abc import Iterable, Sequence

from dingdan.areas import (
    channel_orders,
    disputes,
    feedback,
    fulfilment,
    identity,
    invoices,
    notifications,
    orders,
    refunds,
    returns,
    review,
    talks,
)
from dingdan.areas.archive import keeping, store
from dingdan.areas.archive.events import OrderPutAway
from dingdan.areas.archive.model import STRAGGLER_AFTER, Bundle, Kept
from dingdan.areas.archive.promises import PUT_AWAY
from dingdan.areas.archive.rules import packing
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx


async def put_away(tx: Tx, order_ids: Sequence[int], *, collect: keeping.Collect, leaving: Sequence[str]) -> list[int]:
    """Empty the live tables of what the archive holds of these orders; gives those that were.

    First whatever is new is added, then every bundle of the order is checked against its hashes. Stragglers stay:
    orders with a return, a refund, a dispute or an objection open, and those whose archive does not verify, which is told.
    """
    await orders.lock(tx, order_ids)
    kept = {i: one for i, one in (await store.kept(tx, order_ids)).items() if one.put_away_at is None}
    still_open = await busy(tx, kept)
    await keeping.keep(tx, [i for i in kept if i not in still_open], collect=collect, leaving=leaving)
    broken = await _broken(tx, [i for i in kept if i not in still_open])
    ready = {i: one for i, one in kept.items() if i not in still_open | broken}
    await _empty(tx, ready)
    await store.note_put_away(tx, ready)
    await deadlines.schedule(tx, PUT_AWAY, [
        deadlines.Due(i, one.merchant_id, tx.now + STRAGGLER_AFTER) for i, one in kept.items() if i not in ready
    ])  # fmt: skip
    tx.announce(*(
        OrderPutAway(subject_id=i, merchant_id=one.merchant_id, order_id=i) for i, one in sorted(ready.items())
    ))  # fmt: skip
    return sorted(ready)


async def busy(tx: Tx, order_ids: Iterable[int]) -> set[int]:
    """Orders about which something is still open: a return, a dispute, money on its way back."""
    wanted = list(order_ids)
    money = await refunds.of_orders(tx, wanted)
    open_now = await returns.open_of_orders(tx, wanted) | await disputes.open_of_orders(tx, wanted)
    over = (refunds.RefundState.SETTLED, refunds.RefundState.REFUSED)
    waiting = {i for i, found in money.items() if any(one.state not in over for one in found)}
    return open_now | waiting


async def _broken(tx: Tx, order_ids: Sequence[int]) -> set[int]:
    """Those whose archive is not what it was; the check of the database says so, too."""
    found = await store.bundles(tx, order_ids)
    every: list[Bundle] = [one for bundles in found.values() for one in bundles]
    before = await store.hashes_before(tx, every)
    return {one.order_id for one in every if packing.faults(one, before.get(one.id, packing.BEGINNING))}


async def _empty(tx: Tx, ready: dict[int, Kept]) -> None:
    """Each area lets go of its own."""
    ids = sorted(ready)
    await fulfilment.drop_old_scans(tx, ids)
    await notifications.drop_copies(tx, ids)
    await review.drop_words(tx, ids)
    await orders.drop_words(tx, ids)
    await feedback.drop_words(tx, ids)
    await invoices.drop_words(tx, ids)
    await refunds.drop_words(tx, ids)
    await talks.drop_words(tx, ids)
    await disputes.drop_words(tx, ids)
    await channel_orders.drop_people(tx, ids)
    contacts = await orders.contacts(tx, ids)
    await identity.empty_contacts(tx, [one for of_order in contacts.values() for one in of_order])
