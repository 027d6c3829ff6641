"""What an exchange comes to in the end, however it went: never more than a return would bring, and never less."""

import asyncio
from datetime import timedelta

import pytest
from tests import given
from tests.areas.exchanges import desk
from tests.areas.payments import purse
from tests.areas.payments import till as money
from tests.areas.pricing import till
from tests.areas.returns import road

from dingdan.areas import exchanges, payments, pricing, returns
from dingdan.areas.exchanges import ExchangeState
from dingdan.areas.returns import ApplyLine, Decision, Outcome, Resolution
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

ON_TOP = pricing.TaxRate(name={"en": "Sales tax"}, country="CN", rate=3_00, inclusive=False)
# Whether somebody waits for what this connection holds.
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"


@pytest.mark.requirement("R4.6", "R3.10")
async def test_goods_that_come_when_the_exchange_has_lapsed_bring_their_money_back(db: Database) -> None:
    shop, order_id = await desk.order_a(db)
    held, made = await desk.asked(db, shop, order_id)
    await money.pass_time(db, timedelta(days=9))
    await given.settle(db, with_deadlines=True)
    await road.received(db, held)
    await road.inspected(db, held, road.fine(1))
    await given.settle(db)
    assert ((await desk.now(db, made)).state, await desk.back(db, order_id)) == (
        ExchangeState.DROPPED, [("return", 179_99, "settled")],
    )  # fmt: skip
    assert (await road.now_is(db, held)).outcome is Outcome.SETTLED


@pytest.mark.requirement("R4.6", "A3")
async def test_a_later_unit_of_a_taxed_line_is_exchanged_with_the_tax_that_was_paid_for_it(db: Database) -> None:
    shop = await given.shop(db, stock=10, prices={"MUG": 44})
    # Of three the tax is 4: 1 for the first, 2 for the second, 1 for the third.
    await do(db, SYSTEM, pricing.save_taxes, shop.merchant_id, [ON_TOP])
    order_id = await given.delivered_order(db, shop, {"MUG": 3})
    await desk.came_back(db, await road.applied(db, shop, ApplyLine(1, order_id=order_id, line_no=1)))
    held, made = await desk.asked(db, shop, order_id)
    await desk.came_back(db, held)
    made, sent = await desk.now(db, made), await desk.order(db, made)
    assert (made.state, sent.goods, sent.discount, sent.tax, sent.total) == (ExchangeState.REPLACED, 44, 0, 2, 46)


@pytest.mark.requirement("R4.6", "R2.1")
async def test_what_is_wanted_follows_an_application_that_changes(db: Database) -> None:
    shop, order_id = await desk.order_a(db)
    held, made = await desk.asked(db, shop, order_id, line_no=2, wanted="CUP", reason="QUALITY_DEFECT")
    both = (ApplyLine(2, "QUALITY_DEFECT", order_id, 2), ApplyLine(1, "QUALITY_DEFECT", order_id, 3))
    await do(db, SYSTEM, returns.change, held.id, road.wish(shop, *both, resolution=Resolution.EXCHANGE))
    await given.settle(db)
    assert await desk.wanted(db, made) == [(2, shop.products["CUP"], 2), (3, shop.products["SOCK"], 1)]
    alone = road.wish(shop, ApplyLine(1, "QUALITY_DEFECT", order_id, 3), resolution=Resolution.EXCHANGE)
    await do(db, SYSTEM, returns.change, held.id, alone)
    await do(db, SYSTEM, returns.approve, held.id)
    await given.settle(db)
    await desk.came_back(db, held, road.fine(1, 3))
    assert ((await desk.now(db, made)).state, (await desk.order(db, made)).total) == (ExchangeState.REPLACED, 36_09)


@pytest.mark.requirement("R4.6", "W29")
@pytest.mark.parametrize(
    ("reason", "costs", "fact", "amount"),
    [
        ("QUALITY_DEFECT", (0, 12_00), "return.postage_owed", 12_00),
        ("NO_REASON", (8_00, 0), "return.recovery_due", 8_00),
    ],
)
async def test_the_way_back_of_goods_for_which_others_went_ahead_is_settled(
    db: Database, reason: str, costs: tuple[int, int], fact: str, amount: int
) -> None:
    shop, order_id = await desk.trusting_shop(db)
    held = await road.applied(db, shop, ApplyLine(1, reason, order_id, 1), resolution=Resolution.EXCHANGE)
    if held.decision is Decision.REQUESTED:
        await do(db, SYSTEM, returns.approve, held.id)
    await given.settle(db)
    made = await desk.of_return(db, held)
    await do(db, SYSTEM, exchanges.ship_ahead, made.id)
    await do(db, SYSTEM, returns.add_costs, {held.id: costs})
    await given.settle(db)
    await desk.came_back(db, held)
    assert await desk.told(db, held, fact) == [amount]
    assert (await road.now_is(db, held)).outcome is Outcome.SETTLED


@pytest.mark.requirement("R4.6")
async def test_what_the_platform_gave_towards_taxed_goods_goes_on_with_their_tax(db: Database) -> None:
    shop = await given.shop(db, stock=10, prices=desk.PRICES, price_guard_discount_percent=100)
    await do(db, SYSTEM, pricing.save_taxes, shop.merchant_id, [ON_TOP])
    await till.running(db, None, pricing.Amount(40_00), code="GIFT")
    order_id = await given.placed_order(db, shop, {"MUG": 1}, coupons=("GIFT",))
    await given.pay(db, order_id)
    await given.settle(db)
    await desk.delivered(db, shop, order_id)
    held, made = await desk.asked(db, shop, order_id)
    await desk.came_back(db, held)
    sent = await desk.order(db, made)
    assert (sent.goods, sent.discount, sent.tax, sent.total) == (199_00, 40_00, 4_77, 163_77)
    async with db.reading(SYSTEM) as tx:
        found = (await pricing.layers(tx, [sent.id]))[sent.id]
    assert [(one.layer.effect, one.layer.funder, one.layer.amount, one.shares) for one in found] == [
        ("off", "platform", 40_00, ((1, 40_00, 0),)), ("tax", None, 4_77, ((1, 4_77, 0),)),
    ]  # fmt: skip


@pytest.mark.requirement("R4.6", "W29")
async def test_our_label_is_borne_by_the_buyer_also_where_nobody_pays_it_with_the_new_order(db: Database) -> None:
    shop, order_id = await desk.order_a(db)
    held, made = await desk.asked(db, shop, order_id)
    await do(db, SYSTEM, returns.add_costs, {held.id: (8_00, 0)})
    await desk.came_back(db, held)
    assert (await desk.now(db, made)).state is ExchangeState.DIFFERENCE
    await money.pass_time(db, timedelta(hours=73))
    await given.settle(db, with_deadlines=True)
    # A return of the same goods would have brought 179.99 less the label.
    assert (await desk.now(db, made)).state is ExchangeState.REFUNDED
    assert await desk.back(db, made.sent_order_id) == [("cancellation", 171_99, "settled")]
    assert await money.keeps(db) == 388_70 - 171_99


@pytest.mark.requirement("R4.6", "A7")
async def test_whoever_waits_too_long_for_what_replaces_faulty_goods_has_the_freight_back_too(db: Database) -> None:
    shop, order_id = await desk.order_a(db)
    held, made = await desk.asked(db, shop, order_id, reason="QUALITY_DEFECT")
    await do(db, SYSTEM, returns.approve, held.id)
    await desk.came_back(db, held)
    await money.pass_time(db, timedelta(hours=73))
    await given.settle(db, with_deadlines=True)
    await do(db, SYSTEM, exchanges.take_money, made.id)
    await given.settle(db)
    # The share of the goods in the freight out of 10.00.
    assert await desk.back(db, made.sent_order_id) == [("cancellation", 179_99, "settled")]
    assert [one[:2] for one in await desk.back(db, order_id)] == [("exchange", 179_99), ("return", 4_75)]
    # Whoever decided about the fault signs for it.
    assert [one[2] for one in await desk.back(db, order_id)] == ["settled", "requested"]


@pytest.mark.requirement("R4.6")
async def test_whoever_waits_for_a_purse_keeps_no_stock_from_others(db: Database) -> None:
    shop = await given.shop(db, stock=10, prices=desk.PRICES)
    order_id = await given.placed_order(db, shop, {"MUG": 2})
    purse_id = await purse.balance(db, order_id, 398_00)
    await purse.pay_with(db, order_id, tenders=(payments.CreditTender(),), method=None)
    await given.settle(db)
    await desk.delivered(db, shop, order_id)
    held, made = await desk.asked(db, shop, order_id, quantity=2, wanted="CUP")
    await road.sent(db, held)
    await road.received(db, held)
    # One of two is accepted: what is kept for the other is let go, and a part of the price goes back into the purse.
    bad = road.fine(1, intact=False, grade="D", disposition="quarantine")
    await road.inspected(db, held, road.fine(1), bad)
    async with db.connection() as other, other.transaction():
        await other.execute("SELECT FROM purses WHERE id = $1 FOR UPDATE", purse_id)
        follows = asyncio.create_task(do(db, SYSTEM, exchanges.follow_returns, [held.id]))
        for _ in range(500):
            if await other.fetchval(WAITING):
                break
            await asyncio.sleep(0.02)
        kept = "SELECT FROM reservations WHERE order_id = $1 FOR UPDATE NOWAIT"
        assert len(await other.fetch(kept, made.sent_order_id)) == 1
    await follows
    await given.settle(db)
    assert (await desk.now(db, made)).state is ExchangeState.REPLACED
