"""What tests of the archive share: orders that are over, and a look at what was kept of them."""

from datetime import datetime, timedelta
from typing import Any

from tests import given

from dingdan import worker
from dingdan.areas import archive, orders
from dingdan.kernel.actor import SYSTEM
from dingdan.overviews import bundles
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.tx import Tx

HOUR = timedelta(hours=1)
HOW: dict[str, Any] = {"collect": bundles.collect, "leaving": bundles.LEAVING}


async def completed_order(db: Database, shop: given.Shop, **more: Any) -> int:
    """An order that its buyer has confirmed."""
    order_id = await given.delivered_order(db, shop, **more)
    await do(db, SYSTEM, orders.receive, order_id)
    await given.settle(db)
    return order_id


async def now(db: Database) -> datetime:
    async with db.reading(SYSTEM) as tx:
        return tx.now


async def opened(db: Database, order_id: int) -> archive.Opened:
    async with db.reading(SYSTEM) as tx:
        return await archive.open_one(tx, order_id)


async def facts(db: Database, like: str) -> list[Any]:
    async with db.reading(SYSTEM) as tx:
        return await tx.fetch("SELECT wire, order_id, data, at FROM facts WHERE wire LIKE $1 ORDER BY id", like)


async def archived(db: Database, order_id: int) -> archive.Opened:
    """The order in the archive, by its own clock."""
    await worker.settle(db, at=await now(db) + HOUR)
    return await opened(db, order_id)


async def and_crash(tx: Tx, command: Any, *args: Any, **how: Any) -> None:
    """Do something, and lose the database before it is committed."""
    await command(tx, *args, **how)
    raise ConnectionError
