"""The sellers of the month: their goods, warehouses, carriers and lanes, and the people at their desks."""

from collections.abc import Mapping
from datetime import timedelta

import msgspec

from dingdan.areas import carriers, identity, inventory, review
from dingdan.cli.demo.shops import BUYERS
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.address import Address
from dingdan.plumbing import clock
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from tests import given

STOCK = 1_000_000
ROLES = ("customer_service", "logistics", "finance", "warehouse", "lead", "manager")
# The people of every seller, by role.
People = Mapping[int, Mapping[str, Actor]]
ADDRESSES: tuple[Address, ...] = tuple(address for _, address in BUYERS)


class House(msgspec.Struct, frozen=True):
    """A seller and its people, by role; `second` is a warehouse from which one of its channels is served first."""

    shop: given.Shop
    people: dict[str, Actor]
    warehouses: tuple[int, ...]
    channels: tuple[str, ...]


async def begin(db: Database) -> None:
    """Let the month begin at the same hour whenever the test runs: what hangs on hours and holidays is the same then."""
    async with db.reading(SYSTEM) as tx:
        now = tx.now
    first = (now.replace(day=1, hour=0, minute=0, second=0, microsecond=0) + timedelta(days=32)).replace(day=1)
    await do(db, SYSTEM, clock.advance, first - now)


async def houses(db: Database) -> list[House]:
    """Three sellers: one with two warehouses and lanes, one with fresh goods, one that writes to its buyers."""
    patient = {"pay_within_minutes": 12 * 60}
    first = await given.shop(db, stock=STOCK, code="month-1", split_orders=True, **patient)
    fresh = await given.shop(db, stock=STOCK, code="month-2", flags=("perishable",), **patient)
    third = await given.shop(db, stock=STOCK, code="month-3", message_channels=("sms",), **patient)
    await given.review_rule(db, review.LargeQuantity(more_than=30), on_timeout="cancel")
    second = await _second_warehouse(db, first)
    made = []
    for shop, places, channels in (
        (first, (first.warehouse_id, second), ("web", "market")),
        (fresh, (fresh.warehouse_id,), ("web",)),
        (third, (third.warehouse_id,), ("web",)),
    ):
        found = {code: await given.carrier(db, shop, code) for code in ("sf", "yto")}
        if shop is first:
            await _lanes(db, shop, found)
        made.append(House(shop, await _people(db, shop), places, channels))
    return made


async def _second_warehouse(db: Database, shop: given.Shop) -> int:
    """Where the other channel is served from; each helps the other out."""
    save = inventory.SaveWarehouse(
        shop.merchant_id, "SZ", {"zh": "苏州仓", "en": "Suzhou"}, "Asia/Shanghai", given.ADDRESS
    )
    place = await do(db, SYSTEM, inventory.save_warehouse, save)
    market = inventory.SaveChannel(shop.merchant_id, "market", {"zh": "市集", "en": "Market"}, "CNY", "SZ",
                                   warehouses=("HZ",))  # fmt: skip
    await do(db, SYSTEM, inventory.save_channel, market)
    await do(db, SYSTEM, inventory.count, [
        inventory.Count(shop.merchant_id, place.id, product, STOCK) for product in list(shop.products.values())[:2]
    ])  # fmt: skip
    return place.id


async def _lanes(db: Database, shop: given.Shop, known: dict[str, int]) -> None:
    """Near by faster than far away."""
    await do(db, SYSTEM, carriers.save_lanes, [
        carriers.SaveLane(merchant_id=shop.merchant_id, code="near", carrier_id=known["sf"], country="CN", region="33",
                          days_min=1, days_max=2, priority=10),
        carriers.SaveLane(merchant_id=shop.merchant_id, code="far", carrier_id=known["yto"], country="CN", days_min=2,
                          days_max=5),
    ])  # fmt: skip


async def _people(db: Database, shop: given.Shop) -> dict[str, Actor]:
    found = {}
    for role in ROLES:
        login = f"{role}-{shop.merchant_id}"
        saved = await do(db, SYSTEM, identity.save_staff,
                         identity.SaveStaff(shop.merchant_id, login, role.title(), (role,)))  # fmt: skip
        found[role] = Actor(ActorKind.STAFF, saved.id, login, shop.merchant_id, identity.ROLES[role])
    return found
