"""Every statement of access. Times of sessions are the bare clock's, whatever the sandbox's clock says."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from dingdan.areas.access.model import Secrets, Tries
from dingdan.plumbing.tx import Reader, Tx

_SECRETS = """
    SELECT s.id AS staff_id, s.merchant_id, s.active, k.password_hash, k.wrapped, k.totp,
           COALESCE(k.totp_is_confirmed, false) AS totp_is_confirmed, COALESCE(k.counter, 0) AS counter
    FROM staff s LEFT JOIN staff_secrets k ON k.staff_id = s.id
"""


async def clock(tx: Tx) -> datetime:
    """What the bare clock says: sessions run by it."""
    now: datetime = await tx.fetchval("SELECT clock_timestamp()")
    return now


async def secrets_by_login(tx: Tx, login: str) -> Secrets | None:
    """The secrets of whoever has this login, locked against a second attempt at the same time."""
    staff_id = await tx.fetchval("SELECT id FROM staff WHERE login = $1", login)
    return None if staff_id is None else await secrets_of(tx, staff_id)


async def secrets_of(tx: Tx, staff_id: int) -> Secrets | None:
    """The same by id. Two statements: whoever waited for the lock must see what was written meanwhile."""
    await tx.execute("SELECT FROM staff WHERE id = $1 FOR UPDATE", staff_id)
    row = await tx.fetchrow(f"{_SECRETS} WHERE s.id = $1", staff_id)
    return Secrets(**dict(row)) if row else None


async def tries(tx: Tx, about: bytes, at: datetime, kept: timedelta) -> Tries:
    """How it went so far, locked against a second attempt at the same time; what is too old is begun anew."""
    await tx.execute(
        """
        DELETE FROM sign_in_tries WHERE about IN (
            SELECT about FROM sign_in_tries WHERE tried_at < $1 ORDER BY tried_at LIMIT 100 FOR UPDATE SKIP LOCKED
        )
        """,
        at - kept,
    )  # fmt: skip
    row = await tx.fetchrow(
        """
        INSERT INTO sign_in_tries (about, tried_at) VALUES ($1, $2)
        ON CONFLICT (about) DO UPDATE SET tried_at = greatest(sign_in_tries.tried_at, $2) RETURNING failed, locked_until
        """,
        about, at,
    )  # fmt: skip
    assert row is not None
    return Tries(about, row["failed"], row["locked_until"])


async def note_tries(tx: Tx, about: bytes, *, failed: int, locked_until: datetime | None) -> None:
    """Write down how an attempt went."""
    await tx.execute(
        "UPDATE sign_in_tries SET failed = $2, locked_until = $3 WHERE about = $1", about, failed, locked_until
    )


async def note_counter(tx: Tx, staff_id: int, counter: int) -> None:
    """A code of this time step was taken, and none up to it is taken again."""
    await tx.execute("UPDATE staff_secrets SET counter = greatest(counter, $2) WHERE staff_id = $1", staff_id, counter)


async def save_password(tx: Tx, staff_id: int, password_hash: str) -> None:
    """Keep the hash of a password."""
    await tx.execute(
        """
        INSERT INTO staff_secrets (staff_id, password_hash) VALUES ($1, $2)
        ON CONFLICT (staff_id) DO UPDATE SET password_hash = excluded.password_hash
        """,
        staff_id, password_hash,
    )  # fmt: skip


async def save_totp(
    tx: Tx, staff_id: int, wrapped: bytes | None, totp: bytes | None, *, is_confirmed: bool, counter: int
) -> None:
    """Keep a sealed second factor, or none."""
    await tx.execute(
        """
        INSERT INTO staff_secrets (staff_id, wrapped, totp, totp_is_confirmed, counter) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (staff_id) DO UPDATE SET wrapped = excluded.wrapped, totp = excluded.totp,
            totp_is_confirmed = excluded.totp_is_confirmed, counter = greatest(staff_secrets.counter, excluded.counter)
        """,
        staff_id, wrapped, totp, is_confirmed, counter,
    )  # fmt: skip


async def add_session(
    tx: Tx, session_id: int, secret_hash: bytes, *, staff_id: int, device: str, begun_at: datetime, ends_at: datetime
) -> None:
    """Begin a session, and let go of those of the same person that ended a week ago."""
    await tx.execute(
        "DELETE FROM sessions WHERE staff_id = $1 AND ends_at < $2", staff_id, begun_at - timedelta(days=7)
    )
    await tx.execute(
        """
        INSERT INTO sessions (id, secret_hash, staff_id, device, begun_at, seen_at, proved_at, ends_at)
        VALUES ($1, $2, $3, $4, $5, $5, $5, $6)
        """,
        session_id, secret_hash, staff_id, device, begun_at, ends_at,
    )  # fmt: skip


async def session_by_hash(reader: Reader, secret_hash: bytes, idle: timedelta) -> Any:
    """The living session behind a hash, with its person as they are now. Being seen is noted once a minute."""
    rows = await reader.fetch(
        """
        WITH found AS (
            SELECT e.id, e.begun_at, e.proved_at, e.ends_at, e.seen_at, s.id AS staff_id, s.name, s.merchant_id, s.login, s.roles
            FROM sessions e JOIN staff s ON s.id = e.staff_id
            WHERE e.secret_hash = $1 AND e.ended_at IS NULL AND e.ends_at > clock_timestamp()
              AND e.seen_at > clock_timestamp() - $2::interval AND s.active
        ), seen AS (
            UPDATE sessions e SET seen_at = clock_timestamp() FROM found f
            WHERE e.id = f.id AND f.seen_at < clock_timestamp() - interval '1 minute'
        )
        SELECT *, clock_timestamp() AS now FROM found
        """,
        secret_hash, idle,
    )  # fmt: skip
    return rows[0] if rows else None


async def note_proof(tx: Tx, session_id: int, secret_hash: bytes, at: datetime) -> None:
    """Whoever is signed in has just shown a secret again: the session goes on under another one."""
    await tx.execute("UPDATE sessions SET proved_at = $3, secret_hash = $2 WHERE id = $1", session_id, secret_hash, at)


async def end_session(tx: Tx, secret_hash: bytes, at: datetime) -> None:
    """End the session that a browser held before."""
    await tx.execute("UPDATE sessions SET ended_at = $2 WHERE secret_hash = $1 AND ended_at IS NULL", secret_hash, at)


async def end_sessions(tx: Tx, staff_id: int, at: datetime, *, only: int | None = None, but: int | None = None) -> int:
    """End somebody's sessions: one, all but one, or all. Says how many."""
    return await tx.execute(
        """
        UPDATE sessions SET ended_at = $2 WHERE staff_id = $1 AND ended_at IS NULL
            AND ($3::bigint IS NULL OR id = $3) AND ($4::bigint IS NULL OR id <> $4)
        """,
        staff_id, at, only, but,
    )  # fmt: skip


async def has_password(tx: Tx, staff_id: int) -> bool:
    """Whether a password is kept."""
    found = await tx.fetchval("SELECT password_hash IS NOT NULL FROM staff_secrets WHERE staff_id = $1", staff_id)
    return bool(found)


async def has_second_factor(tx: Tx, staff_id: int) -> bool:
    """Whether a second factor is in use."""
    found = await tx.fetchval("SELECT totp_is_confirmed FROM staff_secrets WHERE staff_id = $1", staff_id)
    return bool(found)


async def save_invitation(tx: Tx, staff_id: int, secret_hash: bytes, expires_at: datetime) -> None:
    """Keep an invitation in place of the one before."""
    await tx.execute(
        """
        INSERT INTO invitations (staff_id, secret_hash, expires_at) VALUES ($1, $2, $3)
        ON CONFLICT (staff_id) DO UPDATE SET secret_hash = excluded.secret_hash, expires_at = excluded.expires_at, used_at = NULL
        """,
        staff_id, secret_hash, expires_at,
    )  # fmt: skip


async def use_invitation(tx: Tx, secret_hash: bytes) -> int | None:
    """Use an invitation up; whose it was, or None where it opens nothing. Two at once: one of them gets it."""
    staff_id: int | None = await tx.fetchval(
        """
        UPDATE invitations SET used_at = clock_timestamp()
        WHERE secret_hash = $1 AND used_at IS NULL AND expires_at > clock_timestamp() RETURNING staff_id
        """,
        secret_hash,
    )
    return staff_id


async def renewals(tx: Tx, order_ids: Collection[int]) -> dict[int, int]:
    """How often the links of orders were renewed; those that never were are left out."""
    rows = await tx.fetch(
        "SELECT order_id, renewed FROM guest_links WHERE order_id = ANY($1::bigint[])", list(order_ids)
    )
    return {row["order_id"]: row["renewed"] for row in rows}


async def renew(tx: Tx, order_id: int) -> None:
    """Count a link's renewal."""
    await tx.execute(
        """
        INSERT INTO guest_links (order_id, renewed) VALUES ($1, 1)
        ON CONFLICT (order_id) DO UPDATE SET renewed = guest_links.renewed + 1
        """,
        order_id,
    )


async def new_code(tx: Tx, order_id: int, at: datetime, *, window: timedelta, most: int) -> int | None:
    """Count a new code for an order, which ends the one before; None where there were too many within the window."""
    number: int | None = await tx.fetchval(
        """
        INSERT INTO guest_codes AS c (order_id, number, asked_at, counted_since, counted) VALUES ($1, 1, $2, $2, 1)
        ON CONFLICT (order_id) DO UPDATE SET number = c.number + 1, asked_at = $2, wrong = 0, ended_at = NULL,
            counted_since = CASE WHEN c.counted_since <= $3 THEN $2 ELSE c.counted_since END,
            counted = CASE WHEN c.counted_since <= $3 THEN 1 ELSE c.counted + 1 END
        WHERE c.counted_since <= $3 OR c.counted < $4
        RETURNING number
        """,
        order_id, at, at - window, most,
    )  # fmt: skip
    return number


async def lock_code(tx: Tx, order_id: int) -> None:
    """Let nobody else try the code of an order meanwhile."""
    await tx.execute("SELECT FROM guest_codes WHERE order_id = $1 FOR UPDATE", order_id)


async def living_codes(tx: Tx, order_ids: Collection[int], since: datetime) -> dict[int, tuple[int, int]]:
    """The codes of orders that were asked for since then and not ended: {order: (number, wrong tries)}."""
    rows = await tx.fetch(
        """
        SELECT order_id, number, wrong FROM guest_codes
        WHERE order_id = ANY($1::bigint[]) AND asked_at > $2 AND ended_at IS NULL
        """,
        list(order_ids), since,
    )  # fmt: skip
    return {row["order_id"]: (row["number"], row["wrong"]) for row in rows}


async def note_code(tx: Tx, order_id: int, *, wrong: int, ended_at: datetime | None) -> None:
    """Write down how a try with a code went."""
    await tx.execute("UPDATE guest_codes SET wrong = $2, ended_at = $3 WHERE order_id = $1", order_id, wrong, ended_at)


async def end_code(tx: Tx, order_id: int, at: datetime) -> None:
    """End whatever code there is."""
    await tx.execute("UPDATE guest_codes SET ended_at = $2 WHERE order_id = $1 AND ended_at IS NULL", order_id, at)
