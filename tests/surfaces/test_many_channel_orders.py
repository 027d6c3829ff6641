"""Ten thousand orders in a file, in one go."""

import msgspec
import pytest

from dingdan.kernel import ids
from dingdan.plumbing.database import Database
from tests import given
from tests.surfaces.callers import Caller
from tests.surfaces.test_channel_orders import NDJSON, order
from tests.surfaces.test_imports import load

MANY = 10_000


@pytest.mark.prove
@pytest.mark.requirement("O3.10")
async def test_ten_thousand_orders_come_by_file_and_twice_changes_nothing(
    merchant: Caller, shop: given.Shop, db: Database
) -> None:
    rows = [order(f"T-{n}", sku="MUG" if n % 100 else "NO") | {"channel": "web"} for n in range(MANY)]
    text, code = b"\n".join(map(msgspec.json.encode, rows)), ids.encode("merchant", shop.merchant_id)
    told = await load(merchant, "channel_orders", text, headers=NDJSON, merchant_code=code)
    assert {row["status"] for row in told} == {"created"}
    again = await load(merchant, "channel_orders", text, headers=NDJSON, merchant_code=code)
    assert {row["status"] for row in again} == {"unchanged"}
    async with db.connection() as connection:
        found = await connection.fetchrow("SELECT count(*) AS orders, count(DISTINCT id) AS ids FROM orders")
        problems = await connection.fetch(
            "SELECT kind, count(*) AS n FROM channel_problems GROUP BY kind ORDER BY kind"
        )
    assert found["orders"] == MANY * 99 // 100
    assert {row["kind"]: row["n"] for row in problems}["unknown_sku"] == MANY // 100
