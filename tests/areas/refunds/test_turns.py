"""A channel that wants a minute between two refunds of one payment: each has its turn, and none is sent twice."""

import asyncio
import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from tests import given
from tests.areas.payments import till
from tests.areas.refunds.test_requesting import ask, request

from dingdan.areas import payments, refunds
from dingdan.areas.payments import store
from dingdan.areas.payments.model import MoneyBack
from dingdan.areas.payments.providers import sandbox
from dingdan.areas.payments.rules import turns
from dingdan.areas.payments.sending import take_turns
from dingdan.areas.refunds import AskedLine
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.tx import Tx

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def back(number: int, payment_id: int = 1) -> MoneyBack:
    return MoneyBack(send_back_id=number, payment_id=payment_id, provider="sandbox", order_id=1, merchant_id=1, amount=1,
                     currency="CNY", captured_at=NOW, made_before=0)  # fmt: skip


@pytest.mark.requirement("issue 5: channel limits")
def test_those_of_one_payment_go_a_minute_apart_and_others_at_once() -> None:
    found = turns([back(2), back(1), back(3), back(4, 2)], {1: NOW - timedelta(seconds=20)}, now=NOW, apart=MINUTE)

    assert {i: (at - NOW).total_seconds() for i, at in found.items()} == {1: 40, 2: 100, 3: 160, 4: 0}


@for_all(st.lists(st.integers(1, 3), max_size=12), st.dictionaries(st.integers(1, 3), st.integers(0, 200)))
def test_no_two_of_a_payment_are_ever_nearer(payment_ids: list[int], ago: dict[int, int]) -> None:
    last = {payment_id: NOW - timedelta(seconds=seconds) for payment_id, seconds in ago.items()}
    waiting = [back(n, payment_id) for n, payment_id in enumerate(payment_ids, start=1)]
    found = turns(waiting, last, now=NOW, apart=MINUTE)

    for payment_id in set(payment_ids):
        moments = sorted(found[one.send_back_id] for one in waiting if one.payment_id == payment_id)
        moments = ([last[payment_id]] if payment_id in last else []) + moments
        assert all(later - sooner >= MINUTE for sooner, later in itertools.pairwise(moments))
    assert all(at >= NOW for at in found.values())


async def three(db: Database) -> tuple[int, list[refunds.Refund]]:
    """Three refunds of one payment, signed at once."""
    await sandbox.allow(db, payments.Limits(seconds_apart=60))
    order_id = await given.paid_order(db, await given.shop(db), {"TEE": 3})
    return order_id, [
        await request(db, ask(order_id, AskedLine(1, 1), cause_id=n, is_policy_decided=True)) for n in (1, 2, 3)
    ]


async def settled(db: Database, order_id: int) -> int:
    async with db.reading(SYSTEM) as tx:
        return sum(one.state == "settled" for one in (await refunds.of_orders(tx, [order_id]))[order_id])


@pytest.mark.requirement("issue 5: channel limits")
async def test_three_refunds_of_a_payment_take_two_minutes_and_the_channel_never_says_too_soon(db: Database) -> None:
    order_id, _ = await three(db)
    await given.settle(db)
    done = [await settled(db, order_id)]
    for seconds in (59, 2, 61):
        await till.pass_time(db, timedelta(seconds=seconds))
        await given.settle(db, with_deadlines=True)
        done.append(await settled(db, order_id))
    async with db.connection() as connection:
        failures = await connection.fetch("SELECT failure FROM sandbox_psp.refunds WHERE state <> 'arrived'")

    assert (done, failures) == ([1, 1, 2, 3], [])


@pytest.mark.requirement("issue 5: channel limits")
async def test_two_workers_at_once_take_one_turn(db: Database) -> None:
    order_id, _ = await three(db)
    async with db.reading(SYSTEM) as tx:
        sent = [
            one
            for some in (await payments.sent_back(tx, [r.id for r in await _of(tx, order_id)])).values()
            for one in some
        ]
        waiting = await store.money_back(tx, [one.id for one in sent], [payments.SendBackState.QUEUED])
    taken = await asyncio.gather(*(do(db, SYSTEM, take_turns, waiting, seconds_apart=60) for _ in range(4)))

    assert sorted(len(one) for one in taken) == [0, 0, 0, 1]


async def _of(tx: Tx, order_id: int) -> list[refunds.Refund]:
    return (await refunds.of_orders(tx, [order_id]))[order_id]


@pytest.mark.requirement("issue 5: channel limits")
async def test_a_worker_that_dies_in_its_turn_leaves_it_to_the_next_one(db: Database) -> None:
    order_id, _ = await three(db)
    async with db.reading(SYSTEM) as tx:
        sent = await payments.sent_back(tx, [one.id for one in await _of(tx, order_id)])
        waiting = await store.money_back(
            tx, [one.id for some in sent.values() for one in some], [payments.SendBackState.QUEUED]
        )
    await do(db, SYSTEM, take_turns, waiting, seconds_apart=60)
    for _ in range(4):
        await till.pass_time(db, timedelta(seconds=61))
        await given.settle(db, with_deadlines=True)

    assert await settled(db, order_id) == 3
