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


async def ask(db: Database, shop: given.Shop, kind: Any, *, ref: str = "anna", sku: str | None = "MUG") -> Any:
    wanted = placement.AskReminder(shop.merchant_id, kind, placement.Buyer(ref, phone="13812345678"), sku)
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
