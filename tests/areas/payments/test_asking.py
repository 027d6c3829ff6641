"""Outcomes that nobody told us: lost answers, crashes and silent providers heal by asking."""

from datetime import timedelta

import pytest
from tests import given
from tests.areas.payments import till

from dingdan.areas import orders, payments
from dingdan.areas.payments import providers, rules, store
from dingdan.areas.payments.providers import sandbox
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at
from dingdan.plumbing.http import Outage

BOOKED = {"psp_clearing": 199_00, "buyer_funds": -199_00}
Fault = sandbox.Fault


async def waiting(db: Database, method: str = "instant") -> tuple[int, payments.Payment]:
    """An attempt that was written down and not called for yet."""
    order_id = await given.placed_order(db, await given.shop(db))
    return order_id, await till.started(db, order_id, method=method)


async def ladder(db: Database, *spans: float) -> None:
    """Let time pass in these steps of seconds, with everything that follows by itself."""
    for seconds in spans:
        await till.pass_time(db, timedelta(seconds=seconds))
        await given.settle(db, with_deadlines=True)


@pytest.mark.parametrize("fault", [Fault.ANSWER_LOST, Fault.GARBAGE, Fault.ERROR_BEFORE])
async def test_a_lost_answer_is_asked_after_and_charged_once(db: Database, fault: Fault) -> None:
    order_id, payment = await waiting(db)
    await sandbox.order_fault(db, "start", fault)
    await payments.call_started(db, [payment.id])
    lost = await till.payment_of(db, payment.id)
    await ladder(db, 31)

    assert (lost.state, lost.failure) == ("unknown", str(fault))
    assert (await till.order_of(db, order_id)).state == "confirmed"
    assert await till.balances(db) == BOOKED
    assert await till.keeps(db) == 199_00
    assert await till.clocks(db, payment.id) == []


async def test_no_answer_in_time_is_an_unknown_outcome(db: Database) -> None:
    order_id, payment = await waiting(db)
    await sandbox.order_fault(db, "start", Fault.SLOW, seconds=0.01)
    async with db.reading(SYSTEM) as tx:
        charges = await store.charges(tx, [payment.id], rules.OPEN)
    with pytest.raises(Outage):
        await sandbox.Sandbox(db, timeout_seconds=0.005).start(charges)
    await payments.ask(db, [payment.id])

    assert (await till.order_of(db, order_id)).state == "confirmed"
    assert await till.keeps(db) == 199_00


async def test_an_answer_that_takes_a_little_is_an_answer(db: Database) -> None:
    order_id, payment = await waiting(db)
    await sandbox.order_fault(db, "start", Fault.SLOW, seconds=0.01)
    await payments.call_started(db, [payment.id])

    assert (await till.order_of(db, order_id)).state == "confirmed"


async def test_a_crash_before_the_call_is_healed_by_calling(db: Database) -> None:
    order_id, payment = await waiting(db)
    await ladder(db, 31)

    assert (await till.order_of(db, order_id)).state == "confirmed"
    assert (await till.payment_of(db, payment.id)).state == "captured"


async def test_a_crash_after_the_call_is_healed_by_asking(db: Database) -> None:
    order_id, payment = await waiting(db)
    async with db.reading(SYSTEM) as tx:
        charges = await store.charges(tx, [payment.id], rules.OPEN)
    await providers.find(db, "sandbox").start(charges)
    await ladder(db, 31)

    assert (await till.order_of(db, order_id)).state == "confirmed"
    assert await till.keeps(db) == 199_00


async def test_a_call_that_nobody_waits_for_any_more_is_not_made(db: Database) -> None:
    order_id, payment = await waiting(db)
    await do(db, SYSTEM, orders.cancel, order_id, reason="changed my mind")
    await payments.ask(db, [payment.id])

    assert await till.keeps(db) == 0
    assert (await till.payment_of(db, payment.id)).state == "started"


async def test_a_provider_that_is_down_is_asked_again_later(db: Database) -> None:
    order_id, payment = await waiting(db)
    await sandbox.order_fault(db, "start", Fault.ANSWER_LOST)
    await payments.call_started(db, [payment.id])
    await sandbox.order_fault(db, "query", Fault.ERROR_BEFORE, times=3)
    await ladder(db, 31, 121, 601)
    before = await till.payment_of(db, payment.id)
    await ladder(db, 3601)

    assert (before.state, before.asks) == ("unknown", 3)
    # Its order had expired by then; the stock was still there.
    assert (await till.order_of(db, order_id)).state == "confirmed"
    assert await till.balances(db) == BOOKED


async def test_a_notification_that_never_comes_is_made_up_for_by_asking(db: Database) -> None:
    order_id, payment = await waiting(db, "qr")
    await payments.call_started(db, [payment.id])
    await sandbox.order_fault(db, "notify", Fault.DROP)
    await sandbox.pay(db, (await till.payment_of(db, payment.id)).provider_ref or "")
    await ladder(db, 31)

    assert await sandbox.outgoing(db) == []
    assert (await till.order_of(db, order_id)).state == "confirmed"


async def test_an_attempt_that_waits_for_its_buyer_is_asked_after_on_the_ladder(db: Database) -> None:
    _, payment = await waiting(db, "qr")
    await payments.call_started(db, [payment.id])
    await ladder(db, 31, 100, 121)

    assert (await till.payment_of(db, payment.id)).asks == 2
    assert await till.clocks(db, payment.id) == ["payment.check"]


async def paid_after_a_no(db: Database) -> tuple[int, payments.Payment]:
    """A buyer who did not manage to pay, and then did; only the first was told, and that is still on its way."""
    order_id, payment = await waiting(db, "qr")
    await payments.call_started(db, [payment.id])
    code = await till.payment_of(db, payment.id)
    await sandbox.pay(db, code.provider_ref or "", "failed")
    await sandbox.order_fault(db, "notify", Fault.DROP)
    await sandbox.pay(db, code.provider_ref or "")
    return order_id, code


async def test_an_old_no_does_not_hide_the_money_that_came_after_it(db: Database) -> None:
    order_id, payment = await paid_after_a_no(db)
    await till.deliver(db)
    failed = await till.payment_of(db, payment.id)
    await ladder(db, 121)

    assert failed.state == "failed"
    assert (await till.order_of(db, order_id)).state == "confirmed"
    assert await till.balances(db) == BOOKED


async def test_an_old_no_does_not_close_an_attempt_that_the_provider_has_not_closed(db: Database) -> None:
    order_id, payment = await paid_after_a_no(db)
    await sandbox.order_fault(db, "void", Fault.ERROR_BEFORE)
    await end(db, order_id)
    await till.deliver(db)
    voided = await till.payment_of(db, payment.id)
    await ladder(db, 31)

    assert voided.state == "voided"
    assert (await till.order_of(db, order_id)).state == "confirmed"
    assert await till.balances(db) == BOOKED


async def test_a_doubtful_notification_is_asked_after_until_there_is_an_answer(db: Database) -> None:
    order_id, payment = await waiting(db, "qr")
    await payments.call_started(db, [payment.id])
    code = await till.payment_of(db, payment.id)
    await sandbox.pay(db, code.provider_ref or "", "failed")
    await till.deliver(db)
    await ladder(db, 121)
    closed = await till.clocks(db, payment.id)
    await sandbox.order_fault(db, "notify", Fault.WRONG_AMOUNT)
    await sandbox.order_fault(db, "query", Fault.ERROR_BEFORE)
    await sandbox.pay(db, code.provider_ref or "")
    await till.deliver(db)
    await given.settle(db)
    await ladder(db, 121)

    assert closed == []
    assert (await till.order_of(db, order_id)).state == "confirmed"
    assert await till.balances(db) == BOOKED


def test_the_ladder_never_ends_but_slows_down() -> None:
    spans = [rules.next_check(asks).total_seconds() for asks in range(7)]

    assert spans == [30, 120, 600, 3600, 21_600, 21_600, 21_600]


async def end(db: Database, order_id: int) -> None:
    order = await till.order_of(db, order_id)
    await do_at(db, SYSTEM, order.pay_by, orders.expire, [order_id])
    await given.settle(db)


async def test_an_order_that_ends_closes_its_attempt_and_the_provider_hears_of_it(db: Database) -> None:
    order_id, payment = await waiting(db, "qr")
    await payments.call_started(db, [payment.id])
    code = await till.payment_of(db, payment.id)
    await end(db, order_id)

    assert await till.wires(db, payment.id) == ["payment.started", "payment.accepted", "payment.voided"]
    assert await sandbox.pay(db, code.provider_ref or "") == "voided"
    assert await till.clocks(db, payment.id) == []


async def test_a_call_that_arrives_after_the_attempt_was_closed_charges_nothing(db: Database) -> None:
    order_id, payment = await waiting(db)
    async with db.reading(SYSTEM) as tx:
        charges = await store.charges(tx, [payment.id], rules.OPEN)
    await end(db, order_id)
    (answer,) = await providers.find(db, "sandbox").start(charges)

    assert answer.outcome == "voided"
    assert await till.keeps(db) == 0


async def test_money_that_was_faster_than_the_closing_is_taken_in(db: Database) -> None:
    order_id, payment = await waiting(db)
    await sandbox.order_fault(db, "start", Fault.ANSWER_LOST)
    await payments.call_started(db, [payment.id])
    await do(db, SYSTEM, orders.cancel, order_id, reason="changed my mind")
    await given.settle(db)

    assert (await till.payment_of(db, payment.id)).state == "captured"
    assert await till.captures(db, order_id) == [("excess", 199_00)]
    assert await till.balances(db) == {}
    assert await till.keeps(db) == 0


async def test_a_provider_that_does_not_hear_of_a_closing_is_told_again(db: Database) -> None:
    order_id, payment = await waiting(db, "qr")
    await payments.call_started(db, [payment.id])
    await sandbox.order_fault(db, "void", Fault.ERROR_BEFORE)
    await end(db, order_id)
    clocks = await till.clocks(db, payment.id)
    await ladder(db, 31)

    assert clocks == ["payment.check"]
    assert await till.clocks(db, payment.id) == []


async def test_a_closing_without_an_answer_is_an_outage(db: Database) -> None:
    order_id, payment = await waiting(db, "qr")
    await do(db, SYSTEM, payments.void, [order_id])
    await sandbox.order_fault(db, "void", Fault.SLOW, seconds=9)
    provider = sandbox.Sandbox(db, timeout_seconds=0.001)
    async with db.reading(SYSTEM) as tx:
        charges = await store.charges(tx, [payment.id], [payments.PaymentState.VOIDED])

    with pytest.raises(Outage):
        await provider.void(charges)
