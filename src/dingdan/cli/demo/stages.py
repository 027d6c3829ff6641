"""Opens the demo's shops: the merchant, its warehouses with their lanes, its channels, its goods and its terms."""

import msgspec

from dingdan.areas import inventory, merchants
from dingdan.cli.demo import terms
from dingdan.cli.demo.lanes import open_lanes
from dingdan.cli.demo.offers import make_offers
from dingdan.cli.demo.shelves import fill_shelves
from dingdan.cli.demo.shops import SHOPS, House, Shop
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.tx import Tx

ZONE = "Asia/Shanghai"


class Stage(msgspec.Struct, frozen=True):
    """A shop as it stands in the database."""

    shop: Shop
    merchant_id: int


async def set_up(db: Database, shop: Shop) -> Stage:
    """Open a shop unless an earlier start did."""
    async with db.transaction(SYSTEM) as tx:
        if (known := await merchants.by_code(tx, shop.code)) is not None:
            return Stage(shop, known.id)
    return await do(db, SYSTEM, _open, shop)


async def _open(tx: Tx, shop: Shop) -> Stage:
    merchant = await merchants.save(tx, merchants.SaveMerchant(
        code=shop.code, name={"zh": shop.zh, "en": shop.en}, zone=ZONE, currency="CNY",
        policy=terms.CODE if shop is SHOPS[0] else "cn_statutory", settings=merchants.MerchantSettings(
            freight=shop.freight, free_freight_from=shop.free_freight_from, message_channels=("email", "sms")),
    ))  # fmt: skip
    first = House(shop.warehouse, shop.warehouse_zh, shop.warehouse_en, shop.address, "")
    houses = [await _build(tx, merchant.id, first)]
    if shop.second is not None:
        houses.append(await _build(tx, merchant.id, shop.second, prefix="second-"))
    for code, zh, en in shop.channels:
        others = (shop.second.code,) if shop.second is not None and shop.second.serves == code else ()
        await inventory.save_channel(tx, inventory.SaveChannel(
            merchant.id, code, {"zh": zh, "en": en}, "CNY", shop.warehouse, warehouses=others))  # fmt: skip
    await fill_shelves(tx, shop, merchant.id, houses)
    if shop is SHOPS[0]:
        await make_offers(tx, merchant.id, ZONE)
        await terms.write_policy(tx, merchant.id)
    return Stage(shop, merchant.id)


async def _build(tx: Tx, merchant_id: int, house: House, *, prefix: str = "") -> int:
    """A warehouse with its lanes; gives its id."""
    saved = await inventory.save_warehouse(tx, inventory.SaveWarehouse(
        merchant_id, house.code, {"zh": house.zh, "en": house.en}, ZONE, house.address))  # fmt: skip
    await open_lanes(tx, merchant_id, saved.id, house.address, prefix=prefix)
    return saved.id
