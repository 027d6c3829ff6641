"""Every statement of the sandbox provider, on connections of its own and never inside one of our transactions."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from dingdan.areas.payments.model import Charge, Limits
from dingdan.plumbing.database import Database
from dingdan.plumbing.http import outside

# Number, reference, merchant, order, currency, signed amount.
Movement = tuple[int, str, int, int, str, int]


@asynccontextmanager
async def books(db: Database) -> AsyncIterator[Any]:
    """The provider's own books, open for one entry; refuses inside a transaction of ours."""
    async with outside("sandbox_psp"), db.connection() as connection, connection.transaction():
        yield connection


class NewCharge(msgspec.Struct, frozen=True, kw_only=True):
    """A charge as the provider will write it, and what it moves for each order."""

    charge: Charge
    ref: str
    state: str
    came: int = 0
    failure: str = ""
    movements: Sequence[Movement] = ()


async def make_charges(connection: Any, rows: Sequence[NewCharge]) -> None:
    """Write charges whose number is new, with what they moved."""
    await connection.execute(
        """
        WITH made AS (
            INSERT INTO sandbox_psp.charges (number, ref, method, state, amount, currency, shares, came,
                came_currency, failure, made_at, captured_at)
            SELECT n, r, m, s, a, c, h::jsonb, i, CASE WHEN s = 'captured' THEN c ELSE '' END, f, t.at,
                CASE WHEN s = 'captured' THEN t.at END
            FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[],
                $8::bigint[], $9::text[]) AS new (n, r, m, s, a, c, h, i, f), (SELECT dingdan_now() AS at) AS t
            ORDER BY n
            ON CONFLICT (number) DO NOTHING RETURNING number
        )
        INSERT INTO sandbox_psp.log (at, kind, number, ref, merchant_id, order_id, currency, amount)
        SELECT dingdan_now(), 'charge', n, r, m, o, c, a
        FROM unnest($10::bigint[], $11::text[], $12::bigint[], $13::bigint[], $14::text[], $15::bigint[])
            AS moved (n, r, m, o, c, a)
        WHERE n IN (SELECT number FROM made)
        """,
        [row.charge.payment_id for row in rows],
        [row.ref for row in rows],
        [row.charge.method for row in rows],
        [row.state for row in rows],
        [row.charge.amount for row in rows],
        [row.charge.currency for row in rows],
        [msgspec.json.encode(row.charge.shares).decode() for row in rows],
        [row.came for row in rows],
        [row.failure for row in rows],
        *columns([movement for row in rows for movement in row.movements], 6),
    )


async def charges(connection: Any, numbers: Sequence[int], *, lock: bool = False) -> dict[int, Any]:
    """Charges by their numbers."""
    rows = await connection.fetch(
        f"""
        SELECT * FROM sandbox_psp.charges WHERE number = ANY($1::bigint[]) ORDER BY number {"FOR UPDATE" if lock else ""}
        """,  # noqa: S608 - a choice between two texts of ours
        list(numbers),
    )
    return {row["number"]: row for row in rows}


async def charge_by_ref(connection: Any, ref: str) -> Any:
    """One charge, locked, by the provider's own reference."""
    return await connection.fetchrow("SELECT * FROM sandbox_psp.charges WHERE ref = $1 FOR UPDATE", ref)


async def void_charges(connection: Any, numbers: Sequence[int]) -> None:
    """Close charges that wait to be paid."""
    await connection.execute(
        "UPDATE sandbox_psp.charges SET state = 'voided' WHERE number = ANY($1::bigint[]) AND state = 'pending'",
        list(numbers),
    )


async def finish_charges(connection: Any, rows: Sequence[tuple[int, str, int, str, str]]) -> None:
    """Write how buyers' payments ended: (number, state, what came in, its currency, failure)."""
    await connection.execute(
        """
        UPDATE sandbox_psp.charges AS c SET state = n.state, came = n.came, came_currency = n.currency,
            failure = n.failure, captured_at = CASE WHEN n.state = 'captured' THEN dingdan_now() END
        FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::text[])
            AS n (number, state, came, currency, failure)
        WHERE c.number = n.number
        """,
        *columns(rows, 5),
    )


async def log(connection: Any, kind: str, movements: Sequence[Movement]) -> None:
    """Write movements of money (`charge` or `refund`) into the provider's own log."""
    await connection.execute(
        """
        INSERT INTO sandbox_psp.log (at, kind, number, ref, merchant_id, order_id, currency, amount)
        SELECT dingdan_now(), $1, n, r, m, o, c, a
        FROM unnest($2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::text[], $7::bigint[])
            AS moved (n, r, m, o, c, a)
        """,
        kind,
        *columns(movements, 6),
    )


async def refunds(connection: Any, numbers: Sequence[int]) -> dict[int, Any]:
    """Refunds by their numbers."""
    rows = await connection.fetch(
        "SELECT * FROM sandbox_psp.refunds WHERE number = ANY($1::bigint[]) ORDER BY number", list(numbers)
    )
    return {row["number"]: row for row in rows}


async def make_refunds(connection: Any, rows: Sequence[tuple[int, str, int, str, int, str, str]]) -> None:
    """Write refunds (number, reference, charge, state, amount, currency, failure); what failed before may end well."""
    await connection.execute(
        """
        INSERT INTO sandbox_psp.refunds AS r (number, ref, charge, state, amount, currency, failure, made_at)
        SELECT n, f, h, s, a, c, w, dingdan_now()
        FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::text[], $7::text[])
            AS new (n, f, h, s, a, c, w)
        ORDER BY n
        ON CONFLICT (number) DO UPDATE SET state = excluded.state, failure = excluded.failure, made_at = excluded.made_at
        WHERE r.state <> 'arrived'
        """,
        *columns(rows, 7),
    )


async def spend(connection: Any, spent: dict[int, tuple[int, int]]) -> None:
    """Count what charges gave back: {number: (amount, refunds)}."""
    await connection.execute(
        """
        UPDATE sandbox_psp.charges AS c SET refunded = c.refunded + s.amount, refunds = c.refunds + s.count,
            refunded_at = dingdan_now()
        FROM unnest($1::bigint[], $2::bigint[], $3::integer[]) AS s (number, amount, count) WHERE c.number = s.number
        """,
        list(spent),
        [amount for amount, _ in spent.values()],
        [count for _, count in spent.values()],
    )


async def clock(connection: Any) -> Any:
    """The provider's clock; the sandbox's is ours."""
    return await connection.fetchval("SELECT dingdan_now()")


async def limits(connection: Any) -> Limits:
    """Which limits the channel was told to have."""
    row = await connection.fetchrow("SELECT max_refunds, max_days, seconds_apart FROM sandbox_psp.settings")
    return Limits(row["max_refunds"], row["max_days"], row["seconds_apart"])


async def set_limits(connection: Any, limits: Limits) -> None:
    """Give the channel limits."""
    await connection.execute(
        "UPDATE sandbox_psp.settings SET max_refunds = $1, max_days = $2, seconds_apart = $3",
        limits.max_refunds,
        limits.max_days,
        limits.seconds_apart,
    )


async def add_fault(
    connection: Any, operation: str, kind: str, *, number: int | None, times: int, seconds: float
) -> None:
    """Order a fault."""
    await connection.execute(
        "INSERT INTO sandbox_psp.faults (operation, kind, number, remaining, seconds) VALUES ($1, $2, $3, $4, $5)",
        operation,
        kind,
        number,
        times,
        seconds,
    )


async def forget_faults(connection: Any, operation: str | None) -> None:
    """Nothing goes wrong any more, or nothing of one operation."""
    await connection.execute(
        "UPDATE sandbox_psp.faults SET remaining = 0 WHERE remaining > 0 AND operation = COALESCE($1, operation)",
        operation,
    )


async def waiting_faults(connection: Any, operation: str, numbers: Sequence[int]) -> list[Any]:
    """Faults that may strike these numbers, those for one number first."""
    rows: list[Any] = await connection.fetch(
        """
        SELECT id, kind, number, remaining, seconds FROM sandbox_psp.faults
        WHERE operation = $1 AND remaining > 0 AND (number IS NULL OR number = ANY($2::bigint[]))
        ORDER BY number NULLS LAST, id FOR UPDATE
        """,
        operation,
        list(numbers),
    )
    return rows


async def use_up(connection: Any, used: dict[int, int]) -> None:
    """Count faults that struck."""
    await connection.execute(
        """
        UPDATE sandbox_psp.faults AS f SET remaining = f.remaining - u.n
        FROM unnest($1::bigint[], $2::integer[]) AS u (id, n) WHERE f.id = u.id
        """,
        list(used),
        list(used.values()),
    )


async def queue_notices(connection: Any, rows: Sequence[tuple[str, dict[str, Any], str, float, bool]]) -> None:
    """Put notifications (event, body, what is wrong with it, seconds late, whether it jumps ahead) on their way."""
    await connection.execute(
        """
        INSERT INTO sandbox_psp.outgoing (event_id, body, spoil, due_at)
        SELECT e, b::jsonb, s, CASE WHEN j THEN 'epoch' ELSE dingdan_now() + make_interval(secs => d) END
        FROM unnest($1::text[], $2::text[], $3::text[], $4::float8[], $5::boolean[]) AS new (e, b, s, d, j)
        """,
        [event_id for event_id, *_ in rows],
        [msgspec.json.encode(body).decode() for _, body, *_ in rows],
        [spoil for _, _, spoil, _, _ in rows],
        [seconds for _, _, _, seconds, _ in rows],
        [jumps for *_, jumps in rows],
    )


async def due_notices(connection: Any, limit: int) -> list[Any]:
    """Notifications that should go out now, in their order, with the provider's clock."""
    rows: list[Any] = await connection.fetch(
        """
        SELECT id, event_id, body, spoil, dingdan_now() AS now FROM sandbox_psp.outgoing
        WHERE done_at IS NULL AND due_at <= dingdan_now() ORDER BY due_at, id LIMIT $1
        """,
        limit,
    )
    return rows


async def claim_notices(connection: Any, limit: int, lease_seconds: int) -> list[Any]:
    """The same, kept from other senders for as long as the lease says."""
    rows: list[Any] = await connection.fetch(
        """
        UPDATE sandbox_psp.outgoing AS o SET due_at = dingdan_now() + make_interval(secs => $2),
            attempts = o.attempts + 1
        FROM (SELECT id, due_at FROM sandbox_psp.outgoing WHERE done_at IS NULL AND due_at <= dingdan_now()
              ORDER BY due_at, id LIMIT $1 FOR UPDATE SKIP LOCKED) AS d
        WHERE o.id = d.id
        RETURNING o.id, o.event_id, o.body, o.spoil, o.attempts, d.due_at AS was_due, dingdan_now() AS now
        """,
        limit,
        float(lease_seconds),
    )
    return sorted(rows, key=lambda row: (row["was_due"], row["id"]))


async def note_sent(connection: Any, notice_id: int, answer: int, again_seconds: float | None) -> None:
    """Write what was answered to a notification; None for `again_seconds` sends it no more."""
    await connection.execute(
        """
        UPDATE sandbox_psp.outgoing SET answer = $2,
            done_at = CASE WHEN $3::float8 IS NULL THEN dingdan_now() END,
            due_at = dingdan_now() + make_interval(secs => COALESCE($3::float8, 0))
        WHERE id = $1
        """,
        notice_id,
        answer,
        again_seconds,
    )


async def note_handed_over(connection: Any, notice_ids: Sequence[int]) -> None:
    """Notifications that somebody else sends now."""
    await connection.execute(
        "UPDATE sandbox_psp.outgoing SET done_at = dingdan_now() WHERE id = ANY($1::bigint[])", list(notice_ids)
    )


async def statement(connection: Any) -> dict[tuple[int, str], int]:
    """What the provider's own books say it keeps, by merchant and currency."""
    rows = await connection.fetch("SELECT merchant_id, currency, amount FROM sandbox_psp.statement")
    return {(row["merchant_id"], row["currency"]): row["amount"] for row in rows}


async def statement_lines(connection: Any, since: Any, until: Any) -> list[Any]:
    """Charges and refunds that ended in a time, oldest first."""
    rows: list[Any] = await connection.fetch(
        """
        SELECT * FROM (
            SELECT COALESCE(captured_at, made_at) AS at, 'charge' AS kind, ref, number, state,
                CASE state WHEN 'captured' THEN came_currency ELSE currency END AS currency,
                CASE state WHEN 'captured' THEN came ELSE amount END AS amount
            FROM sandbox_psp.charges WHERE state IN ('captured', 'failed')
            UNION ALL SELECT made_at, 'refund', ref, number, CASE state WHEN 'arrived' THEN state ELSE 'failed' END,
                currency, amount FROM sandbox_psp.refunds
        ) AS line WHERE ($1::timestamptz IS NULL OR at >= $1) AND ($2::timestamptz IS NULL OR at < $2)
        ORDER BY at, number
        """,
        since,
        until,
    )
    return rows


def columns(rows: Sequence[Sequence[Any]], width: int) -> list[list[Any]]:
    """Rows turned into one list for each column, as `unnest` wants them."""
    return [[row[n] for row in rows] for n in range(width)]
