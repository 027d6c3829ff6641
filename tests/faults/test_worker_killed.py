"""kill -9 of the worker between an effect outside and our word for it: every effect happens, and happens once."""

import asyncio
import random

import pytest

from dingdan.areas import orders, payments
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from tests import given
from tests.faults import aftermath
from tests.faults.house import House

EFFECTS = """
SELECT (SELECT count(*) FROM refunds WHERE order_id = ANY($1::bigint[])) AS asked,
    (SELECT count(*) FROM refunds WHERE order_id = ANY($1::bigint[]) AND state = 'settled') AS settled,
    (SELECT count(*) FROM sandbox_psp.log l WHERE l.kind = 'refund' AND l.order_id = ANY($1::bigint[])) AS went_back,
    (SELECT count(*) FROM facts WHERE wire = 'order.refunded' AND order_id = ANY($1::bigint[])) AS told,
    (SELECT count(*) FROM pgqueuer_log WHERE status = 'picked' AND entrypoint = 'payments.send_back') AS picked
"""


@pytest.mark.requirement("F-02")
async def test_money_goes_back_once_although_the_worker_dies_in_the_middle(house: House) -> None:
    await die_in_the_middle(house, count=12, kills=3, seed=1)


@pytest.mark.prove
@pytest.mark.timeout(600)
@pytest.mark.requirement("F-02")
async def test_money_goes_back_once_although_the_worker_dies_again_and_again(house: House) -> None:
    await die_in_the_middle(house, count=200, kills=40, seed=2)


async def die_in_the_middle(house: House, *, count: int, kills: int, seed: int) -> None:
    """Cancel paid orders; the provider pays back at once and answers late, and the worker dies while it waits."""
    chance = random.Random(seed)
    async with house.database() as db:
        order_ids = await paid(db, house.shop, count)
        await payments.sandbox.order_fault(db, "refund", "slow", times=count // 2, seconds=1.5)
        house.start("work")
        for number, some in enumerate(order_ids[n::kills] for n in range(kills)):
            for order_id in some:
                await do(db, SYSTEM, orders.cancel, order_id, reason="fault")
            if number == 0:
                await until_picked(db)
            await asyncio.sleep(chance.uniform(0.3, 1.5))
            house.kill("work")
            await aftermath.lose_leases(db)
            house.again("work")
        await payments.sandbox.mend(db)
        await aftermath.drained(db)
        async with db.connection() as connection:
            found = dict(await connection.fetchrow(EFFECTS, order_ids))
        assert found.pop("picked") > 0
        assert found == dict.fromkeys(("asked", "settled", "went_back", "told"), count)
        await aftermath.lawful(db)


async def paid(db: Database, shop: given.Shop, count: int) -> list[int]:
    """Orders that are paid and whose facts nobody has answered yet."""
    order_ids = [await given.placed_order(db, shop, {"S1": 1}) for _ in range(count)]
    started = await do(db, SYSTEM, payments.start, order_ids, provider="sandbox", method="instant")
    await payments.call_started(db, [payment.id for payment in started])
    return order_ids


async def until_picked(db: Database) -> None:
    """Wait until the worker holds a job."""
    async with asyncio.timeout(20):
        while True:
            async with db.connection() as connection:
                if await connection.fetchval("SELECT count(*) FROM pgqueuer WHERE status = 'picked'"):
                    return
            await asyncio.sleep(0.05)
