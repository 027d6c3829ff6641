"""Money that was carried over from one order to another one came in once, so fees were taken of it once."""

from datetime import timedelta

import pytest
from tests import given
from tests.areas.exchanges import desk as goods
from tests.areas.payments import till as money
from tests.areas.returns import road
from tests.areas.settlements import desk

from dingdan.areas import orders, returns, settlements
from dingdan.areas.exchanges import ExchangeState
from dingdan.areas.returns import ApplyLine
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("issue 5: settlement")
ALL_BACK = tuple(settlements.FeeKind)


async def test_the_fees_of_a_payment_are_taken_once_and_of_the_difference_only(db: Database) -> None:
    shop = await given.shop(db, stock=10, prices=goods.PRICES)
    await desk.agree(db, shop, given_back=ALL_BACK)
    order_id = await desk.done(db, shop, {"MUG": 1})
    held, made = await goods.asked(db, shop, order_id, wanted="BOWL")
    await goods.came_back(db, held)
    await given.pay(db, made.sent_order_id)
    await goods.arrives(db, shop, made)
    await do(db, SYSTEM, orders.receive, made.sent_order_id)
    await given.settle(db)

    fees = [await desk.lines(db, one) for one in (order_id, made.sent_order_id)]

    # 0.6 % of 199.00, and of the 30.00 that the other one costs more.
    assert [[amount for _, detail, amount in some if detail == "payment"] for some in fees] == [[-1_19], [-18]]
    # So much an order: what is sent instead is none of its own.
    assert [[amount for _, detail, amount in some if detail == "fixed"] for some in fees] == [[-50], []]


@pytest.mark.parametrize("label", [8_00, 250_00])
async def test_what_is_withheld_of_an_order_that_never_leaves_is_its_merchants(db: Database, label: int) -> None:
    shop = await given.shop(db, stock=10, prices=goods.PRICES)
    await desk.agree(db, shop, given_back=ALL_BACK)
    order_id = await desk.done(db, shop, {"MUG": 1})
    held, made = await goods.asked(db, shop, order_id)
    await do(db, SYSTEM, returns.add_costs, {held.id: (label, 0)})
    await goods.came_back(db, held)
    # Nobody pays our label with the new order: it is withheld of what goes back.
    await money.pass_time(db, timedelta(hours=73))
    await given.settle(db, with_deadlines=True)
    assert (await goods.now(db, made)).state is ExchangeState.REFUNDED

    kept = min(label, 199_00)
    assert sum(amount for _, amount, _ in await goods.back(db, made.sent_order_id)) == 199_00 - kept
    both = [one for i in (order_id, made.sent_order_id) for one in await desk.lines(db, i)]
    assert sum(amount for kind, _, amount in both if kind in ("sale", "refund")) == kept
    assert [one for one in await desk.lines(db, made.sent_order_id) if one[0] in ("fee", "fee_back")] == []


@pytest.mark.requirement("R4.9")
@pytest.mark.parametrize("wanted", ["BOWL", "CUP"])
async def test_the_fees_of_carried_money_go_back_once_when_what_was_sent_for_the_goods_comes_back(
    db: Database, wanted: str
) -> None:
    shop = await given.shop(db, stock=10, prices=goods.PRICES)
    await desk.agree(db, shop, given_back=ALL_BACK)
    order_id = await desk.done(db, shop, {"MUG": 1})
    held, made = await goods.asked(db, shop, order_id, wanted=wanted)
    await goods.came_back(db, held)
    if wanted == "BOWL":
        await given.pay(db, made.sent_order_id)
    await goods.arrives(db, shop, made)
    await do(db, SYSTEM, orders.receive, made.sent_order_id)
    await goods.came_back(db, await road.applied(db, shop, ApplyLine(1, order_id=made.sent_order_id, line_no=1)))
    for _ in range(2):
        await do(db, SYSTEM, settlements.follow, [made.sent_order_id])

    both = [one for i in (order_id, made.sent_order_id) for one in await desk.lines(db, i)]
    for fee in settlements.FeeKind:
        assert sum(amount for _, detail, amount in both if detail == fee) == 0
    # Each order gives back what was taken for it.
    fees = [(kind, amount) for kind, detail, amount in await desk.lines(db, order_id) if detail == "payment"]
    assert fees == ([("fee", -1_19), ("fee_back", 1_19)] if wanted == "BOWL" else
                    [("fee", -1_19), ("fee_back", 30), ("fee_back", 89)])  # fmt: skip
    assert sum(amount for _, _, amount in both) == 0


async def test_the_fees_of_money_that_goes_back_from_an_order_that_never_left_go_back(db: Database) -> None:
    shop = await given.shop(db, stock=10, prices=goods.PRICES)
    await desk.agree(db, shop, given_back=ALL_BACK)
    order_id = await desk.done(db, shop, {"MUG": 1})
    held, made = await goods.asked(db, shop, order_id)
    await goods.came_back(db, held)
    await do(db, SYSTEM, orders.cancel, made.sent_order_id, reason="changed_mind")
    await given.settle(db)

    both = [one for i in (order_id, made.sent_order_id) for one in await desk.lines(db, i)]
    assert sum(amount for kind, _, amount in both if kind in ("fee", "fee_back")) == 0
    assert sum(amount for _, _, amount in both) == 0


@pytest.mark.requirement("R4.9")
async def test_the_fees_of_carried_money_go_back_where_it_went_back_before_the_first_order_was_done(
    db: Database,
) -> None:
    shop = await given.shop(db, stock=10, prices=goods.PRICES)
    await desk.agree(db, shop, given_back=ALL_BACK)
    order_id = await given.delivered_order(db, shop, {"MUG": 1, "TEE": 1})
    held, made = await goods.asked(db, shop, order_id)
    await goods.came_back(db, held)
    await do(db, SYSTEM, orders.cancel, made.sent_order_id, reason="changed_mind")
    await given.settle(db)
    assert await desk.lines(db, order_id) == []
    await do(db, SYSTEM, orders.receive, order_id)
    await given.settle(db)
    for _ in range(2):
        await do(db, SYSTEM, settlements.follow, [made.sent_order_id])

    both = [one for i in (order_id, made.sent_order_id) for one in await desk.lines(db, i)]
    # 0.6 % of 288.90, and of it what was paid for the mug goes back.
    assert [(kind, amount) for kind, detail, amount in both if detail == "payment"] == [
        ("fee", -1_73),
        ("fee_back", 1_19),
    ]
