"""Every statement about orders made elsewhere."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from dingdan.areas.channel_orders.lifecycle import CHANNEL_PROBLEM
from dingdan.areas.channel_orders.model import ChannelOrder, Part, Problem, SkuPair, Update
from dingdan.kernel.event import Moved
from dingdan.plumbing import lifecycles
from dingdan.plumbing.tx import Tx

_ORDER = ", ".join(ChannelOrder.__struct_fields__)
_PART = ", ".join(Part.__struct_fields__)
_PROBLEM = ", ".join(Problem.__struct_fields__)
_UPDATE = ", ".join("o.number" if name == "number" else f"u.{name}" for name in Update.__struct_fields__)

NEW = (
    "id", "merchant_id", "channel_id", "number", "currency", "total", "deal", "deal_hash", "people_hash", "placed_at",
    "updated_at", "recorded_at",
)  # fmt: skip


async def claim(tx: Tx, rows: Sequence[tuple[Any, ...]]) -> set[int]:
    """Write orders whose number is new to their channel, in the order of numbers; says which of them were."""
    made = await tx.fetch(
        f"""
        INSERT INTO channel_orders ({", ".join(NEW)})
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::bigint[],
                             $7::jsonb[], $8::bytea[], $9::bytea[], $10::timestamptz[], $11::timestamptz[],
                             $12::timestamptz[])
        ON CONFLICT (channel_id, number) DO NOTHING RETURNING id
        """,  # noqa: S608 - our own columns
        *_columns(sorted(rows, key=lambda row: (row[2], row[3])), len(NEW)),
    )
    return {row["id"] for row in made}


async def lock_numbers(tx: Tx, channel_id: int, numbers: Iterable[str]) -> dict[str, ChannelOrder]:
    """Lock a channel's orders by its numbers, lowest id first."""
    rows = await tx.fetch(
        f"""
        SELECT {_ORDER} FROM channel_orders WHERE channel_id = $1 AND number = ANY($2::text[]) ORDER BY id FOR UPDATE
        """,  # noqa: S608
        channel_id,
        list(numbers),
    )
    return {row["number"]: _order(row) for row in rows}


async def lock(tx: Tx, ids: Iterable[int]) -> dict[int, ChannelOrder]:
    """Lock orders of channels, lowest id first."""
    rows = await tx.fetch(
        f"SELECT {_ORDER} FROM channel_orders WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE",  # noqa: S608
        list(ids),
    )
    return {row["id"]: _order(row) for row in rows}


async def get(tx: Tx, ids: Iterable[int]) -> dict[int, ChannelOrder]:
    """Orders of channels by id."""
    rows = await tx.fetch(f"SELECT {_ORDER} FROM channel_orders WHERE id = ANY($1::bigint[])", list(ids))  # noqa: S608
    return {row["id"]: _order(row) for row in rows}


async def of_orders(tx: Tx, order_ids: Iterable[int]) -> dict[int, ChannelOrder]:
    """Orders of channels by ours."""
    rows = await tx.fetch(
        f"SELECT {_ORDER} FROM channel_orders WHERE order_id = ANY($1::bigint[])",  # noqa: S608
        list(order_ids),
    )
    return {row["order_id"]: _order(row) for row in rows}


async def take_word(tx: Tx, rows: Sequence[tuple[Any, ...]]) -> None:
    """Keep a newer word: (id, currency, total, deal, deal hash, people hash, placed, updated)."""
    await tx.execute(
        """
        UPDATE channel_orders AS o SET currency = w.currency, total = w.total, deal = w.deal, deal_hash = w.deal_hash,
            people_hash = w.people_hash, placed_at = w.placed_at, updated_at = w.updated_at
        FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::jsonb[], $5::bytea[], $6::bytea[], $7::timestamptz[],
                    $8::timestamptz[])
            AS w (id, currency, total, deal, deal_hash, people_hash, placed_at, updated_at)
        WHERE o.id = w.id
        """,
        *_columns(rows, 8),
    )


async def set_people(tx: Tx, rows: Sequence[tuple[int, int, int, bytes | None]]) -> None:
    """Keep who bought and where it goes: (id, buyer, contact, the channel's own words sealed)."""
    await tx.execute(
        """
        UPDATE channel_orders AS o SET buyer_id = w.buyer_id, contact_id = w.contact_id, sealed = w.sealed
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bytea[]) AS w (id, buyer_id, contact_id, sealed)
        WHERE o.id = w.id
        """,
        *_columns(rows, 4),
    )


async def set_cancelled(tx: Tx, moments: Mapping[int, datetime]) -> set[int]:
    """Note that channels called orders off, the earliest word counts; says for which that is news."""
    rows = await tx.fetch(
        """
        UPDATE channel_orders AS o SET cancelled_at = LEAST(o.cancelled_at, w.at)
        FROM unnest($1::bigint[], $2::timestamptz[]) AS w (id, at)
        WHERE o.id = w.id AND (o.cancelled_at IS NULL OR o.cancelled_at > w.at) RETURNING o.id
        """,
        list(moments),
        list(moments.values()),
    )
    return {row["id"] for row in rows}


async def set_written(tx: Tx, written: Mapping[int, int]) -> None:
    """Note which of our orders was written for which: {theirs: ours}."""
    await tx.execute(
        """
        WITH told AS (
            UPDATE channel_problems AS p SET order_id = w.order_id
            FROM unnest($1::bigint[], $2::bigint[]) AS w (id, order_id) WHERE p.channel_order_id = w.id
        )
        UPDATE channel_orders AS o SET order_id = w.order_id, written_hash = o.deal_hash
        FROM unnest($1::bigint[], $2::bigint[]) AS w (id, order_id) WHERE o.id = w.id
        """,
        list(written),
        list(written.values()),
    )


async def set_contacts(tx: Tx, contacts: Mapping[int, int]) -> None:
    """Note who receives it by the channel's newest word."""
    await tx.execute(
        """
        UPDATE channel_orders AS o SET contact_id = w.contact_id
        FROM unnest($1::bigint[], $2::bigint[]) AS w (id, contact_id) WHERE o.id = w.id
        """,
        list(contacts),
        list(contacts.values()),
    )


async def add_parts(tx: Tx, rows: Sequence[tuple[Any, ...]]) -> set[int]:
    """Write what channels told that is new: (id, order, merchant, kind, ref, amount, document, at); says whose it was."""
    made = await tx.fetch(
        """
        INSERT INTO channel_parts (id, channel_order_id, merchant_id, kind, ref, amount, document, at)
        SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::bigint[],
                             $7::jsonb[], $8::timestamptz[])
        ON CONFLICT (channel_order_id, kind, ref) DO NOTHING RETURNING channel_order_id
        """,
        *_columns(rows, 8),
    )
    return {row["channel_order_id"] for row in made}


async def parts(tx: Tx, ids: Iterable[int]) -> dict[int, list[Part]]:
    """What channels told of orders, as it happened there."""
    found: dict[int, list[Part]] = {i: [] for i in ids}
    rows = await tx.fetch(
        f"""
        SELECT {_PART} FROM channel_parts WHERE channel_order_id = ANY($1::bigint[]) ORDER BY channel_order_id, at, ref
        """,  # noqa: S608
        list(found),
    )
    for row in rows:
        found[row["channel_order_id"]].append(msgspec.convert(dict(row), Part))
    return found


async def unbooked(tx: Tx, ids: Iterable[int]) -> list[Part]:
    """Payments and shipments that do not stand in our books yet."""
    rows = await tx.fetch(
        f"""
        SELECT {_PART} FROM channel_parts
        WHERE channel_order_id = ANY($1::bigint[]) AND booked IS NULL AND kind <> 'refund'
        """,  # noqa: S608
        list(ids),
    )
    return [msgspec.convert(dict(row), Part) for row in rows]


async def booked_shipments(tx: Tx, ids: Iterable[int]) -> list[Part]:
    """Parcels that channels sent themselves, of these orders."""
    rows = await tx.fetch(
        f"""
        SELECT {_PART} FROM channel_parts
        WHERE channel_order_id = ANY($1::bigint[]) AND kind = 'shipment' AND booked IS NOT NULL
        """,  # noqa: S608
        list(ids),
    )
    return [msgspec.convert(dict(row), Part) for row in rows]


async def set_booked(tx: Tx, booked: Mapping[int, int]) -> None:
    """Note what of parts stands in our books."""
    await tx.execute(
        """
        UPDATE channel_parts AS p SET booked = w.amount FROM unnest($1::bigint[], $2::bigint[]) AS w (id, amount)
        WHERE p.id = w.id
        """,
        list(booked),
        list(booked.values()),
    )


async def problems(tx: Tx, ids: Iterable[int]) -> dict[int, list[Problem]]:
    """All problems that orders ever had, oldest first."""
    found: dict[int, list[Problem]] = {i: [] for i in ids}
    rows = await tx.fetch(
        f"SELECT {_PROBLEM} FROM channel_problems WHERE channel_order_id = ANY($1::bigint[]) ORDER BY id",  # noqa: S608
        list(found),
    )
    for row in rows:
        found[row["channel_order_id"]].append(msgspec.convert(dict(row), Problem))
    return found


async def add_problems(tx: Tx, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write problems: (id, merchant, channel, their order, our order, kind, details, opened)."""
    await tx.copy(
        "channel_problems",
        ("id", "merchant_id", "channel_id", "channel_order_id", "order_id", "kind", "details", "opened_at"),
        rows,
    )


async def move_problems(tx: Tx, verb: str, ids: Iterable[int], **values: Any) -> dict[int, Moved]:
    """Move problems along their lifecycle."""
    return await lifecycles.move(tx, "channel_problems", CHANNEL_PROBLEM, verb, ids, **values)


async def skus(tx: Tx, channel_ids: Iterable[int], wanted: Iterable[str]) -> dict[tuple[int, str], str]:
    """Our SKUs by (channel, its SKU), where a channel calls them otherwise."""
    rows = await tx.fetch(
        "SELECT channel_id, sku, ours FROM channel_skus WHERE channel_id = ANY($1::bigint[]) AND sku = ANY($2::text[])",
        list(channel_ids),
        list(wanted),
    )
    return {(row["channel_id"], row["sku"]): row["ours"] for row in rows}


async def save_skus(tx: Tx, channel_id: int, merchant_id: int, pairs: Sequence[SkuPair]) -> None:
    """Keep what a channel calls our products."""
    ordered = sorted(pairs, key=lambda pair: pair.sku)
    await tx.execute(
        """
        INSERT INTO channel_skus AS s (channel_id, merchant_id, sku, ours, saved_at)
        SELECT $1, $2, t, o, $5 FROM unnest($3::text[], $4::text[]) AS w (t, o)
        ON CONFLICT (channel_id, sku) DO UPDATE SET ours = excluded.ours, saved_at = excluded.saved_at
        WHERE s.ours <> excluded.ours
        """,
        channel_id,
        merchant_id,
        [pair.sku for pair in ordered],
        [pair.ours for pair in ordered],
        tx.now,
    )


async def sku_map(tx: Tx, channel_id: int, after: str, limit: int) -> list[SkuPair]:
    """What a channel calls our products, by its own words."""
    rows = await tx.fetch(
        "SELECT sku, ours FROM channel_skus WHERE channel_id = $1 AND sku > $2 ORDER BY sku LIMIT $3",
        channel_id,
        after,
        limit,
    )
    return [SkuPair(row["sku"], row["ours"]) for row in rows]


async def waiting(tx: Tx, kind: str, merchant_id: int | None, limit: int) -> list[int]:
    """Orders of a merchant (None: of all) with an open problem of a kind, the one that waits longest first."""
    whose = "" if merchant_id is None else "AND p.merchant_id = $3"
    rows = await tx.fetch(
        f"""
        SELECT p.channel_order_id FROM channel_problems p WHERE p.state = 'open' AND p.kind = $1 {whose}
        ORDER BY p.channel_order_id LIMIT $2
        """,  # noqa: S608
        kind,
        limit,
        *([] if merchant_id is None else [merchant_id]),
    )
    return [row["channel_order_id"] for row in rows]


async def ours_of(tx: Tx, ids: Iterable[int]) -> dict[int, int]:
    """Our orders by theirs."""
    rows = await tx.fetch(
        "SELECT id, order_id FROM channel_orders WHERE id = ANY($1::bigint[]) AND order_id IS NOT NULL", list(ids)
    )
    return {row["id"]: row["order_id"] for row in rows}


async def waiting_for_skus(tx: Tx, owners: Sequence[tuple[int, str]], limit: int) -> list[int]:
    """Orders that name SKUs which exist by now (merchant, SKU), by that word or by one of their channel's map."""
    rows = await tx.fetch(
        """
        SELECT DISTINCT p.channel_order_id FROM channel_problems p
        JOIN unnest($1::bigint[], $2::text[]) AS w (m, s) ON p.merchant_id = w.m
        LEFT JOIN channel_skus k ON k.channel_id = p.channel_id AND k.ours = w.s
        WHERE p.state = 'open' AND p.kind = 'unknown_sku'
          AND (p.details -> 'skus' ? w.s OR k.sku IS NOT NULL AND p.details -> 'skus' ? k.sku)
        ORDER BY p.channel_order_id LIMIT $3
        """,
        [merchant_id for merchant_id, _ in owners],
        [sku for _, sku in owners],
        limit,
    )
    return [row["channel_order_id"] for row in rows]


async def add_updates(tx: Tx, rows: Sequence[tuple[Any, ...]]) -> int:
    """Queue what has to be told back, once: (id, merchant, channel, their order, our order, kind, subject, document)."""
    return await tx.execute(
        """
        INSERT INTO channel_updates
            (id, merchant_id, channel_id, channel_order_id, order_id, kind, subject_id, document, at)
        SELECT i, m, c, t, o, k, s, d, $9
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::bigint[],
                    $8::jsonb[]) AS w (i, m, c, t, o, k, s, d)
        ON CONFLICT (order_id, kind, subject_id) DO NOTHING
        """,
        *_columns(rows, 8),
        tx.now,
    )


async def updates(tx: Tx, channel_id: int, after: int, limit: int) -> list[Update]:
    """What a channel has not acknowledged, oldest first."""
    rows = await tx.fetch(
        f"""
        SELECT {_UPDATE} FROM channel_updates u JOIN channel_orders o ON o.id = u.channel_order_id
        WHERE u.channel_id = $1 AND u.acknowledged_at IS NULL AND u.id > $2 ORDER BY u.id LIMIT $3
        """,  # noqa: S608
        channel_id,
        after,
        limit,
    )
    return [msgspec.convert(dict(row), Update) for row in rows]


async def acknowledge(tx: Tx, channel_id: int, ids: Iterable[int]) -> int:
    """Note that a channel has these updates; a first acknowledgement stays. Says how many were new."""
    return await tx.execute(
        """
        UPDATE channel_updates SET acknowledged_at = $3
        WHERE channel_id = $1 AND id = ANY($2::bigint[]) AND acknowledged_at IS NULL
        """,
        channel_id,
        sorted(ids),
        tx.now,
    )


async def sync(tx: Tx, channel_id: int, late_before: datetime) -> Any:
    """How far a channel is behind; lags over its last thousand acknowledgements."""
    return await tx.fetchrow(
        """
        SELECT w.backlog, w.late, w.oldest_at, l.p50, l.p95, p.open_problems FROM (
            SELECT count(*)::int AS backlog, count(*) FILTER (WHERE at < $2)::int AS late, min(at) AS oldest_at
            FROM channel_updates WHERE channel_id = $1 AND acknowledged_at IS NULL
        ) w, (
            SELECT (percentile_cont(0.5) WITHIN GROUP (ORDER BY lag))::int AS p50,
                   (percentile_cont(0.95) WITHIN GROUP (ORDER BY lag))::int AS p95
            FROM (SELECT extract(epoch FROM acknowledged_at - at) * 1000 AS lag FROM channel_updates
                  WHERE channel_id = $1 AND acknowledged_at IS NOT NULL ORDER BY acknowledged_at DESC LIMIT 1000) t
        ) l, (
            SELECT count(*)::int AS open_problems FROM channel_problems WHERE channel_id = $1 AND state = 'open'
        ) p
        """,
        channel_id,
        late_before,
    )


async def backlog(tx: Tx, late_before: datetime) -> Any:
    """Updates of all channels that wait, and those that wait too long."""
    return await tx.fetchrow(
        "SELECT count(*)::int AS backlog, count(*) FILTER (WHERE at < $1)::int AS late FROM channel_updates"
        " WHERE acknowledged_at IS NULL",
        late_before,
    )


async def drop_people(tx: Tx, order_ids: Iterable[int]) -> None:
    """Let go of the channels' words about people in orders."""
    await tx.execute("UPDATE channel_orders SET sealed = NULL WHERE order_id = ANY($1::bigint[])", list(order_ids))


def _order(row: Any) -> ChannelOrder:
    return msgspec.convert(dict(row), ChannelOrder)


def _columns(rows: Sequence[Sequence[Any]], count: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(count)]
