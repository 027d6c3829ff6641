"""Other quantities of an unpaid order: a new one takes its place, with all that it had and nothing twice."""

import asyncio
from typing import Any

import pytest
from tests import given
from tests.areas.orders.test_amending import A, free
from tests.areas.orders.test_noting import hired
from tests.areas.payments.test_deposits import presold
from tests.areas.payments.till import order_of, payment_of, shown
from tests.areas.placement.test_taking import available, points
from tests.areas.pricing.till import running

from dingdan.areas import catalog, notifications, orders, placement, pricing
from dingdan.areas.notifications import Occasion
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.refusal import Refusal, Refusals
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.tx import Tx


@pytest.fixture
def may_break() -> frozenset[str]:
    return frozenset()


async def change(db: Database, order_id: int, wanted: dict[int, int], *, actor: Actor = SYSTEM, **more: Any) -> int:
    return await do(db, actor, placement.change_quantities, order_id, wanted, reason="buyer_request", **more)


async def sold(db: Database, order_id: int) -> dict[str, int]:
    async with db.reading(SYSTEM) as tx:
        return {line.sku: line.quantity for line in (await orders.lines(tx, [order_id]))[order_id]}


async def price(db: Database, shop: given.Shop, sku: str, amount: int) -> None:
    new = catalog.SavePrice(merchant_id=shop.merchant_id, sku=sku, currency="CNY", amount=amount)
    await do(db, SYSTEM, catalog.save_prices, [new])


async def uses(db: Database, promotion: pricing.Promotion) -> int:
    async with db.reading(SYSTEM) as tx:
        return (await pricing.by_ids(tx, [promotion.id]))[promotion.id].used


@pytest.mark.requirement("O1.9", "O1.12")
async def test_a_new_order_takes_the_place_of_the_old_one(db: Database) -> None:
    shop = await given.shop(db, stock=10, freight=10_00)
    order_id = await given.placed_order(db, shop, A, reference="SHOP-1")
    before = await order_of(db, order_id)
    now = await change(db, order_id, {2: 3, 3: 0})
    await given.settle(db)
    old, new = await order_of(db, order_id), await order_of(db, now)

    assert (old.state, old.cancel_reason, new.state) == ("cancelled", "replaced", "awaiting_payment")
    assert (new.replaces, new.pay_by, new.buyer_id, new.contact_id) == (
        order_id, before.pay_by, before.buyer_id, before.contact_id,
    )  # fmt: skip
    assert await sold(db, now) == {"MUG": 1, "TEE": 3}
    assert new.total == 199_00 + 3 * 89_90 + 10_00
    assert await free(db, shop, "MUG", "TEE", "SOCK") == [9, 7, 10]
    async with db.reading(SYSTEM) as tx:
        assert await orders.by_reference(tx, shop.merchant_id, ["SHOP-1"]) == {"SHOP-1": now}
        (amendment,) = await orders.amendments(tx, now)
        told = [one.occasion for one in await notifications.confirmations(tx, now)]
        ended = [one.facts.cancel_reason for one in await notifications.confirmations(tx, order_id)]
    assert (amendment.kind, amendment.units) == ("quantities_changed", {"1": 1, "2": 3})
    assert (told, ended[-1]) == ([Occasion.RECEIVED], "replaced")
    await given.pay(db, now)
    assert (await order_of(db, now)).state == "confirmed"


@pytest.mark.requirement("issue 6: console")
async def test_who_looks_after_it_and_tags_pass_to_the_new_order(db: Database) -> None:
    shop = await given.shop(db)
    order_id, other = await given.placed_order(db, shop), await given.placed_order(db, shop, buyer="b2")
    lin, boss = await hired(db, "lin", "林晚", "reviewer"), await hired(db, "boss", "平台", "lead")
    await do(db, boss, orders.assign, [order_id, other], to=lin.id)
    await do(db, boss, orders.tag, [order_id, other], add=["vip", "急"])
    async with db.reading(SYSTEM) as tx:
        since = (await orders.keepers(tx, [order_id]))[order_id].at
    now = await change(db, order_id, {1: 2})
    async with db.reading(SYSTEM) as tx:
        kept = await orders.keepers(tx, [order_id, now, other])
        assert {i: (one.staff_id, one.at) for i, one in kept.items()} == {now: (lin.id, since), other: (lin.id, since)}
        tags = sorted(["vip", "急"])
        assert await orders.tags(tx, [order_id, now, other]) == {order_id: [], now: tags, other: tags}
        told = await tx.fetch(
            """
            SELECT subject_id, wire, data FROM facts
            WHERE wire IN ('order.assigned', 'order.tagged') AND actor_kind = 'system' ORDER BY wire, subject_id
            """
        )
    assert [(row["subject_id"], row["data"]) for row in told] == [
        (order_id, {"staff_id": None}), (now, {"staff_id": lin.id}),
        (order_id, {"added": [], "dropped": tags}), (now, {"added": tags, "dropped": []}),
    ]  # fmt: skip


async def test_of_what_nobody_looks_after_nothing_is_told(db: Database) -> None:
    now = await change(db, await given.placed_order(db, await given.shop(db)), {1: 2})
    async with db.reading(SYSTEM) as tx:
        assert not await tx.fetch("SELECT FROM facts WHERE wire IN ('order.assigned', 'order.tagged')")
        assert await orders.keepers(tx, [now]) == {}


async def test_unit_prices_and_policy_stay_as_they_were_agreed(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.placed_order(db, shop, {"MUG": 1})
    before = await order_of(db, order_id)
    await price(db, shop, "MUG", 299_00)
    now = await order_of(db, await change(db, order_id, {1: 2}))

    assert (now.total, now.policy_id, now.policy_hash) == (2 * 199_00, before.policy_id, before.policy_hash)


async def test_coupons_and_points_pass_to_the_new_order(db: Database) -> None:
    shop = await given.shop(db)
    coupon = await running(
        db, shop, pricing.Amount(10_00), code="ONCE", limit_total=1, limit_per_buyer=1, min_spend=100_00
    )
    buyer_id = await points(db, shop, 500)
    order_id = await given.placed_order(db, shop, {"MUG": 2}, coupons=("ONCE",), points=300)
    now = await change(db, order_id, {1: 1})
    await given.settle(db)

    assert (await order_of(db, now)).total == 199_00 - 10_00 - 3_00
    assert (await uses(db, coupon), await available(db, buyer_id)) == (1, 200)
    await given.pay(db, now)
    assert (await uses(db, coupon), await available(db, buyer_id)) == (1, 200)


async def test_a_first_order_is_still_one(db: Database) -> None:
    shop = await given.shop(db)
    await running(db, shop, pricing.Amount(10_00), code="FIRST", first_order=True)
    order_id = await given.placed_order(db, shop, {"MUG": 2}, coupons=("FIRST",))
    assert (await order_of(db, await change(db, order_id, {1: 3}))).total == 3 * 199_00 - 10_00


async def test_a_coupon_that_is_not_reached_any_more_leaves_all_as_it_was(db: Database) -> None:
    shop = await given.shop(db, stock=5)
    coupon = await running(db, shop, pricing.Amount(10_00), code="MANY", limit_total=1, min_spend=300_00)
    order_id = await given.placed_order(db, shop, {"MUG": 2}, coupons=("MANY",))
    with pytest.raises(pricing.CouponBelowThreshold):
        await change(db, order_id, {1: 1})
    assert (await order_of(db, order_id)).state == "awaiting_payment"
    assert (await uses(db, coupon), await free(db, shop, "MUG")) == (1, [3])


@pytest.mark.requirement("O1.3")
async def test_what_was_kept_counts_as_there_and_what_is_short_is_said_in_the_words_of_the_request(
    db: Database,
) -> None:
    shop = await given.shop(db, stock=4)
    order_id = await given.placed_order(db, shop, {"TEE": 1, "MUG": 3})
    order_id = await change(db, order_id, {2: 4})
    clerk = Actor(ActorKind.KEY, 1, "shop", shop.merchant_id, frozenset({"order.change", "order.read"}))
    with pytest.raises(placement.NotEnoughStock) as found:
        await change(db, order_id, {2: 6}, actor=clerk)

    assert (found.value.path, found.value.params["free"]) == ("lines[0].quantity", 4)
    ways = {way.kind: way for way in found.value.solutions}
    assert list(ways) == ["reduce_quantity", "drop_line", "order_again"]
    patch = ways["drop_line"].patch
    assert patch is not None
    assert (patch[0].op, patch[0].path, patch[0].value) == ("replace", "/lines/0/quantity", 0)
    with pytest.raises(Refusals) as both:
        await change(db, order_id, {1: 2_000_000, 2: 6})
    assert [one.path for one in both.value.problems] == ["lines[0].quantity", "lines[1].quantity"]


async def test_what_one_buyer_may_have_counts_without_the_old_order(db: Database) -> None:
    shop = await given.shop(db, unpaid_units_per_buyer=3)
    limited = catalog.SaveProduct(merchant_id=shop.merchant_id, sku="MUG", title={"en": "Mug"}, category="home",
                                  max_per_buyer=3)  # fmt: skip
    await do(db, SYSTEM, catalog.save_products, [limited])
    order_id = await change(db, await given.placed_order(db, shop, {"MUG": 2}), {1: 3})
    with pytest.raises(Refusal) as found:
        await change(db, order_id, {1: 4})
    assert "placement.buyer_limit_reached" in {one.code for one in found.value.problems}


async def test_what_is_not_sold_any_more_may_be_had_in_smaller_quantity_only(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.placed_order(db, shop, {"MUG": 3})
    gone = catalog.SaveProduct(
        merchant_id=shop.merchant_id, sku="MUG", title={"en": "Mug"}, category="home", active=False
    )
    await do(db, SYSTEM, catalog.save_products, [gone])
    order_id = await change(db, order_id, {1: 2})
    with pytest.raises(placement.ProductOffSale):
        await change(db, order_id, {1: 5})


async def test_the_total_that_was_shown_is_compared(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.placed_order(db, shop, {"MUG": 1})
    with pytest.raises(placement.PriceChanged) as found:
        await change(db, order_id, {1: 2}, expected_total=1)
    assert found.value.path == "expected_total"
    assert [way.patch[0].path for way in found.value.solutions if way.patch] == ["/expected_total"]
    await change(db, order_id, {1: 2}, expected_total=398_00)


async def test_the_same_again_changes_nothing_and_nothing_at_all_is_no_order(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.placed_order(db, shop, {"MUG": 2})
    assert await change(db, order_id, {1: 2}) == order_id
    with pytest.raises(placement.BasketEmpty):
        await change(db, order_id, {1: 0})
    with pytest.raises(orders.LineUnknown) as found:
        await change(db, order_id, {1: 1, 7: 1})
    assert found.value.path == "lines[1].line_no"


async def test_of_a_paid_order_units_are_cancelled_and_more_is_ordered_apart(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.paid_order(db, shop, {"MUG": 2, "TEE": 1})
    with pytest.raises(orders.PaidAlready) as found:
        await change(db, order_id, {1: 1, 2: 4})
    cancel, more = [way.action for way in found.value.solutions]
    assert cancel is not None
    assert more is not None
    assert cancel.body == {"lines": [{"line_no": 1, "quantity": 1}]}
    assert (more.href, more.body["lines"]) == ("/v1/quotes", [{"sku": "TEE", "quantity": 3}])


async def test_an_attempt_to_pay_the_old_order_is_closed(
    db: Database,
) -> None:
    shop = await given.shop(db)
    order_id = await given.placed_order(db, shop, {"MUG": 1})
    payment = await shown(db, order_id)
    now = await change(db, order_id, {1: 2})
    await given.settle(db)
    assert (await payment_of(db, payment.id)).state == "voided"
    await given.pay(db, now)
    assert (await order_of(db, now)).state == "confirmed"


async def test_a_deposit_that_was_paid_binds_to_what_it_was_paid_for(db: Database) -> None:
    sale = await presold(db)
    now = await change(db, sale.order_id, {1: 2})
    assert (await order_of(db, now)).total == 2 * (await order_of(db, sale.order_id)).total
    await given.pay(db, now)
    with pytest.raises(placement.DepositIsPaid) as found:
        await change(db, now, {1: 3})
    assert [way.kind for way in found.value.solutions] == ["order_more"]
    order = await order_of(db, now)
    assert (order.state, order.replaces) == ("awaiting_payment", sale.order_id)


@pytest.mark.requirement("issue 2: races")
async def test_of_two_changes_at_once_one_holds(db: Database) -> None:
    shop = await given.shop(db, stock=20)
    order_id = await given.placed_order(db, shop, {"MUG": 1})
    found = await asyncio.gather(*(change(db, order_id, {1: n}) for n in (2, 3, 4)), return_exceptions=True)
    (now,) = [one for one in found if isinstance(one, int)]
    assert sum(isinstance(one, orders.StateForbids) for one in found) == 2
    assert await free(db, shop, "MUG") == [20 - (await sold(db, now))["MUG"]]


@pytest.mark.requirement("issue 2: races")
async def test_a_change_that_meets_the_money_is_refused_or_the_money_goes_back(db: Database) -> None:
    shop = await given.shop(db, stock=50)
    for n in range(5):
        order_id = await given.placed_order(db, shop, {"MUG": 1}, buyer=f"b{n}")
        changed, _ = await asyncio.gather(change(db, order_id, {1: 2}), given.pay(db, order_id), return_exceptions=True)
        await given.settle(db)
        order = await order_of(db, order_id)
        if isinstance(changed, int):
            assert order.state == "cancelled"
            assert (await order_of(db, changed)).state == "awaiting_payment"
        else:
            assert isinstance(changed, orders.PaidAlready), changed
            assert order.state == "confirmed"


@pytest.mark.requirement("issue 2: races")
async def test_the_crash_in_the_middle_leaves_the_old_order_as_it_was(db: Database) -> None:
    shop = await given.shop(db, stock=5)
    order_id = await given.placed_order(db, shop, {"MUG": 2}, reference="R-1")

    async def crash(tx: Tx) -> None:
        await placement.change_quantities(tx, order_id, {1: 3}, reason="buyer_request")
        raise InterruptedError

    with pytest.raises(InterruptedError):
        await do(db, SYSTEM, crash)
    assert (await order_of(db, order_id)).state == "awaiting_payment"
    assert await free(db, shop, "MUG") == [3]
    async with db.reading(SYSTEM) as tx:
        assert await orders.by_reference(tx, shop.merchant_id, ["R-1"]) == {"R-1": order_id}
