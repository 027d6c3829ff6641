"""Every statement of desks."""

from collections.abc import Mapping
from datetime import timedelta

from dingdan.areas.desks.model import OPEN_LASTS, KeptView, OpenSheet
from dingdan.plumbing.tx import Reader, Tx


async def views_of(tx: Tx, staff_id: int, merchant_id: int | None, path: str, most: int) -> list[KeptView]:
    """Somebody's own views of a list, and those that are shared in their house, by name."""
    rows = await tx.fetch(
        """
        SELECT id, path, name, query, is_shared, staff_id = $1 AS is_own FROM kept_views
        WHERE path = $3 AND (staff_id = $1 OR is_shared AND merchant_id IS NOT DISTINCT FROM $2)
        ORDER BY staff_id <> $1, name, id LIMIT $4
        """,
        staff_id, merchant_id, path, most,
    )  # fmt: skip
    return [KeptView(**dict(row)) for row in rows]


async def count_views(tx: Tx, staff_id: int, path: str) -> int:
    """How many views of a list somebody keeps; nobody else of theirs adds one meanwhile."""
    await tx.execute("SELECT FROM staff WHERE id = $1 FOR UPDATE", staff_id)
    number: int = await tx.fetchval("SELECT count(*) FROM kept_views WHERE staff_id = $1 AND path = $2", staff_id, path)
    return number


async def keep_view(
    tx: Tx,
    view_id: int,
    *,
    staff_id: int,
    merchant_id: int | None,
    path: str,
    name: str,
    query: Mapping[str, str],
    is_shared: bool,
) -> None:
    """Keep a view in place of the one of the same name."""
    await tx.execute(
        """
        INSERT INTO kept_views (id, merchant_id, staff_id, path, name, query, is_shared, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (staff_id, path, name) DO UPDATE SET query = excluded.query, is_shared = excluded.is_shared
        """,
        view_id, merchant_id, staff_id, path, name, dict(query), is_shared, tx.now,
    )  # fmt: skip


async def drop_view(tx: Tx, staff_id: int, view_id: int) -> bool:
    """Let go of one's own view; says whether there was one."""
    return await tx.execute("DELETE FROM kept_views WHERE id = $1 AND staff_id = $2", view_id, staff_id) > 0


async def keys_of(reader: Reader, staff_id: int) -> dict[str, str]:
    """The keys that somebody chose, by the shortcut's name."""
    rows = await reader.fetch("SELECT keys FROM own_keys WHERE staff_id = $1", staff_id)
    return dict(rows[0]["keys"]) if rows else {}


async def keep_keys(tx: Tx, staff_id: int, merchant_id: int | None, keys: Mapping[str, str]) -> None:
    """Keep somebody's keys in place of those before; with none left there is no row."""
    if not keys:
        await tx.execute("DELETE FROM own_keys WHERE staff_id = $1", staff_id)
        return
    await tx.execute(
        """
        INSERT INTO own_keys (staff_id, merchant_id, keys, chosen_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (staff_id) DO UPDATE SET keys = excluded.keys, chosen_at = excluded.chosen_at
        """,
        staff_id, merchant_id, dict(keys), tx.now,
    )  # fmt: skip


# A row that nobody said anything about for so long was left behind: a laptop was closed, a server stopped.
_FORGOTTEN = timedelta(minutes=5)


async def keep_open(tx: Tx, sheet: OpenSheet, staff_id: int, merchant_id: int | None) -> None:
    """Write that a page has a sheet open, and forget some of those that were left behind; waits for nobody."""
    await tx.execute(
        """
        INSERT INTO open_sheets (id, merchant_id, staff_id, kind, sheet_id, seen_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at
        """,
        sheet.id, merchant_id, staff_id, sheet.kind, sheet.sheet_id, tx.now,
    )  # fmt: skip
    await tx.execute(
        """
        DELETE FROM open_sheets WHERE id IN (
            SELECT id FROM open_sheets WHERE seen_at < $1 ORDER BY seen_at LIMIT 100 FOR UPDATE SKIP LOCKED
        )
        """,
        tx.now - _FORGOTTEN,
    )


async def drop_open(tx: Tx, page_id: int) -> None:
    """A page closed its sheet."""
    await tx.execute("DELETE FROM open_sheets WHERE id = $1", page_id)


async def viewers_of(tx: Tx, kind: str, sheet_id: int, *, but: int, most: int) -> list[int]:
    """Who has a sheet open at this moment, apart from one."""
    rows = await tx.fetch(
        """
        SELECT DISTINCT staff_id FROM open_sheets
        WHERE kind = $1 AND sheet_id = $2 AND seen_at > $3 AND staff_id <> $4 ORDER BY staff_id LIMIT $5
        """,
        kind, sheet_id, tx.now - OPEN_LASTS, but, most,
    )  # fmt: skip
    return [row["staff_id"] for row in rows]
