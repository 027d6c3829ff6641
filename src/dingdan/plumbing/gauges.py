"""What waits, put into numbers that an operator can watch."""

from dingdan.plumbing.database import Database
from dingdan.plumbing.telemetry import CHAIN_BROKEN, DEADLINES_LATE, FACTS_WAITING, PARKED, REACTIONS_BEHIND


async def measure(db: Database) -> int:
    """Set the gauges; says 0, since nothing was worked on."""
    async with db.connection() as connection:
        row = await connection.fetchrow(
            """
            SELECT (SELECT count(*) FROM facts WHERE position IS NULL) AS facts_waiting,
                (SELECT count(*) FROM deadlines WHERE next_at <= (SELECT dingdan_now())) AS late,
                (SELECT count(*) FROM reaction_parked) AS reactions,
                (SELECT count(*) FROM deadlines WHERE attempts > 0) AS deadlines,
                (SELECT count(*) FROM pgqueuer WHERE status = 'failed') AS jobs,
                (SELECT count(*) FROM attestation_watch WHERE broken_at IS NOT NULL) AS broken
            """
        )
        behind = await connection.fetch(
            "SELECT reaction, COALESCE((SELECT max(position) FROM facts), 0) - position AS behind FROM reaction_cursors"
        )
    FACTS_WAITING.set(row["facts_waiting"])
    DEADLINES_LATE.set(row["late"])
    CHAIN_BROKEN.set(row["broken"])
    for kind in ("reactions", "deadlines", "jobs"):
        PARKED.labels(kind).set(row[kind])
    for one in behind:
        REACTIONS_BEHIND.labels(one["reaction"]).set(one["behind"])
    return 0
