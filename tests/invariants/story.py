"""A sound story to be broken: straight into the tables, as small or as large as wanted."""

from pathlib import Path
from string import Template
from typing import Any

STORY = Template((Path(__file__).parent / "story.sql").read_text(encoding="utf-8"))

# Orders by how they went; see story.sql.
AWAITING, EXPIRED, CANCELLED, REFUNDED, QUEUED, PICKING, ON_ITS_WAY, COMPLETED, RETURNED, PAID_TWICE = (
    10000000 + kind for kind in range(10)
)


async def tell(connection: Any, *, orders: int = 20, lines: int = 2) -> None:
    """Write the story of this many orders with this many lines each."""
    async with connection.transaction():
        await connection.execute(STORY.substitute(orders=orders, lines=lines), timeout=1200)
    await connection.execute("ANALYZE")
