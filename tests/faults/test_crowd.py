"""Two hundred callers, four connections, and a database that holds all four: a no in seconds, and then a yes."""

import asyncio
import time
from collections import Counter

import asyncpg
import httpx
import pytest

from dingdan.areas import placement
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.ids import encode
from dingdan.plumbing.doing import do
from tests import given
from tests.faults.house import House

CALLERS = 200
# Two seconds for a connection, three for a lock, and a slow machine.
SOON_SECONDS = 15.0


@pytest.mark.requirement("F-07")
async def test_a_crowd_is_told_to_come_again_and_does_not_pile_up(house: House) -> None:
    async with house.database() as db:
        placed = await do(db, SYSTEM, placement.place, [given.basket(house.shop)] * CALLERS)
    order_ids = [encode("order", one.order_id) for one in placed if isinstance(one, placement.Placed)]
    house.start("serve", pool_size=4, read_pool_size=4)
    limits = httpx.Limits(max_connections=CALLERS + 10)
    lives: list[float] = []
    async with httpx.AsyncClient(base_url=house.base, timeout=30, limits=limits) as http:

        async def pay(order_id: str) -> tuple[int, float]:
            began = time.monotonic()
            headers = {"Authorization": f"Bearer {house.key}", "Idempotency-Key": f"crowd-{order_id}"}
            answer = await http.post(f"/v1/orders/{order_id}/payments", json={}, headers=headers)
            assert answer.status_code != 503 or answer.headers["retry-after"] == "1"
            return answer.status_code, time.monotonic() - began

        async def look() -> None:
            while True:
                began = time.monotonic()
                assert await asyncio.to_thread(house.status, "/health/live") == 200
                lives.append(time.monotonic() - began)
                await asyncio.sleep(0.1)

        looking = asyncio.create_task(look())
        holder = await asyncpg.connect(house.url)
        async with holder.transaction():
            await holder.execute("LOCK TABLE payments IN ACCESS EXCLUSIVE MODE")
            held = await asyncio.gather(*map(pay, order_ids))
        await holder.close()
        assert {status for status, _ in held} == {503}
        slowest = max(seconds for _, seconds in held)
        looking.cancel()
        # Later, when all are let in at once, it is the machine that is busy.
        longest_live = max(lives)
        statuses: Counter[int] = Counter()
        for _ in range(10):
            free = await asyncio.gather(*map(pay, order_ids))
            statuses += Counter(status for status, _ in free)
            if {status for status, _ in free} == {201}:
                break
    assert {status for status, _ in free} == {201}, statuses
    assert slowest < SOON_SECONDS, slowest
    assert longest_live < SOON_SECONDS, longest_live
    print(f"slowest no {slowest:.1f} s, live within {longest_live:.2f} s, then {dict(statuses)}")  # noqa: T201
