"""Statements about what is kept for whom: reservations, pools, holdings."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from dingdan.areas.inventory.model import Part
from dingdan.plumbing.tx import Tx

RESERVATION = (
    "order_id", "line_no", "part_no", "merchant_id", "warehouse_id", "product_id", "quantity", "each", "pool_id",
    "chosen_by",
)  # fmt: skip
_PART = ", ".join(f"r.{name}" for name in RESERVATION)
POOL = "id, merchant_id, warehouse_id, product_id, channel_id, guaranteed, most, buffer, taken, since"


async def add_reservations(tx: Tx, parts: Sequence[Part], *, state: str = "held") -> None:
    """Write down for whom units are kept, or who waits for them."""
    await tx.copy("reservations", (*RESERVATION, "state"), [
        (p.order_id, p.line_no, p.part_no, p.merchant_id, p.warehouse_id, p.product_id, p.quantity, p.each, p.pool_id,
         p.chosen_by, state)
        for p in parts
    ])  # fmt: skip


async def move_reservations(
    tx: Tx, order_ids: Iterable[int], was: str, now: str, *, places: Iterable[tuple[int, int]] | None = None
) -> list[Part]:
    """Move the reservations of orders from one state to another; gives back the rows that moved.

    With `places` only those of an order in a warehouse are moved.
    """
    pairs = None if places is None else sorted(set(places))
    rows = await tx.fetch(
        f"""
        WITH mine AS MATERIALIZED (
            SELECT order_id, line_no, part_no FROM reservations WHERE order_id = ANY($1::bigint[]) AND state = $2
            AND ($4::bigint[] IS NULL OR (order_id, warehouse_id) IN (
                SELECT o, w FROM unnest($4::bigint[], $5::bigint[]) AS k (o, w)))
            ORDER BY order_id, line_no, part_no FOR UPDATE
        )
        UPDATE reservations r SET state = $3 FROM mine
        WHERE r.order_id = mine.order_id AND r.line_no = mine.line_no AND r.part_no = mine.part_no
        RETURNING {_PART}
        """,  # noqa: S608 - our own columns
        list(order_ids),
        was,
        now,
        None if pairs is None else [order_id for order_id, _ in pairs],
        None if pairs is None else [warehouse_id for _, warehouse_id in pairs],
    )
    return [Part(**dict(row)) for row in rows]


async def reservations(tx: Tx, order_ids: Iterable[int], states: Sequence[str]) -> list[Part]:
    """The reservations of orders in some states."""
    rows = await tx.fetch(
        f"""
        SELECT {_PART} FROM reservations r WHERE order_id = ANY($1::bigint[]) AND state = ANY($2::text[])
        ORDER BY order_id, line_no, part_no
        """,  # noqa: S608
        list(order_ids),
        list(states),
    )
    return [Part(**dict(row)) for row in rows]


async def could_hold(tx: Tx, order_ids: Iterable[int]) -> set[int]:
    """Orders whose units, let go or never held, lie free where they are wanted."""
    rows = await tx.fetch(
        """
        SELECT r.order_id FROM reservations r
        LEFT JOIN stock s ON s.warehouse_id = r.warehouse_id AND s.product_id = r.product_id
        WHERE r.order_id = ANY($1::bigint[]) AND r.state = 'released' GROUP BY r.order_id
        HAVING bool_and(s.frozen_at IS NULL
                        AND COALESCE(s.on_hand - s.reserved - s.held - s.safety, 0) >= r.quantity)
        """,
        list(order_ids),
    )
    return {row["order_id"] for row in rows}


async def can_leave(tx: Tx, order_ids: Iterable[int]) -> set[int]:
    """Orders that hold units, all of which lie where they are held."""
    rows = await tx.fetch(
        """
        SELECT r.order_id FROM reservations r
        JOIN stock s ON s.warehouse_id = r.warehouse_id AND s.product_id = r.product_id
        WHERE r.order_id = ANY($1::bigint[]) AND r.state = 'held' GROUP BY r.order_id
        HAVING bool_and(s.frozen_at IS NULL AND s.on_hand - s.held >= r.quantity)
        """,
        list(order_ids),
    )
    return {row["order_id"] for row in rows}


async def last_parts(tx: Tx, order_ids: Iterable[int]) -> dict[tuple[int, int], int]:
    """The highest number among the parts of each line (order, line) of orders."""
    rows = await tx.fetch(
        """
        SELECT order_id, line_no, max(part_no) AS last FROM reservations WHERE order_id = ANY($1::bigint[])
        GROUP BY order_id, line_no
        """,
        list(order_ids),
    )
    return {(row["order_id"], row["line_no"]): row["last"] for row in rows}


async def lock_held(tx: Tx, order_ids: Iterable[int], state: str = "held") -> list[Part]:
    """Lock what orders hold, or in another state wait for, and read it."""
    rows = await tx.fetch(
        f"""
        SELECT {_PART} FROM reservations r WHERE order_id = ANY($1::bigint[]) AND state = $2
        ORDER BY order_id, line_no, part_no FOR UPDATE
        """,  # noqa: S608
        list(order_ids),
        state,
    )
    return [Part(**dict(row)) for row in rows]


async def drop_held(tx: Tx, order_ids: Iterable[int]) -> None:
    """Forget locked parts that are held elsewhere from now on."""
    await tx.execute("DELETE FROM reservations WHERE order_id = ANY($1::bigint[]) AND state = 'held'", list(order_ids))


async def trim_reservations(tx: Tx, off: Mapping[tuple[int, int, int], int]) -> None:
    """Take pieces off locked parts (order, line, part); of a part that gives all of its own no row is left."""
    await tx.execute(
        """
        WITH off AS (
            SELECT o, l, p, q FROM unnest($1::bigint[], $2::int[], $3::int[], $4::int[]) AS off (o, l, p, q)
        ), gone AS (
            DELETE FROM reservations r USING off
            WHERE r.order_id = off.o AND r.line_no = off.l AND r.part_no = off.p AND r.quantity = off.q
        )
        UPDATE reservations r SET quantity = r.quantity - off.q FROM off
        WHERE r.order_id = off.o AND r.line_no = off.l AND r.part_no = off.p AND r.quantity > off.q
        """,
        *[list(column) for column in zip(*off, strict=True)],
        list(off.values()),
    )


async def grow_reservations(tx: Tx, more: Mapping[tuple[int, int, int], int]) -> None:
    """Add pieces to locked parts (order, line, part)."""
    await tx.execute(
        """
        UPDATE reservations r SET quantity = r.quantity + more.q
        FROM unnest($1::bigint[], $2::int[], $3::int[], $4::int[]) AS more (o, l, p, q)
        WHERE r.order_id = more.o AND r.line_no = more.l AND r.part_no = more.p
        """,
        [order_id for order_id, _, _ in more],
        [line_no for _, line_no, _ in more],
        [part_no for _, _, part_no in more],
        list(more.values()),
    )


async def held_at(tx: Tx, keys: Iterable[tuple[int, int]]) -> list[Part]:
    """What orders hold in stock rows, the order that came first first."""
    wanted = sorted(set(keys))
    rows = await tx.fetch(
        f"""
        SELECT {_PART} FROM reservations r
        JOIN unnest($1::bigint[], $2::bigint[]) AS k (w, p) ON r.warehouse_id = k.w AND r.product_id = k.p
        WHERE r.state = 'held' ORDER BY r.order_id, r.line_no, r.part_no
        """,  # noqa: S608
        [w for w, _ in wanted],
        [p for _, p in wanted],
    )
    return [Part(**dict(row)) for row in rows]


async def pools(tx: Tx, keys: Iterable[tuple[int, int]]) -> list[Any]:
    """Open pools in stock rows; those of locked rows stand still."""
    wanted = sorted(set(keys))
    return await tx.fetch(
        f"""
        SELECT {POOL} FROM pools JOIN unnest($1::bigint[], $2::bigint[]) AS k (w, p)
        ON warehouse_id = k.w AND product_id = k.p WHERE ended_at IS NULL ORDER BY id
        """,  # noqa: S608
        [w for w, _ in wanted],
        [p for _, p in wanted],
    )


async def pools_of(tx: Tx, channel_id: int, product_id: int | None, after: int, limit: int) -> list[Any]:
    """A channel's open pools, oldest first."""
    return await tx.fetch(
        f"""
        SELECT {POOL} FROM pools WHERE channel_id = $1 AND ended_at IS NULL AND id > $3
        AND ($2::bigint IS NULL OR product_id = $2) ORDER BY id LIMIT $4
        """,  # noqa: S608
        channel_id,
        product_id,
        after,
        limit,
    )


async def change_taken(tx: Tx, changes: Mapping[int, int]) -> None:
    """Add to what channels took of their pools; the stock rows are locked."""
    changing = {pool_id: n for pool_id, n in sorted(changes.items()) if n}
    if changing:
        await tx.execute(
            """
            UPDATE pools SET taken = taken + c.n
            FROM (SELECT i, n FROM unnest($1::bigint[], $2::int[]) AS new (i, n) ORDER BY i) AS c WHERE pools.id = c.i
            """,
            list(changing),
            list(changing.values()),
        )


async def end_pools(tx: Tx, pool_ids: Iterable[int]) -> None:
    """End allotments."""
    await tx.execute("UPDATE pools SET ended_at = $2 WHERE id = ANY($1::bigint[])", list(pool_ids), tx.now)


async def add_pools(tx: Tx, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write new allotments (id, merchant, warehouse, product, channel, guaranteed, most, buffer)."""
    names = ("id", "merchant_id", "warehouse_id", "product_id", "channel_id", "guaranteed", "most", "buffer", "since")
    await tx.copy("pools", names, [(*row, tx.now) for row in rows])


async def change_pools(tx: Tx, rows: Sequence[tuple[int, int, int | None, int]]) -> None:
    """Change allotments (id, guaranteed, most, buffer) that go on counting."""
    await tx.execute(
        """
        UPDATE pools SET guaranteed = c.g, most = c.m, buffer = c.b
        FROM unnest($1::bigint[], $2::int[], $3::int[], $4::int[]) AS c (i, g, m, b) WHERE pools.id = c.i
        """,
        *([list(column) for column in zip(*rows, strict=True)] or [[], [], [], []]),
    )


async def lock_holders(tx: Tx, holders: Iterable[bytes]) -> None:
    """One after the other for each holder, until the transaction ends."""
    keys = sorted({int.from_bytes(holder[:8], signed=True) for holder in holders})
    await tx.execute("SELECT pg_advisory_xact_lock(k) FROM unnest($1::bigint[]) AS k", keys)


async def holdings(tx: Tx, holders: Iterable[bytes]) -> dict[tuple[bytes, int], int]:
    """How many unpaid units of each product holders keep."""
    rows = await tx.fetch(
        """
        SELECT holder, product_id, sum(units)::int AS units FROM holdings WHERE holder = ANY($1::bytea[])
        GROUP BY holder, product_id
        """,
        list(holders),
    )
    return {(row["holder"], row["product_id"]): row["units"] for row in rows}


async def add_holdings(tx: Tx, rows: Mapping[tuple[bytes, int, int, int], int]) -> None:
    """Write down units that (holder, product, order, merchant) keeps."""
    await tx.copy("holdings", ("holder", "product_id", "order_id", "merchant_id", "units"), [
        (*key, units) for key, units in rows.items()
    ])  # fmt: skip


async def drop_holdings(tx: Tx, order_ids: Iterable[int]) -> None:
    """Forget who keeps the units of orders."""
    await tx.execute("DELETE FROM holdings WHERE order_id = ANY($1::bigint[])", list(order_ids))
