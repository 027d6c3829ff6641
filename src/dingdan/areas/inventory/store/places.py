"""Statements about warehouses and channels."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgspec

from dingdan.areas.inventory.model import Channel, Warehouse
from dingdan.plumbing.asking import Ask
from dingdan.plumbing.tx import Tx


async def warehouses_by_code(tx: Tx, keys: Sequence[tuple[int, str]]) -> list[Any]:
    """Warehouses by (merchant, code)."""
    return await tx.fetch(
        """
        SELECT w.* FROM warehouses w JOIN unnest($1::bigint[], $2::text[]) AS k (m, c)
        ON w.merchant_id = k.m AND w.code = k.c
        """,
        [m for m, _ in keys],
        [c for _, c in keys],
    )


async def warehouses(tx: Tx, ids: Iterable[int]) -> list[Any]:
    """Warehouses by id."""
    return await tx.fetch("SELECT * FROM warehouses WHERE id = ANY($1::bigint[])", list(ids))


async def warehouses_of(tx: Tx, merchant_id: int) -> list[Any]:
    """A merchant's warehouses, first choice first."""
    return await tx.fetch(
        "SELECT * FROM warehouses WHERE merchant_id = $1 ORDER BY priority, code LIMIT 500", merchant_id
    )


async def channels_of(tx: Tx, merchant_id: int) -> list[Any]:
    """A merchant's channels."""
    return await tx.fetch("SELECT * FROM channels WHERE merchant_id = $1 ORDER BY code LIMIT 500", merchant_id)


async def channels_by_ids(tx: Tx, ids: Iterable[int]) -> list[Any]:
    """Channels by id."""
    return await tx.fetch("SELECT * FROM channels WHERE id = ANY($1::bigint[])", list(ids))


async def channels_of_many(tx: Tx, merchant_ids: Iterable[int]) -> list[Any]:
    """The open channels of merchants."""
    return await tx.fetch(
        "SELECT * FROM channels WHERE merchant_id = ANY($1::bigint[]) ORDER BY id", list(merchant_ids)
    )


def asking_channels(keys: Collection[tuple[int, str]]) -> Ask[Sequence[Any]]:
    """Channels by (merchant, code)."""
    sql = f"""
        SELECT {_columns(Channel, "c")} FROM channels c JOIN unnest($1::bigint[], $2::text[]) AS k (m, c)
        ON c.merchant_id = k.m AND c.code = k.c
        """  # noqa: S608 - our own columns
    return Ask(sql, ([m for m, _ in keys], [c for _, c in keys]), Channel.__struct_fields__, list)


def asking_warehouses_behind(keys: Collection[tuple[int, str]]) -> Ask[Sequence[Any]]:
    """The warehouses that may serve channels, given by (merchant, code)."""
    sql = f"""
        SELECT {_columns(Warehouse, "w")} FROM warehouses w WHERE w.id IN (
            SELECT unnest(c.warehouse_id || c.warehouse_ids) FROM channels c
            JOIN unnest($1::bigint[], $2::text[]) AS k (m, c) ON c.merchant_id = k.m AND c.code = k.c
        )
        """  # noqa: S608 - our own columns
    return Ask(sql, ([m for m, _ in keys], [c for _, c in keys]), Warehouse.__struct_fields__, list)


async def channels_by_code(tx: Tx, keys: Collection[tuple[int, str]]) -> Sequence[Any]:
    """Channels by (merchant, code), asked at once."""
    return await tx.ask(asking_channels(keys))


def _columns(kind: type[msgspec.Struct], alias: str) -> str:
    return ", ".join(f"{alias}.{name}" for name in kind.__struct_fields__)


async def upsert_place(tx: Tx, table: str, values: dict[str, Any]) -> tuple[Any, bool]:
    """Insert or update a warehouse or channel by (merchant, code); gives back its id (None: nothing changed)

    and whether it is new.
    """
    fields = {**values, "id": tx.mint(), "created_at": tx.now, "updated_at": tx.now}
    names = list(fields)
    changing = [name for name in values if name not in ("merchant_id", "code")]
    row = await tx.fetchrow(
        f"""
        INSERT INTO {table} ({", ".join(names)}) VALUES ({", ".join(f"${i}" for i in range(1, len(names) + 1))})
        ON CONFLICT (merchant_id, code) DO UPDATE SET updated_at = excluded.updated_at,
            {", ".join(f"{name} = excluded.{name}" for name in changing)}
        WHERE ({", ".join(f"{table}.{name}" for name in changing)})
            IS DISTINCT FROM ({", ".join(f"excluded.{name}" for name in changing)})
        RETURNING id, id = ${names.index("id") + 1} AS is_new
        """,  # noqa: S608 - names come from code
        *fields.values(),
    )
    return (None, False) if row is None else (row["id"], row["is_new"])
