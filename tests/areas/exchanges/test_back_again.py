"""What was sent for goods comes back itself: what the price of the rest hung on is settled as if nothing had been exchanged."""

import asyncio

import pytest
from tests import given
from tests.areas.exchanges import desk
from tests.areas.exchanges.test_unsent import LAW, REPRICES, had
from tests.areas.pricing import till
from tests.areas.returns import bench, road

from dingdan.areas import orders, policies, pricing, returns
from dingdan.areas.exchanges import Exchange, ExchangeState
from dingdan.areas.returns import ApplyLine, Inspect
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("R4.6", "A6", "issue 5: partitions")


async def shop_of(db: Database) -> tuple[given.Shop, int]:
    """280.00 and 30.00 with 200.00 off from 300.00 on and free carriage from 99.00 on, in the buyer's hands: W07 and W20."""
    shop = await bench.shop(db, parts={"no_reason": REPRICES}, stock=10, freight=12_00, free_freight_from=99_00,
                            prices={"A": 280_00, "B": 30_00, "UP": 320_00, "DOWN": 90_00},
                            settings={"price_guard_discount_percent": 100})  # fmt: skip
    await till.running(db, shop, pricing.Tiers((pricing.Tier(300_00, 200_00),)))
    return shop, await given.delivered_order(db, shop, {"A": 1, "B": 1})


async def exchanged(db: Database, shop: given.Shop, order_id: int, line_no: int, wanted: str | None = None) -> Exchange:
    """One unit was exchanged, what was sent for it is there."""
    held, made = await desk.asked(db, shop, order_id, line_no=line_no, wanted=wanted)
    await desk.came_back(db, held, road.fine(1, line_no))
    if (await desk.now(db, made)).state is ExchangeState.DIFFERENCE:
        await given.pay(db, made.sent_order_id)
    await desk.arrives(db, shop, made)
    assert (await desk.now(db, made)).state is ExchangeState.DONE
    return made


async def returned(db: Database, shop: given.Shop, order_id: int, line_no: int) -> None:
    """One unit came back for its money."""
    held = await road.applied(db, shop, ApplyLine(1, order_id=order_id, line_no=line_no))
    await desk.came_back(db, held, road.fine(1, line_no))


async def test_what_came_off_the_first_returns_comes_on_with_what_was_sent_for_the_last_one(db: Database) -> None:
    shop, order_id = await shop_of(db)
    await returned(db, shop, order_id, 2)
    assert await had(db, order_id) == 0
    made = await exchanged(db, shop, order_id, 1)
    await returned(db, shop, made.sent_order_id, 1)
    assert await had(db, order_id, made.sent_order_id) == 110_00
    assert [one[:2] for one in await desk.back(db, order_id)] == [
        ("return", 0),
        ("exchange", 99_35),
        ("withheld", 10_65),
    ]


async def test_the_rest_of_an_order_still_hangs_on_what_was_sent_for_the_other_goods(db: Database) -> None:
    shop, order_id = await shop_of(db)
    made = await exchanged(db, shop, order_id, 1)
    again = await exchanged(db, shop, made.sent_order_id, 1)
    assert (await desk.order(db, again)).first_order_id == order_id
    await returned(db, shop, order_id, 2)
    assert await had(db, order_id, made.sent_order_id) == 0
    await returned(db, shop, again.sent_order_id, 1)
    assert await had(db, order_id, made.sent_order_id, again.sent_order_id) == 110_00


@pytest.mark.parametrize(("wanted", "more"), [("UP", 320_00 - 99_35), ("DOWN", 90_00 - 99_35)])
async def test_an_exchange_up_or_down_changes_nothing_of_what_the_rest_hangs_on(
    db: Database, wanted: str, more: int
) -> None:
    shop, order_id = await shop_of(db)
    made = await exchanged(db, shop, order_id, 1, wanted)
    await returned(db, shop, made.sent_order_id, 1)
    # 30.00 that are kept earn no discount and no free carriage: of 110.00 stay 42.00.
    assert await had(db, order_id, made.sent_order_id) - max(0, more) == 110_00 - 42_00
    await returned(db, shop, order_id, 2)
    assert await had(db, order_id, made.sent_order_id) - max(0, more) == 110_00


async def test_what_was_sent_never_leaves_while_the_rest_is_back(db: Database) -> None:
    shop, order_id = await shop_of(db)
    made = await exchanged(db, shop, order_id, 1)
    held, again = await desk.asked(db, shop, made.sent_order_id)
    await desk.came_back(db, held)
    await returned(db, shop, order_id, 2)
    assert await had(db, order_id, made.sent_order_id) == 0
    await do(db, SYSTEM, orders.cancel, again.sent_order_id, reason="changed_mind")
    await given.settle(db)
    assert await had(db, order_id, made.sent_order_id, again.sent_order_id) == 110_00


async def test_both_are_looked_at_in_the_same_moment_and_the_sum_is_the_same(db: Database) -> None:
    shop, order_id = await shop_of(db)
    made = await exchanged(db, shop, order_id, 1)
    both = [
        (await road.applied(db, shop, ApplyLine(1, order_id=i, line_no=no)), no)
        for i, no in ((order_id, 2), (made.sent_order_id, 1))
    ]
    for held, _ in both:
        await road.sent(db, held, f"BACK-{held.id}")
        await road.received(db, held)
    await asyncio.gather(
        *(do(db, SYSTEM, returns.inspect, [Inspect(held.id, (road.fine(1, no),))]) for held, no in both)
    )
    await given.settle(db)
    assert await had(db, order_id, made.sent_order_id) == 110_00


async def test_both_are_looked_at_by_one_command_and_the_sum_is_the_same(db: Database) -> None:
    shop, order_id = await shop_of(db)
    made = await exchanged(db, shop, order_id, 1)
    looked = []
    for i, no in ((order_id, 2), (made.sent_order_id, 1)):
        held = await road.applied(db, shop, ApplyLine(1, order_id=i, line_no=no))
        await road.sent(db, held, f"BACK-{held.id}")
        await road.received(db, held)
        looked.append(Inspect(held.id, (road.fine(1, no),)))
    await do(db, SYSTEM, returns.inspect, looked)
    await given.settle(db)
    assert await had(db, order_id, made.sent_order_id) == 110_00


@pytest.mark.requirement("A7", "W18")
async def test_by_our_fault_the_freight_out_of_the_first_order_goes_back_with_what_was_sent_for_its_goods(
    db: Database,
) -> None:
    shop, order_id = await desk.order_a(db)
    sent = [order_id]
    for line_no, units in ((1, 1), (2, 1)):
        held, made = await desk.asked(db, shop, order_id, line_no=line_no, quantity=units)
        await desk.came_back(db, held, road.fine(units, line_no))
        await desk.arrives(db, shop, made)
        sent.append(made.sent_order_id)
    back = [
        (sent[2], 2, 1, 81_31 + 2_15),
        (sent[1], 1, 1, 184_74),
        (order_id, 2, 1, 81_31 + 2_15),
        (order_id, 3, 1, 37_04),
    ]
    for i, line_no, units, worth in back:
        before = await had(db, *sent)
        held = await road.applied(db, shop, ApplyLine(units, "QUALITY_DEFECT", i, line_no))
        await do(db, SYSTEM, returns.approve, held.id)
        await given.settle(db)
        await desk.came_back(db, held, road.fine(units, line_no))
        assert await had(db, *sent) - before == worth
    assert await had(db, *sent) == 388_70


@pytest.mark.requirement("W29", "A7")
async def test_postage_is_never_paid_out_of_the_money_of_another_order(db: Database) -> None:
    shop, order_id = await desk.order_a(db)
    made = await exchanged(db, shop, order_id, 1)
    held = await road.applied(db, shop, ApplyLine(1, "QUALITY_DEFECT", made.sent_order_id, 1))
    await do(db, SYSTEM, returns.approve, held.id)
    await do(db, SYSTEM, returns.add_costs, {held.id: (0, 12_00)})
    await desk.came_back(db, held)
    # What was sent has brought all that it cost; the rest of the first order is for its own goods.
    assert await had(db, order_id, made.sent_order_id) == 184_74
    assert (await road.now_is(db, held)).postage_owed == 12_00
    for line_no, units in ((2, 2), (3, 1)):
        one = await road.applied(db, shop, ApplyLine(units, "QUALITY_DEFECT", order_id, line_no))
        await do(db, SYSTEM, returns.approve, one.id)
        await given.settle(db)
        await desk.came_back(db, one, road.fine(units, line_no))
    assert await had(db, order_id, made.sent_order_id) == 388_70


async def trusting(db: Database, terms: policies.NoReason) -> tuple[given.Shop, int]:
    """The same with 12.00 for carriage, at a shop that trusts everybody up to 200.00."""
    trust = policies.EarlyRefund(most=200_00, completed_orders=0)
    shop = await bench.shop(db, parts={"early_refund": trust, "no_reason": terms}, stock=10, freight=12_00,
                            prices={"A": 280_00, "B": 30_00}, settings={"price_guard_discount_percent": 100})  # fmt: skip
    await till.running(db, shop, pricing.Tiers((pricing.Tier(300_00, 200_00),)))
    return shop, await given.delivered_order(db, shop, {"A": 1, "B": 1})


async def early(db: Database, shop: given.Shop, order_id: int) -> tuple[Exchange, returns.Return]:
    """What was sent for the first goods is on its way back, and paid already."""
    made = await exchanged(db, shop, order_id, 1)
    held = await road.applied(db, shop, ApplyLine(1, order_id=made.sent_order_id, line_no=1))
    await road.sent(db, held, "EARLY")
    await given.settle(db)
    assert (await road.now_is(db, held)).paid_early_at is not None
    return made, held


@pytest.mark.requirement("R3.13", "W33")
@pytest.mark.parametrize("how", ["worn", "lost"])
async def test_what_went_early_out_of_both_orders_is_had_back_whole(db: Database, how: str) -> None:
    shop, order_id = await trusting(db, REPRICES)
    await returned(db, shop, order_id, 2)
    made, held = await early(db, shop, order_id)
    assert await had(db, order_id, made.sent_order_id) == 110_00
    assert await desk.told(db, held, "return.paid_early") == [110_00]
    if how == "lost":
        await do(db, SYSTEM, returns.lose, {held.id: False}, rule="R3.9")
    else:
        await road.received(db, held)
        await road.inspected(db, held, road.fine(1, intact=False, disposition="quarantine"))
    await given.settle(db)
    assert await desk.told(db, held, "return.recovery_due") == [110_00]


@pytest.mark.requirement("R3.13", "A7", "W18")
@pytest.mark.parametrize(("terms", "rest_first", "goods"), [
    (REPRICES, False, 99_35), (REPRICES, True, 110_00), (LAW.no_reason, False, 99_35),
])  # fmt: skip
async def test_the_freight_of_the_first_order_is_made_up_where_the_rest_of_the_money_went_early(
    db: Database, terms: policies.NoReason, rest_first: bool, goods: int
) -> None:
    shop, order_id = await trusting(db, terms)
    if rest_first:
        await returned(db, shop, order_id, 2)
    made, held = await early(db, shop, order_id)
    await road.received(db, held)
    # A defect: of the freight, which was paid with the first order, 12.00 by 280.00 of 310.00 is the seller's.
    await road.inspected(db, held, road.fine(1, fault="seller"))
    await given.settle(db)
    assert await had(db, order_id, made.sent_order_id) == goods + 10_84


@pytest.mark.requirement("A7", "W11", "W18")
async def test_the_freight_of_the_first_order_goes_back_once_with_two_returns_that_are_looked_at_together(
    db: Database,
) -> None:
    shop = await given.shop(db, stock=10, freight=10_01)
    order_id = await given.delivered_order(db, shop, {"MUG": 2})
    held, made = await desk.asked(db, shop, order_id, quantity=2)
    await desk.came_back(db, held, road.fine(2))
    await desk.arrives(db, shop, made)
    looked = []
    for _ in range(2):
        held = await road.applied(db, shop, ApplyLine(1, "QUALITY_DEFECT", made.sent_order_id, 1))
        await do(db, SYSTEM, returns.approve, held.id)
        await road.sent(db, held, f"BACK-{held.id}")
        await road.received(db, held)
        looked.append(Inspect(held.id, (road.fine(1),)))
    await do(db, SYSTEM, returns.inspect, looked)
    await given.settle(db)
    assert await had(db, order_id, made.sent_order_id) == 2 * 199_00 + 10_01


async def test_the_freight_out_is_carried_over_with_no_goods_where_the_rest_brought_more_than_its_share(
    db: Database,
) -> None:
    """Two fen off whatever is bought: the first unit brings a fen more than its share, so the last one brings a fen less."""
    shop = await bench.shop(db, parts={"no_reason": REPRICES}, stock=10, freight=1, free_freight_from=323_97,
                            prices={"A": 1, "B": 107_99}, settings={"price_guard_discount_percent": 100})  # fmt: skip
    await till.running(db, shop, pricing.Tiers((pricing.Tier(1, 2),)))
    order_id = await given.delivered_order(db, shop, {"A": 1, "B": 3})
    for line_no in (1, 2, 2):
        await returned(db, shop, order_id, line_no)
    assert await had(db, order_id) == 215_99
    made = await exchanged(db, shop, order_id, 2)
    assert (await desk.now(db, made)).worth == 107_97
    await returned(db, shop, made.sent_order_id, 2)
    assert await had(db, order_id, made.sent_order_id) == 323_96
