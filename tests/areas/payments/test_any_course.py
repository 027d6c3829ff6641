"""Whatever happens in whatever order: in the end our books and the provider's agree, and nobody's money is kept."""

import random
from datetime import timedelta

import pytest
from tests import given
from tests.areas.payments import till

from dingdan.areas import orders, payments, refunds
from dingdan.areas.payments.providers import sandbox
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

CALLS = ("start", "query", "void", "refund", "query_refund")
CALL_FAULTS = ("answer_lost_after_charging", "error_before", "garbage", "declined", "another_amount")
NEWS_FAULTS = ("duplicate", "repeat", "delay", "jump", "drop", "wrong_signature", "wrong_amount")


class Course:
    """A seeded run of buyers, clocks and a faulty provider over a few orders."""

    def __init__(self, db: Database, order_ids: list[int], seed: int) -> None:
        self.db, self.order_ids, self.dice = db, order_ids, random.Random(seed)
        self.codes: list[int] = []

    async def step(self) -> None:
        """One thing happens."""
        acts = (self.begin, self.begin, self.pay, self.pay, self.hear, self.fault, self.wait, self.cancel, self.work)
        await self.dice.choice(acts)()

    async def begin(self) -> None:
        method = self.dice.choice(("instant", "qr"))
        try:
            payment = await till.started(self.db, self.dice.choice(self.order_ids), method=method)
        except Refusal:
            return
        self.codes.append(payment.id)
        if self.dice.random() < 0.8:
            await payments.call_started(self.db, [payment.id])

    async def pay(self) -> None:
        if self.codes:
            code = await till.payment_of(self.db, self.dice.choice(self.codes))
            # An attempt that ended is not asked after any more: news of money that comes on it must arrive in the end.
            if code.state in ("failed", "voided"):
                await sandbox.mend(self.db)
            outcome = self.dice.choice(("captured", "captured", "failed"))
            await sandbox.pay(self.db, code.provider_ref or "", outcome, even_if_closed=self.dice.random() < 0.3)

    async def hear(self) -> None:
        messages = await sandbox.take_outgoing(self.db)
        self.dice.shuffle(messages)
        received = [payments.Received(message.headers, message.body) for message in messages]
        await payments.take_in_notifications(self.db, "sandbox", received)

    async def fault(self) -> None:
        await sandbox.order_fault(self.db, self.dice.choice(CALLS), self.dice.choice(CALL_FAULTS))
        await sandbox.order_fault(self.db, "notify", self.dice.choice(NEWS_FAULTS), seconds=45)

    async def wait(self) -> None:
        await till.pass_time(self.db, timedelta(seconds=self.dice.choice((31, 130, 700))))
        await given.settle(self.db, with_deadlines=True)

    async def cancel(self) -> None:
        if self.dice.random() < 0.3:
            try:
                await do(self.db, SYSTEM, orders.cancel, self.dice.choice(self.order_ids), reason="changed my mind")
            except Refusal:
                return

    async def work(self) -> None:
        await given.settle(self.db)

    async def end(self) -> None:
        """Nothing goes wrong any more, and enough time passes for everything to be asked after."""
        await sandbox.mend(self.db)
        await self.hear()
        for seconds in (60, 3700, 21_700, 21_700):
            await till.pass_time(self.db, timedelta(seconds=seconds))
            await given.settle(self.db, with_deadlines=True)
            async with self.db.reading(SYSTEM) as tx:
                failed = [row["id"] for row in await tx.fetch("SELECT id FROM refunds WHERE state = 'failed'")]
            for refund_id in failed:
                await do(self.db, SYSTEM, refunds.retry, refund_id)
            await given.settle(self.db, with_deadlines=True)
            await self.hear()


@pytest.mark.requirement("issue 2: ledger")
@pytest.mark.parametrize("seed", range(5))
async def test_the_books_agree_at_the_end_of_any_course(db: Database, seed: int) -> None:
    shop = await given.shop(db, stock=3)
    course = Course(db, [await given.placed_order(db, shop) for _ in range(3)], seed)
    for _ in range(60):
        await course.step()
    await course.end()
    books = await till.balances(db)
    confirmed = [i for i in course.order_ids if (await till.order_of(db, i)).state == "confirmed"]

    assert books.get("psp_clearing", 0) == await till.keeps(db) == -books.get("buyer_funds", 0)
    assert books.get("buyer_funds", 0) == -199_00 * len(confirmed)
    assert set(books) <= {"psp_clearing", "buyer_funds"}
    async with db.reading(SYSTEM) as tx:
        assert await tx.fetchval("SELECT count(*) FROM payments WHERE state IN ('started', 'pending', 'unknown')") == 0
