"""Statements about stock and its movements. Rows are taken in the order (warehouse, product)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from dingdan.plumbing import freshness
from dingdan.plumbing.tx import Tx

MOVEMENT = (
    "id", "merchant_id", "warehouse_id", "product_id", "bucket", "quantity", "reason", "order_id", "line_no",
    "cause_id", "why", "at",
)  # fmt: skip
AMOUNTS = ("on_hand", "reserved", "held", "quarantine", "in_transit")

Key = tuple[int, int]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be added to one stock row."""

    warehouse_id: int
    product_id: int
    on_hand: int = 0
    reserved: int = 0
    held: int = 0
    quarantine: int = 0
    in_transit: int = 0


class Movement(msgspec.Struct, frozen=True, kw_only=True):
    """A change of one bucket, as it is written down."""

    merchant_id: int
    warehouse_id: int
    product_id: int
    bucket: str
    quantity: int
    reason: str
    order_id: int | None = None
    line_no: int = 0
    cause_id: int | None = None
    why: str | None = None


async def take_all(tx: Tx, needs: Mapping[Key, int], others: Collection[Key] = ()) -> set[Key]:
    """Take the whole batch's need of each stock row where it is free for everybody; says which rows gave it.

    `others` are rows that may be needed instead: they are locked in the same order, and left as they are. All of them stand
    still from now on.
    """
    # Two statements: one that locks and changes asks some rows as they were before whoever had them locked, and a plan that
    # looks at the rows first locks those alone that give.
    levels = await lock_levels(tx, {*needs, *others})
    giving = {key: n for key, n in needs.items() if key in levels and n > 0 and _gives(levels[key], n)}
    if giving:
        await change_reserved(tx, giving)
    return set(giving)


def _gives(row: Any, units: int) -> bool:
    is_free = row["on_hand"] - row["reserved"] - row["held"] - row["safety"] >= units
    return is_free and row["frozen_at"] is None and not row["pooled"]


async def rows(tx: Tx, keys: Iterable[Key]) -> dict[Key, Any]:
    """Stock rows as they are; those this transaction has locked stand still."""
    wanted = sorted(set(keys))
    found = await tx.fetch(
        """
        SELECT s.* FROM stock s
        JOIN unnest($1::bigint[], $2::bigint[]) AS k (w, p) ON s.warehouse_id = k.w AND s.product_id = k.p
        """,
        [w for w, _ in wanted],
        [p for _, p in wanted],
    )
    return {(row["warehouse_id"], row["product_id"]): row for row in found}


async def lock_levels(tx: Tx, keys: Iterable[Key]) -> dict[Key, Any]:
    """Lock stock rows and read them."""
    ordered = sorted(set(keys))
    found = await tx.fetch(
        """
        SELECT s.* FROM stock s
        JOIN unnest($1::bigint[], $2::bigint[]) AS k (w, p) ON s.warehouse_id = k.w AND s.product_id = k.p
        ORDER BY s.warehouse_id, s.product_id FOR UPDATE OF s
        """,
        [w for w, _ in ordered],
        [p for _, p in ordered],
    )
    return {(r["warehouse_id"], r["product_id"]): r for r in found}


async def rows_of_products(tx: Tx, product_ids: Iterable[int]) -> list[Any]:
    """What lies of some products in open warehouses, in every one of them."""
    return await tx.fetch(
        """
        SELECT s.* FROM stock s JOIN warehouses w ON w.id = s.warehouse_id AND w.active
        WHERE s.product_id = ANY($1::bigint[]) ORDER BY s.product_id, w.priority, w.code
        """,
        list(product_ids),
    )


async def change_reserved(tx: Tx, changes: Mapping[Key, int]) -> None:
    """Add to (or take from) what is reserved."""
    await change_stock(tx, [Change(warehouse_id=w, product_id=p, reserved=n) for (w, p), n in changes.items() if n])


async def change_stock(tx: Tx, changes: Sequence[Change]) -> None:
    """Add to the amounts of stock rows, locking them in order."""
    if not changes:
        return
    await tx.execute(
        """
        WITH change AS (
            SELECT w, p, sum(oh)::int AS oh, sum(rs)::int AS rs, sum(he)::int AS he, sum(qu)::int AS qu, sum(it)::int AS it
            FROM unnest($1::bigint[], $2::bigint[], $3::int[], $4::int[], $5::int[], $6::int[], $7::int[])
                AS c (w, p, oh, rs, he, qu, it)
            GROUP BY w, p
        ), locked AS MATERIALIZED (
            SELECT s.warehouse_id, s.product_id, oh, rs, he, qu, it FROM stock s
            JOIN change ON s.warehouse_id = w AND s.product_id = p
            ORDER BY s.warehouse_id, s.product_id FOR UPDATE OF s
        )
        UPDATE stock SET on_hand = on_hand + oh, reserved = reserved + rs, held = held + he,
            quarantine = quarantine + qu, in_transit = in_transit + it FROM locked
        WHERE stock.warehouse_id = locked.warehouse_id AND stock.product_id = locked.product_id
        """,
        [c.warehouse_id for c in changes],
        [c.product_id for c in changes],
        *([getattr(c, name) for c in changes] for name in AMOUNTS),
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


async def changed_since(tx: Tx, since: int | None) -> tuple[set[int], set[int]]:
    """Products of which stock or pools changed since a transaction (None: all), and channels that did.

    A channel that changed may sell other products, so all of its merchant's are among them.
    """
    channels = await tx.fetch(f"SELECT c.id FROM channels c WHERE {freshness.condition('c', '$1')}", since)  # noqa: S608
    changed = [row["id"] for row in channels]
    products = await tx.fetch(
        f"""
        SELECT s.product_id FROM stock s WHERE {freshness.condition("s", "$1")}
        UNION SELECT p.product_id FROM pools p WHERE {freshness.condition("p", "$1")}
        UNION SELECT s.product_id FROM stock s
            WHERE s.merchant_id IN (SELECT merchant_id FROM channels WHERE id = ANY($2::bigint[]))
        """,  # noqa: S608 - conditions come from code
        since,
        changed,
    )
    return {row["product_id"] for row in products}, set(changed)


async def levels(tx: Tx, merchant_id: int, product_ids: Iterable[int] | None) -> list[Any]:
    """Levels of a merchant's products (all of them: None), bounded."""
    return await tx.fetch(
        """
        SELECT warehouse_id, product_id, on_hand, reserved, quarantine, held, in_transit, safety,
            frozen_at IS NOT NULL AS is_frozen, bin
        FROM stock WHERE merchant_id = $1 AND ($2::bigint[] IS NULL OR product_id = ANY($2))
        ORDER BY product_id, warehouse_id LIMIT 10000
        """,
        merchant_id,
        None if product_ids is None else list(product_ids),
    )


async def add_movements(tx: Tx, moved: Sequence[Movement]) -> None:
    """Write movements down."""
    if moved:
        ids = tx.mint_many(len(moved))
        await tx.copy("movements", MOVEMENT, [
            (i, *(getattr(one, name) for name in MOVEMENT[1:-1]), tx.now) for i, one in zip(ids, moved, strict=True)
        ])  # fmt: skip


async def set_safety(tx: Tx, wanted: Mapping[Key, int]) -> set[Key]:
    """Set how many units are kept back for nobody; says where it was another number. The rows are locked."""
    keys = sorted(wanted)
    found = await tx.fetch(
        """
        UPDATE stock SET safety = k.n FROM unnest($1::bigint[], $2::bigint[], $3::int[]) AS k (w, p, n)
        WHERE warehouse_id = k.w AND product_id = k.p AND safety <> k.n RETURNING warehouse_id, product_id
        """,
        [w for w, _ in keys],
        [p for _, p in keys],
        [wanted[key] for key in keys],
    )
    return {(row["warehouse_id"], row["product_id"]) for row in found}


async def set_bins(tx: Tx, wanted: Mapping[Key, str | None]) -> set[Key]:
    """Write on which shelf products lie; says where it was another one. The rows are locked."""
    keys = sorted(wanted)
    found = await tx.fetch(
        """
        UPDATE stock SET bin = k.b FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS k (w, p, b)
        WHERE warehouse_id = k.w AND product_id = k.p AND bin IS DISTINCT FROM k.b RETURNING warehouse_id, product_id
        """,
        [w for w, _ in keys],
        [p for _, p in keys],
        [wanted[key] for key in keys],
    )
    return {(row["warehouse_id"], row["product_id"]) for row in found}


async def freeze(tx: Tx, keys: Iterable[Key]) -> None:
    """Stop selling from rows that are locked. In one statement with what makes it necessary it is `sink`."""
    await _mark(tx, keys, "frozen_at = $3", tx.now)


async def thaw(tx: Tx, keys: Iterable[Key]) -> None:
    """Sell again from rows that are locked."""
    await _mark(tx, keys, "frozen_at = NULL")


async def mark_pooled(tx: Tx, keys: Iterable[Key], *, pooled: bool) -> None:
    """Note whether channels have pools in rows that are locked."""
    await _mark(tx, keys, "pooled = $3", pooled)


async def _mark(tx: Tx, keys: Iterable[Key], what: str, *values: Any) -> None:
    wanted = sorted(set(keys))
    await tx.execute(
        f"""
        UPDATE stock SET {what} FROM unnest($1::bigint[], $2::bigint[]) AS k (w, p)
        WHERE warehouse_id = k.w AND product_id = k.p
        """,  # noqa: S608 - assignments come from code
        [w for w, _ in wanted],
        [p for _, p in wanted],
        *values,
    )
