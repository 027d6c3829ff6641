"""Statements about what the staff notes on orders: words, whom they call, tags, and who looks after orders."""

from collections.abc import Collection, Mapping, Sequence

from dingdan.areas.orders.model import Keeper, Note
from dingdan.plumbing.tx import Tx

_NOTE = (
    "n.id, n.order_id, n.merchant_id, n.is_shown, n.sealed, n.said_by_kind, n.said_by, n.at, o.buyer_id, n.held_until"
)


async def count_notes(tx: Tx, order_id: int) -> int:
    """How many notes an order has; it is locked."""
    number: int = await tx.fetchval("SELECT count(*) FROM order_notes WHERE order_id = $1", order_id)
    return number


async def add_note(tx: Tx, new: Note, staff_ids: Collection[int]) -> None:
    """Keep a note, and whom it calls."""
    await tx.execute(
        """
        INSERT INTO order_notes (id, order_id, merchant_id, is_shown, sealed, said_by_kind, said_by, at, held_until)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        new.id, new.order_id, new.merchant_id, new.is_shown, new.sealed, new.said_by_kind, new.said_by, new.at,
        new.held_until,
    )  # fmt: skip
    await tx.copy("note_mentions", ("note_id", "staff_id", "order_id", "merchant_id"), [
        (new.id, staff_id, new.order_id, new.merchant_id) for staff_id in sorted(staff_ids)
    ])  # fmt: skip


async def notes(tx: Tx, order_ids: Collection[int], *, shown_only: bool, is_held: bool = False) -> list[Note]:
    """What was written on orders, oldest first; of words for buyers those that were sent, or those that still wait."""
    rows = await tx.fetch(
        f"""
        SELECT {_NOTE} FROM order_notes n JOIN orders o ON o.id = n.order_id
        WHERE n.order_id = ANY($1::bigint[]) AND (n.is_shown OR NOT $2) AND (n.held_until IS NOT NULL) = $3 ORDER BY n.id
        """,  # noqa: S608 - our columns
        list(order_ids),
        shown_only,
        is_held,
    )
    return [Note(**dict(row)) for row in rows]


async def let_go(tx: Tx, order_ids: Collection[int]) -> list[tuple[int, int, int, int]]:
    """Words for buyers that waited on orders are sent: (order, merchant, note, how many colleagues it calls)."""
    rows = await tx.fetch(
        """
        WITH gone AS (
            UPDATE order_notes SET held_until = NULL WHERE order_id = ANY($1::bigint[]) AND held_until IS NOT NULL
            RETURNING id, order_id, merchant_id
        )
        SELECT order_id, merchant_id, id, (SELECT count(*)::int FROM note_mentions m WHERE m.note_id = gone.id) AS called
        FROM gone ORDER BY id
        """,
        list(order_ids),
    )
    return [(row["order_id"], row["merchant_id"], row["id"], row["called"]) for row in rows]


async def unwrite(tx: Tx, order_id: int, kind: str, number: int | None) -> tuple[int, int]:
    """Words that somebody wrote to a buyer and that still wait are gone; says how many, and how many of others wait."""
    mine = await tx.fetch(
        """
        SELECT id FROM order_notes
        WHERE order_id = $1 AND held_until IS NOT NULL AND said_by_kind = $2 AND said_by IS NOT DISTINCT FROM $3
        """,
        order_id,
        kind,
        number,
    )
    gone = [row["id"] for row in mine]
    await tx.execute("DELETE FROM note_mentions WHERE note_id = ANY($1::bigint[])", gone)
    await tx.execute("DELETE FROM order_notes WHERE id = ANY($1::bigint[])", gone)
    left: int = await tx.fetchval(
        "SELECT count(*) FROM order_notes WHERE order_id = $1 AND held_until IS NOT NULL", order_id
    )
    return len(gone), left


async def mentions(tx: Tx, staff_id: int, most: int) -> list[Note]:
    """The notes that call somebody who has not seen them, newest first."""
    rows = await tx.fetch(
        f"""
        SELECT {_NOTE} FROM note_mentions m JOIN order_notes n ON n.id = m.note_id JOIN orders o ON o.id = n.order_id
        WHERE m.staff_id = $1 AND m.seen_at IS NULL AND n.held_until IS NULL ORDER BY m.note_id DESC LIMIT $2
        """,  # noqa: S608 - our columns
        staff_id,
        most,
    )
    return [Note(**dict(row)) for row in rows]


async def see(tx: Tx, staff_id: int, order_id: int) -> int:
    """Somebody has seen what calls them on an order, what still waits aside; says how many notes these were."""
    return await tx.execute(
        """
        UPDATE note_mentions m SET seen_at = $3 FROM order_notes n
        WHERE m.staff_id = $1 AND m.order_id = $2 AND m.seen_at IS NULL AND n.id = m.note_id AND n.held_until IS NULL
        """,
        staff_id, order_id, tx.now,
    )  # fmt: skip


async def tags(tx: Tx, order_ids: Collection[int]) -> dict[int, list[str]]:
    """The tags of orders, by name."""
    found: dict[int, list[str]] = {order_id: [] for order_id in order_ids}
    rows = await tx.fetch(
        "SELECT order_id, tag FROM order_tags WHERE order_id = ANY($1::bigint[]) ORDER BY order_id, tag", list(found)
    )
    for row in rows:
        found[row["order_id"]].append(row["tag"])
    return found


async def add_tags(tx: Tx, new: Sequence[tuple[int, int, str]]) -> set[tuple[int, str]]:
    """Tag orders (order, merchant, tag); says which tags are new to which. They are locked."""
    rows = await tx.fetch(
        """
        INSERT INTO order_tags (order_id, merchant_id, tag, at)
        SELECT o, m, t, $4 FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS n (o, m, t) ORDER BY o, t
        ON CONFLICT (order_id, tag) DO NOTHING RETURNING order_id, tag
        """,
        [order_id for order_id, _, _ in new],
        [merchant_id for _, merchant_id, _ in new],
        [tag for _, _, tag in new],
        tx.now,
    )
    return {(row["order_id"], row["tag"]) for row in rows}


async def drop_tags(tx: Tx, order_ids: Collection[int], tags_: Collection[str]) -> set[tuple[int, str]]:
    """Take tags off orders; says which were there. They are locked."""
    rows = await tx.fetch(
        "DELETE FROM order_tags WHERE order_id = ANY($1::bigint[]) AND tag = ANY($2::text[]) RETURNING order_id, tag",
        list(order_ids),
        list(tags_),
    )
    return {(row["order_id"], row["tag"]) for row in rows}


async def hand_on_tags(tx: Tx, heirs: Mapping[int, int]) -> dict[int, list[str]]:
    """The tags of orders pass to others (new ones by old ones), which have none; says which, by the old ones. All are locked."""
    rows = await tx.fetch(
        """
        UPDATE order_tags t SET order_id = h.new FROM unnest($1::bigint[], $2::bigint[]) AS h (old, new)
        WHERE t.order_id = h.old RETURNING h.old, t.tag
        """,
        list(heirs),
        list(heirs.values()),
    )
    passed: dict[int, list[str]] = {}
    for row in rows:
        passed.setdefault(row["old"], []).append(row["tag"])
    return {order_id: sorted(found) for order_id, found in passed.items()}


async def keepers(tx: Tx, order_ids: Collection[int], roles: Collection[str]) -> list[Keeper]:
    """Who looks after these orders: people who work here and have one of these roles, and those whom the reader does not see."""
    rows = await tx.fetch(
        """
        SELECT k.order_id, k.staff_id, s.name, k.at FROM order_keepers k LEFT JOIN staff s ON s.id = k.staff_id
        WHERE k.order_id = ANY($1::bigint[]) AND (s.id IS NULL OR s.active AND s.roles && $2::text[]) ORDER BY k.order_id
        """,
        list(order_ids),
        sorted(roles),
    )
    return [Keeper(**dict(row)) for row in rows]


async def keep(tx: Tx, merchants: Mapping[int, int], staff_id: int) -> set[int]:
    """Somebody looks after these orders (with their merchants); says for which that is new. They are locked."""
    rows = await tx.fetch(
        """
        INSERT INTO order_keepers AS k (order_id, merchant_id, staff_id, by_kind, by, at)
        SELECT o, m, $3, $4, $5, $6 FROM unnest($1::bigint[], $2::bigint[]) AS n (o, m) ORDER BY o
        ON CONFLICT (order_id) DO UPDATE
        SET staff_id = excluded.staff_id, by_kind = excluded.by_kind, by = excluded.by, at = excluded.at
        WHERE k.staff_id <> excluded.staff_id
        RETURNING order_id
        """,
        list(merchants), list(merchants.values()), staff_id, str(tx.actor.kind), tx.actor.id, tx.now,
    )  # fmt: skip
    return {row["order_id"] for row in rows}


async def unkeep(tx: Tx, order_ids: Collection[int]) -> set[int]:
    """Nobody looks after these orders any more; says after which somebody did. They are locked."""
    rows = await tx.fetch(
        "DELETE FROM order_keepers WHERE order_id = ANY($1::bigint[]) RETURNING order_id", list(order_ids)
    )
    return {row["order_id"] for row in rows}


async def hand_on_keepers(tx: Tx, heirs: Mapping[int, int]) -> dict[int, int]:
    """Who looks after orders does so after others (new ones by old ones), after which nobody does; says who, by the old ones.

    All are locked.
    """
    rows = await tx.fetch(
        """
        UPDATE order_keepers k SET order_id = h.new FROM unnest($1::bigint[], $2::bigint[]) AS h (old, new)
        WHERE k.order_id = h.old RETURNING h.old, k.staff_id
        """,
        list(heirs),
        list(heirs.values()),
    )
    return {row["old"]: row["staff_id"] for row in rows}
