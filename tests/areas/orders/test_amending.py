"""Units cancelled before dispatch: what they cost goes back exactly, in whatever order things are answered."""

import asyncio
from typing import Any

import pytest
from tests import given
from tests.areas.fulfilment.test_several_warehouses import bundle, wide_shop, works
from tests.areas.payments import till as money
from tests.areas.placement.test_taking import available, points
from tests.areas.pricing import till

from dingdan.areas import fulfilment, inventory, notifications, orders, pricing, refunds, returns
from dingdan.areas.fulfilment import PackedLine, WorkState
from dingdan.areas.notifications import Occasion
from dingdan.areas.refunds import Cause
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusals
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

A = {"MUG": 1, "TEE": 2, "SOCK": 1}


@pytest.fixture
def may_break() -> frozenset[str]:
    return frozenset()


async def order_a(db: Database, **settings: Any) -> tuple[given.Shop, int]:
    """Order A of docs/money.md: 418.70 of goods, 40.00 off 300.00, freight 10.00, paid with 388.70."""
    shop = await given.shop(db, stock=10, freight=10_00, **settings)
    await till.running(db, shop, pricing.Tiers((pricing.Tier(30000, 4000),)))
    return shop, await given.paid_order(db, shop, A)


async def cancel(db: Database, order_id: int, units: dict[int, int]) -> orders.Cancellation:
    return await do(db, SYSTEM, orders.cancel_lines, order_id, units, reason="buyer_request")


async def cancelled_units(db: Database, order_id: int) -> list[int]:
    async with db.reading(SYSTEM) as tx:
        return [line.cancelled for line in (await orders.lines(tx, [order_id]))[order_id]]


async def back(db: Database, order_id: int) -> list[tuple[Cause, int, str]]:
    """Every refund of an order: why, how much, and where it stands."""
    async with db.reading(SYSTEM) as tx:
        return [(one.cause, one.amount, str(one.state)) for one in (await refunds.of_orders(tx, [order_id]))[order_id]]


async def free(db: Database, shop: given.Shop, *skus: str) -> list[int]:
    async with db.reading(SYSTEM) as tx:
        levels = {one.product_id: one.available for one in await inventory.stock_levels(tx, shop.merchant_id)}
    return [levels[shop.products[sku]] for sku in skus]


@pytest.mark.requirement("W22", "A7")
async def test_lines_cancelled_one_by_one_bring_their_nets_and_the_freight_with_the_last(db: Database) -> None:
    shop, order_id = await order_a(db)
    for units in ({1: 1}, {2: 2}, {3: 1}):
        await cancel(db, order_id, units)
        await given.settle(db)
    order = await money.order_of(db, order_id)

    assert await back(db, order_id) == [
        (Cause.AMENDMENT, 179_99, "settled"), (Cause.AMENDMENT, 162_62, "settled"), (Cause.CANCELLATION, 46_09, "settled"),
    ]  # fmt: skip
    assert (order.state, order.total, order.refunded) == ("cancelled", 388_70, 388_70)
    assert await free(db, shop, "MUG", "TEE", "SOCK") == [10, 10, 10]
    assert await money.balances(db) == {}


@pytest.mark.requirement("A3", "A5")
async def test_units_of_one_line_sum_to_the_line(db: Database) -> None:
    _, order_id = await order_a(db)
    for _ in range(2):
        await cancel(db, order_id, {2: 1})
        await given.settle(db)

    assert [amount for _, amount, _ in await back(db, order_id)] == [81_31, 81_31]
    assert await cancelled_units(db, order_id) == [0, 2, 0]


@pytest.mark.requirement("A5")
async def test_reactions_that_run_late_owe_the_same(db: Database) -> None:
    _, order_id = await order_a(db)
    await cancel(db, order_id, {1: 1})
    await cancel(db, order_id, {2: 1})
    await do(db, SYSTEM, orders.cancel, order_id, reason="all_of_it")
    await do(db, SYSTEM, refunds.refund_cancelled, [order_id])
    await given.settle(db)

    assert await back(db, order_id) == [(Cause.CANCELLATION, 388_70, "settled")]


async def test_the_same_amendment_answered_twice_pays_once(db: Database) -> None:
    _, order_id = await order_a(db)
    await cancel(db, order_id, {1: 1, 2: 1})
    async with db.reading(SYSTEM) as tx:
        amendment_id = await tx.fetchval("SELECT id FROM amendments WHERE order_id = $1", order_id)
    for _ in range(2):
        await do(db, SYSTEM, refunds.refund_amended, {amendment_id: order_id})
        await given.settle(db)

    assert await back(db, order_id) == [(Cause.AMENDMENT, 179_99 + 81_31, "settled")]


@pytest.mark.requirement("issue 2: races")
async def test_two_who_cancel_the_same_unit_cancel_it_once(db: Database) -> None:
    _, order_id = await order_a(db)
    found = await asyncio.gather(*(cancel(db, order_id, {1: 1}) for _ in range(4)), return_exceptions=True)
    await given.settle(db)

    assert [isinstance(one, orders.Cancellation) for one in found].count(True) == 1
    assert sum(isinstance(one, orders.UnitsUnfit) for one in found) == 3
    assert [amount for _, amount, _ in await back(db, order_id)] == [179_99]


@pytest.mark.requirement("issue 2: races")
async def test_whole_and_part_at_once_give_back_all_that_was_paid_and_no_more(db: Database) -> None:
    shop = await given.shop(db, stock=100, freight=10_00)
    for n in range(5):
        order_id = await given.paid_order(db, shop, A, buyer=f"b{n}")
        await asyncio.gather(
            cancel(db, order_id, {2: 1}), do(db, SYSTEM, orders.cancel, order_id, reason="race"), return_exceptions=True
        )
        await given.settle(db)
        order = await money.order_of(db, order_id)
        assert (order.state, order.refunded) == ("cancelled", order.total)
    assert await free(db, shop, "MUG", "TEE", "SOCK") == [100, 100, 100]


@pytest.mark.requirement("issue 2: races")
async def test_a_part_that_meets_a_claim_is_refused_or_not_picked(db: Database) -> None:
    shop = await given.shop(db, stock=100)
    for n in range(6):
        order_id = await given.paid_order(db, shop, {"TEE": 2}, buyer=f"b{n}")
        claim = do(db, SYSTEM, fulfilment.claim, shop.warehouse_id, limit=1, claimed_by=1, order_ids=[order_id])
        cancelled, works_ = await asyncio.gather(cancel(db, order_id, {1: 1}), claim, return_exceptions=True)
        assert isinstance(cancelled, (orders.Cancellation, orders.AlreadyDispatched))
        assert isinstance(works_, list)
        async with db.reading(SYSTEM) as tx:
            held = (await inventory.parts_of(tx, [order_id]))[order_id]
        assert sum(part.quantity for part in held) == (1 if isinstance(cancelled, orders.Cancellation) else 2)
        scanned = [PackedLine(1, sum(part.quantity for part in held))]
        await do(db, SYSTEM, fulfilment.pack_many, [fulfilment.Pack(work.id, tuple(scanned)) for work in works_])


async def test_what_is_left_is_packed_shipped_and_returned(db: Database) -> None:
    shop, order_id = await order_a(db)
    await cancel(db, order_id, {1: 1, 2: 1})
    await given.settle(db)
    await given.ship(db, shop, order_id)
    async with db.reading(SYSTEM) as tx:
        assert await fulfilment.shipped_units(tx, [order_id]) == {(order_id, 2): 1, (order_id, 3): 1}
    wanted = returns.ApplyLine(order_id=order_id, line_no=2, quantity=2)
    with pytest.raises(returns.QuantityExceeded):
        await do(db, SYSTEM, returns.apply, returns.Apply(shop.merchant_id, "buyer-1", (wanted,)))
    assert await free(db, shop, "MUG", "TEE", "SOCK") == [10, 9, 9]


async def test_of_a_bundle_all_that_lies_in_it_is_free_again(db: Database) -> None:
    shop = await bundle(db, await given.shop(db, stock=10))
    order_id = await given.paid_order(db, shop, {"GIFT": 3, "MUG": 1})
    await cancel(db, order_id, {1: 2})
    await given.settle(db)
    assert await free(db, shop, "MUG", "SOCK") == [8, 8]
    (work,) = await do(db, SYSTEM, fulfilment.claim, shop.warehouse_id, limit=1, claimed_by=7, order_ids=[order_id])
    await do(db, SYSTEM, fulfilment.pack, work.id, [PackedLine(None, 1, "GIFT"), PackedLine(None, 1, "MUG")])


async def test_a_warehouse_that_gives_nothing_any_more_has_no_work(db: Database) -> None:
    wide = await wide_shop(db)
    order_id = await given.paid_order(db, wide.shop, {"MUG": 5})
    await cancel(db, order_id, {1: 2})
    await given.settle(db)
    assert sorted((await works(db, order_id)).values()) == [WorkState.QUEUED, WorkState.WITHDRAWN]
    await do(db, SYSTEM, orders.hold, order_id, reason="look")
    await given.settle(db)
    await do(db, SYSTEM, orders.release, order_id)
    await given.settle(db)
    assert sorted((await works(db, order_id)).values()) == [WorkState.QUEUED, WorkState.WITHDRAWN]


async def test_a_picker_who_is_faster_than_the_news_gets_no_empty_box(db: Database) -> None:
    wide = await wide_shop(db)
    order_id = await given.paid_order(db, wide.shop, {"MUG": 5})
    await cancel(db, order_id, {1: 2})
    claimed = [
        await do(db, SYSTEM, fulfilment.claim, place, limit=5, claimed_by=1)
        for place in (wide.shop.warehouse_id, wide.other)
    ]
    order = await money.order_of(db, order_id)

    assert sorted(map(len, claimed)) == [0, 1]
    assert [work.warehouse_id for group in claimed for work in group] == [order.warehouse_id]


async def test_units_are_only_cancelled_of_what_was_paid_and_of_lines_that_are_there(db: Database) -> None:
    shop = await given.shop(db)
    unpaid = await given.placed_order(db, shop, {"TEE": 2})
    with pytest.raises(orders.NothingPaidYet):
        await cancel(db, unpaid, {1: 1})
    order_id = await given.paid_order(db, shop, {"TEE": 2}, buyer="other")
    with pytest.raises(Refusals) as found:
        await cancel(db, order_id, {1: 3, 9: 1})
    assert [(one.code, one.path) for one in found.value.problems] == [
        ("order.units_unfit", "lines[0].quantity"), ("order.line_unknown", "lines[1].line_no"),
    ]  # fmt: skip
    await given.ship(db, shop, order_id)
    with pytest.raises(orders.AlreadyDispatched):
        await cancel(db, order_id, {1: 1})


@pytest.mark.requirement("O1.12")
async def test_each_amendment_is_confirmed_anew(db: Database) -> None:
    _, order_id = await order_a(db)
    await cancel(db, order_id, {2: 1})
    await given.settle(db)
    async with db.reading(SYSTEM) as tx:
        told = [one for one in await notifications.confirmations(tx, order_id) if one.occasion is Occasion.AMENDED]

    assert [[line.cancelled for line in one.facts.lines] for one in told] == [[0, 1, 0]]
    assert told[0].facts.amounts.total == 388_70


async def test_a_large_part_waits_for_a_signature(db: Database) -> None:
    _, order_id = await order_a(db, refund_approval_limit=100_00)
    await cancel(db, order_id, {1: 1})
    await given.settle(db)

    assert await back(db, order_id) == [(Cause.AMENDMENT, 179_99, "requested")]


@pytest.mark.requirement("A3")
async def test_points_that_were_taken_off_a_unit_come_back_with_it(db: Database) -> None:
    shop = await given.shop(db)
    buyer_id = await points(db, shop, 301)
    order_id = await given.paid_order(db, shop, {"MUG": 3}, points=301)
    left = []
    for _ in range(3):
        await cancel(db, order_id, {1: 1})
        await given.settle(db)
        left.append(await available(db, buyer_id))

    assert left == [100, 201, 301]
    assert (await money.order_of(db, order_id)).refunded == 3 * 199_00 - 301
