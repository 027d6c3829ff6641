"""Units of an order are sent from another warehouse by hand, and back together again."""

import pytest
from tests import given
from tests.areas.channel_orders import there
from tests.areas.fulfilment.test_several_warehouses import bundle, send
from tests.areas.sourcing.houses import Three, claim, free, held, order, serve, three, works

from dingdan.areas import fulfilment, inventory, orders, packing, sourcing
from dingdan.areas.fulfilment import WorkState
from dingdan.areas.inventory import Count
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.overviews import timeline
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("issue 6: split")

QUEUED, WITHDRAWN = WorkState.QUEUED, WorkState.WITHDRAWN


async def split(db: Database, order_id: int, units: dict[int, int], warehouse: str = "SH") -> sourcing.Split:
    return await do(db, SYSTEM, sourcing.split, order_id, units, warehouse)


async def refused(db: Database, order_id: int, units: dict[int, int], warehouse: str = "SH") -> list[tuple[str, str]]:
    """What is said against it, and that nothing moved."""
    before = await held(db, order_id), await works(db, order_id)
    with pytest.raises(Refusal) as no:
        await split(db, order_id, units, warehouse)
    assert (await held(db, order_id), await works(db, order_id)) == before
    return [(problem.code, problem.path) for problem in no.value.problems]


async def test_some_units_are_sent_from_another_warehouse_and_the_queues_follow(db: Database) -> None:
    houses = await three(db)
    order_id = await given.paid_order(db, houses.shop, {"MUG": 3, "TEE": 1})
    before = await order(db, order_id)
    made = await split(db, order_id, {1: 2})
    assert (made.taken, made.parcels, made.is_late) == ({1: {houses.hz: 2}}, 2, None)
    assert await held(db, order_id) == {houses.hz: {1: 1, 2: 1}, houses.sh: {1: 2}}
    assert await works(db, order_id) == {houses.hz: QUEUED, houses.sh: QUEUED}
    assert (await free(db, houses.shop, houses.hz, "MUG"), await free(db, houses.shop, houses.sh, "MUG")) == (9, 8)
    assert await order(db, order_id) == before


async def test_all_units_in_one_warehouse_again_are_one_parcel_again(db: Database) -> None:
    houses = await three(db)
    order_id = await given.paid_order(db, houses.shop, {"MUG": 3, "TEE": 1})
    await split(db, order_id, {1: 2})
    made = await split(db, order_id, {1: 1, 2: 1})
    assert (made.parcels, await held(db, order_id)) == (1, {houses.sh: {1: 3, 2: 1}})
    assert await works(db, order_id) == {houses.hz: WITHDRAWN, houses.sh: QUEUED}
    assert (await order(db, order_id)).warehouse_id == houses.sh
    await split(db, order_id, {1: 3, 2: 1}, "HZ")
    assert await works(db, order_id) == {houses.hz: QUEUED, houses.sh: WITHDRAWN}
    assert (await order(db, order_id)).warehouse_id == houses.hz
    async with db.transaction(SYSTEM) as tx:
        parts = (await inventory.parts_of(tx, [order_id]))[order_id]
    assert [(part.line_no, part.quantity, part.chosen_by) for part in parts] == [(1, 3, "by_hand"), (2, 1, "by_hand")]


async def test_an_order_that_was_split_is_shipped_in_two_parcels(db: Database) -> None:
    houses = await three(db)
    order_id = await given.paid_order(db, houses.shop, {"MUG": 3})
    await split(db, order_id, {1: 1})
    await send(db, order_id, houses.sh, fulfilment.PackedLine(1, 1), number="ONE-1")
    assert (await order(db, order_id)).shipped_at is None
    await send(db, order_id, houses.hz, fulfilment.PackedLine(1, 2), number="TWO-2")
    assert (await order(db, order_id)).shipped_at is not None


async def test_the_fact_names_units_and_warehouses_and_buyers_are_not_told(db: Database) -> None:
    houses = await three(db)
    order_id = await given.paid_order(db, houses.shop, {"MUG": 3})
    await split(db, order_id, {1: 2})
    async with db.transaction(SYSTEM) as tx:
        (fact,) = [one for one in await timeline.of_order(tx, order_id) if one.wire == "order.served_elsewhere"]
    assert fact.data == {"warehouse_id": houses.sh, "warehouse_ids": [houses.hz], "units": {"1": 2}}
    assert fact.wire in orders.OF_THE_STAFF


@pytest.mark.parametrize("verb", ["nobody paid", "held"])
async def test_an_order_that_waits_is_split_as_well_and_queued_in_its_time(db: Database, verb: str) -> None:
    houses = await three(db)
    order_id = await given.placed_order(db, houses.shop, {"MUG": 3})
    if verb == "held":
        await given.pay(db, order_id)
        await do(db, SYSTEM, orders.hold, order_id, reason="look")
        await given.settle(db)
    await split(db, order_id, {1: 2})
    assert QUEUED not in (await works(db, order_id)).values()
    if verb == "held":
        await do(db, SYSTEM, orders.release, order_id)
        await given.settle(db)
    else:
        await given.pay(db, order_id)
    assert await works(db, order_id) == {houses.hz: QUEUED, houses.sh: QUEUED}


async def test_of_a_bundle_all_that_lies_in_it_goes_together(db: Database) -> None:
    houses = await three(db)
    shop = await bundle(db, houses.shop)
    order_id = await given.paid_order(db, shop, {"GIFT": 2})
    await split(db, order_id, {1: 1})
    assert await held(db, order_id) == {houses.hz: {1: 3}, houses.sh: {1: 3}}
    assert await free(db, shop, houses.sh, "SOCK") == 8


async def test_everything_that_stands_against_it_is_said_at_once(db: Database) -> None:
    houses = await three(db, far=2)
    order_id = await given.paid_order(db, houses.shop, {"MUG": 3, "TEE": 2})
    assert await refused(db, order_id, {1: 3, 2: 5, 7: 1}, "BJ") == [
        ("split.warehouse_serves_not", "warehouse"), ("split.units_unfit", "lines[1].quantity"),
        ("order.line_unknown", "lines[2].line_no"), ("split.too_few_there", "lines[0].quantity"),
        ("split.too_few_there", "lines[1].quantity"),
    ]  # fmt: skip
    assert await refused(db, order_id, {1: 1}, "NOWHERE") == [("inventory.warehouse_unknown", "warehouse")]
    assert await refused(db, order_id, {1: 1}, "HZ") == [("split.units_unfit", "lines[0].quantity")]


async def test_a_warehouse_that_is_closed_sends_nothing(db: Database) -> None:
    houses = await three(db)
    order_id = await given.paid_order(db, houses.shop, {"MUG": 3})
    place = inventory.SaveWarehouse(
        houses.shop.merchant_id, "SH", {"en": "SH"}, "Asia/Shanghai", given.ADDRESS, active=False
    )
    await do(db, SYSTEM, inventory.save_warehouse, place)
    assert await refused(db, order_id, {1: 1}) == [("split.warehouse_closed", "warehouse")]


async def test_what_other_channels_were_promised_is_not_free(db: Database) -> None:
    houses = await three(db, far=3)
    other = inventory.SaveChannel(houses.shop.merchant_id, "live", {"en": "Live"}, "CNY", "SH")
    live = await do(db, SYSTEM, inventory.save_channel, other)
    pool = inventory.SetPool(houses.shop.merchant_id, houses.sh, houses.shop.products["MUG"], live.id, guaranteed=2)
    await do(db, SYSTEM, inventory.set_pools, [pool])
    order_id = await given.paid_order(db, houses.shop, {"MUG": 3})
    assert await refused(db, order_id, {1: 2}) == [("split.too_few_there", "lines[0].quantity")]
    await split(db, order_id, {1: 1})


async def test_what_a_channel_takes_of_its_pools_moves_along(db: Database) -> None:
    houses = await three(db)
    mug = houses.shop.products["MUG"]
    async with db.transaction(SYSTEM) as tx:
        (channel,) = await inventory.channels_of(tx, houses.shop.merchant_id)
    await do(db, SYSTEM, inventory.set_pools, [
        inventory.SetPool(houses.shop.merchant_id, place, mug, channel.id, guaranteed=5, most=8)
        for place in (houses.hz, houses.sh)
    ])  # fmt: skip
    order_id = await given.paid_order(db, houses.shop, {"MUG": 4})
    await split(db, order_id, {1: 3})
    async with db.transaction(SYSTEM) as tx:
        pools = {one.warehouse_id: one.taken for one in await inventory.pools_of(tx, channel.id)}
    assert pools == {houses.hz: 1, houses.sh: 3}


async def test_what_somebody_picks_stays_where_it_is(db: Database) -> None:
    houses = await three(db)
    order_id = await given.paid_order(db, houses.shop, {"MUG": 3, "TEE": 2})
    await split(db, order_id, {2: 2})
    await claim(db, houses.hz, order_id)
    assert await refused(db, order_id, {1: 1}) == [("split.units_in_hand", "lines[0].quantity")]
    assert await refused(db, order_id, {2: 1}, "HZ") == [("split.place_in_hand", "warehouse")]


async def test_the_share_that_waits_goes_on_to_a_third_warehouse_while_another_is_picked(db: Database) -> None:
    houses = await three(db)
    await serve(db, houses.shop, "SH", "BJ")
    order_id = await given.paid_order(db, houses.shop, {"MUG": 3, "TEE": 2})
    await split(db, order_id, {2: 2})
    (work,) = await claim(db, houses.hz, order_id)
    await split(db, order_id, {2: 2}, "BJ")
    assert await works(db, order_id) == {houses.hz: WorkState.PICKING, houses.sh: WITHDRAWN, houses.bj: QUEUED}
    await do(db, SYSTEM, fulfilment.put_back, [work.id], reason="later")
    await split(db, order_id, {1: 3}, "BJ")
    assert await works(db, order_id) == {houses.hz: WITHDRAWN, houses.sh: WITHDRAWN, houses.bj: QUEUED}
    await do(db, SYSTEM, orders.cancel, order_id, reason="changed_my_mind")
    await given.settle(db)
    assert set((await works(db, order_id)).values()) == {WITHDRAWN}


async def test_an_order_that_left_or_ended_is_split_no_more(db: Database) -> None:
    houses = await three(db)
    gone = await given.shipped_order(db, houses.shop, {"MUG": 1})
    assert (await refused(db, gone, {1: 1}))[0] == ("order.already_dispatched", "")
    over = await given.paid_order(db, houses.shop, {"MUG": 1})
    await do(db, SYSTEM, orders.cancel, over, reason="changed_my_mind")
    await given.settle(db)
    assert await refused(db, over, {1: 1}) == [("order.state_forbids", "")]


async def test_an_order_that_waits_for_stock_keeps_nothing_that_could_move(db: Database) -> None:
    houses = await three(db, near=0, far=0)
    (waits,) = await there.tell(db, houses.shop, there.told(quantity=2, payments=(there.paid(39800),)))
    one = await there.order_of(db, waits)
    async with db.transaction(SYSTEM) as tx:
        why = await sourcing.why_not(tx, one, (await orders.lines(tx, [one.id]))[one.id])
    assert isinstance(why, sourcing.NothingKept)
    assert await refused(db, one.id, {1: 1}) == [("split.nothing_kept", "")]
    many = await do(db, SYSTEM, sourcing.split_product, [one.id], "MUG", "SH")
    assert [no.code for no in many.values() if isinstance(no, Refusal)] == ["split.nothing_kept"]


async def consent(db: Database, *order_ids: int) -> None:
    async with db.transaction(SYSTEM) as tx:
        await packing.consent(tx, packing.NewConsent(
            order_ids=order_ids, given_by=packing.GivenBy.BUYER, given_at=tx.now,
            text_version=max(packing.CONSENT_TEXTS),
        ))  # fmt: skip


async def test_orders_that_travel_together_are_not_torn_apart_and_may_be_brought_together(db: Database) -> None:
    houses = await three(db)
    one = await given.paid_order(db, houses.shop, {"MUG": 2})
    other = await given.paid_order(db, houses.shop, {"TEE": 1})
    await split(db, one, {1: 1})
    await consent(db, one, other)
    assert await refused(db, one, {1: 1}) == [("split.travels_together", "warehouse")]
    await split(db, one, {1: 1}, "HZ")
    assert await held(db, one) == {houses.hz: {1: 2}}


async def test_goods_that_are_frozen_by_a_shortfall_are_served_from_elsewhere(db: Database) -> None:
    houses = await three(db, near=3)
    order_id = await given.paid_order(db, houses.shop, {"MUG": 3})
    mug = houses.shop.products["MUG"]
    gone = inventory.Move("write_off", houses.shop.merchant_id, houses.hz, mug, 3, "damaged")
    await do(db, SYSTEM, inventory.move, [gone])
    await split(db, order_id, {1: 3})
    async with db.transaction(SYSTEM) as tx:
        assert await inventory.can_leave(tx, [order_id]) == {order_id}
    await do(db, SYSTEM, inventory.count, [Count(houses.shop.merchant_id, houses.hz, mug, 3)])


async def test_many_orders_are_split_each_by_itself_as_far_as_the_shelf_goes(db: Database) -> None:
    houses: Three = await three(db, far=3)
    first, second, third = [await given.paid_order(db, houses.shop, {"MUG": 2, "TEE": 1}) for _ in range(3)]
    other = await given.paid_order(db, houses.shop, {"TEE": 1})
    fourth = await given.paid_order(db, houses.shop, {"MUG": 1})
    wanted = [first, second, third, other, fourth]
    async with db.transaction(SYSTEM) as tx:
        seen = await sourcing.foresee_product(tx, wanted, "MUG", "SH")
    made = await do(db, SYSTEM, sourcing.split_product, wanted, "MUG", "SH")
    assert seen.keys() == made.keys() == set(wanted)
    for found in (seen, made):
        assert {i: one.units for i, one in found.items() if isinstance(one, sourcing.Split)} == {
            first: {1: 2},
            fourth: {1: 1},
        }
        assert {i: one.code for i, one in found.items() if isinstance(one, Refusal)} == {
            second: "split.too_few_there", third: "split.too_few_there", other: "split.none_elsewhere",
        }  # fmt: skip
    assert await held(db, first) == {houses.hz: {2: 1}, houses.sh: {1: 2}}
    assert await held(db, second) == {houses.hz: {1: 2, 2: 1}}
    assert await works(db, fourth) == {houses.hz: WITHDRAWN, houses.sh: QUEUED}
