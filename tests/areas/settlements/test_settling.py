"""Accounts of merchants: booked when orders are done, closed when their time is over, and then never touched."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest
from tests import given
from tests.areas.cases import desk as trouble
from tests.areas.payments.test_deposits import CLOSES, presold
from tests.areas.pricing import till as prices
from tests.areas.settlements import desk

from dingdan.areas import cases, ledger, orders, pricing, settlements
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.refusal import Refusals
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at

pytestmark = [pytest.mark.requirement("R4.9"), pytest.mark.requirement("issue 5: settlement")]


async def owed(db: Database, shop: given.Shop) -> int:
    """What the ledger says that a shop is owed."""
    async with db.reading(SYSTEM) as tx:
        found = await ledger.balances(tx, shop.merchant_id)
    return -next((one.amount for one in found if one.account == "merchant_settlement"), 0)


async def test_an_order_that_is_done_is_booked_with_its_fees_each_with_its_posting(db: Database) -> None:
    shop = await given.shop(db)
    await desk.agree(db, shop)
    order_id = await desk.done(db, shop, desk.A)

    assert await desk.lines(db, order_id) == [
        ("sale", "", 418_70), ("fee", "commission", -9_95), ("fee", "commission", -8_99), ("fee", "commission", -2_00),
        ("fee", "fixed", -50), ("fee", "payment", -2_51),
    ]  # fmt: skip
    assert await owed(db, shop) == 418_70 - 23_95
    async with db.reading(SYSTEM) as tx:
        lines = await settlements.lines_of_order(tx, order_id)
        assert set(await settlements.postings_of(tx, [one.id for one in lines])) == {one.id for one in lines}
    await do(db, SYSTEM, settlements.follow, [order_id])
    assert len(await desk.lines(db, order_id)) == 6


async def test_refunds_before_and_after_give_the_commission_back_until_nothing_is_left(db: Database) -> None:
    shop = await given.shop(db)
    await desk.agree(db, shop)
    order_id = await given.delivered_order(db, shop, desk.A)
    await desk.refund(db, order_id, (2, 1), cause_id=1)
    assert await desk.lines(db, order_id) == []
    await do(db, SYSTEM, orders.receive, order_id)
    await given.settle(db)
    first = await desk.lines(db, order_id)
    assert first[-2:] == [("refund", "", -89_90), ("fee_back", "commission", 4_50)]

    await desk.refund(db, order_id, (1, 1), (2, 1), cause_id=2)
    await desk.refund(db, order_id, (3, 1), cause_id=3)

    lines = await desk.lines(db, order_id)
    assert sum(amount for kind, detail, amount in lines if detail == "commission") == 0
    # What is kept is what does not go back: so much an order, and the share of what was paid.
    assert await owed(db, shop) == sum(amount for _, _, amount in lines) == -50 - 2_51


async def test_an_agreement_holds_for_what_is_ordered_after_it(db: Database) -> None:
    shop = await given.shop(db)
    before = await given.paid_order(db, shop, {"MUG": 1})
    await desk.agree(db, shop)
    await desk.finish(db, shop, before)
    old = await given.paid_order(db, shop, {"MUG": 1})
    await desk.agree(db, shop, commission={"*": 10_00})
    await desk.finish(db, shop, old)
    new = await desk.done(db, shop, {"MUG": 1})

    assert await desk.lines(db, before) == []
    assert (await desk.lines(db, old))[1] == ("fee", "commission", -9_95)
    assert (await desk.lines(db, new))[1] == ("fee", "commission", -19_90)


async def test_what_is_wrong_with_terms_is_said_at_once(db: Database) -> None:
    shop = await given.shop(db)
    async with db.reading(SYSTEM) as tx:
        past = tx.now - timedelta(days=1)
    twice = desk.terms(given_back=(settlements.FeeKind.FIXED, settlements.FeeKind.FIXED), commission={" x\x00": 1})
    wanted = settlements.SaveAgreement(merchant_id=shop.merchant_id, currency="XXX", terms=twice, valid_from=past)

    with pytest.raises(Refusals) as refused:
        await do(db, SYSTEM, settlements.agree, wanted)

    assert [one.path for one in refused.value.problems] == [
        "currency", "valid_from", "terms.given_back", "terms.commission",
    ]  # fmt: skip
    own = Actor(ActorKind.STAFF, 1, merchant_id=shop.merchant_id)
    with pytest.raises(settlements.NotThePlatform):
        await do(db, own, settlements.agree, wanted)


async def test_periods_close_one_after_the_other_and_carry_what_is_owed(db: Database) -> None:
    shop = await given.shop(db)
    await desk.agree(db, shop, period="week")
    order_id = await desk.done(db, shop, {"MUG": 1})
    (first,) = await desk.accounts(db, shop)
    with pytest.raises(settlements.PeriodNotOver):
        await do(db, SYSTEM, settlements.close, first.id)

    await desk.later(db, days=8)
    await desk.refund(db, order_id, (1, 1))
    await desk.later(db, days=8)

    first, second = await desk.accounts(db, shop)
    assert [(one.state, one.opening, one.closing) for one in (first, second)] == [
        ("closed", 0, 187_36), ("closed", 187_36, -1_69),
    ]  # fmt: skip
    # Nothing was to be booked meanwhile, so no period was opened for it.
    assert first.ends_at <= second.starts_at
    with pytest.raises(settlements.ClosedAlready):
        await do(db, SYSTEM, settlements.close, second.id)


async def test_there_is_time_to_look_at_a_period_before_it_closes_by_itself(db: Database) -> None:
    shop = await given.shop(db)
    await desk.agree(db, shop, period="week", check_days=3)
    await desk.done(db, shop, {"MUG": 1})
    (first,) = await desk.accounts(db, shop)
    over = (first.ends_at - await desk.later(db)).total_seconds()

    await desk.later(db, seconds=over + 60)
    assert [one.state for one in await desk.accounts(db, shop)] == ["open"]
    # What comes meanwhile goes into the next one.
    await desk.done(db, shop, {"MUG": 1})
    await desk.later(db, days=3)
    assert [one.state for one in await desk.accounts(db, shop)] == ["closed", "open"]


async def test_an_earlier_period_is_closed_first_and_by_itself(db: Database) -> None:
    shop = await given.shop(db)
    await desk.agree(db, shop, period="week")
    await desk.done(db, shop, {"MUG": 1})
    async with db.connection() as connection:
        await connection.execute("DELETE FROM deadlines WHERE kind = 'settlement.close'")
    await desk.later(db, days=8)
    await desk.done(db, shop, {"MUG": 1})
    _, second = await desk.accounts(db, shop)
    async with db.transaction(SYSTEM, at=second.ends_at) as tx:
        with pytest.raises(settlements.EarlierPeriodOpen):
            await settlements.close(tx, second.id)
        await settlements.close_due(tx, [second.id])

    assert [one.closing for one in await desk.accounts(db, shop)] == [187_36, 2 * 187_36]


async def test_nothing_is_booked_into_a_closed_period_by_anybody(db: Database) -> None:
    shop = await given.shop(db)
    await desk.payable(db, shop)
    (account,) = await desk.accounts(db, shop)
    async with db.connection() as connection:
        for sql in (
            "UPDATE settlements SET closing = 1",
            "UPDATE settlements SET state = 'open', closed_at = NULL, opening = NULL, closing = NULL",
            "DELETE FROM settlements",
            "UPDATE settlement_lines SET amount = amount - 1",
            "DELETE FROM settlement_lines",
            f"""INSERT INTO settlement_lines (id, settlement_id, merchant_id, currency, kind, subject_id, amount, at)
                VALUES (1, {account.id}, {shop.merchant_id}, 'CNY', 'sale', 1, 1, now())""",
        ):
            with pytest.raises(asyncpg.PostgresError, match=r"history|closed"):
                await connection.execute(sql)


async def test_who_books_while_a_period_closes_is_counted_or_comes_too_late(db: Database) -> None:
    shop = await given.shop(db)
    await desk.agree(db, shop, period="week")
    await desk.done(db, shop, {"MUG": 1})
    (first,) = await desk.accounts(db, shop)
    order_id = await given.delivered_order(db, shop, {"MUG": 1})
    await do(db, SYSTEM, orders.receive, order_id)
    moment = first.ends_at - timedelta(seconds=1)

    async def book() -> None:
        async with db.transaction(SYSTEM, at=moment) as tx:
            await settlements.follow(tx, [order_id])
            await given.somebody_waits(tx)

    async def close() -> None:
        await asyncio.sleep(0.05)
        async with db.transaction(SYSTEM, at=first.ends_at) as tx:
            await settlements.close(tx, first.id)

    await asyncio.gather(book(), close())
    assert [one.closing for one in await desk.accounts(db, shop)] == [2 * 187_36]

    # And whoever began before it was closed and comes behind it is booked into the next one.
    late = await given.delivered_order(db, shop, {"MUG": 1})
    await do(db, SYSTEM, orders.receive, late)
    async with db.transaction(SYSTEM, at=moment) as tx:
        await settlements.follow(tx, [late])
    _, second = await desk.accounts(db, shop)
    assert second.starts_at == first.ends_at


async def test_two_at_once_open_one_period(db: Database) -> None:
    shop = await given.shop(db)
    await desk.agree(db, shop)
    ids = [await given.delivered_order(db, shop, {"MUG": 1}) for _ in range(2)]
    for order_id in ids:
        await do(db, SYSTEM, orders.receive, order_id)

    await asyncio.gather(*(do(db, SYSTEM, settlements.follow, [order_id]) for order_id in ids))

    assert len(await desk.accounts(db, shop)) == 1
    assert await owed(db, shop) == 2 * 187_36


async def test_what_the_platform_is_liable_for_is_made_good_to_the_merchant(db: Database) -> None:
    shop = await given.shop(db)
    await desk.agree(db, shop)
    order_id = await desk.done(db, shop, {"TEE": 2})
    for liable in (cases.Liable.PLATFORM, cases.Liable.MERCHANT):
        case = await trouble.trouble(db, order_id)
        await do(db, trouble.MARA, cases.propose, case.id, trouble.refund())
        await given.settle(db)
        await do(db, trouble.MARA, cases.close, case.id, closure="solved", liable=liable)
        await given.settle(db)

    lines = await desk.lines(db, order_id)
    assert [amount for kind, _, amount in lines if kind == "refund"] == [-89_90, -89_90]
    assert [amount for kind, _, amount in lines if kind == "borne"] == [89_90]


async def test_money_paid_by_hand_and_what_carriers_pay_stand_in_the_account(db: Database) -> None:
    shop = await given.shop(db)
    await desk.agree(db, shop)
    order_id = await given.shipped_order(db, shop, {"MUG": 1})
    await trouble.scan(db, order_id, "lost")
    async with db.reading(SYSTEM) as tx:
        (case,) = await cases.of_orders(tx, [order_id])
        (claim,) = (await cases.claims_of(tx, [case.id]))[case.id]
    await do(db, trouble.MARA, cases.propose, case.id, trouble.refund())
    await given.settle(db)
    remedy = await do(db, trouble.MARA, cases.propose, case.id, trouble.compensation(10_00, "money"))
    await do(db, trouble.MARA, cases.pay, remedy.id, receipt="T-1")
    await do(db, trouble.MARA, cases.close, case.id, closure="solved", liable=cases.Liable.CARRIER)
    await do(db, trouble.MARA, cases.file_claim, claim.id, carrier_ref="C-1", evidence=["p"])
    await do(db, trouble.MARA, cases.answer_claim, claim.id, answered="accepted", accepted=199_00)
    await do(db, trouble.MARA, cases.recover_claim, claim.id, amount=150_00)
    await given.settle(db)

    lines = [one for one in await desk.lines(db, order_id) if one[0] not in ("fee", "fee_back", "sale")]

    assert lines == [("refund", "", -199_00), ("remedy", "", -10_00), ("recovery", "", 150_00)]


async def test_what_the_platform_took_off_a_price_is_made_good_and_taken_back_with_the_goods(db: Database) -> None:
    shop = await given.shop(db)
    await desk.agree(db, shop)
    await prices.running(db, None, pricing.Amount(30_00), code="ALL")
    order_id = await desk.done(db, shop, {"TEE": 2}, coupons=("ALL",))
    await desk.refund(db, order_id, (1, 1), cause_id=1)
    await desk.refund(db, order_id, (1, 1), cause_id=2)

    lines = await desk.lines(db, order_id)
    assert [one for one in lines if one[0] in ("sale", "subsidy", "refund", "subsidy_back")] == [
        ("sale", "", 149_80), ("subsidy", "", 30_00), ("refund", "", -74_90), ("subsidy_back", "", -15_00),
        ("refund", "", -74_90), ("subsidy_back", "", -15_00),
    ]  # fmt: skip


async def test_a_deposit_that_is_kept_belongs_to_the_merchant(db: Database) -> None:
    sale = await presold(db)
    async with db.reading(SYSTEM) as tx:
        before = tx.now - timedelta(days=1)
    wanted = settlements.SaveAgreement(merchant_id=sale.shop.merchant_id, currency="CNY", terms=desk.terms())
    await do_at(db, SYSTEM, before, settlements.agree, wanted)
    await sale.pay()
    assert await desk.lines(db, sale.order_id) == []
    await sale.let_pass(CLOSES + timedelta(minutes=1))

    assert await desk.lines(db, sale.order_id) == [("sale", "", 50_00), ("fee", "payment", -30)]
