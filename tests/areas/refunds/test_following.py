"""Money on its way back: lost answers, refusals of the provider, and what people do then. One number for good."""

from datetime import timedelta

import pytest
from tests import given
from tests.areas.payments import till
from tests.areas.refunds.test_requesting import ANN, BEN, ask, refund_of, request

from dingdan.areas import payments, refunds
from dingdan.areas.payments import store
from dingdan.areas.payments.providers import sandbox
from dingdan.areas.refunds import AskedLine
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

Fault = sandbox.Fault
ACCOUNT = refunds.Account(holder="王小明", bank="中国银行", number="6217 0000")


async def under_way(db: Database, *, method: str = "instant") -> refunds.Refund:
    """A refund of 89.90 out of 269.70 that was signed and not sent yet."""
    order_id = await given.placed_order(db, await given.shop(db), {"TEE": 3})
    payment = await till.started(db, order_id, method=method)
    await payments.call_started(db, [payment.id])
    await sandbox.pay_all(db, [payment.id])
    await till.deliver(db)
    return await request(db, ask(order_id, AskedLine(1, 1), is_policy_decided=True))


async def refunds_in_the_log(db: Database) -> list[int]:
    async with db.connection() as connection:
        return [
            row["amount"] for row in await connection.fetch("SELECT amount FROM sandbox_psp.log WHERE kind = 'refund'")
        ]


async def ladder(db: Database, *spans: float) -> None:
    for seconds in spans:
        await till.pass_time(db, timedelta(seconds=seconds))
        await given.settle(db, with_deadlines=True)


@pytest.mark.parametrize("fault", [Fault.ANSWER_LOST, Fault.GARBAGE, Fault.ERROR_BEFORE])
async def test_a_refund_nobody_knows_of_is_asked_after_and_sent_once(db: Database, fault: Fault) -> None:
    refund = await under_way(db)
    await sandbox.order_fault(db, "refund", fault)
    await given.settle(db)
    lost = await refund_of(db, refund.id)
    await ladder(db, 31)

    assert lost.state == "unknown"
    assert (await refund_of(db, refund.id)).state == "settled"
    assert await refunds_in_the_log(db) == [-89_90]
    assert await till.balances(db) == {"psp_clearing": 179_80, "buyer_funds": -179_80}


async def test_money_nobody_knows_of_stays_spent(db: Database) -> None:
    refund = await under_way(db)
    await sandbox.order_fault(db, "refund", Fault.ERROR_BEFORE)
    await given.settle(db)

    with pytest.raises(refunds.OverRefund):
        await request(db, ask(refund.order_id, AskedLine(1, 3), cause_id=2))


async def test_a_refund_that_the_provider_only_took_settles_when_it_says_so(db: Database) -> None:
    refund = await under_way(db, method="qr")
    await given.settle(db)
    taken = await refund_of(db, refund.id)
    await till.deliver(db, times=3)
    await given.settle(db)

    assert taken.state == "sending"
    assert (await refund_of(db, refund.id)).state == "settled"
    assert (await till.order_of(db, refund.order_id)).refunded == 89_90


async def test_an_arrival_that_is_never_told_is_asked_after(db: Database) -> None:
    refund = await under_way(db, method="qr")
    await sandbox.order_fault(db, "notify", Fault.DROP)
    await given.settle(db)
    await ladder(db, 31)

    assert (await refund_of(db, refund.id)).state == "settled"
    assert await till.clocks(db, refund.id) == []


async def test_a_worker_that_dies_before_sending_is_made_up_for(db: Database) -> None:
    refund = await under_way(db)
    async with db.connection() as connection:
        await connection.execute("DELETE FROM pgqueuer")
    await ladder(db, 31)

    assert (await refund_of(db, refund.id)).state == "settled"
    assert await refunds_in_the_log(db) == [-89_90]


@pytest.mark.requirement("R4.5")
async def test_a_refund_the_provider_declines_is_tried_again_under_its_number(db: Database) -> None:
    refund = await under_way(db)
    await sandbox.order_fault(db, "refund", Fault.DECLINED)
    await given.settle(db)
    failed = await refund_of(db, refund.id)
    async with db.reading(SYSTEM) as tx:
        (before,) = (await payments.sent_back(tx, [refund.id]))[refund.id]
    await do(db, SYSTEM, refunds.retry, refund.id)
    await given.settle(db)
    async with db.reading(SYSTEM) as tx:
        (after,) = (await payments.sent_back(tx, [refund.id]))[refund.id]

    assert (failed.state, failed.failure) == ("failed", "declined")
    assert (await refund_of(db, refund.id)).state == "settled"
    assert before.id == after.id
    assert await refunds_in_the_log(db) == [-89_90]
    with pytest.raises(refunds.StateForbids):
        await do(db, SYSTEM, refunds.retry, refund.id)


async def calls(db: Database, refund: refunds.Refund, count: int) -> list[payments.MoneyBackAnswer]:
    """What the provider says to calls under one number that are all under way; none of it is taken in yet."""
    async with db.reading(SYSTEM) as tx:
        (sent,) = (await payments.sent_back(tx, [refund.id]))[refund.id]
        asked = await store.money_back(tx, [sent.id], [sent.state])
    return [(await sandbox.Sandbox(db).refund(asked))[0] for _ in range(count)]


@pytest.mark.parametrize("no_comes_last", [True, False])
@pytest.mark.parametrize(("method", "operation", "fault"), [
    ("qr", "notify", Fault.DROP), ("qr", "notify", Fault.WRONG_SIGNATURE), ("instant", "refund", Fault.ANSWER_LOST),
])  # fmt: skip
async def test_money_that_moved_behind_a_no_is_found_by_asking(
    db: Database, method: str, operation: str, fault: Fault, *, no_comes_last: bool
) -> None:
    refund = await under_way(db, method=method)
    await sandbox.order_fault(db, "refund", Fault.DECLINED)
    await sandbox.order_fault(db, operation, fault)
    no, yes = await calls(db, refund, 2)
    for said in (yes, no) if no_comes_last else (no, yes):
        await do(db, SYSTEM, payments.take_in, [said])
    await given.settle(db)
    failed = await refund_of(db, refund.id)
    await ladder(db, 121)

    assert failed.state == "failed"
    assert (await refund_of(db, refund.id)).state == "settled"
    assert await till.balances(db) == {"psp_clearing": 179_80, "buyer_funds": -179_80}
    assert await till.clocks(db, no.send_back_id) == []


async def test_a_no_is_asked_after_until_the_provider_says_it_again(db: Database) -> None:
    refund = await under_way(db)
    await sandbox.order_fault(db, "refund", Fault.DECLINED)
    (said,) = await calls(db, refund, 1)
    await do(db, SYSTEM, payments.take_in, [said, said])
    await sandbox.order_fault(db, "query_refund", Fault.ERROR_BEFORE)
    await ladder(db, 121)
    unanswered = await till.clocks(db, said.send_back_id)
    await ladder(db, 121)

    assert unanswered == ["send_back.check"]
    assert await till.clocks(db, said.send_back_id) == []
    assert (await refund_of(db, refund.id)).state == "failed"
    assert await refunds_in_the_log(db) == []


async def test_a_retry_that_waits_for_its_turn_is_not_ended_by_its_old_no(db: Database) -> None:
    refund = await under_way(db)
    await sandbox.order_fault(db, "refund", Fault.DECLINED)
    await given.settle(db)
    await do(db, SYSTEM, refunds.retry, refund.id)
    async with db.connection() as connection:
        await connection.execute("DELETE FROM pgqueuer")
    await ladder(db, 31)

    assert (await refund_of(db, refund.id)).state == "settled"
    assert await refunds_in_the_log(db) == [-89_90]


async def test_news_of_an_old_failure_does_not_stop_a_retry(db: Database) -> None:
    refund = await under_way(db)
    await sandbox.order_fault(db, "refund", Fault.DECLINED)
    await given.settle(db)
    await do(db, SYSTEM, refunds.retry, refund.id)
    await do(db, SYSTEM, refunds.fail, [refund.id])
    await do(db, SYSTEM, refunds.settle, [refund.id])
    await do(db, SYSTEM, refunds.lose_track, [refund.id])

    assert (await refund_of(db, refund.id)).state == "sending"


@pytest.mark.requirement("W57")
async def test_what_the_channel_cannot_do_is_paid_by_hand(db: Database) -> None:
    await sandbox.allow(db, payments.Limits(max_refunds=1))
    first = await under_way(db)
    await given.settle(db)
    second = await request(db, ask(first.order_id, AskedLine(1, 1), cause_id=2, is_policy_decided=True))
    await given.settle(db)
    offline = await refund_of(db, second.id)
    payout = await do(db, SYSTEM, refunds.consent, first.order_id, account=ACCOUNT, words="Pay me by transfer.")
    with pytest.raises(refunds.ReceiptMissing):
        await do(db, ANN, refunds.pay, payout.id, receipt=" ")
    await do(db, ANN, refunds.pay, payout.id, receipt="bank transfer 4711")
    await do(db, BEN, refunds.confirm, payout.id)
    settled = await refund_of(db, second.id)

    assert (offline.state, offline.failure) == ("offline", "too_many_refunds")
    assert (settled.state, settled.hand_receipt) == ("settled", "bank transfer 4711")
    assert (await till.order_of(db, first.order_id)).refunded == 179_80
    assert await till.balances(db) == {"psp_clearing": 179_80, "paid_by_hand": -89_90, "buyer_funds": -89_90}
    assert await till.keeps(db) == 179_80


@pytest.mark.requirement("W57")
async def test_on_day_366_the_channel_is_not_even_asked(db: Database) -> None:
    await sandbox.allow(db, payments.Limits(max_days=365))
    refund = await under_way(db)
    await till.pass_time(db, timedelta(days=365, seconds=1))
    await given.settle(db)

    assert (await refund_of(db, refund.id)).state == "offline"
    async with db.connection() as connection:
        assert await connection.fetchval("SELECT count(*) FROM sandbox_psp.refunds") == 0


async def test_a_refund_that_was_given_up_on_may_arrive_all_the_same(db: Database) -> None:
    refund = await under_way(db)
    await sandbox.order_fault(db, "refund", Fault.DECLINED)
    await given.settle(db)
    offline = await do(db, SYSTEM, refunds.take_offline, refund.id)
    async with db.reading(SYSTEM) as tx:
        (sent,) = (await payments.sent_back(tx, [refund.id]))[refund.id]
        asked = await store.money_back(tx, [sent.id], [payments.SendBackState.FAILED])
    said = await sandbox.Sandbox(db).refund(asked)
    await do(db, SYSTEM, payments.take_in, [*said, *said])
    await given.settle(db)

    assert offline.state == "offline"
    assert (await refund_of(db, refund.id)).state == "settled"
    assert await till.balances(db) == {"psp_clearing": 179_80, "buyer_funds": -179_80}
    with pytest.raises(refunds.NothingToPayByHand):
        await do(db, SYSTEM, refunds.consent, refund.order_id, account=ACCOUNT, words="Pay me by transfer.")


async def test_what_may_still_arrive_is_not_paid_by_hand(unchecked_db: Database) -> None:
    refund = await under_way(unchecked_db)
    async with unchecked_db.transaction(SYSTEM) as tx:
        await tx.execute("UPDATE refunds SET state = 'offline' WHERE id = $1", refund.id)

    with pytest.raises(refunds.StillOnItsWay):
        await do(unchecked_db, SYSTEM, refunds.consent, refund.order_id, account=ACCOUNT, words="Pay me by transfer.")


async def another_amount(db: Database, refund: refunds.Refund) -> payments.MoneyBackAnswer:
    """The word that one fen of a refund went back."""
    async with db.reading(SYSTEM) as tx:
        (sent,) = (await payments.sent_back(tx, [refund.id]))[refund.id]
    return payments.MoneyBackAnswer(send_back_id=sent.id, provider="sandbox", amount=1, currency="CNY",
                                    outcome=payments.MoneyBackOutcome.ARRIVED)  # fmt: skip


async def test_another_amount_than_was_sent_is_a_fact_and_waits_for_a_person(db: Database) -> None:
    refund = await under_way(db)
    said = await another_amount(db, refund)
    taken = [await do(db, SYSTEM, payments.take_in, [said]) for _ in range(2)]
    await given.settle(db)
    failed = await refund_of(db, refund.id)

    assert taken == [["another_amount"], ["another_amount"]]
    assert (failed.state, failed.failure) == ("failed", "another_amount")
    assert await till.clocks(db, said.send_back_id) == []
    assert await till.wires(db, said.send_back_id) == [
        "send_back.queued", "send_back.amount_differed", "send_back.failed"]  # fmt: skip


async def test_another_amount_in_a_notification_is_not_believed_but_asked_after(db: Database) -> None:
    refund = await under_way(db, method="qr")
    await sandbox.order_fault(db, "refund", Fault.DECLINED)
    await given.settle(db)
    await ladder(db, 121)
    await sandbox.order_fault(db, "notify", Fault.WRONG_AMOUNT)
    (said,) = await calls(db, refund, 1)
    closed = await till.clocks(db, said.send_back_id)
    await till.deliver(db)
    await ladder(db, 121)

    assert closed == []
    assert (await refund_of(db, refund.id)).state == "settled"
    assert await refunds_in_the_log(db) == [-89_90]


async def test_another_amount_of_money_that_is_back_changes_nothing(db: Database) -> None:
    refund = await under_way(db)
    await given.settle(db)
    said = await another_amount(db, refund)

    assert await do(db, SYSTEM, payments.take_in, [said]) == ["ignored"]
    assert (await refund_of(db, refund.id)).state == "settled"


async def test_news_about_an_unknown_refund_are_parked(db: Database) -> None:
    said = payments.MoneyBackAnswer(send_back_id=5, provider="sandbox", amount=1, currency="CNY",
                                    outcome=payments.MoneyBackOutcome.ARRIVED)  # fmt: skip

    assert await do(db, SYSTEM, payments.take_in, [said]) == ["parked"]
