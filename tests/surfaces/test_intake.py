"""Orders that were placed in one batch keep what is theirs: their answer, their correlation id."""

import asyncio

import asyncpg
import pytest

from dingdan.areas import placement
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import idempotency
from dingdan.plumbing.database import Database, DatabaseBusy
from dingdan.plumbing.telemetry import correlation
from dingdan.surfaces.api.orders import ANSWERING
from dingdan.surfaces.shared.intake import OrderIntake
from tests import given


async def test_each_order_of_a_batch_carries_the_word_of_its_own_request(db: Database) -> None:
    shop = await given.shop(db)
    door = OrderIntake(db, ANSWERING)

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


async def test_a_value_that_cannot_be_stored_is_halved_out_and_hurts_nobody(db: Database) -> None:
    shop = await given.shop(db)
    door = OrderIntake(db, ANSWERING)
    # No request brings a NUL; here it stands for whatever only the database finds out.
    numbers = [f"R{n}" if n != 3 else "R\x00" for n in range(6)]
    intakes = [
        placement.Intake(given.basket(shop, {"MUG": 1}, reference=text), idempotency.Key(1, f"k{n}", b"f"))
        for n, text in enumerate(numbers)
    ]
    results = await asyncio.gather(*(door.place(SYSTEM, one) for one in intakes), return_exceptions=True)
    assert [isinstance(result, asyncpg.DataError) for result in results] == [n == 3 for n in range(6)]
    async with db.transaction(SYSTEM) as tx:
        assert await tx.fetchval("SELECT count(*) FROM orders") == 5


async def test_what_was_taken_in_is_finished_before_the_process_ends(db: Database) -> None:
    shop = await given.shop(db)
    door = OrderIntake(db, ANSWERING)
    intakes = [placement.Intake(given.basket(shop, {"MUG": 1}), idempotency.Key(1, f"k{n}", b"f")) for n in range(20)]
    tasks = [asyncio.create_task(door.place(SYSTEM, one)) for one in intakes]
    await asyncio.sleep(0)
    await door.drain(8.0)
    assert len({task.result().order_id for task in tasks}) == 20
    with pytest.raises(DatabaseBusy):
        await door.place(SYSTEM, intakes[0])
