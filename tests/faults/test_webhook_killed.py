"""kill -9 of the worker while receivers have a message and have not answered: each arrives, under the same id."""

import asyncio
from datetime import timedelta

import pytest

from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import clock
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from tests import given
from tests.areas.webhooks.receiver import Answer, endpoint, listening, log
from tests.faults import aftermath
from tests.faults.house import House

COUNT, KILLS = 8, 2


@pytest.mark.requirement("F-02")
async def test_no_webhook_is_lost_although_the_worker_dies_in_the_middle(house: House) -> None:
    async with house.database() as db, listening() as receiver:
        shop = await given.shop(db, pay_within_minutes=24 * 60)
        made = await endpoint(db, shop, receiver.url())
        receiver.answers["/"] = Answer(hangs=1.0)
        for _ in range(COUNT):
            await given.placed_order(db, shop)
        house.start("work", webhook_loopback="true")
        for n in range(KILLS):
            await receiver.until(4 * n + 2)
            house.kill("work")
            await leases_end(db)
            house.again("work")
        receiver.answers.clear()
        await all_arrived(db, made.endpoint_id)
        await aftermath.lawful(db)
        told = await log(db, made.endpoint_id)
    assert sum(one["results"].count("lost") for one in told) > 0
    assert {tuple(one["results"])[-1] for one in told} == {"succeeded"}
    bodies = {(got.headers["webhook-id"], got.body) for got in receiver.got}
    assert len(bodies) == len({got.headers["webhook-id"] for got in receiver.got}) == COUNT


async def leases_end(db: Database) -> None:
    """The minute passes that a lane belongs to a worker that died."""
    async with db.connection() as connection:
        await connection.execute("UPDATE webhook_endpoints SET leased_until = now() - interval '1 second'")


async def all_arrived(db: Database, endpoint_id: int) -> None:
    """Let the ladder's first minutes pass until nothing waits."""
    async with asyncio.timeout(60):
        while not all(one["delivered_at"] for one in await log(db, endpoint_id)):
            await do(db, SYSTEM, clock.advance, timedelta(minutes=1))
            await asyncio.sleep(0.5)
