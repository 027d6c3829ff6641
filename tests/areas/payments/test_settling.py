"""Taking in what the provider says: once, in whatever order, and no money is lost or invented."""

import asyncio
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from tests import given
from tests.areas.payments import till

from dingdan.areas import inventory, orders, payments
from dingdan.areas.payments import settling
from dingdan.areas.payments.providers import sandbox
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at

BOOKED = {"psp_clearing": 199_00, "buyer_funds": -199_00}


async def take_in(db: Database, *answers: payments.Answer) -> list[str]:
    return [str(taken) for taken in await do(db, settling.voice("sandbox"), payments.take_in, list(answers))]


async def waiting(db: Database, *, stock: int = 100) -> tuple[int, payments.Payment]:
    """An order whose QR code waits for somebody to pay."""
    order_id = await given.placed_order(db, await given.shop(db, stock=stock))
    return order_id, await till.shown(db, order_id)


async def expire(db: Database, order_id: int) -> None:
    order = await till.order_of(db, order_id)
    await do_at(db, SYSTEM, order.pay_by, orders.expire, [order_id])


async def test_money_that_is_in_confirms_the_order_and_stands_in_the_books(db: Database) -> None:
    order_id = await given.placed_order(db, await given.shop(db))
    payment = await till.started(db, order_id)
    await payments.call_started(db, [payment.id])
    paid = await till.payment_of(db, payment.id)

    assert (await till.order_of(db, order_id)).state == "confirmed"
    assert (paid.state, paid.captured_at is not None) == ("captured", True)
    assert await till.captures(db, order_id) == [("normal", 199_00)]
    assert await till.balances(db) == BOOKED
    assert await till.keeps(db) == 199_00
    assert await till.clocks(db, payment.id) == []
    assert await till.wires(db, payment.id) == ["payment.started", "payment.captured"]


async def test_calling_twice_charges_once(db: Database) -> None:
    order_id = await given.placed_order(db, await given.shop(db))
    payment = await till.started(db, order_id)
    await asyncio.gather(*(payments.call_started(db, [payment.id]) for _ in range(3)))

    assert await till.balances(db) == BOOKED
    assert await till.keeps(db) == 199_00


async def test_many_are_paid_in_one_go(db: Database) -> None:
    shop = await given.shop(db)
    order_ids = [await given.placed_order(db, shop) for _ in range(30)]
    started = await do(db, SYSTEM, payments.start, order_ids, provider="sandbox", method="instant")
    await payments.call_started(db, [payment.id for payment in started])

    assert {(await till.order_of(db, order_id)).state for order_id in order_ids} == {"confirmed"}
    assert (await till.balances(db))["psp_clearing"] == await till.keeps(db) == 30 * 199_00


async def test_a_code_that_is_paid_is_told_by_notification(db: Database) -> None:
    order_id, payment = await waiting(db)
    assert (payment.state, payment.pay_url) == ("pending", f"sandbox:pay/{payment.provider_ref}")
    await sandbox.pay(db, payment.provider_ref or "")
    (reply,) = await till.deliver(db)

    assert reply == payments.Reply(200, b"success")
    assert (await till.order_of(db, order_id)).state == "confirmed"
    assert await till.balances(db) == BOOKED


@pytest.mark.parametrize("fault", [sandbox.Fault.DUPLICATE, sandbox.Fault.REPEAT])
async def test_the_same_news_told_often_counts_once(db: Database, fault: sandbox.Fault) -> None:
    order_id, payment = await waiting(db)
    await sandbox.order_fault(db, "notify", fault)
    await sandbox.pay(db, payment.provider_ref or "")
    replies = await till.deliver(db, times=3)

    assert len(replies) >= 6
    assert set(replies) == {payments.Reply(200, b"success")}
    assert await till.captures(db, order_id) == [("normal", 199_00)]
    assert await till.balances(db) == BOOKED


@pytest.mark.requirement("issue 2: races")
async def test_the_same_notification_ten_times_at_once_books_once(db: Database) -> None:
    order_id, payment = await waiting(db)
    await sandbox.pay(db, payment.provider_ref or "")
    (message,) = await sandbox.take_outgoing(db)
    replies = await asyncio.gather(*(
        payments.take_in_notification(db, "sandbox", headers=message.headers, body=message.body) for _ in range(10)
    ))  # fmt: skip

    assert {reply.status for reply in replies} == {200}
    assert await till.captures(db, order_id) == [("normal", 199_00)]
    assert await till.balances(db) == BOOKED
    assert await till.wires(db, payment.id) == ["payment.started", "payment.accepted", "payment.captured"]


async def test_a_set_of_notifications_is_taken_in_together(db: Database) -> None:
    shop = await given.shop(db)
    codes = [await till.shown(db, await given.placed_order(db, shop)) for _ in range(5)]
    assert await sandbox.pay_all(db, [code.id for code in codes]) == 5
    messages = [payments.Received(m.headers, m.body) for m in await sandbox.take_outgoing(db)]
    broken = payments.Received({}, messages[0].body)
    replies = await payments.take_in_notifications(db, "sandbox", [*messages, broken, *messages])

    assert [getattr(reply, "status", reply.__class__.__name__) for reply in replies] == [
        *[200] * 5, "NoticeNotSigned", *[200] * 5,
    ]  # fmt: skip
    assert (await till.balances(db))["psp_clearing"] == 5 * 199_00


async def test_a_failure_that_comes_after_the_money_changes_nothing(db: Database) -> None:
    order_id, payment = await waiting(db)

    assert await take_in(db, till.answer(payment, "captured")) == ["captured"]
    assert await take_in(db, till.answer(payment, "failed"), till.answer(payment, "accepted")) == ["ignored"] * 2
    assert (await till.order_of(db, order_id)).state == "confirmed"


async def test_money_that_comes_after_a_failure_pays_the_order(db: Database) -> None:
    order_id, payment = await waiting(db)
    await sandbox.pay(db, payment.provider_ref or "", "failed")
    await till.deliver(db)
    failed = await till.payment_of(db, payment.id)
    await sandbox.pay(db, payment.provider_ref or "")
    await till.deliver(db)

    assert (failed.state, failed.failure) == ("failed", "declined")
    assert (await till.order_of(db, order_id)).state == "confirmed"
    assert await till.captures(db, order_id) == [("normal", 199_00)]


async def test_every_order_of_news_in_one_set_comes_out_the_same(db: Database) -> None:
    order_id, payment = await waiting(db)
    said = [till.answer(payment, outcome) for outcome in ("unknown", "accepted", "failed", "captured", "captured")]

    assert await take_in(db, *said) == ["lost_track", "accepted", "failed", "captured", "duplicate"]
    assert await till.captures(db, order_id) == [("normal", 199_00)]
    assert await till.balances(db) == BOOKED


@pytest.mark.requirement("O6.3")
async def test_an_order_paid_twice_gets_the_second_payment_back(db: Database) -> None:
    order_id, code = await waiting(db)
    card = await till.started(db, order_id, method="instant")
    await payments.call_started(db, [card.id])
    await sandbox.pay(db, code.provider_ref or "", even_if_closed=True)
    await till.deliver(db)

    assert await till.captures(db, order_id) == [("normal", 199_00), ("excess", 199_00)]
    assert await till.balances(db) == {"psp_clearing": 398_00, "buyer_funds": -199_00, "excess_funds": -199_00}
    await given.settle(db)
    await till.deliver(db)
    assert await till.balances(db) == BOOKED
    assert await till.keeps(db) == 199_00


async def test_both_payments_told_in_one_set_pay_once(db: Database) -> None:
    order_id, code = await waiting(db)
    card = await till.started(db, order_id, method="instant")
    said = [till.answer(code, "captured"), till.answer(card, "captured", provider_ref="ch_2")]

    assert await take_in(db, *said) == ["captured", "excess"]
    assert await till.captures(db, order_id) == [("normal", 199_00), ("excess", 199_00)]


async def test_a_closed_attempt_that_was_paid_closes_the_one_that_took_its_place(db: Database) -> None:
    order_id, code = await waiting(db)
    card = await till.started(db, order_id, method="instant")
    await sandbox.pay(db, code.provider_ref or "", even_if_closed=True)
    await till.deliver(db)

    assert (await till.order_of(db, order_id)).state == "confirmed"
    assert (await till.payment_of(db, card.id)).state == "voided"


@pytest.mark.requirement("O3.5")
async def test_late_money_revives_an_order_whose_stock_is_still_there(db: Database) -> None:
    order_id, payment = await waiting(db, stock=1)
    await expire(db, order_id)
    await given.settle(db)
    await sandbox.pay(db, payment.provider_ref or "", even_if_closed=True)
    await till.deliver(db)

    assert (await till.payment_of(db, payment.id)).state == "captured"
    assert (await till.order_of(db, order_id)).state == "confirmed"
    assert await till.captures(db, order_id) == [("normal", 199_00)]


@pytest.mark.requirement("W78")
async def test_late_money_for_stock_that_is_gone_goes_back_by_itself(db: Database) -> None:
    shop = await given.shop(db, stock=1)
    order_id = await given.placed_order(db, shop)
    payment = await till.shown(db, order_id)
    await expire(db, order_id)
    await given.placed_order(db, shop)
    await sandbox.pay(db, payment.provider_ref or "", even_if_closed=True)
    await till.deliver(db)
    await given.settle(db)
    await till.deliver(db)
    await given.settle(db)

    assert (await till.order_of(db, order_id)).state == "expired"
    assert await till.captures(db, order_id) == [("excess", 199_00)]
    assert await till.balances(db) == {}
    assert await till.keeps(db) == 0
    assert (await till.order_of(db, order_id)).refunded == 0


async def test_money_for_a_cancelled_order_goes_back(db: Database) -> None:
    order_id, payment = await waiting(db)
    await do(db, SYSTEM, orders.cancel, order_id, reason="changed my mind")

    assert await take_in(db, till.answer(payment, "captured")) == ["excess"]
    assert (await till.order_of(db, order_id)).state == "cancelled"
    assert await till.balances(db) == {"psp_clearing": 199_00, "excess_funds": -199_00}


async def test_one_order_of_a_checkout_may_be_revived_and_the_other_not(db: Database) -> None:
    one, other = await given.shop(db, stock=1), await given.shop(db, stock=1)
    first, second = await given.placed_order(db, one), await given.placed_order(db, other)
    await do(db, SYSTEM, till.bring_together, first, second)
    payment = await till.started(db, first, second, method="qr")
    for order_id in (first, second):
        await expire(db, order_id)
    await given.placed_order(db, other)

    assert await take_in(db, till.answer(payment, "captured")) == ["excess"]
    assert await till.captures(db, first) == [("normal", 199_00)]
    assert await till.captures(db, second) == [("excess", 199_00)]


async def test_a_notification_with_another_amount_is_not_believed_but_asked_after(db: Database) -> None:
    order_id, payment = await waiting(db)
    await sandbox.order_fault(db, "notify", sandbox.Fault.WRONG_AMOUNT)
    await sandbox.pay(db, payment.provider_ref or "")
    await till.deliver(db)
    async with db.reading(SYSTEM) as tx:
        outcome = await tx.fetchval("SELECT outcome FROM provider_notices")
    before = (await till.order_of(db, order_id)).state
    await given.settle(db)

    assert (outcome, before) == ("payment.amount_differs", "awaiting_payment")
    assert (await till.order_of(db, order_id)).state == "confirmed"
    assert await till.balances(db) == BOOKED


@pytest.mark.parametrize(("amount", "currency"), [(198_99, "CNY"), (199_01, "CNY"), (199_00, "USD")])
async def test_another_sum_than_asked_for_pays_for_nothing_and_goes_back(
    db: Database, amount: int, currency: str
) -> None:
    order_id, payment = await waiting(db)
    await sandbox.pay(db, payment.provider_ref or "", amount=amount, currency=currency)
    await till.deliver(db)
    await given.settle(db)
    facts = await till.wires(db, payment.id)

    assert (await till.order_of(db, order_id)).state == "awaiting_payment"
    assert await till.captures(db, order_id) == [("excess", amount)]
    assert facts[-2:] == ["payment.amount_differed", "payment.captured"]
    await till.deliver(db)
    assert await till.balances(db) == {}
    assert await till.keeps(db) == 0


async def test_an_early_notification_is_parked_until_the_payment_is_known(unchecked_db: Database) -> None:
    db = unchecked_db
    order_id = await given.placed_order(db, await given.shop(db))
    payment = await till.started(db, order_id, method="qr")
    stranger = msgspec.structs.replace(payment, id=payment.id + 1)
    early = [await till.send(db, **till.captured_notice(stranger, "evt-1")) for _ in range(2)]
    async with db.transaction(SYSTEM) as tx:
        await tx.execute("SET session_replication_role = replica")
        await tx.execute("UPDATE payments SET id = id + 1")
        await tx.execute("UPDATE payment_allotments SET payment_id = payment_id + 1")
        await tx.execute("SET session_replication_role = origin")
    late = [await till.send(db, **till.captured_notice(stranger, "evt-1")) for _ in range(2)]

    assert [reply.status for reply in (*early, *late)] == [425, 425, 200, 200]
    assert await till.captures(db, order_id) == [("normal", 199_00)]


async def test_news_about_nothing_we_follow_is_acknowledged(db: Database) -> None:
    reply = await till.send(db, event_id="evt-1", type="payout.made", number="po_1")

    assert reply.status == 200


async def test_a_signature_counts_over_the_raw_bytes_for_five_minutes(db: Database) -> None:
    _, payment = await waiting(db)
    body = msgspec.json.encode(till.captured_notice(payment, "evt-1"))
    now = datetime.now(UTC)
    sound = sandbox.sign(db.sealer, body, now)

    for headers, sent in ((sound, body + b" "), ({}, body), ({"sandbox-signature": "t=1,v1=00"}, body)):
        with pytest.raises(payments.NoticeNotSigned):
            await payments.take_in_notification(db, "sandbox", headers=headers, body=sent)
    for minutes in (-6, 6):
        stale = sandbox.sign(db.sealer, body, now + timedelta(minutes=minutes))
        with pytest.raises(payments.NoticeTooOld):
            await payments.take_in_notification(db, "sandbox", headers=stale, body=body)
    lower = {name.lower(): value for name, value in sound.items()}
    assert (await payments.take_in_notification(db, "sandbox", headers=lower, body=body)).status == 200


@pytest.mark.parametrize(
    "change",
    [{"number": "pay_1"}, {"number": ids.encode("order", 5)}, {"amount": -1}, {"amount": 0}, {"currency": "XXX"},
     {"amount": "1"}, {"event_id": ""}, {"ref": ""}],
)  # fmt: skip
async def test_a_signed_notification_that_says_nonsense_is_refused(db: Database, change: dict[str, object]) -> None:
    _, payment = await waiting(db)

    with pytest.raises(payments.NoticeUnreadable):
        await till.send(db, **(till.captured_notice(payment, "evt-1") | change))
    with pytest.raises(payments.ProviderUnknown):
        await payments.take_in_notification(db, "gold", headers={}, body=b"")


async def test_a_wrong_signature_of_the_provider_changes_nothing(db: Database) -> None:
    order_id, payment = await waiting(db)
    await sandbox.order_fault(db, "notify", sandbox.Fault.WRONG_SIGNATURE)
    await sandbox.pay(db, payment.provider_ref or "")

    with pytest.raises(payments.NoticeNotSigned):
        await till.deliver(db)
    assert (await till.order_of(db, order_id)).state == "awaiting_payment"


@pytest.mark.requirement("issue 2: races")
async def test_money_and_deadline_at_the_same_moment_leave_no_paid_order_without_stock(db: Database) -> None:
    shop = await given.shop(db, stock=100)
    codes = [(i := await given.placed_order(db, shop), await till.shown(db, i)) for _ in range(12)]
    pay_by = (await till.order_of(db, codes[-1][0])).pay_by
    await asyncio.gather(
        *(do(db, settling.voice("sandbox"), payments.take_in, [till.answer(p, "captured", provider_ref=f"ch_{i}")])
          for i, p in codes),
        *(do_at(db, SYSTEM, pay_by, orders.expire, [i]) for i, _ in codes),
    )  # fmt: skip

    assert {(await till.order_of(db, order_id)).state for order_id, _ in codes} == {"confirmed"}
    async with db.reading(SYSTEM) as tx:
        held = await tx.fetchval("SELECT sum(quantity) FROM reservations WHERE state = 'held'")
        reserved = await tx.fetchval("SELECT reserved FROM stock WHERE product_id = $1", shop.products["MUG"])
    assert held == reserved == 12
    assert (await till.balances(db))["buyer_funds"] == -12 * 199_00


async def test_money_that_meets_the_deadline_keeps_its_order_whoever_is_first(db: Database) -> None:
    shop = await given.shop(db, stock=8)
    order_ids = [await given.placed_order(db, shop, buyer=f"b{n}") for n in range(8)]
    started = await do(db, SYSTEM, payments.start, order_ids, provider="sandbox", method="instant")
    async with db.transaction(SYSTEM) as tx:
        late = tx.now + timedelta(days=1)
    await asyncio.gather(*(
        meeting
        for order_id, payment in zip(order_ids, started, strict=True)
        for meeting in (
            do_at(db, SYSTEM, late, orders.expire, [order_id]), payments.call_started(db, [payment.id]),
        )
    ))  # fmt: skip
    await given.settle(db)
    async with db.transaction(SYSTEM) as tx:
        found = await orders.get(tx, order_ids)
        (level,) = await inventory.stock_levels(tx, shop.merchant_id, [shop.products["MUG"]])
        kinds = await tx.fetch("SELECT DISTINCT kind FROM captures")
    assert {order.state for order in found.values()} == {orders.OrderState.CONFIRMED}
    assert (level.on_hand, level.reserved) == (8, 8)
    assert [row["kind"] for row in kinds] == ["normal"]
