"""Closing attempts that nobody needs any more. Whether the provider agrees is its answer, taken in like any other."""

from collections.abc import Iterable, Sequence

from dingdan.areas import orders
from dingdan.areas.payments import rules, store
from dingdan.areas.payments.events import PaymentVoided
from dingdan.areas.payments.model import Payment
from dingdan.areas.payments.promises import PAYMENT_CHECK
from dingdan.plumbing import deadlines, jobs
from dingdan.plumbing.tx import Tx


async def void(tx: Tx, order_ids: Iterable[int]) -> None:
    """Close what is still open for orders that ended; an attempt that pays for others too is closed for all of them.

    Money that arrives on it all the same is taken in: it revives an expired order or goes back.
    """
    found = {payment.id: payment for payment, _ in await store.of_orders(tx, order_ids, only_open=True)}
    if found:
        shares = await store.shares(tx, found)
        await orders.lock(tx, {share.order_id for each in shares.values() for share in each})
        await close(tx, list(found.values()))


async def close(tx: Tx, payments: Sequence[Payment]) -> None:
    """Close open attempts whose orders are locked; a job tells the provider, and again until it agrees."""
    if not payments:
        return
    by_id = {payment.id: payment for payment in payments}
    moved = await store.move(tx, "void", by_id)
    if not moved:
        return
    allotted = await store.shares(tx, moved)
    due_at = tx.now + rules.next_check(0)
    await deadlines.schedule(tx, PAYMENT_CHECK, [deadlines.Due(i, by_id[i].merchant_id, due_at) for i in moved])
    await jobs.enqueue(tx, "payments.tell_voids", sorted(moved))
    tx.announce(*(
        PaymentVoided(subject_id=i, merchant_id=by_id[i].merchant_id, order_id=rules.only_order(allotted[i]), move=moved[i])
        for i in sorted(moved)
    ))  # fmt: skip
