"""Builders that read as sentences: `order_id = await given.paid_order(db, shop)`."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Coroutine
from datetime import date
from typing import Any, TypeVar

import msgspec

from dingdan import worker
from dingdan.areas import (
    carriers,
    catalog,
    fulfilment,
    inventory,
    merchants,
    orders,
    payments,
    placement,
    policies,
    review,
)
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.address import Address
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.tx import Tx

T = TypeVar("T")
ADDRESS = Address(
    name="王小明",
    phone="13812345678",
    country="CN",
    province="浙江省",
    city="杭州市",
    district="西湖区",
    detail="文三路 1 号",
)
LICENCE = carriers.Licence(
    number="邮 2020-0001", issuer="国家邮政局", valid_from=date(2020, 1, 1), valid_until=date(2099, 12, 31)
)
_numbers = itertools.count(1)


class Shop(msgspec.Struct, frozen=True):
    """A merchant that can sell: one warehouse, one channel, some products."""

    merchant_id: int
    warehouse_id: int
    channel: str
    products: dict[str, int]


async def shop(
    db: Database,
    *,
    stock: int = 100,
    prices: dict[str, int] | None = None,
    flags: tuple[str, ...] = (),
    code: str | None = None,
    law: str = "cn_statutory",
    currency: str = "CNY",
    **settings: Any,
) -> Shop:
    """A merchant with products at these prices (fen), each with `stock` units on hand, that sells under this law."""
    code = code or f"shop-{next(_numbers)}"
    await do(db, SYSTEM, policies.load_packs)
    return await do(db, SYSTEM, _open_shop, code, stock, prices or {"MUG": 19900, "TEE": 8990, "SOCK": 3990}, flags,
                    (law, currency), settings)  # fmt: skip


async def _open_shop(
    tx: Tx, code: str, stock: int, prices: dict[str, int], flags: tuple[str, ...], home: tuple[str, str],
    settings: dict[str, Any],
) -> Shop:  # fmt: skip
    law, currency = home
    merchant = await merchants.save(tx, merchants.SaveMerchant(
        code=code, name={"zh": "小店", "en": "Little shop"}, zone="Asia/Shanghai", currency=currency,
        policy=law, settings=merchants.MerchantSettings(**settings),
    ))  # fmt: skip
    warehouse = await inventory.save_warehouse(tx, inventory.SaveWarehouse(
        merchant.id, "HZ", {"zh": "杭州仓", "en": "Hangzhou"}, "Asia/Shanghai", ADDRESS))  # fmt: skip
    await inventory.save_channel(tx, inventory.SaveChannel(
        merchant.id, "web", {"zh": "官网", "en": "Web"}, currency, "HZ"))  # fmt: skip
    saved = await catalog.save_products(tx, [
        catalog.SaveProduct(merchant_id=merchant.id, sku=sku, title={"zh": f"商品 {sku}", "en": f"Product {sku}"},
                            category="home", flags=list(flags))
        for sku in prices
    ])  # fmt: skip
    await catalog.save_prices(tx, [
        catalog.SavePrice(merchant_id=merchant.id, sku=sku, currency=currency, amount=price)
        for sku, price in prices.items()
    ])  # fmt: skip
    products = {one.sku: one.id for one in saved}
    await inventory.count(tx, [inventory.Count(merchant.id, warehouse.id, p, stock) for p in products.values()])
    return Shop(merchant.id, warehouse.id, "web", products)


async def carrier(db: Database, shop: Shop, code: str = "sf", **more: Any) -> int:
    """A carrier of the shop's with a licence that holds; gives its id."""
    wanted = {"name": {"en": code}, "services": ("standard", "express"), "licences": (LICENCE,)} | more
    (saved,) = await do(db, SYSTEM, carriers.save_carriers, [
        carriers.SaveCarrier(merchant_id=shop.merchant_id, code=code, **wanted)])  # fmt: skip
    return saved.id


def basket(shop: Shop, lines: dict[str, int] | None = None, *, buyer: str = "buyer-1", **more: Any) -> placement.Basket:
    """A sound basket of these SKUs and quantities."""
    wanted = lines or {next(iter(shop.products)): 1}
    return placement.Basket(
        merchant_id=shop.merchant_id, channel=shop.channel, buyer=placement.Buyer(ref=buyer),
        items=tuple(placement.Item(sku, quantity) for sku, quantity in wanted.items()), **({"ship_to": ADDRESS} | more),
    )  # fmt: skip


async def placed_order(db: Database, shop: Shop, lines: dict[str, int] | None = None, **more: Any) -> int:
    """An order that waits for its money."""
    (result,) = await do(db, SYSTEM, placement.place, [basket(shop, lines, **more)])
    if isinstance(result, Refusal):
        raise result
    return result.order_id


async def paid_order(db: Database, shop: Shop, lines: dict[str, int] | None = None, **more: Any) -> int:
    """An order whose money is in and that waits to be picked."""
    order_id = await placed_order(db, shop, lines, **more)
    await pay(db, order_id)
    return order_id


async def paid_orders(db: Database, shop: Shop, count: int) -> list[int]:
    """So many of them, each of one piece and of a buyer of its own, made a few hundred at a time."""
    ids: list[int] = []
    for first in range(0, count, 500):
        baskets = [basket(shop, buyer=f"one-of-many-{n}") for n in range(first, min(first + 500, count))]
        placed = await do(db, SYSTEM, placement.place, baskets)
        ids += [one.order_id for one in placed if isinstance(one, placement.Placed)]
        await pay(db, *ids[first:])
    return ids


async def pay(db: Database, *order_ids: int) -> None:
    """Pay at the sandbox provider, at once; then let everything follow that follows by itself."""
    started = await do(db, SYSTEM, payments.start, list(order_ids), provider="sandbox", method="instant")
    await payments.call_started(db, [payment.id for payment in started])
    await settle(db)


async def review_rule(
    db: Database,
    trigger: review.Trigger,
    *,
    merchant_id: int | None = None,
    code: str = "rule",
    items: tuple[str, ...] = ("looked",),
    is_active: bool = True,
    **more: Any,
) -> review.Rule:
    """A rule of review; of the platform unless a merchant is named."""
    document = review.RuleDocument(
        title=review.Words(code, "规则"), trigger=trigger,
        checklist=tuple(review.Item(item, f"Is {item} fine?", "是否正常？") for item in items), **more,
    )  # fmt: skip
    wanted = review.SaveRule(merchant_id=merchant_id, code=code, document=document, is_active=is_active)
    return await do(db, SYSTEM, review.save_rule, wanted)


async def settle(db: Database, *, with_deadlines: bool = False) -> None:
    """Let reactions and jobs run until nothing is left to do."""
    await worker.settle(db, with_deadlines=with_deadlines)


async def shipped_order(db: Database, shop: Shop, lines: dict[str, int] | None = None, **more: Any) -> int:
    """An order on its way."""
    order_id = await paid_order(db, shop, lines, **more)
    await ship(db, shop, order_id)
    return order_id


async def ship(db: Database, shop: Shop, order_id: int) -> str:
    """Pick, pack and hand over; gives the tracking number."""
    claimed = await do(db, SYSTEM, fulfilment.claim, shop.warehouse_id, limit=500, claimed_by=None)
    work = next(work for work in claimed if work.order_id == order_id)
    number = f"SBX{order_id:020d}"
    async with db.transaction(SYSTEM) as tx:
        lines = (await orders.lines(tx, [order_id]))[order_id]
        await fulfilment.pack(
            tx, work.id, [fulfilment.PackedLine(line.line_no, line.left) for line in lines if line.left]
        )
        await fulfilment.ship(tx, [fulfilment.Ship(
            work_id=work.id, carrier="manual", tracking_number=number, carrier_reason="own_van",
        )])  # fmt: skip
    await settle(db)
    return number


async def delivered_order(db: Database, shop: Shop, lines: dict[str, int] | None = None, **more: Any) -> int:
    """An order in the buyer's hands."""
    order_id = await paid_order(db, shop, lines, **more)
    number = await ship(db, shop, order_id)
    async with db.transaction(SYSTEM) as tx:
        await fulfilment.scan(tx, [fulfilment.Scan(carrier="manual", tracking_number=number, event_id="d1",
                                                   code="delivered", at=tx.now, place="")])  # fmt: skip
    await settle(db)
    return order_id


async def somebody_waits(tx: Tx) -> None:
    """Come back when another transaction waits for a lock that this one holds."""
    waits = "SELECT EXISTS (SELECT FROM pg_locks WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid)))"
    for _ in range(500):
        if await tx.fetchval(waits):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nobody waits")


async def meeting(
    db: Database, first: Callable[[Tx], Awaitable[Any]], second: Callable[[], Coroutine[Any, Any, T]]
) -> T:
    """What a second comes to that had to wait for a first, in a transaction of its own that was still open by then."""
    is_done = asyncio.Event()

    async def behind() -> T:
        await is_done.wait()
        return await second()

    # Before the transaction is open: a task takes with it which one it is in.
    waiting = asyncio.create_task(behind())
    async with db.transaction(SYSTEM) as tx:
        await first(tx)
        is_done.set()
        await somebody_waits(tx)
    return await waiting
