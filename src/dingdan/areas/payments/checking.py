"""Asking after outcomes that are overdue: what was started and never recorded heals here by itself."""

from collections.abc import Sequence

from dingdan.areas.payments import rules, store
from dingdan.areas.payments.lifecycle import PaymentState, SendBackState
from dingdan.areas.payments.promises import PAYMENT_CHECK, SEND_BACK_CHECK
from dingdan.plumbing import deadlines, jobs
from dingdan.plumbing.tx import Tx


async def check_payments(tx: Tx, ids: Sequence[int]) -> None:
    """Have the provider asked about open attempts and failed ones, and told once more about closed ones; come back later."""
    rows = await store.count_ask(tx, "payments", ids)
    voided = sorted(row["id"] for row in rows if row["state"] == PaymentState.VOIDED)
    unclear = sorted(row["id"] for row in rows if row["state"] != PaymentState.VOIDED)
    if unclear:
        await jobs.enqueue(tx, "payments.ask", unclear)
    if voided:
        await jobs.enqueue(tx, "payments.tell_voids", voided)
    await deadlines.schedule(tx, PAYMENT_CHECK, [
        deadlines.Due(row["id"], row["merchant_id"], tx.now + rules.next_check(row["asks"])) for row in rows
    ])  # fmt: skip


async def check_send_backs(tx: Tx, ids: Sequence[int]) -> None:
    """Have the provider asked about money on its way back, and once more about what it refused; come back later.

    What is still queued is sent and not asked after: the provider would tell of an earlier try under the same number.
    """
    rows = await store.count_ask(tx, "send_backs", ids)
    queued = sorted(row["id"] for row in rows if row["state"] == SendBackState.QUEUED)
    unclear = sorted(row["id"] for row in rows if row["state"] != SendBackState.QUEUED)
    if queued:
        await jobs.enqueue(tx, "payments.send_back", queued)
    if unclear:
        await jobs.enqueue(tx, "payments.ask_send_backs", unclear)
    await deadlines.schedule(tx, SEND_BACK_CHECK, [
        deadlines.Due(row["id"], row["merchant_id"], tx.now + rules.next_check(row["asks"])) for row in rows
    ])  # fmt: skip
