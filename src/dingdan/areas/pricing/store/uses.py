"""The statements of what is limited: how often it was used, by whom, and by which orders."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from dingdan.areas.pricing.model import Grant, Kept
from dingdan.areas.pricing.store import GRANT, columns, grant_of
from dingdan.plumbing.tx import Tx

USE = ("order_id", "promotion_id", "merchant_id", "buyer_id", "grant_id", "amount", "person", "shared_with")


async def used_by(tx: Tx, promotion_ids: Collection[int], holders: Collection[int]) -> dict[tuple[int, int], int]:
    """How often each of these buyers or persons used each of these promotions."""
    sql = "SELECT * FROM promotion_holders WHERE promotion_id = ANY($1::bigint[]) AND holder = ANY($2::bigint[])"
    rows = await tx.fetch(sql, list(promotion_ids), list(holders))
    return {(row["promotion_id"], row["holder"]): row["used"] for row in rows}


async def lock_grants(tx: Tx, ids: Collection[int]) -> dict[int, Grant]:
    """Lock grants, lowest id first, and read them."""
    if not ids:
        return {}
    rows = await tx.fetch(
        f"SELECT {GRANT} FROM coupon_grants WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE",  # noqa: S608
        sorted(ids),
    )
    return {row["id"]: grant_of(row) for row in rows}


async def mark_grants(
    tx: Tx, ids: Collection[int], used_at: datetime | None, expires_at: datetime | None = None
) -> None:
    """Say that grants were used, or are free again; those whose time has passed then last until `expires_at`."""
    await tx.execute(
        """
        UPDATE coupon_grants SET used_at = $2,
            expires_at = CASE WHEN $2::timestamptz IS NULL AND expires_at <= $4 THEN $3 ELSE expires_at END
        FROM (SELECT id AS locked FROM coupon_grants WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE) AS mine
        WHERE id = locked
        """,
        sorted(ids), used_at, expires_at, tx.now,
    )  # fmt: skip


async def lock_counts(tx: Tx, keys: Mapping[tuple[int, int], int | None]) -> dict[tuple[int, int], int]:
    """Lock how often (promotion, buyer or person) used something, making rows of 0 where there are none.

    Values are merchants; None for what counts over all of them.
    """
    ordered = sorted(keys)
    if not ordered:
        return {}
    await tx.execute(
        """
        INSERT INTO promotion_holders (promotion_id, holder, merchant_id)
        SELECT p, h, m FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS k (p, h, m) ORDER BY p, h
        ON CONFLICT (promotion_id, holder) DO NOTHING
        """,
        *columns(ordered, 2), [keys[key] for key in ordered],
    )  # fmt: skip
    rows = await tx.fetch(
        """
        SELECT c.promotion_id, c.holder, c.used FROM promotion_holders c
        JOIN unnest($1::bigint[], $2::bigint[]) AS k (p, h) ON c.promotion_id = k.p AND c.holder = k.h
        ORDER BY c.promotion_id, c.holder FOR UPDATE OF c
        """,
        *columns(ordered, 2),
    )
    return {(row["promotion_id"], row["holder"]): row["used"] for row in rows}


async def count_uses(tx: Tx, changes: Mapping[int, int]) -> None:
    """Add to how often promotions with a limit for all were used."""
    await tx.execute(
        """
        UPDATE promotions SET used = used + mine.n FROM (
            SELECT p.id AS locked, c.n FROM promotions p
            JOIN unnest($1::bigint[], $2::int[]) AS c (i, n) ON p.id = c.i WHERE p.limit_total IS NOT NULL
            ORDER BY p.id FOR UPDATE OF p
        ) AS mine WHERE id = locked
        """,
        list(changes), list(changes.values()),
    )  # fmt: skip


async def count_uses_by(tx: Tx, changes: Mapping[tuple[int, int], int]) -> None:
    """Add to how often (promotion, buyer or person) used something."""
    await tx.execute(
        """
        UPDATE promotion_holders AS b SET used = b.used + mine.n FROM (
            SELECT p.promotion_id, p.holder, c.n FROM promotion_holders p
            JOIN unnest($1::bigint[], $2::bigint[], $3::int[]) AS c (i, w, n) ON p.promotion_id = c.i AND p.holder = c.w
            ORDER BY p.promotion_id, p.holder FOR UPDATE OF p
        ) AS mine WHERE b.promotion_id = mine.promotion_id AND b.holder = mine.holder
        """,
        *columns(list(changes), 2), list(changes.values()),
    )  # fmt: skip


async def add_uses(tx: Tx, rows: Sequence[Sequence[Any]]) -> None:
    """Write down which orders use what."""
    await tx.copy("promotion_uses", (*USE, "claimed_at"), [(*row, tx.now) for row in rows])


async def lock_uses(tx: Tx, order_ids: Iterable[int]) -> list[Kept]:
    """Lock what these orders use or used, and the parts that other orders have in the same."""
    rows = await tx.fetch(
        f"""
        WITH mine AS (
            SELECT DISTINCT COALESCE(shared_with, order_id) AS leader, promotion_id FROM promotion_uses
            WHERE order_id = ANY($1::bigint[])
        )
        SELECT {", ".join(f"u.{name}" for name in Kept.__struct_fields__)} FROM promotion_uses u
        JOIN mine ON mine.promotion_id = u.promotion_id AND (u.order_id = mine.leader OR u.shared_with = mine.leader)
        ORDER BY u.order_id, u.promotion_id FOR UPDATE OF u
        """,  # noqa: S608
        sorted(order_ids),
    )
    return [Kept(**dict(row)) for row in rows]


async def companions(tx: Tx, order_ids: Iterable[int]) -> dict[int, dict[int, int]]:
    """Which other orders have a part in what these orders use, with their merchants."""
    rows = await tx.fetch(
        """
        SELECT u.order_id, o.order_id AS other, o.merchant_id FROM promotion_uses u JOIN promotion_uses o
        ON o.promotion_id = u.promotion_id AND o.order_id <> u.order_id
        AND (o.order_id = u.shared_with OR o.shared_with = COALESCE(u.shared_with, u.order_id))
        WHERE u.order_id = ANY($1::bigint[])
        """,
        list(order_ids),
    )
    found: dict[int, dict[int, int]] = {}
    for row in rows:
        found.setdefault(row["order_id"], {})[row["other"]] = row["merchant_id"]
    return found


async def name_grants(tx: Tx, rows: Sequence[tuple[int, int, int]]) -> None:
    """Say as which grant (order, promotion) comes back."""
    await tx.execute(
        """
        UPDATE promotion_uses AS u SET grant_id = k.g FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS k (o, p, g)
        WHERE u.order_id = k.o AND u.promotion_id = k.p
        """,
        *columns(rows, 3),
    )


async def give_back_uses(tx: Tx, uses: Sequence[tuple[int, int]]) -> None:
    """Say that (order, promotion) let go of what it used."""
    await tx.execute(
        """
        UPDATE promotion_uses AS u SET given_back_at = $3, taken_again_at = NULL
        FROM unnest($1::bigint[], $2::bigint[]) AS k (o, p) WHERE u.order_id = k.o AND u.promotion_id = k.p
        """,
        *columns(uses, 2), tx.now,
    )  # fmt: skip


async def take_uses_again(tx: Tx, order_ids: Iterable[int]) -> None:
    """Say that these orders use again what they had used."""
    await tx.execute(
        "UPDATE promotion_uses SET given_back_at = NULL, taken_again_at = $2 WHERE order_id = ANY($1::bigint[])",
        sorted(order_ids), tx.now,
    )  # fmt: skip


async def drop_uses(tx: Tx, order_ids: Iterable[int]) -> None:
    """Forget the uses of orders that never were."""
    await tx.execute("DELETE FROM promotion_uses WHERE order_id = ANY($1::bigint[])", list(order_ids))


async def lock_uses_by(tx: Tx, buyer_ids: Iterable[int]) -> list[Kept]:
    """Lock the uses that these buyers lead with a person's number."""
    rows = await tx.fetch(
        f"""
        SELECT {", ".join(Kept.__struct_fields__)} FROM promotion_uses
        WHERE buyer_id = ANY($1::bigint[]) AND person IS NOT NULL ORDER BY order_id, promotion_id FOR UPDATE
        """,  # noqa: S608
        sorted(buyer_ids),
    )
    return [Kept(**dict(row)) for row in rows]


async def live(tx: Tx, keys: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those of these uses (order that leads, promotion) that some order still has."""
    rows = await tx.fetch(
        """
        SELECT k.o, k.p FROM unnest($1::bigint[], $2::bigint[]) AS k (o, p) WHERE EXISTS (
            SELECT FROM promotion_uses u WHERE u.promotion_id = k.p AND (u.order_id = k.o OR u.shared_with = k.o)
            AND u.given_back_at IS NULL)
        """,
        *columns(sorted(keys), 2),
    )
    return {(row["o"], row["p"]) for row in rows}


async def name_persons(tx: Tx, rows: Sequence[tuple[int, int, int]]) -> None:
    """Say by which number (order, promotion) is counted."""
    await tx.execute(
        """
        UPDATE promotion_uses AS u SET person = k.n FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS k (o, p, n)
        WHERE u.order_id = k.o AND u.promotion_id = k.p
        """,
        *columns(rows, 3),
    )


async def drop_counts(tx: Tx, keys: Collection[tuple[int, int]]) -> None:
    """Let go of counts of (promotion, person) that are nothing."""
    await tx.execute(
        """
        DELETE FROM promotion_holders h USING unnest($1::bigint[], $2::bigint[]) AS k (p, w)
        WHERE h.promotion_id = k.p AND h.holder = k.w AND h.used = 0
        """,
        *columns(sorted(keys), 2),
    )
