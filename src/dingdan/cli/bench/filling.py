"""A database that has been in use for years: a few hundred real orders, and a million that look just like them."""

from dingdan.areas import orders, placement
from dingdan.cli.bench import store
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.address import Address
from dingdan.plumbing import outbox
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

MODELS = 500
ADDRESS = Address(
    name="李小红",
    phone="13912345678",
    country="CN",
    province="上海市",
    city="上海市",
    district="徐汇区",
    detail="漕溪路 2 号",
)


async def fill(db: Database, *, merchant_id: int, count: int) -> None:
    """Add about so many cancelled orders with three lines each, in about a second for every ten thousand.

    Everything that runs on this database stands still meanwhile. The reactions are told that they have seen it all.
    """
    baskets = [
        placement.Basket(merchant_id=merchant_id, channel="web", ship_to=ADDRESS, buyer=placement.Buyer(ref=f"old-{n}"),
                         items=tuple(placement.Item(f"S{3 * n + step}", 1) for step in range(3)))
        for n in range(MODELS)
    ]  # fmt: skip
    placed = [one for one in await do(db, SYSTEM, placement.place, baskets) if isinstance(one, placement.Placed)]
    for one in placed:
        await do(db, SYSTEM, orders.cancel, one.order_id, reason="buyer_request")
    while await outbox.sequence(db):
        pass
    order_ids, checkout_ids = [one.order_id for one in placed], [one.checkout_id for one in placed]
    # Copies are older than their models, by whole spans of their ids, so that none meets another.
    span = max(order_ids + checkout_ids) + 2**22 * 60_000 - min(order_ids + checkout_ids)
    async with db.connection() as connection:
        await store.copy_orders(connection, order_ids, checkout_ids, copies=count // MODELS, span=span)
