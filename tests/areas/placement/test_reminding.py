"""Who wants to be told is told once, when what they waited for is there."""

from typing import Any

import pytest
from tests import given

from dingdan.areas import catalog, inventory, merchants, orders, placement
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("O1.3")


async def ask(
    db: Database, shop: given.Shop, kind: Any, *, ref: str = "anna", sku: str | None = "MUG", quantity: int = 1
) -> Any:
    wanted = placement.AskReminder(shop.merchant_id, kind, placement.Buyer(ref, phone="13812345678"), sku, quantity)
    (made,) = await do(db, SYSTEM, placement.ask_reminders, [wanted])
    return made


async def count(db: Database, shop: given.Shop, units: int) -> None:
    product = shop.products["MUG"]
    await do(db, SYSTEM, inventory.count, [inventory.Count(shop.merchant_id, shop.warehouse_id, product, units)])
    await given.settle(db)


async def told(db: Database) -> list[int]:
    """Who has been told, by reminder."""
    async with db.connection() as connection:
        rows = await connection.fetch("SELECT subject_id FROM facts WHERE wire = 'reminder.due' ORDER BY id")
    return [row["subject_id"] for row in rows]


async def test_who_waits_for_stock_is_told_once_when_some_comes(db: Database) -> None:
    shop = await given.shop(db, stock=0)
    made = await ask(db, shop, "in_stock")
    await given.settle(db)
    assert await told(db) == []
    await count(db, shop, 2)
    await count(db, shop, 3)
    assert await told(db) == [made.id]


async def test_units_that_an_order_gives_back_are_told_of_too(db: Database) -> None:
    shop = await given.shop(db, stock=1)
    order_id = await given.placed_order(db, shop, {"MUG": 1})
    made = await ask(db, shop, "in_stock")
    await do(db, SYSTEM, orders.cancel, order_id, reason="test")
    await given.settle(db)
    assert await told(db) == [made.id]


async def put_off_sale(db: Database, shop: given.Shop, *, active: bool) -> None:
    mug = catalog.SaveProduct(shop.merchant_id, "MUG", {"en": "Mug"}, "home", active=active)
    await do(db, SYSTEM, catalog.save_products, [mug])
    await given.settle(db)


async def move(db: Database, shop: given.Shop, verb: Any, units: int, sku: str = "MUG") -> None:
    wanted = inventory.Move(verb, shop.merchant_id, shop.warehouse_id, shop.products[sku], units, why="test")
    await do(db, SYSTEM, inventory.move, [wanted])
    await given.settle(db)


async def test_units_that_are_received_or_released_from_a_hold_are_told_of(db: Database) -> None:
    shop = await given.shop(db, stock=5)
    await move(db, shop, "hold", 5)
    made = await ask(db, shop, "in_stock")
    await move(db, shop, "release", 1)
    assert await told(db) == [made.id]
    empty = await ask(db, shop, "in_stock", sku="TEE", ref="bert")
    await move(db, shop, "write_off", 5, "TEE")
    again = await ask(db, shop, "in_stock", sku="TEE")
    await move(db, shop, "receive", 2, "TEE")
    assert await told(db) == [made.id, empty.id, again.id]


async def test_units_that_arrive_from_another_warehouse_are_told_of(db: Database) -> None:
    shop = await given.shop(db, stock=0)
    house = inventory.SaveWarehouse(shop.merchant_id, "SH", {"en": "Shanghai"}, "Asia/Shanghai", given.ADDRESS)
    far = await do(db, SYSTEM, inventory.save_warehouse, house)
    mug = shop.products["MUG"]
    await do(db, SYSTEM, inventory.move, [inventory.Move("receive", shop.merchant_id, far.id, mug, 4)])
    made = await ask(db, shop, "in_stock")
    transfer = inventory.SendTransfer(shop.merchant_id, far.id, shop.warehouse_id, ((mug, 4),))
    sent = await do(db, SYSTEM, inventory.send_transfer, transfer)
    await given.settle(db)
    assert await told(db) == []
    await do(db, SYSTEM, inventory.receive_transfer, sent.id)
    await given.settle(db)
    assert await told(db) == [made.id]


async def test_who_waits_for_a_bundle_is_told_when_its_contents_come(db: Database) -> None:
    shop = await given.shop(db, stock=0)
    gift = catalog.SaveProduct(shop.merchant_id, "GIFT", {"en": "Gift"}, "home", components=(("MUG", 1), ("SOCK", 3)))
    await do(db, SYSTEM, catalog.save_products, [gift])
    made = await ask(db, shop, "in_stock", sku="GIFT")
    await move(db, shop, "receive", 1)
    await move(db, shop, "receive", 2, "SOCK")
    assert await told(db) == []
    await move(db, shop, "receive", 1, "SOCK")
    assert await told(db) == [made.id]


async def test_what_is_put_on_sale_again_is_told_of(db: Database) -> None:
    shop = await given.shop(db, stock=5)
    await put_off_sale(db, shop, active=False)
    made = await ask(db, shop, "in_stock")
    await given.settle(db)
    assert await told(db) == []
    await put_off_sale(db, shop, active=True)
    assert await told(db) == [made.id]


async def test_who_wants_more_units_waits_until_there_are_as_many(db: Database) -> None:
    shop = await given.shop(db, stock=0)
    three, one = await ask(db, shop, "in_stock", quantity=3), await ask(db, shop, "in_stock", ref="bert")
    await count(db, shop, 2)
    assert await told(db) == [one.id]
    await count(db, shop, 3)
    assert await told(db) == [one.id, three.id]


async def test_who_began_to_wait_after_the_units_came_is_told_too(db: Database) -> None:
    shop = await given.shop(db, stock=1)
    await given.settle(db)
    made = await ask(db, shop, "in_stock")
    await given.settle(db)
    assert await told(db) == [made.id]


async def test_many_who_wait_are_all_told(db: Database) -> None:
    shop = await given.shop(db, stock=0)
    await do(db, SYSTEM, placement.ask_reminders, [
        placement.AskReminder(shop.merchant_id, "in_stock", placement.Buyer(f"buyer-{n}"), "MUG") for n in range(1_001)
    ])  # fmt: skip
    await count(db, shop, 1)
    assert len(await told(db)) == 1_001


async def test_who_asks_twice_waits_once(db: Database) -> None:
    shop = await given.shop(db, stock=0)
    first, again, other = [await ask(db, shop, "in_stock", ref=ref) for ref in ("anna", "anna", "bert")]
    assert first.id == again.id != other.id
    call, twice = [await ask(db, shop, "call_back", sku=None) for _ in range(2)]
    assert call.id == twice.id
    async with db.reading(SYSTEM) as tx:
        assert len(await placement.reminders(tx, shop.merchant_id, Page(10, None))) == 3


@pytest.mark.requirement("O1.4")
async def test_who_waits_for_a_price_is_told_when_it_is_sound(db: Database) -> None:
    shop = await given.shop(db)
    await do(db, SYSTEM, catalog.save_prices, [catalog.SavePrice(shop.merchant_id, "MUG", "CNY", 199)])
    first, second = await ask(db, shop, "price_checked"), await ask(db, shop, "price_checked", ref="bert")
    await given.settle(db)
    assert await told(db) == []
    await do(db, SYSTEM, placement.release_prices, [(shop.merchant_id, "MUG")])
    assert await told(db) == [first.id, second.id]


async def test_who_waits_for_a_shop_is_told_when_it_opens(db: Database) -> None:
    shop = await given.shop(db)
    made = await ask(db, shop, "open_again", sku=None)

    async def change(tx: Any, *, active: bool) -> None:
        one = (await merchants.by_ids(tx, [shop.merchant_id]))[shop.merchant_id]
        fields = {name: getattr(one, name) for name in merchants.SaveMerchant.__struct_fields__}
        await merchants.save(tx, merchants.SaveMerchant(**fields | {"active": active}))

    await given.settle(db)
    await do(db, SYSTEM, change, active=False)
    await given.settle(db)
    await do(db, SYSTEM, change, active=True)
    await given.settle(db)
    assert (await told(db)).count(made.id) == 1


async def test_a_reminder_about_nothing_is_refused(db: Database) -> None:
    shop = await given.shop(db)
    for kind, sku, code in (("in_stock", None, "reminder_without_product"), ("in_stock", "NOPE", "product_unknown")):
        with pytest.raises(Refusal) as refused:
            await ask(db, shop, kind, sku=sku)
        assert refused.value.code == f"placement.{code}"
