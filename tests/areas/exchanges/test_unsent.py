"""What was to be sent for goods never leaves: the buyer has what a refund of the goods would have brought, by every path."""

import random
from datetime import timedelta
from itertools import product

import pytest
from msgspec.structs import replace
from tests import given
from tests.areas.exchanges import desk
from tests.areas.payments import till as money
from tests.areas.pricing import till
from tests.areas.returns import bench, road

from dingdan.areas import exchanges, inspection, inventory, orders, policies, pricing, returns
from dingdan.areas.exchanges import ExchangeState
from dingdan.areas.returns import ApplyLine
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("R4.6")
(LAW,) = (one for one in policies.packs() if one.id == "cn_statutory")
REPRICES = replace(LAW.no_reason, partial_discount=replace(LAW.no_reason.partial_discount, default="reprice"))
EU = next(one for one in policies.packs() if one.id == "eu_crd")
COUNTS_USE = {"deductions": EU.deductions, "rules": LAW.rules | EU.rules, "sources": (*LAW.sources, *EU.sources),
              "jurisdiction": "other"}  # fmt: skip
PEN = inspection.Missing("gift", "pen", 29_90)


async def had(db: Database, *order_ids: int) -> int:
    """All that the buyer was sent of these orders."""
    found = [one for i in order_ids for one in await desk.back(db, i)]
    return sum(amount for cause, amount, _ in found if cause != "exchange")


async def never_leaves(db: Database, made: exchanges.Exchange) -> None:
    """The order that was to go out is cancelled."""
    await do(db, SYSTEM, orders.cancel, made.sent_order_id, reason="changed_mind")
    await given.settle(db)
    assert (await desk.now(db, made)).state is ExchangeState.REFUNDED


async def exchanged(db: Database, shop: given.Shop, order_id: int, line_no: int, **found: object) -> exchanges.Exchange:
    """One unit was exchanged for the same again, which never leaves."""
    held, made = await desk.asked(db, shop, order_id, line_no=line_no)
    await desk.came_back(db, held, road.fine(1, line_no, **found))
    await never_leaves(db, made)
    return made


@pytest.mark.requirement("R3.6", "R3.7")
@pytest.mark.parametrize("how", ["unsent", "unpaid", "sold_out"])
async def test_gifts_and_use_are_taken_off_as_from_a_refund(db: Database, how: str) -> None:
    waits = {"exchange": replace(LAW.exchange, out_of_stock="wait")} if how == "sold_out" else {}
    shop = await bench.shop(db, parts=COUNTS_USE | waits, stock=10, prices=desk.PRICES)
    order_id = await given.delivered_order(db, shop, {"MUG": 1, "TEE": 1})
    worn = road.fine(1, intact=False, grade="C", disposition="quarantine", lost=60_00, missing=(PEN,))
    if how == "sold_out":
        none = inventory.Count(shop.merchant_id, shop.warehouse_id, shop.products["BOWL"], 0)
        await do(db, SYSTEM, inventory.count, [none])
    held, made = await desk.asked(db, shop, order_id, wanted="MUG" if how == "unsent" else "BOWL")
    await desk.came_back(db, held, worn)
    if how == "unpaid":
        await money.pass_time(db, timedelta(hours=73))
        await given.settle(db, with_deadlines=True)
    elif how == "unsent":
        await never_leaves(db, made)

    assert (await desk.now(db, made)).state is ExchangeState.REFUNDED
    assert await had(db, order_id, made.sent_order_id) == 199_00 - 60_00 - 29_90
    assert (await road.now_is(db, held)).gifts == 29_90


async def test_what_is_owed_on_top_of_money_that_went_back_already_goes_back_too(db: Database) -> None:
    shop, order_id = await desk.order_a(db)
    held, made = await desk.asked(db, shop, order_id, reason="QUALITY_DEFECT", wanted="CUP")
    await do(db, SYSTEM, returns.approve, held.id)
    await desk.came_back(db, held)
    # The difference of 30.99 is asked for; the freight out is not, since something goes out for these goods.
    assert [one[:2] for one in await desk.back(db, order_id)] == [("exchange", 149_00), ("return", 30_99)]
    await never_leaves(db, made)
    for _ in range(2):
        await do(db, SYSTEM, exchanges.follow_orders, [made.sent_order_id])
        await given.settle(db)

    assert await desk.back(db, made.sent_order_id) == [("cancellation", 149_00, "settled")]
    assert [one[:2] for one in await desk.back(db, order_id)] == [
        ("exchange", 149_00), ("return", 30_99), ("unsent", 4_75),
    ]  # fmt: skip


async def test_what_the_carried_money_does_not_reach_for_is_had_back_by_a_person(db: Database) -> None:
    shop = await given.shop(db, stock=10, prices=desk.PRICES | {"PIN": 9_90})
    order_id = await given.delivered_order(db, shop, {"MUG": 1})
    held, made = await desk.asked(db, shop, order_id, wanted="PIN")
    await desk.came_back(db, held, road.fine(1, missing=(PEN,)))
    await never_leaves(db, made)

    # 189.10 went back when the pin was to be sent, and a refund would have brought 169.10.
    assert await had(db, order_id, made.sent_order_id) == 189_10
    assert await desk.told(db, held, "return.recovery_due") == [20_00]
    assert await desk.cases_of(db, order_id) == ["refund_recovery"]


@pytest.mark.requirement("A6", "W07", "W20")
@pytest.mark.parametrize(
    "path", [(order, how) for order in ((1, 2), (2, 1)) for how in product(("back", "swap"), repeat=2)]
)
async def test_by_every_path_of_returns_and_exchanges_an_order_sums_to_what_was_paid(
    db: Database, path: tuple[tuple[int, int], tuple[str, str]]
) -> None:
    shop = await bench.shop(db, parts={"no_reason": REPRICES}, stock=10, prices={"A": 280_00, "B": 30_00}, freight=12_00,
                            free_freight_from=99_00, settings={"price_guard_discount_percent": 100})  # fmt: skip
    await till.running(db, shop, pricing.Tiers((pricing.Tier(300_00, 200_00),)))
    order_id = await given.delivered_order(db, shop, {"A": 1, "B": 1})
    sent, sums = [order_id], []
    for line_no, how in zip(*path, strict=True):
        if how == "swap":
            sent.append((await exchanged(db, shop, order_id, line_no)).sent_order_id)
        else:
            held = await road.applied(db, shop, ApplyLine(1, order_id=order_id, line_no=line_no))
            await desk.came_back(db, held, road.fine(1, line_no))
        sums.append(await had(db, *sent))

    # 30.00 that are kept earn no discount and no free carriage: 110.00 less 30.00 and 12.00. 280.00 earn no discount.
    assert sums == ([68_00, 110_00] if path[0] == (1, 2) else [0, 110_00])


@pytest.mark.requirement("A6", "issue 5: partitions")
@pytest.mark.parametrize("seed", range(2))
async def test_unit_by_unit_in_any_order_returned_or_exchanged_in_vain_order_a_sums_to_what_was_paid(
    db: Database, seed: int
) -> None:
    path = random.Random(seed)
    shop = await bench.shop(db, parts={"no_reason": REPRICES}, stock=10, prices=desk.PRICES)
    await till.running(db, shop, pricing.Tiers((pricing.Tier(300_00, 40_00),)))
    order_id = await given.delivered_order(db, shop, desk.A)
    sent, lines = [order_id], path.sample([1, 2, 2, 3], 4)
    for line_no in lines:
        if path.random() < 0.6:
            sent.append((await exchanged(db, shop, order_id, line_no)).sent_order_id)
        else:
            held = await road.applied(db, shop, ApplyLine(1, order_id=order_id, line_no=line_no))
            await desk.came_back(db, held, road.fine(1, line_no))

    assert len(sent) > 1
    assert await had(db, *sent) == 378_70


@pytest.mark.requirement("R4.6", "R4.7")
@pytest.mark.parametrize("how", ["sold_out", "unpaid"])
async def test_a_right_to_another_one_only_is_the_price_where_none_is_sent(db: Database, how: str) -> None:
    """Decision 43: whoever has the goods and sends nothing for them owes their price, whatever the window for money was."""
    shop = await bench.shop(
        db, parts=COUNTS_USE | {"quality": replace(LAW.quality, late_days=7)}, stock=10, prices=desk.PRICES
    )
    order_id = await given.delivered_order(db, shop, {"MUG": 1})
    await money.pass_time(db, timedelta(days=600))
    assert await road.refused(db, shop, ApplyLine(1, "FUNCTION_FAULT", order_id, 1)) != []
    if how == "sold_out":
        none = inventory.Count(shop.merchant_id, shop.warehouse_id, shop.products["BOWL"], 0)
        await do(db, SYSTEM, inventory.count, [none])
    held, made = await desk.asked(db, shop, order_id, reason="FUNCTION_FAULT", wanted="BOWL")
    assert "FAULT_CLAIMED" in held.review_reasons
    await do(db, SYSTEM, returns.approve, held.id)
    await given.settle(db)
    await desk.came_back(db, held)
    if how == "unpaid":
        await money.pass_time(db, timedelta(hours=73))
        await given.settle(db, with_deadlines=True)
    assert (await desk.now(db, made)).state is ExchangeState.REFUNDED
    # Somebody signs for it: a fault was claimed.
    found = [one for i in (order_id, made.sent_order_id) for one in await desk.back(db, i)]
    assert [amount for cause, amount, _ in found if cause != "exchange"] == [199_00]
