"""A database that has been in use for years: a few hundred real orders, and a million that look just like them."""

from dingdan import worker
from dingdan.areas import orders, placement
from dingdan.cli.bench import store
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.address import Address
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

MODELS = 500
# How far apart two ids are that were given a millisecond after each other.
MILLISECOND = 1 << ids.NODE_BITS + ids.COUNTER_BITS
ADDRESS = Address(
    name="李小红",
    phone="13912345678",
    country="CN",
    province="上海市",
    city="上海市",
    district="徐汇区",
    detail="漕溪路 2 号",
)


async def fill(db: Database, *, merchant_id: int, count: int, models: int = MODELS) -> None:
    """Add about so many cancelled orders with three lines each.

    Everything else that runs on this database stands still meanwhile. The reactions are told that they have seen it all.
    """
    baskets = [
        placement.Basket(merchant_id=merchant_id, channel="web", ship_to=ADDRESS, buyer=placement.Buyer(ref=f"old-{n}"),
                         items=tuple(placement.Item(f"S{3 * n + step}", 1) for step in range(3)))
        for n in range(models)
    ]  # fmt: skip
    placed = [one for one in await do(db, SYSTEM, placement.place, baskets) if isinstance(one, placement.Placed)]
    for one in placed:
        await do(db, SYSTEM, orders.cancel, one.order_id, reason="buyer_request")
    await worker.settle(db, with_deadlines=False)
    order_ids = [one.order_id for one in placed]
    async with db.connection() as connection:
        # Copies are older than their models by whole spans, so that none meets another. A span is whole milliseconds: ids
        # keep the number of the process that gave them, so that none meets anybody else's either.
        whole = (await store.last_id(connection)) // MILLISECOND - min(one.checkout_id for one in placed) // MILLISECOND
        await store.copy_orders(connection, order_ids, copies=count // models, span=(whole + 60_000) * MILLISECOND)
