"""Orders that were placed in one batch keep what is theirs: their answer, their correlation id."""

import asyncio

from dingdan.areas import placement
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import idempotency
from dingdan.plumbing.database import Database
from dingdan.plumbing.telemetry import correlation
from dingdan.surfaces.api.orders import rendered
from dingdan.surfaces.shared.intake import OrderIntake
from tests import given


async def test_each_order_of_a_batch_carries_the_word_of_its_own_request(db: Database) -> None:
    shop = await given.shop(db)
    door = OrderIntake(db, rendered)

    async def place(n: int) -> int:
        correlation.set(f"request-{n}")
        key = idempotency.Key(1, f"k{n}", b"%d" % n)
        taken = await door.place(SYSTEM, placement.Intake(given.basket(shop, {"MUG": 1}, buyer=f"b{n}"), key))
        return taken.order_id

    order_ids = await asyncio.gather(*(asyncio.create_task(place(n)) for n in range(6)))
    async with db.transaction(SYSTEM) as tx:
        rows = await tx.fetch("SELECT order_id, correlation FROM facts WHERE wire = 'order.placed'")
    assert {row["order_id"]: row["correlation"] for row in rows} == {
        order_id: f"request-{n}" for n, order_id in enumerate(order_ids)
    }
