"""Every statement of credit. Purses are locked by rising id, and their lots under their lock."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from dingdan.areas.credit.lifecycle import HOLD
from dingdan.areas.credit.model import Card, Held, Movement, Purse
from dingdan.areas.credit.rules.guessing import Tries
from dingdan.kernel.event import Moved
from dingdan.plumbing import lifecycles
from dingdan.plumbing.tx import Tx

_PURSE = ", ".join(Purse.__struct_fields__)
_HELD = ", ".join(Held.__struct_fields__)
_CARD = ", ".join(Card.__struct_fields__)
_MOVEMENT = ", ".join(Movement.__struct_fields__)
MOVEMENT = ("id", "purse_id", "merchant_id", "kind", "amount", "order_id", "cause_id", "reason", "funding", "at")


async def open_purses(tx: Tx, wanted: Iterable[tuple[int, int, str, str]]) -> dict[tuple[int, str, str], int]:
    """The purses of (merchant, buyer, kind, unit); those that are missing are made. {(buyer, kind, unit): purse}."""
    rows = sorted(set(wanted))
    keys = ([buyer for _, buyer, _, _ in rows], [kind for _, _, kind, _ in rows], [unit for *_, unit in rows])
    await tx.execute(
        """
        INSERT INTO purses (id, merchant_id, buyer_id, kind, unit, created_at)
        SELECT i, m, b, k, u, $6 FROM unnest($4::bigint[], $5::bigint[], $1::bigint[], $2::text[], $3::text[])
            AS new (i, m, b, k, u)
        ORDER BY b, k, u
        ON CONFLICT (buyer_id, kind, unit) DO NOTHING
        """,
        *keys,
        tx.mint_many(len(rows)),
        [merchant_id for merchant_id, *_ in rows],
        tx.now,
    )
    return await find_purses(tx, list(zip(*keys, strict=True)))


async def find_purses(tx: Tx, keys: Iterable[tuple[int, str, str]]) -> dict[tuple[int, str, str], int]:
    """Purses by (buyer, kind, unit), those that are there."""
    wanted = list(keys)
    rows = await tx.fetch(
        """
        SELECT p.id, p.buyer_id, p.kind, p.unit FROM purses p
        JOIN unnest($1::bigint[], $2::text[], $3::text[]) AS w (b, k, u) ON p.buyer_id = b AND p.kind = k AND p.unit = u
        """,
        [buyer for buyer, _, _ in wanted],
        [kind for _, kind, _ in wanted],
        [unit for _, _, unit in wanted],
    )
    return {(row["buyer_id"], row["kind"], row["unit"]): row["id"] for row in rows}


async def get(tx: Tx, ids: Iterable[int], *, lock: bool = False) -> dict[int, Purse]:
    """Purses by id; locked lowest id first, if wanted."""
    rows = await tx.fetch(
        f"SELECT {_PURSE} FROM purses WHERE id = ANY($1::bigint[]) ORDER BY id {'FOR UPDATE' if lock else ''}",  # noqa: S608
        sorted(set(ids)),
    )
    return {row["id"]: msgspec.convert(dict(row), Purse) for row in rows}


async def of_buyers(tx: Tx, buyer_ids: Iterable[int]) -> list[Purse]:
    """Every purse of these buyers."""
    rows = await tx.fetch(
        f"SELECT {_PURSE} FROM purses WHERE buyer_id = ANY($1::bigint[]) ORDER BY buyer_id, kind, unit",  # noqa: S608
        list(buyer_ids),
    )
    return [msgspec.convert(dict(row), Purse) for row in rows]


async def take_all(tx: Tx, needs: dict[int, int]) -> set[int]:
    """Keep the whole need of each purse where it is there; says which purses gave it."""
    ids = sorted(needs)
    rows = await tx.fetch(
        """
        WITH locked AS MATERIALIZED (
            SELECT p.id, w.n FROM purses p JOIN unnest($1::bigint[], $2::bigint[]) AS w (id, n) ON w.id = p.id
            ORDER BY p.id FOR UPDATE OF p
        )
        UPDATE purses SET held = purses.held + locked.n FROM locked
        WHERE purses.id = locked.id AND purses.balance - purses.held >= locked.n RETURNING purses.id
        """,
        ids,
        [needs[i] for i in ids],
    )
    return {row["id"] for row in rows}


async def change(tx: Tx, changes: Iterable[tuple[int, int, int]]) -> None:
    """Add (balance, held) to purses, locking them in order; several changes of one purse are summed."""
    rows = [change for change in changes if change[1] or change[2]]
    if not rows:
        return
    await tx.execute(
        """
        WITH change AS (
            SELECT id, sum(b)::bigint AS b, sum(h)::bigint AS h
            FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS c (id, b, h) GROUP BY id
        ), locked AS MATERIALIZED (
            SELECT p.id, b, h FROM purses p JOIN change ON change.id = p.id ORDER BY p.id FOR UPDATE OF p
        )
        UPDATE purses SET balance = balance + b, held = held + h FROM locked WHERE purses.id = locked.id
        """,
        *columns(rows, 3),
    )


async def add_movements(tx: Tx, rows: Iterable[Sequence[Any]]) -> None:
    """Write down what changed; see MOVEMENT."""
    await tx.copy("purse_movements", MOVEMENT, rows)


async def movements(tx: Tx, purse_id: int, limit: int) -> list[Movement]:
    """What changed in a purse, newest first."""
    rows = await tx.fetch(
        f"SELECT {_MOVEMENT} FROM purse_movements WHERE purse_id = $1 ORDER BY id DESC LIMIT $2",  # noqa: S608
        purse_id,
        limit,
    )
    return [Movement(**dict(row)) for row in rows]


async def caused(tx: Tx, kind: str, cause_ids: Iterable[int]) -> set[int]:
    """Which causes have their movement of this kind already."""
    rows = await tx.fetch(
        "SELECT cause_id FROM purse_movements WHERE kind = $1 AND cause_id = ANY($2::bigint[])", kind, list(cause_ids)
    )
    return {row["cause_id"] for row in rows}


async def add_holds(tx: Tx, holds: Sequence[Held]) -> None:
    """Write new holds."""
    await tx.copy(
        "credit_holds",
        ("id", "order_id", "merchant_id", "purse_id", "payment_id", "amount", "at"),
        [(h.id, h.order_id, h.merchant_id, h.purse_id, h.payment_id, h.amount, tx.now) for h in holds],
    )


async def drop_holds(tx: Tx, hold_ids: Sequence[int]) -> None:
    """Delete holds that this transaction wrote."""
    await tx.execute("DELETE FROM credit_holds WHERE id = ANY($1::bigint[])", list(hold_ids))


async def discounts(tx: Tx, order_ids: Iterable[int]) -> list[Held]:
    """Points that were kept for these orders to take off their price."""
    wanted = list(order_ids)
    if not wanted:
        return []
    rows = await tx.fetch(
        f"""
        SELECT {_HELD} FROM credit_holds
        WHERE order_id = ANY($1::bigint[]) AND payment_id IS NULL ORDER BY order_id, id
        """,  # noqa: S608
        wanted,
    )
    return [msgspec.convert(dict(row), Held) for row in rows]


async def of_payments(tx: Tx, payment_ids: Iterable[int]) -> list[Held]:
    """What is or was kept for these payments."""
    rows = await tx.fetch(
        f"SELECT {_HELD} FROM credit_holds WHERE payment_id = ANY($1::bigint[]) ORDER BY order_id, id",  # noqa: S608
        list(payment_ids),
    )
    return [msgspec.convert(dict(row), Held) for row in rows]


async def move_holds(tx: Tx, verb: str, ids: Iterable[int]) -> dict[int, Moved]:
    """Move holds along their lifecycle; only those that may go."""
    return await lifecycles.move(tx, "credit_holds", HOLD, verb, ids)


async def add_restored(tx: Tx, amounts: dict[int, int]) -> list[Any]:
    """Count what went back of captured holds, never more than was spent; gives the ids for which there was room."""
    ids = sorted(amounts)
    return await tx.fetch(
        """
        UPDATE credit_holds AS h SET restored = h.restored + n.amount
        FROM (SELECT id, amount FROM unnest($1::bigint[], $2::bigint[]) AS u (id, amount) ORDER BY id) AS n
        WHERE h.id = n.id AND h.state = 'captured' AND h.restored + n.amount <= h.amount RETURNING h.id
        """,
        ids,
        [amounts[i] for i in ids],
    )


async def unrestored(tx: Tx, ids: Iterable[int]) -> dict[int, int]:
    """What captured holds spent and did not get back."""
    rows = await tx.fetch(
        "SELECT id, amount - restored AS rest FROM credit_holds WHERE id = ANY($1::bigint[]) AND state = 'captured'",
        list(ids),
    )
    return {row["id"]: row["rest"] for row in rows}


async def add_lots(tx: Tx, rows: Iterable[Sequence[Any]]) -> None:
    """Write points down: (id, purse, merchant, points, when they end)."""
    await tx.copy(
        "purse_lots", ("id", "purse_id", "merchant_id", "granted", "unspent", "expires_at"),
        [(i, purse, merchant, amount, amount, ends) for i, purse, merchant, amount, ends in rows],
    )  # fmt: skip


async def take_lots(tx: Tx, wants: Sequence[tuple[int, int, int]]) -> None:
    """Take the points of holds (hold, purse, amount) out of lots, the first to end first; their purses are locked.

    Laid end to end, the wants of a purse and its lots are two rulers: where they overlap, that much is taken.
    """
    await tx.execute(
        """
        WITH want AS (
            SELECT h, p, sum(a) OVER w - a AS start, sum(a) OVER w AS stop
            FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS u (h, p, a)
            WINDOW w AS (PARTITION BY p ORDER BY h)
        ), lot AS (
            SELECT id, purse_id, merchant_id, sum(unspent) OVER w - unspent AS start, sum(unspent) OVER w AS stop
            FROM purse_lots WHERE purse_id = ANY($2::bigint[]) AND unspent > 0
            WINDOW w AS (PARTITION BY purse_id ORDER BY expires_at NULLS LAST, id)
        ), part AS (
            SELECT h, lot.id, merchant_id, (least(want.stop, lot.stop) - greatest(want.start, lot.start))::bigint AS amount
            FROM want JOIN lot ON lot.purse_id = want.p AND lot.start < want.stop AND want.start < lot.stop
        ), taken AS (
            UPDATE purse_lots AS l SET unspent = l.unspent - t.amount
            FROM (SELECT id, sum(amount)::bigint AS amount FROM part GROUP BY id) AS t WHERE l.id = t.id
        )
        INSERT INTO hold_lots (hold_id, lot_id, merchant_id, amount) SELECT h, id, merchant_id, amount FROM part
        """,
        *columns(wants, 3),
    )


async def drop_lots(tx: Tx, purse_id: int, amount: int) -> None:
    """Take points out of a locked purse for good, the first to end first."""
    await tx.execute(
        """
        UPDATE purse_lots AS l SET unspent = l.unspent - p.amount
        FROM (SELECT id, (least(stop, $2) - start)::bigint AS amount FROM (
            SELECT id, sum(unspent) OVER w - unspent AS start, sum(unspent) OVER w AS stop
            FROM purse_lots WHERE purse_id = $1 AND unspent > 0 WINDOW w AS (ORDER BY expires_at NULLS LAST, id)
        ) AS laid WHERE start < $2) AS p
        WHERE l.id = p.id
        """,
        purse_id,
        amount,
    )


async def give_back_lots(tx: Tx, hold_ids: Iterable[int]) -> list[Any]:
    """Put the points of released holds back into their lots; gives the lots that end, with when."""
    return await tx.fetch(
        """
        WITH gone AS (DELETE FROM hold_lots WHERE hold_id = ANY($1::bigint[]) RETURNING lot_id, amount)
        UPDATE purse_lots AS l SET unspent = l.unspent + g.amount
        FROM (SELECT lot_id, sum(amount)::bigint AS amount FROM gone GROUP BY lot_id) AS g
        WHERE l.id = g.lot_id RETURNING l.id, l.merchant_id, l.expires_at
        """,
        list(hold_ids),
    )


async def last_ends(tx: Tx, hold_ids: Iterable[int]) -> dict[int, datetime | None]:
    """When the last of the points that holds took would have ended; None where some never do."""
    rows = await tx.fetch(
        """
        SELECT h.hold_id, CASE WHEN bool_and(l.expires_at IS NOT NULL) THEN max(l.expires_at) END AS ends
        FROM hold_lots h JOIN purse_lots l ON l.id = h.lot_id WHERE h.hold_id = ANY($1::bigint[]) GROUP BY h.hold_id
        """,
        list(hold_ids),
    )
    return {row["hold_id"]: row["ends"] for row in rows}


async def purses_of_lots(tx: Tx, ids: Iterable[int]) -> list[int]:
    """The purses that lots are in."""
    rows = await tx.fetch("SELECT DISTINCT purse_id FROM purse_lots WHERE id = ANY($1::bigint[])", list(ids))
    return [row["purse_id"] for row in rows]


async def end_lots(tx: Tx, ids: Iterable[int]) -> list[Any]:
    """Empty those lots whose time is over; their purses are locked. Gives what was in them."""
    return await tx.fetch(
        """
        UPDATE purse_lots AS l SET unspent = 0
        FROM (SELECT id, unspent FROM purse_lots WHERE id = ANY($1::bigint[]) AND expires_at <= $2 AND unspent > 0
              ORDER BY id FOR UPDATE) AS was
        WHERE l.id = was.id RETURNING l.id, l.purse_id, l.merchant_id, was.unspent AS amount
        """,
        list(ids),
        tx.now,
    )


async def lots(tx: Tx, purse_ids: Iterable[int]) -> list[Any]:
    """Unspent points with when they end, the first to end first."""
    return await tx.fetch(
        """
        SELECT purse_id, unspent, expires_at FROM purse_lots
        WHERE purse_id = ANY($1::bigint[]) AND unspent > 0 ORDER BY purse_id, expires_at NULLS LAST, id
        """,
        list(purse_ids),
    )


async def add_cards(tx: Tx, rows: Iterable[tuple[int, int | None, str, bytes, str, datetime | None]]) -> None:
    """Write cards with their purses: (purse, merchant, currency, hash of the code, its tail, end)."""
    cards = list(rows)
    await tx.copy("purses", ("id", "merchant_id", "kind", "unit", "created_at"), [
        (i, merchant_id, "card", currency, tx.now) for i, merchant_id, currency, *_ in cards
    ])  # fmt: skip
    await tx.copy("cards", ("purse_id", "merchant_id", "code_hash", "tail", "expires_at", "issued_at"), [
        (i, merchant_id, code_hash, tail, ends, tx.now) for i, merchant_id, _, code_hash, tail, ends in cards
    ])  # fmt: skip


async def cards(tx: Tx, purse_ids: Iterable[int]) -> dict[int, Card]:
    """Cards by their purse."""
    rows = await tx.fetch(
        f"SELECT {_CARD} FROM cards WHERE purse_id = ANY($1::bigint[]) ORDER BY purse_id",  # noqa: S608
        list(purse_ids),
    )
    return {row["purse_id"]: Card(**dict(row)) for row in rows}


async def by_code_hash(tx: Tx, hashes: Iterable[bytes]) -> dict[bytes, int]:
    """Purses by the hash of their card's code."""
    rows = await tx.fetch("SELECT code_hash, purse_id FROM cards WHERE code_hash = ANY($1::bytea[])", list(hashes))
    return {row["code_hash"]: row["purse_id"] for row in rows}


async def stamp_card(tx: Tx, purse_id: int, *, expires_at: datetime | None, blocked_at: datetime | None) -> None:
    """Say until when a card is good and since when it is blocked."""
    await tx.execute(
        "UPDATE cards SET expires_at = $2, blocked_at = $3 WHERE purse_id = $1", purse_id, expires_at, blocked_at
    )


async def prolong_cards(tx: Tx, ends: dict[int, datetime]) -> None:
    """Let cards be good until then at least."""
    await tx.execute(
        """
        UPDATE cards AS c SET expires_at = n.ends FROM unnest($1::bigint[], $2::timestamptz[]) AS n (id, ends)
        WHERE c.purse_id = n.id AND c.expires_at < n.ends
        """,
        list(ends),
        list(ends.values()),
    )


async def tries(tx: Tx, who: str) -> Tries | None:
    """How many wrong codes somebody tried; locked, so that forty at once are counted one after another."""
    await tx.execute(
        "INSERT INTO card_tries (who, wrong, since) VALUES ($1, 0, $2) ON CONFLICT (who) DO NOTHING", who, tx.now
    )
    row = await tx.fetchrow("SELECT wrong, since FROM card_tries WHERE who = $1 FOR UPDATE", who)
    return Tries(row["wrong"], row["since"])


async def note_tries(tx: Tx, who: str, tries: Tries) -> None:
    """Keep the count."""
    await tx.execute("UPDATE card_tries SET wrong = $2, since = $3 WHERE who = $1", who, tries.wrong, tries.since)


def columns(rows: Sequence[Sequence[Any]], width: int) -> list[list[Any]]:
    """Rows turned into one list for each column, as `unnest` wants them."""
    return [[row[n] for row in rows] for n in range(width)]
