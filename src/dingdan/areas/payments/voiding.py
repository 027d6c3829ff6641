"""Closing attempts that nobody needs any more. Whether the provider agrees is its answer, taken in like any other."""

from collections.abc import Iterable, Mapping, Sequence

from dingdan.areas import credit, orders, pricing
from dingdan.areas.payments import rules, store
from dingdan.areas.payments.events import PaymentVoided
from dingdan.areas.payments.model import Payment
from dingdan.areas.payments.promises import PAYMENT_CHECK
from dingdan.plumbing import deadlines, jobs
from dingdan.plumbing.tx import Tx


async def void(tx: Tx, order_ids: Iterable[int]) -> None:
    """Close what is still open for orders that ended; an attempt that pays for others too is closed for all of them.

    Points that were taken off their price go back. Money that arrives on a closed attempt all the same is taken in:
    it revives an expired order or goes back.
    """
    ended = set(order_ids)
    found = {payment.id: payment for payment, _ in await store.of_orders(tx, ended, only_open=True)}
    whole = await _whole(tx, found.values())
    shares = await store.shares(tx, [payment.id for payment in whole]) if whole else {}
    locked = await orders.lock(tx, ended | {share.order_id for each in shares.values() for share in each})
    # An order that was revived meanwhile keeps its points, and spends them.
    expired = [i for i in ended if i in locked and locked[i].state is orders.OrderState.EXPIRED]
    cancelled = [i for i in ended if i in locked and locked[i].state is orders.OrderState.CANCELLED]
    await credit.release(tx, expired)
    await credit.give_back(tx, cancelled)
    await close(tx, list(found.values()))


async def give_points_back(tx: Tx, amendments: Mapping[int, int]) -> None:
    """Points that were taken off units cancelled by amendments {amendment: order} go back, the order going on.

    What is owed is read from the lines, so amendments may be answered late, twice, and in any order.
    """
    found = await orders.lock(tx, set(amendments.values()))
    lines, layers = await orders.lines(tx, found), await pricing.layers(tx, found)
    last = {order_id: amendment_id for amendment_id, order_id in sorted(amendments.items()) if order_id in found}
    await credit.restore_up_to(tx, [
        credit.Restore(order_id=i, cause_id=last[i], amount=rules.points_of_cancelled(lines[i], layers[i])) for i in last
    ])  # fmt: skip


async def close(tx: Tx, payments: Sequence[Payment]) -> None:
    """Close open attempts whose orders are locked, with all that was to be captured together with them.

    A job tells the provider, and again until it agrees; credit that was kept for them is free at once.
    """
    by_id = {payment.id: payment for payment in await _whole(tx, payments)}
    moved = await store.move(tx, "void", by_id) if by_id else {}
    if not moved:
        return
    await credit.release_tenders(tx, [i for i in moved if by_id[i].is_credit])
    allotted = await store.shares(tx, moved)
    told = [i for i in moved if not by_id[i].is_credit]
    if told:
        due_at = tx.now + rules.next_check(0)
        await deadlines.schedule(tx, PAYMENT_CHECK, [deadlines.Due(i, by_id[i].merchant_id, due_at) for i in told])
        await jobs.enqueue(tx, "payments.tell_voids", sorted(told))
    tx.announce(*(
        PaymentVoided(subject_id=i, merchant_id=by_id[i].merchant_id, order_id=rules.only_order(allotted[i]), move=moved[i])
        for i in sorted(moved)
    ))  # fmt: skip


async def close_companions(tx: Tx, leading: Iterable[Payment]) -> None:
    """Let go of the credit that was to be captured together with attempts that came to an end."""
    numbers = {payment.together for payment in leading if payment.together is not None}
    members = await store.together(tx, numbers) if numbers else []
    await close(tx, [payment for payment in members if payment.is_credit and payment.state in rules.OPEN])


async def _whole(tx: Tx, payments: Iterable[Payment]) -> list[Payment]:
    """These attempts with everything open that is captured together with them."""
    found = {payment.id: payment for payment in payments}
    numbers = {payment.together for payment in found.values() if payment.together is not None}
    if numbers:
        found |= {p.id: p for p in await store.together(tx, numbers) if p.state in rules.OPEN}
    return [found[i] for i in sorted(found)]
