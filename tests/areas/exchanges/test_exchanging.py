"""Something else, or the same again, for goods that come back."""

import asyncio
from datetime import timedelta

import pytest
from tests import given
from tests.areas.abuse import suspects
from tests.areas.exchanges import desk
from tests.areas.payments import purse
from tests.areas.payments import till as money
from tests.areas.pricing import till
from tests.areas.returns import road
from tests.areas.settlements import desk as accounts

from dingdan.areas import catalog, exchanges, inventory, orders, payments, pricing, returns
from dingdan.areas.exchanges import ExchangeState
from dingdan.areas.orders import OrderState
from dingdan.areas.returns import ApplyLine, Decision, Outcome, Resolution
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

ANNA, BELA = (Actor(ActorKind.STAFF, n, permissions=frozenset({"return.decide"})) for n in (7, 8))


@pytest.mark.requirement("R4.6", "R4.8")
async def test_the_same_again_costs_nothing_whatever_coupons_made_the_first_one_cheaper(db: Database) -> None:
    shop, order_id = await desk.order_a(db)
    held, made = await desk.asked(db, shop, order_id)
    assert (made.state, await desk.free(db, shop, "MUG")) == (ExchangeState.RESERVED, [8])

    done = await desk.came_back(db, held)
    made, sent = await desk.now(db, made), await desk.order(db, made)
    assert (done.refund_id, made.state, made.worth, made.carried, made.price) == (
        None, ExchangeState.REPLACED, 179_99, 179_99, 179_99,
    )  # fmt: skip
    assert (sent.state, sent.total, sent.goods, sent.discount) == (OrderState.CONFIRMED, 179_99, 199_00, 19_01)
    assert (await road.now_is(db, held)).outcome is Outcome.SETTLED
    await desk.arrives(db, shop, made)
    assert (await desk.now(db, made)).state is ExchangeState.DONE
    assert await desk.back(db, order_id) == [("exchange", 179_99, "settled")]
    # What is kept is still what came in for the first order, but for another.
    balances = await money.balances(db)
    assert (balances["buyer_funds"], balances["psp_clearing"]) == (-388_70, 388_70)
    assert await money.keeps(db) == 388_70


@pytest.mark.requirement("W35", "R4.6")
async def test_what_costs_more_is_paid_before_it_is_sent(db: Database) -> None:
    shop, order_id = await desk.order_a(db)
    held, made = await desk.asked(db, shop, order_id, wanted="BOWL")
    await desk.came_back(db, held)
    made, sent = await desk.now(db, made), await desk.order(db, made)
    assert (made.state, made.price, sent.state, sent.total) == (
        ExchangeState.DIFFERENCE, 229_00, OrderState.AWAITING_PAYMENT, 229_00,
    )  # fmt: skip
    await given.pay(db, sent.id)

    assert await money.captures(db, sent.id) == [("normal", 179_99), ("normal", 49_01)]
    assert (await desk.now(db, made)).state is ExchangeState.REPLACED
    assert (await desk.order(db, made)).state is OrderState.CONFIRMED


@pytest.mark.requirement("W36", "R4.6")
async def test_what_costs_less_brings_the_difference_back(db: Database) -> None:
    shop, order_id = await desk.order_a(db)
    held, made = await desk.asked(db, shop, order_id, wanted="CUP")
    await desk.came_back(db, held)
    made, sent = await desk.now(db, made), await desk.order(db, made)
    assert (made.state, sent.state, sent.total) == (ExchangeState.REPLACED, OrderState.CONFIRMED, 149_00)
    assert await desk.back(db, order_id) == [("exchange", 149_00, "settled"), ("return", 30_99, "settled")]
    assert (await road.now_is(db, held)).outcome is Outcome.SETTLED


@pytest.mark.requirement("R4.8", "R4.6")
async def test_what_was_sent_instead_has_rights_of_its_own_and_its_money_goes_the_ways_it_came(db: Database) -> None:
    shop, order_id = await desk.order_a(db)
    held, made = await desk.asked(db, shop, order_id, wanted="BOWL")
    await desk.came_back(db, held)
    await given.pay(db, made.sent_order_id)
    await money.pass_time(db, timedelta(days=6))
    await desk.arrives(db, shop, made)
    # Of the first order nothing can come back again, and of this one the week begins when it arrived.
    await money.pass_time(db, timedelta(days=6))
    assert await road.refused(db, shop, ApplyLine(1, order_id=order_id, line_no=1)) != []
    held = await road.applied(db, shop, ApplyLine(1, order_id=made.sent_order_id, line_no=1))
    assert held.decision is Decision.APPROVED
    await desk.came_back(db, held)

    assert await desk.back(db, made.sent_order_id) == [("return", 229_00, "settled")]
    assert await desk.back(db, order_id) == [("exchange", 179_99, "settled")]
    assert await money.keeps(db) == 388_70 - 179_99


@pytest.mark.requirement("R4.6")
async def test_what_was_exchanged_can_be_exchanged_again(db: Database) -> None:
    shop, order_id = await desk.order_a(db)
    held, first = await desk.asked(db, shop, order_id, wanted="BOWL")
    await desk.came_back(db, held)
    await given.pay(db, first.sent_order_id)
    await desk.arrives(db, shop, first)
    held, second = await desk.asked(db, shop, first.sent_order_id, wanted="CUP")
    await desk.came_back(db, held)
    await desk.arrives(db, shop, second)
    assert await desk.back(db, first.sent_order_id) == [("exchange", 149_00, "settled"), ("return", 80_00, "settled")]
    held = await road.applied(db, shop, ApplyLine(1, order_id=second.sent_order_id, line_no=1))
    await desk.came_back(db, held)
    assert await desk.back(db, second.sent_order_id) == [("return", 149_00, "settled")]
    assert await money.keeps(db) == 388_70 - 179_99


@pytest.mark.requirement("R4.6")
async def test_a_difference_that_nobody_pays_gives_the_money_back(db: Database) -> None:
    shop, order_id = await desk.order_a(db)
    held, made = await desk.asked(db, shop, order_id, wanted="BOWL")
    await desk.came_back(db, held)
    await money.pass_time(db, timedelta(hours=73))
    await given.settle(db, with_deadlines=True)

    made = await desk.now(db, made)
    assert (made.state, made.why) == (ExchangeState.REFUNDED, "difference_unpaid")
    assert await desk.back(db, made.sent_order_id) == [("cancellation", 179_99, "settled")]
    assert await desk.free(db, shop, "BOWL") == [10]
    assert await money.keeps(db) == 388_70 - 179_99


@pytest.mark.requirement("R4.6")
async def test_money_that_comes_when_the_time_is_over_goes_back_too(db: Database) -> None:
    shop, order_id = await desk.order_a(db)
    held, made = await desk.asked(db, shop, order_id, wanted="BOWL")
    await desk.came_back(db, held)
    payment = await money.started(db, made.sent_order_id, method="qr")
    await money.pass_time(db, timedelta(hours=73))
    late = money.answer(payment, payments.ChargeOutcome.CAPTURED)

    async def end() -> None:
        await do(db, SYSTEM, orders.expire, [made.sent_order_id])

    async def come() -> None:
        await do(db, SYSTEM, payments.take_in, [late])

    await asyncio.gather(end(), come())
    await given.settle(db, with_deadlines=True)
    made, sent = await desk.now(db, made), await desk.order(db, made)
    paid = sent.paid_at is not None
    assert made.state is (ExchangeState.REPLACED if paid else ExchangeState.REFUNDED)
    assert (sent.state is OrderState.EXPIRED) is not paid
    assert [one[:2] for one in await desk.back(db, sent.id)] in (
        [] if paid else [("cancellation", 179_99), ("excess", 49_01)],
        [] if paid else [("excess", 49_01), ("cancellation", 179_99)],
    )


@pytest.mark.requirement("R4.6")
async def test_of_what_is_sold_out_the_buyer_gets_the_money(db: Database) -> None:
    shop, order_id = await desk.order_a(db)
    await do(
        db, SYSTEM, inventory.count, [inventory.Count(shop.merchant_id, shop.warehouse_id, shop.products["BOWL"], 0)]
    )
    held, made = await desk.asked(db, shop, order_id, wanted="BOWL")
    assert ((await desk.now(db, made)).state, (await desk.now(db, made)).why) == (
        ExchangeState.REFUNDED,
        "out_of_stock",
    )
    assert (await road.now_is(db, held)).resolution is Resolution.REFUND
    await desk.came_back(db, held)
    assert await desk.back(db, order_id) == [("return", 179_99, "settled")]


@pytest.mark.requirement("R4.6")
async def test_where_the_policy_waits_the_buyer_chooses(db: Database) -> None:
    shop, order_id = await desk.waiting_shop(db)
    none = inventory.Count(shop.merchant_id, shop.warehouse_id, shop.products["BOWL"], 0)
    await do(db, SYSTEM, inventory.count, [none])
    _, made = await desk.asked(db, shop, order_id, wanted="BOWL")
    assert (await desk.now(db, made)).state is ExchangeState.SHORT
    with pytest.raises(exchanges.NoneLeft):
        await do(db, SYSTEM, exchanges.change, made.id, {1: "BOWL"})
    with pytest.raises(catalog.ProductUnknown):
        await do(db, SYSTEM, exchanges.change, made.id, {1: "NONE"})
    changed = await do(db, SYSTEM, exchanges.change, made.id, {1: "CUP"})
    assert (changed.state, await desk.free(db, shop, "CUP")) == (ExchangeState.RESERVED, [9])


@pytest.mark.requirement("R4.6", "R3.10")
async def test_what_is_not_accepted_is_the_buyers_and_what_was_kept_is_free(db: Database) -> None:
    shop, order_id = await desk.order_a(db)
    held, made = await desk.asked(db, shop, order_id)
    bad = road.fine(1, intact=False, grade="D", disposition="quarantine")
    done = await desk.came_back(db, held, bad)
    assert ({one.code for one in done.choices}, (await desk.now(db, made)).state) == (
        {"goods_sent_back", "price_reduction", "dispute"}, ExchangeState.DROPPED,
    )  # fmt: skip
    assert (await desk.free(db, shop, "MUG"), await desk.back(db, order_id)) == ([9], [])


@pytest.mark.requirement("R4.6")
async def test_of_two_units_one_is_accepted_and_one_is_sent(db: Database) -> None:
    shop, order_id = await desk.order_a(db)
    held, made = await desk.asked(db, shop, order_id, line_no=2, quantity=2)
    bad = road.fine(1, 2, intact=False, grade="D", disposition="quarantine")
    await desk.came_back(db, held, road.fine(1, 2), bad)
    made, sent = await desk.now(db, made), await desk.order(db, made)
    assert (made.state, sent.total, await desk.free(db, shop, "TEE")) == (ExchangeState.REPLACED, 81_31, [8])
    assert await desk.back(db, order_id) == [("exchange", 81_31, "settled")]


@pytest.mark.requirement("R4.6")
@pytest.mark.parametrize("how", ["withdrawn", "lapsed", "lost"])
async def test_what_does_not_come_back_lets_go_of_what_was_kept(db: Database, how: str) -> None:
    shop, order_id = await desk.order_a(db)
    held, made = await desk.asked(db, shop, order_id)
    if how == "withdrawn":
        await do(db, SYSTEM, returns.withdraw, held.id)
    elif how == "lapsed":
        await money.pass_time(db, timedelta(days=9))
        await given.settle(db, with_deadlines=True)
    else:
        await road.sent(db, held)
        await do(db, SYSTEM, returns.lose, {held.id: False}, rule="CN_FREIGHT_NO_REASON")
    await given.settle(db)
    assert ((await desk.now(db, made)).state, await desk.free(db, shop, "MUG")) == (ExchangeState.DROPPED, [9])


@pytest.mark.requirement("R4.6")
async def test_what_is_lost_at_our_risk_is_paid_and_nothing_is_sent(db: Database) -> None:
    shop, order_id = await desk.order_a(db)
    held, made = await desk.asked(db, shop, order_id)
    await road.sent(db, held)
    await do(db, SYSTEM, returns.lose, {held.id: True}, rule="CN_FREIGHT_FAULT")
    await given.settle(db)
    assert ((await desk.now(db, made)).state, await desk.back(db, order_id)) == (
        ExchangeState.REFUNDED, [("return", 179_99, "settled")],
    )  # fmt: skip
    assert await desk.free(db, shop, "MUG") == [9]


@pytest.mark.requirement("R4.6")
async def test_whoever_waits_too_long_may_have_the_money(db: Database) -> None:
    shop, order_id = await desk.order_a(db)
    held, made = await desk.asked(db, shop, order_id)
    with pytest.raises(exchanges.MoneyNotDue):
        await do(db, SYSTEM, exchanges.take_money, made.id)
    await desk.came_back(db, held)
    await money.pass_time(db, timedelta(hours=73))
    await given.settle(db, with_deadlines=True)
    assert (await desk.now(db, made)).overdue_at is not None

    done = await do(db, SYSTEM, exchanges.take_money, made.id)
    await given.settle(db)
    assert (done.state, (await desk.order(db, made)).state) == (ExchangeState.REFUNDED, OrderState.CANCELLED)
    assert await desk.back(db, made.sent_order_id) == [("cancellation", 179_99, "settled")]
    with pytest.raises(exchanges.ExchangeStateForbids):
        await do(db, SYSTEM, exchanges.take_money, made.id)


@pytest.mark.requirement("R4.6")
async def test_what_goes_ahead_needs_trust_and_the_same_price_and_is_had_back_when_nothing_comes(db: Database) -> None:
    shop, order_id = await desk.order_a(db)
    _, made = await desk.asked(db, shop, order_id)
    with pytest.raises(exchanges.NotAhead):
        await do(db, SYSTEM, exchanges.ship_ahead, made.id)

    shop, order_id = await desk.trusting_shop(db)
    _, dearer = await desk.asked(db, shop, order_id, line_no=2, wanted="BOWL")
    with pytest.raises(exchanges.NotAhead):
        await do(db, SYSTEM, exchanges.ship_ahead, dearer.id)
    held, made = await desk.asked(db, shop, order_id)
    ahead = await do(db, SYSTEM, exchanges.ship_ahead, made.id)
    await given.settle(db)
    assert (ahead.state, ahead.ahead_at is not None) == (ExchangeState.REPLACED, True)
    await desk.arrives(db, shop, made)
    with pytest.raises(returns.StateForbids):
        await do(db, SYSTEM, returns.withdraw, held.id)
    assert await road.refused(db, shop, ApplyLine(1, order_id=order_id, line_no=1)) != []

    await money.pass_time(db, timedelta(days=9))
    await given.settle(db, with_deadlines=True)
    assert (await desk.now(db, made)).state is ExchangeState.OWED
    assert await desk.cases_of(db, order_id) == ["refund_recovery"]
    # What lapsed is still not the buyer's to return for money.
    assert await road.refused(db, shop, ApplyLine(1, order_id=order_id, line_no=1)) != []
    await road.received(db, held)
    await road.inspected(db, held, road.fine(1))
    await given.settle(db)
    assert (await desk.now(db, made)).state is ExchangeState.DONE


@pytest.mark.requirement("R7.2")
async def test_nothing_goes_ahead_to_somebody_who_needs_more_time(db: Database) -> None:
    shop, order_id = await desk.trusting_shop(db)
    _, made = await desk.asked(db, shop, order_id)
    await suspects.suspected(db, order_id, level=2)
    with pytest.raises(exchanges.NotAhead) as refusal:
        await do(db, SYSTEM, exchanges.ship_ahead, made.id)
    assert refusal.value.params["why"] == "it needs more time"
    # What was asked for is still kept for them.
    assert (await desk.now(db, made)).state is ExchangeState.RESERVED


@pytest.mark.requirement("R4.6")
async def test_what_went_ahead_is_over_when_the_goods_are_here(db: Database) -> None:
    shop, order_id = await desk.trusting_shop(db)
    held, made = await desk.asked(db, shop, order_id)
    await do(db, SYSTEM, exchanges.ship_ahead, made.id)
    await given.settle(db)
    await desk.arrives(db, shop, made)
    assert (await desk.now(db, made)).state is ExchangeState.REPLACED
    await desk.came_back(db, held)
    assert ((await desk.now(db, made)).state, (await road.now_is(db, held)).outcome) == (
        ExchangeState.DONE, Outcome.SETTLED,
    )  # fmt: skip


@pytest.mark.requirement("R4.6")
async def test_two_who_want_the_last_one_get_one_and_the_money(db: Database) -> None:
    shop, first = await desk.order_a(db)
    second = await given.delivered_order(db, shop, {"MUG": 1}, buyer="buyer-2")
    last = inventory.Count(shop.merchant_id, shop.warehouse_id, shop.products["BOWL"], 1)
    await do(db, SYSTEM, inventory.count, [last])

    async def ask(order_id: int, buyer: str) -> exchanges.Exchange:
        wanted = road.wish(shop, ApplyLine(1, "NO_REASON", order_id, 1), buyer=buyer, resolution=Resolution.EXCHANGE)
        _, (made,) = await do(db, SYSTEM, exchanges.ask, exchanges.Ask(wanted, {(order_id, 1): "BOWL"}))
        return made

    made = await asyncio.gather(ask(first, "buyer-1"), ask(second, "buyer-2"))
    assert {one.state for one in made} == {ExchangeState.RESERVED, ExchangeState.REFUNDED}
    assert await desk.free(db, shop, "BOWL") == [0]


@pytest.mark.requirement("R4.6", "R2.1")
async def test_one_unit_is_exchanged_or_returned_never_both(db: Database) -> None:
    shop, order_id = await desk.order_a(db)

    async def exchange() -> str:
        await desk.asked(db, shop, order_id)
        return "exchanged"

    async def give_back() -> str:
        await road.applied(db, shop, ApplyLine(1, order_id=order_id, line_no=1))
        return "returned"

    done = await asyncio.gather(exchange(), give_back(), return_exceptions=True)
    assert sorted(type(one).__name__ for one in done) == ["QuantityExceeded", "str"]


@pytest.mark.requirement("R4.6")
async def test_applications_that_make_no_sense_are_refused_whole(db: Database) -> None:
    shop, order_id = await desk.order_a(db)
    for wishes, code in (
        ({(order_id, 9): "BOWL"}, "exchange.wish_unknown"), ({(order_id, 1): "NONE"}, "product.unknown"),
        ({(order_id + 1, 1): "BOWL"}, "exchange.wish_unknown"),
    ):  # fmt: skip
        application = road.wish(shop, ApplyLine(1, "NO_REASON", order_id, 1), resolution=Resolution.EXCHANGE)
        with pytest.raises(Refusal) as no:
            await do(db, SYSTEM, exchanges.ask, exchanges.Ask(application, wishes))
        assert [one.code for one in no.value.problems] == [code]
    async with db.reading(SYSTEM) as tx:
        assert await returns.of_orders(tx, [order_id]) == []


@pytest.mark.requirement("R4.6")
async def test_a_fault_is_looked_at_and_a_plain_return_for_an_exchange_wants_the_same_again(db: Database) -> None:
    shop, order_id = await desk.order_a(db)
    await money.pass_time(db, timedelta(days=10))
    held = await road.applied(db, shop, ApplyLine(1, "QUALITY_DEFECT", order_id, 1), resolution=Resolution.EXCHANGE)
    assert (held.decision, "FAULT_CLAIMED" in held.review_reasons) == (Decision.REQUESTED, True)
    await do(db, SYSTEM, returns.approve, held.id)
    await given.settle(db)
    made = await desk.of_return(db, held)
    assert made.state is ExchangeState.RESERVED
    await desk.came_back(db, held)
    assert (await desk.order(db, made)).total == 179_99


@pytest.mark.requirement("R4.6")
async def test_a_merchant_is_owed_for_what_was_sent_and_not_for_what_came_back(db: Database) -> None:
    shop = await given.shop(db, stock=10, prices=desk.PRICES)
    await accounts.agree(db, shop)
    order_id = await given.delivered_order(db, shop, {"MUG": 1})
    await do(db, SYSTEM, orders.receive, order_id)
    held, made = await desk.asked(db, shop, order_id)
    await desk.came_back(db, held)
    await desk.arrives(db, shop, made)
    await do(db, SYSTEM, orders.receive, made.sent_order_id)
    await given.settle(db)
    async with db.reading(SYSTEM) as tx:
        rows = await tx.fetch(
            "SELECT kind, sum(amount)::int AS amount FROM settlement_lines GROUP BY kind ORDER BY kind"
        )
    booked = {row["kind"]: row["amount"] for row in rows}
    assert (booked["sale"], booked["refund"]) == (2 * 199_00, -199_00)


@pytest.mark.requirement("R4.6")
async def test_credit_that_paid_goes_back_into_its_purse_from_what_was_sent_instead(db: Database) -> None:
    shop = await given.shop(db, stock=10, prices=desk.PRICES)
    order_id = await given.placed_order(db, shop, {"MUG": 1})
    money_of_buyer = await purse.balance(db, order_id, 199_00)
    await purse.pay_with(db, order_id, tenders=(payments.CreditTender(),), method=None)
    await given.settle(db)
    await desk.delivered(db, shop, order_id)
    held, made = await desk.asked(db, shop, order_id)
    await desk.came_back(db, held)
    await desk.arrives(db, shop, made)
    held = await road.applied(db, shop, ApplyLine(1, order_id=made.sent_order_id, line_no=1))
    await desk.came_back(db, held)
    assert await desk.back(db, made.sent_order_id) == [("return", 199_00, "settled")]
    assert await purse.stands(db, money_of_buyer) == (199_00, 0)


@pytest.mark.requirement("R4.6")
async def test_whose_fault_it_is_bears_the_way_back(db: Database) -> None:
    shop, order_id = await desk.order_a(db)
    ours = await road.applied(db, shop, ApplyLine(1, "QUALITY_DEFECT", order_id, 1), resolution=Resolution.EXCHANGE)
    await do(db, SYSTEM, returns.approve, ours.id)
    await do(db, SYSTEM, returns.add_costs, {ours.id: (0, 12_00)})
    await desk.came_back(db, ours)
    # The postage goes back, and nothing of the goods does.
    assert [one[:2] for one in await desk.back(db, order_id)] == [("exchange", 179_99), ("return", 12_00)]

    theirs, made = await desk.asked(db, shop, order_id, line_no=3)
    await do(db, SYSTEM, returns.add_costs, {theirs.id: (8_00, 0)})
    await desk.came_back(db, theirs, road.fine(1, 3))
    made, sent = await desk.now(db, made), await desk.order(db, made)
    # Our label is paid with the new order, before anything is sent.
    assert (made.state, made.worth, sent.total, sent.freight) == (ExchangeState.DIFFERENCE, 36_09, 44_09, 8_00)


@pytest.mark.requirement("R4.6")
async def test_another_one_at_the_price_of_the_first_costs_nothing_more(db: Database) -> None:
    shop, order_id = await desk.order_a(db)
    held, made = await desk.asked(db, shop, order_id, wanted="VASE")
    await desk.came_back(db, held)
    assert ((await desk.now(db, made)).price, (await desk.order(db, made)).discount) == (179_99, 19_01)


@pytest.mark.requirement("R4.6")
async def test_a_policy_may_exchange_at_the_same_price_only(db: Database) -> None:
    shop, order_id = await desk.waiting_shop(db, price_difference="same_price_only")
    with pytest.raises(exchanges.VariantUnfit):
        await desk.asked(db, shop, order_id, wanted="BOWL")
    _, made = await desk.asked(db, shop, order_id, wanted="VASE")
    assert made.state is ExchangeState.RESERVED


@pytest.mark.requirement("R4.6")
async def test_facts_that_are_told_again_change_nothing(db: Database) -> None:
    shop, order_id = await desk.order_a(db)
    held, made = await desk.asked(db, shop, order_id, wanted="CUP")
    await desk.came_back(db, held)
    before = (await desk.now(db, made)).version
    for _ in range(2):
        await do(db, SYSTEM, exchanges.follow_returns, [held.id])
        await do(db, SYSTEM, exchanges.follow_orders, [made.sent_order_id, order_id])
    await given.settle(db)
    assert (await desk.now(db, made)).version == before
    assert len(await desk.back(db, order_id)) == 2


@pytest.mark.requirement("R4.6", "R2.3")
async def test_whoever_was_refused_and_appeals_still_wants_what_was_wanted(db: Database) -> None:
    shop, order_id = await desk.order_a(db)
    held, made = await desk.asked(db, shop, order_id, wanted="CUP", reason="QUALITY_DEFECT")
    await do(
        db, ANNA, returns.refuse, held.id, reason="EVIDENCE_INSUFFICIENT", rule="CN_QUALITY", alternatives=["repair"]
    )
    await given.settle(db)
    assert ((await desk.now(db, made)).state, await desk.free(db, shop, "CUP")) == (ExchangeState.ASKED, [10])
    await do(db, SYSTEM, returns.appeal, held.id)
    await do(db, BELA, returns.approve, held.id)
    await given.settle(db)
    assert ((await desk.now(db, made)).state, await desk.free(db, shop, "CUP")) == (ExchangeState.RESERVED, [9])


@pytest.mark.requirement("R4.6")
@pytest.mark.parametrize(("off", "paid"), [(40_00, 159_00), (250_00, 0)])
async def test_what_the_platform_gave_towards_goods_it_gives_towards_those_that_are_sent_for_them(
    db: Database, off: int, paid: int
) -> None:
    shop = await given.shop(db, stock=10, prices=desk.PRICES, price_guard_discount_percent=100)
    await accounts.agree(db, shop)
    await till.running(db, None, pricing.Amount(off), code="GIFT")
    order_id = await given.placed_order(db, shop, {"MUG": 1}, coupons=("GIFT",))
    if paid:
        await given.pay(db, order_id)
    await given.settle(db)
    await desk.delivered(db, shop, order_id)
    await do(db, SYSTEM, orders.receive, order_id)
    held, made = await desk.asked(db, shop, order_id)
    await desk.came_back(db, held)
    await desk.arrives(db, shop, made)
    await do(db, SYSTEM, orders.receive, made.sent_order_id)
    await given.settle(db)
    async with db.reading(SYSTEM) as tx:
        rows = await tx.fetch(
            "SELECT kind, sum(amount)::int AS amount FROM settlement_lines GROUP BY kind ORDER BY kind"
        )
    booked = {row["kind"]: row["amount"] for row in rows}
    back = booked.get("subsidy_back", 0) + booked.get("subsidy_returned", 0)
    assert (booked.get("sale", 0) + booked.get("refund", 0), booked["subsidy"] + back) == (paid, 199_00 - paid)
