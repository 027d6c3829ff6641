"""Payouts: what closed periods owe, each line once, with four eyes, and nothing while it is disputed."""

import asyncio
import hashlib
from typing import Any

import pytest
from tests import given
from tests.areas.cases import desk as trouble
from tests.areas.settlements import desk
from tests.areas.settlements.desk import FAYE, FINN
from tests.areas.settlements.test_settling import owed

from dingdan.areas import cases, settlements
from dingdan.areas.settlements.model import Unpaid
from dingdan.areas.settlements.rules.paying import payable
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("issue 5: settlement")


async def prepare(db: Database, by: Actor = FINN, **how: Any) -> settlements.PayoutRun:
    return await do(db, by, settlements.prepare, "CNY", **how)


async def of_run(db: Database, run: settlements.PayoutRun) -> list[settlements.Payout]:
    async with db.reading(SYSTEM) as tx:
        return await settlements.payouts_of_run(tx, run.id)


async def test_a_payout_takes_two_people_and_one_file(db: Database) -> None:
    shop = await given.shop(db)
    await desk.payable(db, shop)
    run = await prepare(db)
    (payout,) = await of_run(db, run)
    assert (payout.amount, payout.state, payout.payee) == (187_36, "prepared", desk.PAYEE)
    with pytest.raises(settlements.PayoutSameHand):
        await do(db, FINN, settlements.approve, run.id)
    with pytest.raises(settlements.PayoutNeedsPerson):
        await do(db, SYSTEM, settlements.approve, run.id)

    approved = await do(db, FAYE, settlements.approve, run.id)
    paid = await do(db, FINN, settlements.confirm, payout.id, bank_ref="B-1")

    async with db.reading(SYSTEM) as tx:
        first, again = await settlements.run_file(tx, run.id), await settlements.run_file(tx, run.id)
    assert first == again
    assert hashlib.sha256(first.encode()).hexdigest() == approved.checksum
    assert first.splitlines()[1].endswith(",杭州小店有限公司,中国工商银行,6222 0000 1111 2222,CNY,187.36")
    assert (paid.state, paid.bank_ref, await owed(db, shop)) == ("paid", "B-1", 0)
    for verb in (settlements.approve, settlements.drop):
        with pytest.raises(settlements.PayoutStateForbids):
            await do(db, FAYE, verb, run.id)
    with pytest.raises(settlements.PayoutStateForbids):
        await do(db, FINN, settlements.fail, payout.id, reason="late")
    with pytest.raises(settlements.NothingToPay):
        await prepare(db)


async def test_what_failed_or_was_dropped_is_paid_by_the_next_run(db: Database) -> None:
    shop = await given.shop(db)
    await desk.payable(db, shop)
    await do(db, FAYE, settlements.drop, (await prepare(db)).id)
    run = await prepare(db)
    (payout,) = await of_run(db, run)
    await do(db, FAYE, settlements.approve, run.id)
    assert await owed(db, shop) == 0
    await do(db, FINN, settlements.fail, payout.id, reason="account_closed")
    assert await owed(db, shop) == 187_36

    third = await prepare(db)

    assert [one.amount for one in await of_run(db, third)] == [187_36]


async def test_two_runs_at_once_pay_once(db: Database) -> None:
    shop = await given.shop(db)
    await desk.payable(db, shop)

    both = await asyncio.gather(prepare(db), prepare(db, FAYE), return_exceptions=True)

    assert sorted(isinstance(one, Refusal) for one in both) == [False, True]


async def test_nothing_of_an_open_period_is_paid(db: Database) -> None:
    shop = await given.shop(db)
    await desk.agree(db, shop)
    await desk.done(db, shop, {"MUG": 1})
    with pytest.raises(settlements.NothingToPay):
        await prepare(db)


async def test_an_order_with_a_case_that_blocks_it_waits(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await desk.payable(db, shop)
    free = await prepare(db)
    case = await trouble.trouble(db, order_id, "damage")
    with pytest.raises(settlements.DisputedSince):
        await do(db, FAYE, settlements.approve, free.id)
    await do(db, FAYE, settlements.drop, free.id)
    with pytest.raises(settlements.NothingToPay):
        await prepare(db)

    await do(db, trouble.MARA, cases.withdraw, case.id, reason="mistake")

    assert [one.amount for one in await of_run(db, await prepare(db))] == [187_36]


async def test_an_order_waits_as_long_as_was_agreed(db: Database) -> None:
    shop = await given.shop(db)
    await desk.payable(db, shop, hold_days=60)
    with pytest.raises(settlements.NothingToPay):
        await prepare(db)
    await desk.later(db, days=30)
    assert [one.amount for one in await of_run(db, await prepare(db, merchant_ids=[shop.merchant_id]))] == [187_36]


async def test_a_merchant_pays_nobody(db: Database) -> None:
    shop = await given.shop(db)
    own = Actor(ActorKind.STAFF, 5, merchant_id=shop.merchant_id)
    for command, argument in ((settlements.prepare, "CNY"), (settlements.approve, 1), (settlements.drop, 1)):
        with pytest.raises(settlements.NotThePlatform):
            await do(db, own, command, argument)


def test_an_order_that_is_held_waits_unless_the_merchant_owes_for_it() -> None:
    lines = [
        Unpaid(1, 1, 10, 100),
        Unpaid(2, 1, 10, -5),
        Unpaid(3, 1, 11, -30),
        Unpaid(4, 1, 12, 50),
        Unpaid(5, 1, None, 7),
    ]

    assert payable(lines, {10, 11}) == payable(lines, {10})
    both = payable(lines, {10, 11})
    assert (both.line_ids, both.amount, both.held) == ((3, 4, 5), 27, 95)
    assert payable(lines[2:3], set()).line_ids == ()
