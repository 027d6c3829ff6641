"""What must be true when the smoke has cleared."""

import asyncio
import time
from datetime import timedelta
from typing import Any

from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.ids import decode
from dingdan.overviews import invariants
from dingdan.plumbing import clock
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from tests.faults.clients import Ledger

# A job that was in hand when the database died is taken again when its lease of 90 s is over.
DRAIN_SECONDS = 120.0
# Past the first rungs of the ladder on which an outcome without an answer is asked for.
LATER = timedelta(seconds=125)

WAITING = """
SELECT (SELECT count(*) FROM facts WHERE position IS NULL) AS facts,
    (SELECT count(*) FROM reaction_cursors WHERE position < (SELECT max(position) FROM facts)) AS reactions,
    (SELECT count(*) FROM reaction_parked) AS parked,
    (SELECT count(*) FROM deadlines WHERE due_at <= dingdan_now() OR error IS NOT NULL) AS deadlines,
    (SELECT count(*) FROM payments WHERE state IN ('started', 'pending', 'unknown')) AS payments,
    (SELECT count(*) FROM send_backs WHERE state IN ('queued', 'sent', 'unknown')) AS send_backs,
    (SELECT count(*) FROM pgqueuer) AS jobs
"""


async def drained(db: Database) -> float:
    """Wait until the worker has nothing left to do; says how many seconds that took."""
    began = time.monotonic()
    await let_time_pass(db, LATER)
    while True:
        async with db.connection() as connection:
            waiting = dict(await connection.fetchrow(WAITING))
        if not any(waiting.values()):
            return time.monotonic() - began
        assert time.monotonic() < began + DRAIN_SECONDS, f"still waiting after {DRAIN_SECONDS} s: {waiting}"
        await asyncio.sleep(0.2)


async def let_time_pass(db: Database, by: timedelta) -> None:
    """Turn the clock of the business, and that of the leases of jobs whose worker is dead."""
    await do(db, SYSTEM, clock.advance, by)


async def lose_leases(db: Database) -> int:
    """As if their time had run out: jobs held by a worker that was killed may be taken by the next."""
    async with db.connection() as connection:
        tag = await connection.execute(
            "UPDATE pgqueuer SET heartbeat = heartbeat - interval '1 hour' WHERE status = 'picked'"
        )
        return int(tag.rpartition(" ")[2])


async def lawful(db: Database) -> None:
    """Every invariant holds, those of a house at rest included."""
    broken = [found for found in await invariants.check(db, settled=True) if found.count]
    assert not broken, "\n".join(f"{r.count} x {r.name}: {r.samples[:3]}" for r in broken)


async def kept(db: Database, ledger: Ledger) -> dict[str, int]:
    """Every promise that was written down outside is in the database (D1), once, and paid once."""
    orders = {key: _number("order", name) for key, name in ledger.read("ack-order")}
    payments = {key: _number("payment", name) for key, name in ledger.read("ack-payment")}
    meant = {key for (key,) in ledger.read("intent-order")}
    async with db.connection() as connection:
        found = await connection.fetch(
            "SELECT key, count(*), min(subject_id) AS id FROM idempotency_keys WHERE key = ANY($1::text[]) GROUP BY key",
            sorted(meant | set(payments)),
        )
        stored = {row["id"] for row in await connection.fetch("SELECT id FROM orders WHERE id = ANY($1)", [
            row["id"] for row in found if row["key"] in meant])}  # fmt: skip
        captured = await connection.fetch(
            """
            SELECT p.id, (SELECT count(*) FROM captures c WHERE c.payment_id = p.id) AS captures, p.state
            FROM payments p WHERE p.id = ANY($1::bigint[])
            """,
            list(payments.values()),
        )
        charged = await connection.fetchval(
            "SELECT count(*) FROM sandbox_psp.charges WHERE number = ANY($1::bigint[]) AND state = 'captured'",
            list(payments.values()),
        )
    by_key = {row["key"]: row["id"] for row in found}
    assert {row["count"] for row in found} <= {1}
    assert {key: by_key.get(key) for key in orders} == orders, "an acknowledged order is not there, or is another"
    assert set(orders.values()) <= stored
    assert len(set(orders.values())) == len(orders), "two keys gave one order"
    assert {key: by_key.get(key) for key in payments} == payments
    assert {(row["captures"], row["state"]) for row in captured} <= {(1, "captured")}
    assert len(captured) == len(payments) == charged
    return {"intended": len(meant), "acknowledged": len(orders), "paid": len(payments)}


def _number(kind: str, name: Any) -> int:
    number = decode(kind, str(name))
    assert number is not None, name
    return number
