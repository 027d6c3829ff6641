"""Every statement of inventory. Stock rows are taken in the order (warehouse, product)."""

from collections.abc import Iterable, Sequence
from typing import Any

from dingdan.areas.inventory.model import Part
from dingdan.plumbing.tx import Tx

MOVEMENT = (
    "id", "merchant_id", "warehouse_id", "product_id", "bucket", "quantity", "reason", "order_id", "line_no",
    "cause_id", "at",
)  # fmt: skip
RESERVATION = ("order_id", "line_no", "merchant_id", "warehouse_id", "product_id", "quantity")


async def take_all(tx: Tx, needs: dict[tuple[int, int], int]) -> set[tuple[int, int]]:
    """Take the whole batch's need of each stock row where it is there; says which rows gave it."""
    keys = sorted(needs)
    rows = await tx.fetch(
        """
        WITH need AS (
            SELECT w, p, q FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS need (w, p, q)
        ), locked AS MATERIALIZED (
            SELECT s.warehouse_id, s.product_id, need.q FROM stock s
            JOIN need ON s.warehouse_id = need.w AND s.product_id = need.p
            ORDER BY s.warehouse_id, s.product_id FOR UPDATE OF s
        )
        UPDATE stock SET reserved = stock.reserved + locked.q FROM locked
        WHERE stock.warehouse_id = locked.warehouse_id AND stock.product_id = locked.product_id
          AND stock.on_hand - stock.reserved >= locked.q
        RETURNING stock.warehouse_id, stock.product_id
        """,
        [w for w, _ in keys],
        [p for _, p in keys],
        [needs[key] for key in keys],
    )
    return {(row["warehouse_id"], row["product_id"]) for row in rows}


async def free_of(tx: Tx, keys: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """What is free in rows that this transaction has locked (a row that does not exist has nothing)."""
    wanted = sorted(keys)
    rows = await tx.fetch(
        """
        SELECT s.warehouse_id, s.product_id, s.on_hand - s.reserved AS free FROM stock s
        JOIN unnest($1::bigint[], $2::bigint[]) AS k (w, p) ON s.warehouse_id = k.w AND s.product_id = k.p
        """,
        [w for w, _ in wanted],
        [p for _, p in wanted],
    )
    return dict.fromkeys(wanted, 0) | {(r["warehouse_id"], r["product_id"]): r["free"] for r in rows}


async def change_reserved(tx: Tx, changes: dict[tuple[int, int], int]) -> None:
    """Add to (or take from) what is reserved."""
    keys = sorted(key for key, change in changes.items() if change)
    if keys:
        await change_stock(tx, [(w, p, 0, changes[w, p], 0) for w, p in keys])


async def change_stock(tx: Tx, changes: Sequence[tuple[int, int, int, int, int]]) -> None:
    """Add (on_hand, reserved, quarantine) to rows (warehouse, product), locking them in order."""
    ordered = sorted(changes)
    await tx.execute(
        """
        WITH change AS (
            SELECT w, p, sum(oh)::int AS oh, sum(rs)::int AS rs, sum(qu)::int AS qu
            FROM unnest($1::bigint[], $2::bigint[], $3::int[], $4::int[], $5::int[]) AS c (w, p, oh, rs, qu)
            GROUP BY w, p
        ), locked AS MATERIALIZED (
            SELECT s.warehouse_id, s.product_id, oh, rs, qu FROM stock s
            JOIN change ON s.warehouse_id = w AND s.product_id = p
            ORDER BY s.warehouse_id, s.product_id FOR UPDATE OF s
        )
        UPDATE stock SET on_hand = on_hand + oh, reserved = reserved + rs, quarantine = quarantine + qu FROM locked
        WHERE stock.warehouse_id = locked.warehouse_id AND stock.product_id = locked.product_id
        """,
        *([list(column) for column in zip(*ordered, strict=True)] if ordered else [[], [], [], [], []]),
    )


async def add_rows(tx: Tx, keys: Iterable[tuple[int, int, int]]) -> None:
    """Make sure that stock rows (warehouse, product, merchant) exist."""
    ordered = sorted(set(keys))
    await tx.execute(
        """
        INSERT INTO stock (warehouse_id, product_id, merchant_id)
        SELECT w, p, m FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS k (w, p, m)
        ON CONFLICT (warehouse_id, product_id) DO NOTHING
        """,
        [k[0] for k in ordered],
        [k[1] for k in ordered],
        [k[2] for k in ordered],
    )


async def lock_levels(tx: Tx, keys: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Any]:
    """Lock stock rows and read them."""
    ordered = sorted(set(keys))
    rows = await tx.fetch(
        """
        SELECT s.* FROM stock s
        JOIN unnest($1::bigint[], $2::bigint[]) AS k (w, p) ON s.warehouse_id = k.w AND s.product_id = k.p
        ORDER BY s.warehouse_id, s.product_id FOR UPDATE OF s
        """,
        [w for w, _ in ordered],
        [p for _, p in ordered],
    )
    return {(r["warehouse_id"], r["product_id"]): r for r in rows}


async def levels(tx: Tx, merchant_id: int, product_ids: Iterable[int] | None) -> list[Any]:
    """Levels of a merchant's products (all of them: None), bounded."""
    return await tx.fetch(
        """
        SELECT warehouse_id, product_id, on_hand, reserved, quarantine FROM stock
        WHERE merchant_id = $1 AND ($2::bigint[] IS NULL OR product_id = ANY($2)) ORDER BY product_id, warehouse_id
        LIMIT 10000
        """,
        merchant_id,
        None if product_ids is None else list(product_ids),
    )


async def add_reservations(tx: Tx, wants: Sequence[Part]) -> None:
    """Write down for whom units are kept."""
    await tx.copy("reservations", RESERVATION, [
        (w.order_id, w.line_no, w.merchant_id, w.warehouse_id, w.product_id, w.quantity) for w in wants
    ])  # fmt: skip


async def move_reservations(tx: Tx, order_ids: Iterable[int], was: str, now: str) -> list[Any]:
    """Move the reservations of orders from one state to another; gives back the rows that moved."""
    return await tx.fetch(
        """
        WITH mine AS MATERIALIZED (
            SELECT order_id, line_no FROM reservations WHERE order_id = ANY($1::bigint[]) AND state = $2
            ORDER BY order_id, line_no FOR UPDATE
        )
        UPDATE reservations r SET state = $3 FROM mine WHERE r.order_id = mine.order_id AND r.line_no = mine.line_no
        RETURNING r.order_id, r.line_no, r.merchant_id, r.warehouse_id, r.product_id, r.quantity
        """,
        list(order_ids),
        was,
        now,
    )


async def reservations(tx: Tx, order_ids: Iterable[int], state: str) -> list[Part]:
    """The reservations of orders in one state."""
    rows = await tx.fetch(
        """
        SELECT order_id, line_no, merchant_id, warehouse_id, product_id, quantity FROM reservations
        WHERE order_id = ANY($1::bigint[]) AND state = $2 ORDER BY order_id, line_no
        """,
        list(order_ids),
        state,
    )
    return [Part(part_no=1, **dict(row)) for row in rows]


async def add_movements(tx: Tx, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write movements: (merchant, warehouse, product, bucket, quantity, reason, order, line, cause)."""
    ids = tx.mint_many(len(rows))
    await tx.copy("movements", MOVEMENT, [(i, *row, tx.now) for i, row in zip(ids, rows, strict=True)])


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


async def channels_by_code(tx: Tx, keys: Sequence[tuple[int, str]]) -> list[Any]:
    """Channels by (merchant, code)."""
    return await tx.fetch(
        """
        SELECT c.* FROM channels c JOIN unnest($1::bigint[], $2::text[]) AS k (m, c)
        ON c.merchant_id = k.m AND c.code = k.c
        """,
        [m for m, _ in keys],
        [c for _, c in keys],
    )


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
