"""A shop with three warehouses: two that serve its channel, and one that does not."""

import msgspec
from tests import given

from dingdan.areas import fulfilment, inventory, orders
from dingdan.areas.fulfilment import WorkState
from dingdan.areas.inventory import Count
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

SHANGHAI = msgspec.structs.replace(given.ADDRESS, province="上海市", city="上海市", district="徐汇区")
BEIJING = msgspec.structs.replace(given.ADDRESS, province="北京市", city="北京市", district="海淀区")


class Three(msgspec.Struct, frozen=True):
    """The shop, whose first warehouse is HZ; SH serves as well, BJ has goods and serves nobody."""

    shop: given.Shop
    sh: int
    bj: int

    @property
    def hz(self) -> int:
        """Where orders go first."""
        return self.shop.warehouse_id


async def three(db: Database, *, near: int = 10, far: int = 10, code: str | None = None, **more: object) -> Three:
    """All of them with goods; `far` in the two others."""
    shop = await given.shop(db, stock=near, code=code, **more)  # type: ignore[arg-type]
    places = []
    for name, address in (("SH", SHANGHAI), ("BJ", BEIJING)):
        wanted = inventory.SaveWarehouse(
            shop.merchant_id, name, {"en": name, "zh": f"{name} 仓"}, "Asia/Shanghai", address
        )
        places.append((await do(db, SYSTEM, inventory.save_warehouse, wanted)).id)
    await do(db, SYSTEM, inventory.count, [
        Count(shop.merchant_id, place, product, far) for place in places for product in shop.products.values()
    ])  # fmt: skip
    await serve(db, shop, "SH")
    return Three(shop, *places)


async def serve(db: Database, shop: given.Shop, *others: str) -> None:
    """Let the channel be served from HZ first, then from these."""
    channel = inventory.SaveChannel(
        shop.merchant_id, "web", {"zh": "官网", "en": "Web"}, "CNY", "HZ", warehouses=others
    )
    await do(db, SYSTEM, inventory.save_channel, channel)


async def held(db: Database, order_id: int) -> dict[int, dict[int, int]]:
    """Pieces that are kept for an order, by warehouse and line."""
    found: dict[int, dict[int, int]] = {}
    async with db.transaction(SYSTEM) as tx:
        for part in (await inventory.parts_of(tx, [order_id], is_held=True)).get(order_id, []):
            place = found.setdefault(part.warehouse_id, {})
            place[part.line_no] = place.get(part.line_no, 0) + part.quantity
    return found


async def works(db: Database, order_id: int) -> dict[int, WorkState]:
    """The last work of an order in each warehouse."""
    async with db.transaction(SYSTEM) as tx:
        return {work.warehouse_id: work.state for work in await fulfilment.works_of(tx, [order_id])}


async def order(db: Database, order_id: int) -> orders.Order:
    """The order as it stands."""
    async with db.transaction(SYSTEM) as tx:
        return await orders.get_one(tx, order_id)


async def free(db: Database, shop: given.Shop, place: int, sku: str) -> int:
    """What is free of a product in a warehouse."""
    async with db.transaction(SYSTEM) as tx:
        levels = await inventory.stock_levels(tx, shop.merchant_id, [shop.products[sku]])
    return next(one.available for one in levels if one.warehouse_id == place)


async def claim(db: Database, place: int, *order_ids: int) -> list[fulfilment.Work]:
    """Somebody begins to pick these orders."""
    return await do(db, SYSTEM, fulfilment.claim, place, limit=9, claimed_by=7, order_ids=list(order_ids))
