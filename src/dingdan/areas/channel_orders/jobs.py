"""How far channels are behind, as numbers that an operator can watch."""

from dingdan.areas.channel_orders import store
from dingdan.areas.channel_orders.telling import TARGET
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.telemetry import CHANNEL_UPDATES


async def measure(db: Database) -> int:
    """Set the gauges; says 0, since nothing was worked on."""
    async with db.reading(SYSTEM) as tx:
        row = await store.backlog(tx, tx.now - TARGET)
    CHANNEL_UPDATES.labels("waiting").set(row["backlog"])
    CHANNEL_UPDATES.labels("late").set(row["late"])
    return 0
