"""A database that is filled for measuring is one that could have come about by itself."""

from tests import given

from dingdan.cli.bench import filling
from dingdan.plumbing.database import Database


async def test_what_is_filled_in_keeps_every_law(db: Database) -> None:
    shop = await given.shop(db, prices={f"S{n}": 1000 + n for n in range(12)})
    await given.settle(db)

    await filling.fill(db, merchant_id=shop.merchant_id, count=40, models=4)

    async with db.connection() as connection:
        states = await connection.fetch("SELECT state, count(*) AS orders FROM orders GROUP BY state")
        lines = await connection.fetchval("SELECT count(*) FROM order_lines")
        waiting = await connection.fetchval(
            "SELECT count(*) FROM reaction_cursors WHERE position < (SELECT max(position) FROM facts)"
        )
    assert [(row["state"], row["orders"]) for row in states] == [("cancelled", 44)]
    assert (lines, waiting) == (132, 0)
