"""The sandbox provider keeps books of its own, moves money once per number, and fails exactly as it is told."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import asyncpg
import httpx
import msgspec
import pytest
from tests import given
from tests.areas.payments import till

from dingdan.areas import payments
from dingdan.areas.payments.model import Charge, Limits, MoneyBack, Share
from dingdan.areas.payments.providers import sandbox
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database

Fault = sandbox.Fault


def charge(number: int = 1, amount: int = 1000, *, method: str = "instant", shares: Sequence[int] = ()) -> Charge:
    parts = tuple(Share(10 + n, 100 + n, part) for n, part in enumerate(shares or (amount,)))
    return Charge(payment_id=number, provider="sandbox", method=method, amount=amount, currency="CNY", shares=parts)


async def back(db: Database, number: int, amount: int, *, payment_id: int = 1) -> MoneyBack:
    async with db.connection() as connection:
        now = await connection.fetchval("SELECT dingdan_now()")
    return MoneyBack(send_back_id=number, payment_id=payment_id, provider="sandbox", order_id=10, merchant_id=100,
                     amount=amount, currency="CNY", captured_at=now, made_before=0)  # fmt: skip


async def outcomes(db: Database, *asked: Charge) -> list[str]:
    return [str(answer.outcome) for answer in await sandbox.Sandbox(db).start(asked)]


async def refund(db: Database, *asked: MoneyBack) -> list[tuple[str, str]]:
    return [(str(answer.outcome), answer.failure) for answer in await sandbox.Sandbox(db).refund(asked)]


async def log(db: Database) -> list[tuple[str, int, int]]:
    async with db.connection() as connection:
        rows = await connection.fetch("SELECT kind, merchant_id, amount FROM sandbox_psp.log ORDER BY id")
    return [(row["kind"], row["merchant_id"], row["amount"]) for row in rows]


async def test_one_number_is_charged_once_and_every_merchant_has_its_share(db: Database) -> None:
    asked = charge(amount=1000, shares=(700, 300))
    assert await outcomes(db, asked) == ["captured"]
    assert await asyncio.gather(*(outcomes(db, asked) for _ in range(5))) == [["captured"]] * 5

    assert sorted(await log(db)) == [("charge", 100, 700), ("charge", 101, 300)]
    assert await sandbox.statement(db) == {(100, "CNY"): 700, (101, "CNY"): 300}


async def test_another_amount_under_a_known_number_is_refused(db: Database) -> None:
    await outcomes(db, charge(amount=1000))
    (answer,) = await sandbox.Sandbox(db).start([charge(amount=2000)])

    assert (answer.outcome, answer.failure) == ("unknown", "another_amount_under_this_number")
    assert await log(db) == [("charge", 100, 1000)]


async def test_faults_strike_in_their_number_and_no_more(db: Database) -> None:
    await sandbox.order_fault(db, "start", Fault.DECLINED, number=3)
    await sandbox.order_fault(db, "start", Fault.ERROR_BEFORE, times=2)

    assert await outcomes(db, *(charge(n) for n in range(1, 6))) == [
        "unknown", "unknown", "failed", "captured", "captured",
    ]  # fmt: skip
    assert [str(a.outcome) for a in await sandbox.Sandbox(db).query([charge(1), charge(3), charge(4)])] == [
        "not_found", "failed", "captured",
    ]  # fmt: skip


async def test_faults_can_be_mended_and_must_be_known(db: Database) -> None:
    await sandbox.order_fault(db, "start", Fault.DECLINED, times=9)
    await sandbox.mend(db)

    assert await outcomes(db, charge()) == ["captured"]
    with pytest.raises(ValueError, match="no operation"):
        await sandbox.order_fault(db, "dance", Fault.DECLINED)
    with pytest.raises(ValueError, match="not a valid"):
        await sandbox.order_fault(db, "start", "meteor")


async def test_no_more_goes_back_than_came_in_however_many_ask_at_once(db: Database) -> None:
    await outcomes(db, charge(amount=1000))
    asked = [await back(db, n, 300) for n in range(1, 6)]
    answers = await asyncio.gather(*(refund(db, one) for one in asked))

    assert sorted(answers) == [[("arrived", "")]] * 3 + [[("failed", "above_charge")]] * 2
    assert await sandbox.statement(db) == {(100, "CNY"): 100}


async def test_one_set_counts_what_it_took_itself(db: Database) -> None:
    await outcomes(db, charge(amount=1000))
    asked = [await back(db, n, 600) for n in (1, 2)] + [await back(db, 3, 400), await back(db, 4, 1, payment_id=9)]

    assert await refund(db, *asked) == [
        ("arrived", ""), ("failed", "above_charge"), ("arrived", ""), ("failed", "no_such_charge"),
    ]  # fmt: skip


async def test_a_refund_is_sent_once_per_number_and_a_failed_one_is_tried_again(db: Database) -> None:
    await outcomes(db, charge(amount=1000))
    one = await back(db, 1, 400)
    await sandbox.order_fault(db, "refund", Fault.DECLINED)

    assert [await refund(db, one) for _ in range(3)] == [[("failed", "declined")], [("arrived", "")], [("arrived", "")]]
    assert await sandbox.statement(db) == {(100, "CNY"): 600}
    assert await refund(db, msgspec.structs.replace(one, amount=500)) == [
        ("unknown", "another_amount_under_this_number")
    ]


@pytest.mark.parametrize("fault", [Fault.ANSWER_LOST, Fault.GARBAGE, Fault.ERROR_BEFORE])
async def test_a_refund_without_an_answer_can_be_asked_after(db: Database, fault: Fault) -> None:
    await outcomes(db, charge(amount=1000))
    one = await back(db, 1, 400)
    await sandbox.order_fault(db, "refund", fault)
    provider = sandbox.Sandbox(db)

    assert [a.outcome for a in await provider.refund([one])] == ["unknown"]
    expected = "not_found" if fault is Fault.ERROR_BEFORE else "arrived"
    assert [a.outcome for a in await provider.query_refund([one])] == [expected]


@pytest.mark.requirement("W57")
async def test_the_channel_keeps_the_limits_it_was_told(db: Database) -> None:
    await outcomes(db, charge(amount=10_000))
    await sandbox.allow(db, Limits(max_refunds=50, max_days=365))
    fifty = [await back(db, n, 10) for n in range(1, 51)]
    assert await refund(db, *fifty) == [("arrived", "")] * 50

    assert await refund(db, await back(db, 51, 10)) == [("impossible", "too_many_refunds")]
    await till.pass_time(db, timedelta(days=365, minutes=1))
    await sandbox.allow(db, Limits(max_days=365))
    assert await refund(db, await back(db, 52, 10)) == [("impossible", "too_old")]


@pytest.mark.requirement("W57")
async def test_a_limit_is_broken_by_the_51st_refund_and_on_day_366(db: Database) -> None:
    limits, one = Limits(max_refunds=50, max_days=365), await back(db, 1, 1)

    def broken(made_before: int, days: int) -> str:
        now = one.captured_at + timedelta(days=days)
        return limits.broken_by(made_before=made_before, captured_at=one.captured_at, now=now)

    assert [broken(49, 365), broken(50, 1), broken(0, 366)] == ["", "too_many_refunds", "too_old"]
    assert Limits().broken_by(made_before=9999, captured_at=one.captured_at, now=one.captured_at) == ""


@pytest.mark.requirement("issue 5: channel limits")
async def test_the_channel_refuses_what_comes_too_soon_after_another_refund_of_the_same_payment(db: Database) -> None:
    await outcomes(db, charge(amount=1000))
    await sandbox.allow(db, Limits(seconds_apart=60))
    both = [await back(db, n, 10) for n in (1, 2)]

    assert await refund(db, *both) == [("arrived", ""), ("failed", "too_soon")]
    await till.pass_time(db, timedelta(seconds=59))
    assert await refund(db, both[1]) == [("failed", "too_soon")]
    await till.pass_time(db, timedelta(seconds=2))
    assert await refund(db, both[1]) == [("arrived", "")]


async def test_a_code_can_be_paid_once_and_not_after_it_was_closed(db: Database) -> None:
    provider = sandbox.Sandbox(db)
    answers = await provider.start([charge(1, method="qr"), charge(2, method="qr")])
    one, other = (answer.provider_ref or "" for answer in answers)
    assert [str(answer.outcome) for answer in await provider.void([charge(2), charge(3)])] == ["voided", "voided"]

    assert [await sandbox.pay(db, ref) for ref in (one, one, other, "ch_none")] == [
        "captured", "captured", "voided", None,
    ]  # fmt: skip
    assert await log(db) == [("charge", 100, 1000)]
    assert [str(a.outcome) for a in await provider.void([charge(1)])] == ["captured"]
    assert len(await sandbox.outgoing(db)) == 1


async def events(db: Database) -> list[str]:
    return [msgspec.json.decode(message.body)["event_id"].rpartition("-")[2] for message in await sandbox.outgoing(db)]


async def test_notifications_are_doubled_dropped_delayed_and_out_of_order_as_told(db: Database) -> None:
    provider = sandbox.Sandbox(db)
    answers = await provider.start([charge(n, method="qr") for n in range(1, 7)])
    for number, fault in ((2, Fault.DUPLICATE), (3, Fault.DROP), (4, Fault.DELAY), (5, Fault.JUMP), (6, Fault.REPEAT)):
        await sandbox.order_fault(db, "notify", fault, number=number, seconds=60)
    refs = [answer.provider_ref or "" for answer in answers]
    for ref in refs:
        await sandbox.pay(db, ref)
    at_once = await events(db)
    await till.pass_time(db, timedelta(seconds=61))
    later = await events(db)

    assert at_once == [refs[4], refs[0], refs[1], refs[1], "1", "2", "3"]
    assert later == [*at_once, refs[3]]


async def test_notifications_are_posted_until_they_are_acknowledged(db: Database) -> None:
    order_id = await given.placed_order(db, await given.shop(db))
    code = await till.shown(db, order_id)
    await sandbox.pay(db, code.provider_ref or "")
    answers = iter([503, None, 200])

    async def callback(request: httpx.Request) -> httpx.Response:
        status = next(answers)
        if status is None:
            raise httpx.ConnectError("nobody at home")
        if status == 200:
            reply = await payments.take_in_notification(
                db, "sandbox", headers=dict(request.headers), body=request.content
            )
            return httpx.Response(reply.status, content=reply.body)
        return httpx.Response(status)

    sent = []
    async with httpx.AsyncClient(transport=httpx.MockTransport(callback)) as client:
        for seconds in (0, 1, 241, 601, 601):
            await till.pass_time(db, timedelta(seconds=seconds))
            sent.append(await sandbox.deliver_notifications(db, client, "http://shop.test/callback"))

    assert sent == [1, 0, 1, 1, 0]
    assert (await till.order_of(db, order_id)).state == "confirmed"


async def test_the_provider_is_never_called_inside_a_transaction(db: Database) -> None:
    async with db.transaction(SYSTEM):
        with pytest.raises(AssertionError, match="inside a transaction"):
            await sandbox.Sandbox(db).query([charge()])


async def test_the_providers_own_log_is_never_changed(db: Database) -> None:
    await outcomes(db, charge())
    async with db.connection() as connection:
        with pytest.raises(asyncpg.PostgresError) as caught:
            await connection.execute("DELETE FROM sandbox_psp.log")

    assert caught.value.sqlstate == "DD001"


async def test_a_merchant_reads_its_own_part_of_the_log_only(db: Database) -> None:
    await outcomes(db, charge(amount=1000, shares=(700, 300)))
    async with db.reading(msgspec.structs.replace(SYSTEM, merchant_id=101)) as tx:
        rows = await tx.fetch("SELECT merchant_id, amount FROM sandbox_psp.statement")

    assert [tuple(row) for row in rows] == [(101, 300)]
