"""What does not fit holds the order, says what can be done, and is gone when it is done."""

from typing import Any

import pytest
from tests import given
from tests.areas.channel_orders import there
from tests.areas.review import desk
from tests.given import Shop

from dingdan.areas import catalog, channel_orders, inventory, orders, review
from dingdan.areas.channel_orders import ProblemKind, SkuPair
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.address import Address
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("O3.10")


async def facts(db: Database, wire: str) -> list[dict[str, Any]]:
    """The payloads of all facts of a kind."""
    async with db.transaction(SYSTEM) as tx:
        return [row["data"] for row in await tx.fetch("SELECT data FROM facts WHERE wire = $1 ORDER BY id", wire)]


async def count(db: Database, shop: Shop, sku: str, units: int) -> None:
    """Put so many units on the shelf."""
    await do(
        db, SYSTEM, inventory.count, [inventory.Count(shop.merchant_id, shop.warehouse_id, shop.products[sku], units)]
    )
    await given.settle(db)


async def test_without_stock_an_order_is_held_and_goes_on_by_itself_when_stock_comes(db: Database) -> None:
    shop = await given.shop(db, stock=0)
    (made,) = await there.tell(db, shop, there.told(quantity=2, payments=(there.paid(39800),)))
    assert ((await there.order_of(db, made)).state, await there.kinds(db, made)) == ("held", ["no_stock"])
    assert (await facts(db, "channel_order.problem"))[0]["actions"] == ["receive_stock", "retry", "cancel_order"]
    await count(db, shop, "MUG", 1)
    assert await there.kinds(db, made) == ["no_stock"]
    await count(db, shop, "MUG", 2)
    assert ((await there.order_of(db, made)).state, await there.kinds(db, made)) == ("confirmed", [])


async def test_who_waits_longest_is_served_first(db: Database) -> None:
    shop = await given.shop(db, stock=0)
    first, second = await there.tell(
        db, shop, there.told(payments=(there.paid(),)), there.told("T-2", payments=(there.paid(),))
    )
    await count(db, shop, "MUG", 1)
    assert (await there.order_of(db, first)).state == "confirmed"
    assert (await there.order_of(db, second)).state == "held"


async def test_units_of_a_cancelled_order_go_to_the_one_that_waits(db: Database) -> None:
    shop = await given.shop(db, stock=1)
    ours = await given.paid_order(db, shop, {"MUG": 1})
    (made,) = await there.tell(db, shop, there.told(payments=(there.paid(),)))
    assert (await there.order_of(db, made)).state == "held"
    await do(db, SYSTEM, orders.cancel, ours, reason="buyer")
    await given.settle(db)
    assert (await there.order_of(db, made)).state == "confirmed"


async def test_an_unpaid_order_without_stock_is_held_when_its_money_comes(db: Database) -> None:
    shop = await given.shop(db, stock=0)
    (made,) = await there.tell(db, shop, there.told())
    assert (await there.order_of(db, made)).state == "awaiting_payment"
    await there.tell(db, shop, there.told(after=2, payments=(there.paid(),)))
    assert (await there.order_of(db, made)).state == "held"


async def test_nobody_releases_by_hand_what_has_no_stock(db: Database) -> None:
    shop = await given.shop(db, stock=0)
    (made,) = await there.tell(db, shop, there.told(payments=(there.paid(),)))
    order = await there.order_of(db, made)
    with pytest.raises(orders.Snagged):
        await do(db, SYSTEM, orders.release, order.id)
    with pytest.raises(channel_orders.ProblemNeedsCure):
        await do(db, SYSTEM, channel_orders.resolve, made.id, [ProblemKind.NO_STOCK], reason="so_be_it")


async def test_an_unknown_sku_is_recorded_and_written_when_it_is_mapped(db: Database) -> None:
    shop = await given.shop(db)
    (made,) = await there.tell(db, shop, there.told(sku="TB-001", payments=(there.paid(),)))
    assert (made.order_id, made.problems) == (None, ("unknown_sku",))
    assert (await there.open_problems(db, made))[0].details == {"skus": ["TB-001"]}
    await do(db, SYSTEM, channel_orders.save_sku_map, await there.channel(db, shop), [SkuPair("TB-001", "MUG")])
    await given.settle(db)
    assert ((await there.order_of(db, made)).state, await there.kinds(db, made)) == ("confirmed", [])


async def test_an_unknown_sku_is_written_when_the_product_is_saved(db: Database) -> None:
    shop = await given.shop(db)
    (made,) = await there.tell(db, shop, there.told(sku="NEW", payments=(there.paid(),)))
    wanted = catalog.SaveProduct(merchant_id=shop.merchant_id, sku="NEW", title={"en": "New"}, category="home")
    await do(db, SYSTEM, catalog.save_products, [wanted])
    await given.settle(db)
    assert ((await there.order_of(db, made)).state, await there.kinds(db, made)) == ("held", ["no_stock"])


async def test_a_map_to_what_we_do_not_have_is_refused(db: Database) -> None:
    shop = await given.shop(db)
    where = await there.channel(db, shop)
    with pytest.raises(channel_orders.OursUnknown) as refused:
        await do(db, SYSTEM, channel_orders.save_sku_map, where, [SkuPair("a", "MUG"), SkuPair("b", "NO")])
    assert refused.value.path == "entries[1].ours"


@pytest.mark.parametrize(("total", "goods", "discount", "freight"), [(20500, 19900, 0, 600), (15000, 19900, 4900, 0)])
async def test_sums_that_differ_keep_the_channels_total_and_show_the_difference(
    db: Database, total: int, goods: int, discount: int, freight: int
) -> None:
    shop = await given.shop(db)
    (made,) = await there.tell(db, shop, there.told(total=total, payments=(there.paid(total),)))
    order = await there.order_of(db, made)
    assert (order.state, order.total, order.goods, order.discount, order.freight) == (
        "held",
        total,
        goods,
        discount,
        freight,
    )
    (problem,) = await there.open_problems(db, made)
    assert problem.details == {"total": total, "computed": 19900, "difference": total - 19900}


async def test_a_person_lets_it_go_on_with_a_reason_and_the_same_word_does_not_open_it_again(db: Database) -> None:
    shop = await given.shop(db)
    (made,) = await there.tell(db, shop, there.told(total=15000, payments=(there.paid(15000),)))
    await do(db, SYSTEM, channel_orders.resolve, made.id, [], reason="agreed_with_buyer")
    await given.settle(db)
    await there.tell(db, shop, there.told(after=9, total=15000, payments=(there.paid(15000),)))
    assert ((await there.order_of(db, made)).state, await there.kinds(db, made)) == ("confirmed", [])
    with pytest.raises(channel_orders.ProblemNotOpen):
        await do(db, SYSTEM, channel_orders.resolve, made.id, [], reason="again")


async def test_an_address_nobody_finds_holds_until_the_channel_says_a_better_one(db: Database) -> None:
    shop = await given.shop(db)
    nowhere = Address(name="王", phone="13812345678", country="CN", province="浙江省", city="", district="", detail="")
    (made,) = await there.tell(db, shop, there.told(ship_to=nowhere, payments=(there.paid(),)))
    assert ((await there.order_of(db, made)).state, await there.kinds(db, made)) == ("held", ["address_unusable"])
    await there.tell(db, shop, there.told(after=3, payments=(there.paid(),)))
    assert ((await there.order_of(db, made)).state, await there.kinds(db, made)) == ("confirmed", [])


async def test_more_money_than_the_order_comes_to_is_a_problem(db: Database) -> None:
    shop = await given.shop(db)
    (made,) = await there.tell(db, shop, there.told(payments=(there.paid(20000),)))
    assert ((await there.order_of(db, made)).state, await there.kinds(db, made)) == ("held", ["overpaid"])


async def test_amounts_that_the_channel_changes_later_are_a_problem(db: Database) -> None:
    shop = await given.shop(db)
    made, _ = await there.tell(db, shop, there.told(payments=(there.paid(),)), there.told(after=2, price=18000))
    assert await there.kinds(db, made) == ["changed", "overpaid"]


async def test_a_merchant_without_a_policy_waits_for_one(db: Database) -> None:
    shop = await given.shop(db)
    async with db.transaction(SYSTEM) as tx:
        await tx.execute("UPDATE merchants SET policy = 'mine' WHERE id = $1", shop.merchant_id)
    (made,) = await there.tell(db, shop, there.told(payments=(there.paid(),)))
    assert made.problems == ("no_policy",)
    async with db.transaction(SYSTEM) as tx:
        await tx.execute("UPDATE merchants SET policy = 'cn_statutory' WHERE id = $1", shop.merchant_id)
    await do(db, SYSTEM, channel_orders.retry, made.id)
    await given.settle(db)
    assert (await there.order_of(db, made)).state == "confirmed"


async def test_an_order_under_review_with_a_problem_waits_for_both(db: Database) -> None:
    shop = await given.shop(db, stock=0)
    await given.review_rule(db, review.LargeAmount(at_least={"CNY": 1}))
    (made,) = await there.tell(db, shop, there.told(payments=(there.paid(),)))
    assert (await there.order_of(db, made)).snagged_since is not None
    await count(db, shop, "MUG", 1)
    order = await there.order_of(db, made)
    assert (order.state, order.snagged_since, order.under_review_since is not None) == ("held", None, True)


async def test_a_problem_that_comes_during_a_review_outlives_it(db: Database) -> None:
    shop = await given.shop(db)
    await given.review_rule(db, review.LargeAmount(at_least={"CNY": 1}))
    made, _ = await there.tell(db, shop, there.told(payments=(there.paid(),)), there.told(after=2, price=18000))
    order = await there.order_of(db, made)
    await do(
        db, desk.ANNA, review.approve, (await desk.claimed(db, await desk.of_order(db, order.id))).id, answers=desk.YES
    )
    await given.settle(db)
    assert (await there.order_of(db, made)).state == "held"
