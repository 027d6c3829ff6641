"""PostgreSQL goes away and comes back: a no that says when to come again, and nobody has to start anything."""

import asyncio
import time
from typing import Any

import httpx
import pytest

from tests.faults import aftermath
from tests.faults.clients import ADDRESS
from tests.faults.house import House

AWAY_SECONDS = 2.5


async def ask(http: httpx.AsyncClient, house: House, key: str) -> httpx.Response:
    body: Any = {
        "channel": house.shop.channel, "buyer": {"ref": "b"}, "ship_to": ADDRESS,
        "lines": [{"sku": "S1", "quantity": 1}],
    }  # fmt: skip
    headers = {"Authorization": f"Bearer {house.key}", "Idempotency-Key": key}
    return await http.post("/v1/orders", json=body, headers=headers)


@pytest.mark.requirement("F-03")
@pytest.mark.parametrize("how", ["stopped", pytest.param("killed", marks=pytest.mark.prove)])
async def test_a_server_outlives_its_database(house: House, how: str) -> None:
    house.start("serve", "work")
    answering = house.answering()
    async with httpx.AsyncClient(base_url=house.base, timeout=10) as http:
        assert (await ask(http, house, f"{how}-0")).status_code == 201

        await asyncio.to_thread(house.stop_postgres if how == "stopped" else house.kill_postgres)
        until, asked, longest = time.monotonic() + AWAY_SECONDS, 0, 0.0
        first = (await http.get("/health/ready")).status_code
        while time.monotonic() < until:
            began = time.monotonic()
            answer = await ask(http, house, f"{how}-1")
            longest, asked = max(longest, time.monotonic() - began), asked + 1
            assert answer.status_code == 503, answer.text
            assert answer.headers["retry-after"] == "1"
            assert (await http.get("/health/ready")).status_code == 503
            assert (await http.get("/health/live")).status_code == 200
            await asyncio.sleep(0.05)
        assert (first, asked > 10, longest < 2.5) == (503, True, True), (first, asked, longest)

        await asyncio.to_thread(house.start_postgres)
        await asyncio.to_thread(house.wait_ready)
        again = await ask(http, house, f"{how}-1")
        assert (again.status_code, house.answering()) == (201, answering)
    assert house.is_up("work"), house.log("work")
    async with house.database() as db:
        await aftermath.drained(db)
        await aftermath.lawful(db)


@pytest.mark.requirement("F-03")
async def test_a_server_that_starts_first_waits_for_its_database(house: House) -> None:
    house.start("serve")
    await asyncio.to_thread(house.stop_postgres)
    house.kill_answering()
    house.again("work")
    await asyncio.sleep(4.0)
    await asyncio.to_thread(house.start_postgres)
    await asyncio.to_thread(house.wait_ready)
    assert house.is_up("serve"), house.log("serve")
    assert house.is_up("work"), house.log("work")
