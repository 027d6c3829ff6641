"""A sound story to be broken: straight into the tables, as small or as large as wanted."""

from datetime import UTC, datetime
from pathlib import Path
from string import Template
from typing import Any

from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.ids import IdSource
from dingdan.plumbing import attesting
from dingdan.plumbing.secrets import Sealer
from dingdan.plumbing.tx import Tx

STORY = Template((Path(__file__).parent / "story.sql").read_text(encoding="utf-8"))

# Orders by how they went; see story.sql.
AWAITING, EXPIRED, CANCELLED, REFUNDED, QUEUED, PICKING, ON_ITS_WAY, COMPLETED, RETURNED, PAID_TWICE = (
    10000000 + kind for kind in range(10)
)


async def tell(connection: Any, *, orders: int = 20, lines: int = 2) -> None:
    """Write the story of this many orders with this many lines each."""
    async with connection.transaction():
        await connection.execute(STORY.substitute(orders=orders, lines=lines), timeout=1200)
        tx = Tx(connection, now=datetime.now(UTC), actor=SYSTEM, ids=IdSource(0), sealer=Sealer(bytes(32)))
        while await attesting.attest(tx):
            pass
    await connection.execute("ANALYZE")
