"""Money that is the platform's own: coupons that pay a whole order, and its cards; and what is made good of what ended."""

import pytest
from tests import given
from tests.areas.cases import desk as trouble
from tests.areas.payments import purse
from tests.areas.payments.test_deposits import presold
from tests.areas.pricing import till as prices
from tests.areas.returns import road
from tests.areas.settlements import desk
from tests.areas.settlements.desk import FAYE, FINN

from dingdan.areas import cases, ledger, orders, payments, pricing, refunds, returns, settlements
from dingdan.areas.returns import ApplyLine
from dingdan.areas.settlements.model import Due, LineKind
from dingdan.areas.settlements.rules.owing import Back, Book, Sold, Tender, due
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at

pytestmark = [pytest.mark.requirement("R4.9"), pytest.mark.requirement("issue 5: settlement")]


async def balance(db: Database, merchant_id: int | None, account: str) -> int:
    """What stands on an account of a merchant, or of the platform."""
    async with db.reading(SYSTEM) as tx:
        found = await ledger.balances(tx, merchant_id)
    mine = [one.amount for one in found if (one.merchant_id, one.account) == (merchant_id, account)]
    return sum(mine)


async def given_away(db: Database) -> tuple[given.Shop, int]:
    """An order that a coupon of the platform pays whole, done."""
    shop = await given.shop(db, prices={"PEN": 30_00, "INK": 20_00}, price_guard_discount_percent=100)
    await desk.agree(db, shop)
    await prices.running(db, None, pricing.Amount(80_00), code="GIFT")
    order_id = await given.placed_order(db, shop, {"PEN": 2, "INK": 1}, coupons=("GIFT",))
    await given.settle(db)
    await desk.finish(db, shop, order_id)
    return shop, order_id


@pytest.mark.requirement("W14")
async def test_an_order_that_the_platform_pays_whole_is_owed_by_the_platform(db: Database) -> None:
    shop, order_id = await given_away(db)
    assert await desk.lines(db, order_id) == [
        ("subsidy", "", 60_00), ("subsidy", "", 20_00), ("fee", "fixed", -50),
    ]  # fmt: skip
    assert -await balance(db, shop.merchant_id, "merchant_settlement") == 79_50


@pytest.mark.requirement("W14")
async def test_what_comes_back_of_it_is_taken_back_unit_by_unit_though_nothing_is_refunded(db: Database) -> None:
    shop, order_id = await given_away(db)
    for n in range(2):
        held = await road.applied(db, shop, ApplyLine(1, "NO_REASON", order_id, 1))
        if held.decision == "requested":
            await do(db, SYSTEM, returns.approve, held.id)
        await road.sent(db, held, f"BACK-{n}")
        await road.received(db, held)
        await road.inspected(db, held, road.fine(1))
        await given.settle(db)
        await do(db, SYSTEM, settlements.follow, [order_id])
    async with db.reading(SYSTEM) as tx:
        assert await refunds.of_orders(tx, [order_id]) == {order_id: []}
    assert [one for one in await desk.lines(db, order_id) if one[0] == "subsidy_returned"] == [
        ("subsidy_returned", "", -30_00)
    ] * 2


def test_units_of_a_line_that_the_platform_paid_go_back_with_refunds_and_returns_in_any_order() -> None:
    terms = settlements.Terms(payee=desk.PAYEE)
    lines = (Sold(1, "home", 0, 100, units=3), Sold(2, "home", 50))
    refund = Back(5, {1: 0, 2: 50}, (Tender(50),), {1: 1, 2: 1})
    book = Book(order_id=9, lines=lines, paid=(Tender(50),), refunds=(refund,), returned={4: {1: 1}, 6: {1: 1}})

    lines_of = [one for one in due(book, terms, ()) if one.n == 1 and one.amount < 0]
    assert [(one.kind, one.subject_id, one.amount) for one in lines_of] == [
        ("subsidy_back", 5, -33), ("subsidy_returned", 4, -34), ("subsidy_returned", 6, -33),
    ]  # fmt: skip
    first = {Due(kind=LineKind.SUBSIDY_RETURNED, subject_id=6, amount=-33, n=1).key}
    later = [one for one in due(book, terms, first) if one.n == 1 and one.amount < 0]
    assert sum(one.amount for one in later) == -67


async def test_what_was_paid_with_the_platforms_cards_is_owed_until_the_payout_is_paid(db: Database) -> None:
    shop = await given.shop(db, prices=purse.A)
    await desk.agree(db, shop)
    order_id = await given.placed_order(db, shop)
    card = await purse.card(db, 100_00)
    await purse.pay_with(db, order_id, tenders=(payments.CreditTender(purse_id=card),), method="instant")
    await given.settle(db)
    await desk.finish(db, shop, order_id)
    await desk.later(db, days=32)
    assert await balance(db, None, "merchants_payable") == -100_00
    run = await do(db, FINN, settlements.prepare, "CNY")
    async with db.reading(SYSTEM) as tx:
        (payout,) = await settlements.payouts_of_run(tx, run.id)
    await do(db, FAYE, settlements.approve, run.id)
    assert (payout.cards, await balance(db, None, "merchants_payable")) == (100_00, -100_00)

    await do(db, FINN, settlements.confirm, payout.id, bank_ref="B-1")

    assert await balance(db, None, "merchants_payable") == 0
    assert await balance(db, shop.merchant_id, "credit_clearing") == 0
    # What left the bank is what was paid out, in whichever books.
    assert await balance(db, None, "paid_out") == -100_00
    assert await balance(db, shop.merchant_id, "paid_out") == -(payout.amount - 100_00)
    # What goes back onto the card later is owed the other way, until the next payout.
    await desk.refund(db, order_id, (1, 1))
    back = await balance(db, None, "merchants_payable")
    assert back == -await balance(db, shop.merchant_id, "credit_clearing") == 100_00


async def test_a_remedy_for_an_order_that_was_cancelled_is_the_merchants_to_pay(db: Database) -> None:
    shop = await given.shop(db)
    await desk.agree(db, shop)
    order_id = await given.paid_order(db, shop, {"MUG": 1})
    case = await trouble.trouble(db, order_id, "delay")
    remedy = await do(db, trouble.MARA, cases.propose, case.id, trouble.compensation(10_00, "money"))
    await do(db, trouble.MARA, cases.pay, remedy.id, receipt="T-1")
    await given.settle(db)
    assert await desk.lines(db, order_id) == []

    await do(db, SYSTEM, orders.cancel, order_id, reason="changed_mind")
    await given.settle(db)
    assert await desk.lines(db, order_id) == [("remedy", "", -10_00)]

    await do(db, trouble.MARA, cases.close, case.id, closure="solved", liable=cases.Liable.PLATFORM)
    await given.settle(db)
    assert await desk.lines(db, order_id) == [("remedy", "", -10_00), ("borne", "", 10_00)]


async def test_the_penalty_of_a_presale_is_the_merchants_to_pay(db: Database) -> None:
    sale = await presold(db)
    async with db.reading(SYSTEM) as tx:
        before = tx.now.replace(year=tx.now.year - 1)
    wanted = settlements.SaveAgreement(merchant_id=sale.shop.merchant_id, currency="CNY", terms=desk.terms())
    await do_at(db, SYSTEM, before, settlements.agree, wanted)
    await sale.pay()
    await sale.cancel("seller_out_of_stock")
    async with db.reading(SYSTEM) as tx:
        waiting = [r.id for r in (await refunds.of_orders(tx, [sale.order_id]))[sale.order_id] if r.approved_at is None]
    for refund_id in waiting:
        for by in (FINN, FAYE):
            await do(db, by, refunds.approve, refund_id)
    await given.settle(db)

    found = [one for one in await desk.lines(db, sale.order_id) if one[0] in ("sale", "refund", "penalty")]
    assert sorted(found) == [("penalty", "", -50_00), ("refund", "", -50_00), ("sale", "", 50_00)]
