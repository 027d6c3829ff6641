"""Every statement of the archive."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from dingdan.areas.archive.model import Bundle, Failure, Hold, Kept
from dingdan.plumbing.tx import Tx

_BUNDLE = ", ".join(Bundle.__struct_fields__)
_KEPT = ", ".join(Kept.__struct_fields__)
_HOLD = ", ".join(Hold.__struct_fields__)
_FAILURE = ", ".join(Failure.__struct_fields__)


async def today(tx: Tx) -> datetime:
    """What the clock says now, also where a transaction acts at a moment of the past."""
    now: datetime = await tx.fetchval("SELECT dingdan_now()")
    return now


async def lock_chains(tx: Tx, merchant_ids: Iterable[int], beginning: bytes) -> dict[int, tuple[int, bytes]]:
    """The last link of each merchant's chain (number, hash), locked; a merchant's first bundle begins a chain."""
    wanted = sorted(set(merchant_ids))
    await tx.execute(
        """
        INSERT INTO archive_chains (merchant_id, number, hash)
        SELECT unnest($1::bigint[]), 0, $2 ON CONFLICT (merchant_id) DO NOTHING
        """,
        wanted,
        beginning,
    )
    rows = await tx.fetch(
        """
        SELECT merchant_id, number, hash FROM archive_chains WHERE merchant_id = ANY($1::bigint[])
        ORDER BY merchant_id FOR UPDATE
        """,
        wanted,
    )
    return {row["merchant_id"]: (row["number"], row["hash"]) for row in rows}


async def add_bundles(tx: Tx, new: Sequence[Bundle], ends: Mapping[int, tuple[int, bytes]]) -> None:
    """Write bundles, and the last link of each chain that they lengthen."""
    await tx.copy("bundles", Bundle.__struct_fields__, [
        tuple(str(value) if name == "kind" else value for name, value in msgspec.structs.asdict(one).items())
        for one in new
    ])  # fmt: skip
    await tx.execute(
        """
        UPDATE archive_chains AS c SET number = e.number, hash = e.hash
        FROM unnest($1::bigint[], $2::bigint[], $3::bytea[]) AS e (merchant_id, number, hash)
        WHERE c.merchant_id = e.merchant_id
        """,
        list(ends),
        [number for number, _ in ends.values()],
        [hashed for _, hashed in ends.values()],
    )


async def add_kept(tx: Tx, new: Sequence[Kept]) -> None:
    """Write down that these orders are in the archive."""
    await tx.copy("archived_orders", Kept.__struct_fields__, [msgspec.structs.astuple(one) for one in new])


async def kept(tx: Tx, order_ids: Iterable[int]) -> dict[int, Kept]:
    """What the archive knows of these orders; those that are not in it are left out."""
    rows = await tx.fetch(
        f"SELECT {_KEPT} FROM archived_orders WHERE order_id = ANY($1::bigint[]) ORDER BY order_id",  # noqa: S608
        list(order_ids),
    )
    return {row["order_id"]: Kept(**dict(row)) for row in rows}


async def listed(tx: Tx, merchant_id: int | None, order_id: int | None, after: int | None, limit: int) -> list[Kept]:
    """Orders in the archive, newest first, of one merchant or of all."""
    rows = await tx.fetch(
        f"""
        SELECT {_KEPT} FROM archived_orders
        WHERE ($1::bigint IS NULL OR merchant_id = $1) AND ($2::bigint IS NULL OR order_id = $2)
          AND ($3::bigint IS NULL OR order_id < $3)
        ORDER BY order_id DESC LIMIT $4
        """,  # noqa: S608 - our columns
        merchant_id,
        order_id,
        after,
        limit,
    )
    return [Kept(**dict(row)) for row in rows]


async def bundles(tx: Tx, order_ids: Iterable[int]) -> dict[int, list[Bundle]]:
    """Everything that lies in the archive of these orders, in the order in which it was added."""
    found: dict[int, list[Bundle]] = {order_id: [] for order_id in order_ids}
    rows = await tx.fetch(
        f"SELECT {_BUNDLE} FROM bundles WHERE order_id = ANY($1::bigint[]) ORDER BY order_id, number",  # noqa: S608
        list(found),
    )
    for row in rows:
        found[row["order_id"]].append(_bundle(row))
    return found


async def chain(tx: Tx, merchant_id: int, after: int, limit: int) -> list[Bundle]:
    """A slice of a merchant's chain, in order."""
    rows = await tx.fetch(
        f"SELECT {_BUNDLE} FROM bundles WHERE merchant_id = $1 AND number > $2 ORDER BY number LIMIT $3",  # noqa: S608
        merchant_id,
        after,
        limit,
    )
    return [_bundle(row) for row in rows]


async def hashes_before(tx: Tx, found: Sequence[Bundle]) -> dict[int, bytes]:
    """By the id of each bundle the hash of the one before it in its chain; none of a first one."""
    rows = await tx.fetch(
        """
        SELECT w.id, b.hash FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS w (id, merchant_id, number)
        JOIN bundles b ON b.merchant_id = w.merchant_id AND b.number = w.number - 1
        """,
        [one.id for one in found],
        [one.merchant_id for one in found],
        [one.number for one in found],
    )
    return {row["id"]: row["hash"] for row in rows}


async def chains(tx: Tx) -> dict[int, tuple[int, bytes]]:
    """The last link of every merchant's chain within reach."""
    rows = await tx.fetch("SELECT merchant_id, number, hash FROM archive_chains ORDER BY merchant_id")
    return {row["merchant_id"]: (row["number"], row["hash"]) for row in rows}


async def note_put_away(tx: Tx, order_ids: Iterable[int]) -> None:
    """What is heavy or about people is gone from the live tables."""
    await tx.execute(
        "UPDATE archived_orders SET put_away_at = $2 WHERE order_id = ANY($1::bigint[]) AND put_away_at IS NULL",
        list(order_ids),
        tx.now,
    )


async def destroy_keys(tx: Tx, order_ids: Iterable[int]) -> None:
    """Nobody can read the people of these orders any more."""
    await tx.execute(
        """
        UPDATE archived_orders SET sealed_key = NULL, erased_at = $2
        WHERE order_id = ANY($1::bigint[]) AND erased_at IS NULL
        """,
        list(order_ids),
        tx.now,
    )


async def note_failures(tx: Tx, failed: Mapping[int, tuple[int, Sequence[str]]]) -> set[int]:
    """Write down what was missing of orders {order: (merchant, parts)}; says of which it is news."""
    rows = await tx.fetch(
        """
        INSERT INTO archive_failures AS f (order_id, merchant_id, missing, first_at, last_at)
        SELECT o, m, string_to_array(p, ','), $4, $4 FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS n (o, m, p)
        ON CONFLICT (order_id) DO UPDATE SET attempts = f.attempts + 1, last_at = excluded.last_at,
            missing = excluded.missing
        RETURNING order_id, attempts
        """,
        list(failed),
        [merchant_id for merchant_id, _ in failed.values()],
        [",".join(parts) for _, parts in failed.values()],
        tx.now,
    )
    return {row["order_id"] for row in rows if row["attempts"] == 1}


async def forget_failures(tx: Tx, order_ids: Iterable[int]) -> None:
    """They are archived whole now."""
    await tx.execute("DELETE FROM archive_failures WHERE order_id = ANY($1::bigint[])", list(order_ids))


async def failures(tx: Tx, merchant_id: int | None, after: int | None, limit: int) -> list[Failure]:
    """Orders that could not be archived whole, newest first."""
    rows = await tx.fetch(
        f"""
        SELECT {_FAILURE} FROM archive_failures WHERE ($1::bigint IS NULL OR merchant_id = $1)
          AND ($2::bigint IS NULL OR order_id < $2) ORDER BY order_id DESC LIMIT $3
        """,  # noqa: S608 - our columns
        merchant_id,
        after,
        limit,
    )
    return [msgspec.convert(dict(row), Failure) for row in rows]


async def holds(tx: Tx, order_ids: Iterable[int], *, open_only: bool = False) -> list[Hold]:
    """Legal holds of orders, oldest first."""
    rows = await tx.fetch(
        f"""
        SELECT {_HOLD} FROM legal_holds WHERE order_id = ANY($1::bigint[]) AND (NOT $2 OR lifted_at IS NULL) ORDER BY id
        """,  # noqa: S608 - our columns
        list(order_ids),
        open_only,
    )
    return [Hold(**dict(row)) for row in rows]


async def add_hold(tx: Tx, order_id: int, merchant_id: int, reason: str) -> None:
    """Write a hold; its order is locked."""
    await tx.execute(
        "INSERT INTO legal_holds (id, order_id, merchant_id, reason, set_at, set_by) VALUES ($1, $2, $3, $4, $5, $6)",
        tx.mint(),
        order_id,
        merchant_id,
        reason,
        tx.now,
        tx.actor.id,
    )


async def lift_hold(tx: Tx, order_id: int, reason: str) -> None:
    """End an order's open hold; its order is locked."""
    await tx.execute(
        """
        UPDATE legal_holds SET lifted_at = $2, lifted_by = $3, lift_reason = $4
        WHERE order_id = $1 AND lifted_at IS NULL
        """,
        order_id,
        tx.now,
        tx.actor.id,
        reason,
    )


async def with_people_left(tx: Tx, orders_of: Mapping[int, Sequence[int]]) -> set[int]:
    """Those buyers {buyer: their orders} of whom some order is not erased yet."""
    pairs = [(buyer_id, order_id) for buyer_id, order_ids in orders_of.items() for order_id in order_ids]
    rows = await tx.fetch(
        """
        SELECT DISTINCT w.buyer_id FROM unnest($1::bigint[], $2::bigint[]) AS w (buyer_id, order_id)
        LEFT JOIN archived_orders a ON a.order_id = w.order_id WHERE a.erased_at IS NULL
        """,
        [buyer_id for buyer_id, _ in pairs],
        [order_id for _, order_id in pairs],
    )
    return {row["buyer_id"] for row in rows}


def _bundle(row: Any) -> Bundle:
    return msgspec.convert(dict(row), Bundle)
