"""A session that sits on a row of stock: who wants it is told to come again in seconds."""

import asyncio
import time

import asyncpg
import httpx
import pytest

from dingdan.kernel.ids import encode
from tests import given
from tests.faults.clients import ADDRESS
from tests.faults.house import House

# Longer than anybody waits for a lock; the others come again and again in that time.
HELD_SECONDS = 5.0
# lock_timeout twice, once for the place in the row's queue and once for its holder, and a slow machine.
SOON_SECONDS = 2 * 3.0 + 2.0


@pytest.mark.requirement("F-08")
async def test_who_wants_a_held_row_of_stock_waits_seconds(house: House) -> None:
    async with house.database() as db:
        placed = encode("order", await given.placed_order(db, house.shop, {"S3": 1}))
        other = await house.issue_key(db)
    house.start("serve")
    async with httpx.AsyncClient(base_url=house.base, timeout=30) as http:

        async def post(path: str, body: object, key: str, secret: str = house.key) -> tuple[int, float]:
            began = time.monotonic()
            headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": key}
            answer = await http.post(path, json=body, headers=headers)
            assert answer.status_code in (200, 201, 409, 503), answer.text
            return answer.status_code, time.monotonic() - began

        def basket(sku: str) -> object:
            return {
                "channel": house.shop.channel, "buyer": {"ref": "b"}, "ship_to": ADDRESS,
                "lines": [{"sku": sku, "quantity": 1}],
            }  # fmt: skip

        holder = await asyncpg.connect(house.url)
        async with holder.transaction():
            await holder.execute("SELECT 1 FROM stock WHERE product_id = $1 FOR UPDATE", house.shop.products["S3"])
            until: float = time.monotonic() + HELD_SECONDS
            waited: list[tuple[int, float]] = []
            while time.monotonic() < until:
                waited += await asyncio.gather(
                    post("/v1/orders", basket("S3"), "held"),
                    post(f"/v1/orders/{placed}/cancel", {}, "held-cancel"),
                )
            neighbour = await post("/v1/orders", basket("S4"), "neighbour", other)
        await holder.close()
        assert {status for status, _ in waited} <= {409, 503}
        assert max(seconds for _, seconds in waited) < SOON_SECONDS
        assert neighbour[0] == 201
        assert (await post("/v1/orders", basket("S3"), "held"))[0] == 201
        assert (await post(f"/v1/orders/{placed}/cancel", {}, "held-cancel"))[0] == 200


@pytest.mark.requirement("F-08")
async def test_a_transaction_of_ours_that_falls_asleep_is_ended(house: House) -> None:
    async with house.database() as db, db.connection() as connection:
        found = [
            await connection.fetchval(f"SHOW {name}")
            for name in ("lock_timeout", "idle_in_transaction_session_timeout")
        ]
    assert found == ["3s", "15s"]
