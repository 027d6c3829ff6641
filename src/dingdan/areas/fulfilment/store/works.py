"""Statements about work and waves."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from dingdan.areas.fulfilment.lifecycle import WORK
from dingdan.areas.fulfilment.model import Wave, Work
from dingdan.kernel.event import Moved
from dingdan.plumbing import lifecycles
from dingdan.plumbing.tx import Tx

# From which lane to which works are asked for.
Lanes = tuple[int, int]
_WORK = ", ".join(f"w.{name}" for name in Work.__struct_fields__)
NEW_WORK = ("id", "order_id", "merchant_id", "warehouse_id", "lane", "paid_at", "ship_by", "created_at")


async def works(tx: Tx, ids: Iterable[int]) -> list[Work]:
    """Works by id; those of locked orders stand still."""
    return _works(
        await tx.fetch(
            f"SELECT {_WORK} FROM work_orders w WHERE id = ANY($1::bigint[]) ORDER BY id",  # noqa: S608
            list(ids),
        )
    )


async def works_of(tx: Tx, order_ids: Iterable[int]) -> list[Work]:
    """The works of orders."""
    return _works(
        await tx.fetch(
            f"SELECT {_WORK} FROM work_orders w WHERE order_id = ANY($1::bigint[]) ORDER BY order_id, id",  # noqa: S608
            list(order_ids),
        )
    )


async def add_works(tx: Tx, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write new works (id, order, merchant, warehouse, lane, paid at, ship by)."""
    await tx.copy("work_orders", NEW_WORK, [(*row, tx.now) for row in rows])


async def next_aged(tx: Tx, warehouse_id: int, limit: int, urgent_until: datetime, lanes: Lanes) -> list[Work]:
    """Queued works that must leave soon, the most urgent first, that nobody else is claiming at this moment."""
    return _works(
        await tx.fetch(
            f"""
            SELECT {_WORK} FROM (
                SELECT * FROM work_orders WHERE warehouse_id = $1 AND state = 'queued' AND ship_by < $3
                AND lane BETWEEN $5 AND $6 AND ($4::bigint IS NULL OR merchant_id = $4)
                ORDER BY ship_by, order_id OFFSET 0
            ) w WHERE pg_try_advisory_xact_lock(w.id) LIMIT $2
            """,  # noqa: S608
            warehouse_id,
            limit,
            urgent_until,
            tx.actor.merchant_id,
            *lanes,
        )
    )


async def next_in_lanes(tx: Tx, warehouse_id: int, limit: int, urgent_until: datetime, lanes: Lanes) -> list[Work]:
    """Queued works by lane and payment time that nobody else is claiming at this moment.

    SKIP LOCKED would lock works before their orders, against the order of locks that everybody keeps to. An
    advisory lock that is tried and never waited for skips in the same way; OFFSET 0 keeps the queue's order and
    lets only the rows that are handed out be tried.
    """
    return _works(
        await tx.fetch(
            f"""
            SELECT {_WORK} FROM (
                SELECT * FROM work_orders WHERE warehouse_id = $1 AND state = 'queued' AND ship_by >= $3
                AND lane BETWEEN $5 AND $6 AND ($4::bigint IS NULL OR merchant_id = $4)
                ORDER BY lane, paid_at, order_id OFFSET 0
            ) w WHERE pg_try_advisory_xact_lock(w.id) LIMIT $2
            """,  # noqa: S608
            warehouse_id,
            limit,
            urgent_until,
            tx.actor.merchant_id,
            *lanes,
        )
    )


async def queued_of(tx: Tx, warehouse_id: int, limit: int, order_ids: Sequence[int]) -> list[Work]:
    """Queued works of named orders in a warehouse that nobody else is claiming at this moment."""
    return _works(
        await tx.fetch(
            f"""
            SELECT {_WORK} FROM (
                SELECT * FROM work_orders WHERE warehouse_id = $1 AND state = 'queued'
                AND order_id = ANY($3::bigint[]) AND ($4::bigint IS NULL OR merchant_id = $4)
                ORDER BY lane, paid_at, order_id OFFSET 0
            ) w WHERE pg_try_advisory_xact_lock(w.id) LIMIT $2
            """,  # noqa: S608
            warehouse_id,
            limit,
            list(order_ids),
            tx.actor.merchant_id,
        )
    )


async def waiting(tx: Tx, warehouse_id: int, limit: int, urgent_until: datetime, after: Work | None) -> list[Work]:
    """The queue of a warehouse as it is handed out, from its head or behind one work."""
    is_urgent = after is not None and after.ship_by < urgent_until
    found: list[Work] = []
    if after is None or is_urgent:
        found = _works(
            await tx.fetch(
                f"""
                SELECT {_WORK} FROM work_orders w WHERE warehouse_id = $1 AND state = 'queued' AND ship_by < $3
                AND ($4::timestamptz IS NULL OR (ship_by, order_id) > ($4, $5::bigint))
                ORDER BY ship_by, order_id LIMIT $2
                """,  # noqa: S608
                warehouse_id,
                limit,
                urgent_until,
                after.ship_by if after else None,
                after.order_id if after else None,
            )
        )
        after = None
    if len(found) == limit:
        return found
    return found + _works(
        await tx.fetch(
            f"""
            SELECT {_WORK} FROM work_orders w WHERE warehouse_id = $1 AND state = 'queued' AND ship_by >= $3
            AND ($4::smallint IS NULL OR (lane, paid_at, order_id) > ($4, $5::timestamptz, $6::bigint))
            ORDER BY lane, paid_at, order_id LIMIT $2
            """,  # noqa: S608
            warehouse_id,
            limit - len(found),
            urgent_until,
            after.lane if after else None,
            after.paid_at if after else None,
            after.order_id if after else None,
        )
    )


async def ahead(tx: Tx, work: Work, urgent_until: datetime) -> dict[int, int]:
    """How many stand before a queued work and with it: {lane, or -1 where the promise is near: count}."""
    is_urgent = work.ship_by < urgent_until
    rows = await tx.fetch(
        """
        SELECT CASE WHEN ship_by < $2 THEN -1 ELSE lane END AS kind, count(*) AS works FROM work_orders
        WHERE warehouse_id = $1 AND state = 'queued' AND CASE
            WHEN ship_by < $2 THEN NOT $3::bool OR (ship_by, order_id) <= ($4, $7::bigint)
            ELSE NOT $3 AND (lane, paid_at, order_id) <= ($5, $6::timestamptz, $7::bigint) END
        GROUP BY 1
        """,
        work.warehouse_id,
        urgent_until,
        is_urgent,
        work.ship_by,
        work.lane,
        work.paid_at,
        work.order_id,
    )
    return {row["kind"]: row["works"] for row in rows}


async def add_wave(tx: Tx, wave: Wave) -> None:
    """Write down a pass through a warehouse."""
    await tx.copy("waves", Wave.__struct_fields__, [tuple(getattr(wave, name) for name in Wave.__struct_fields__)])


async def waves(tx: Tx, ids: Iterable[int]) -> list[Wave]:
    """Passes by id."""
    rows = await tx.fetch("SELECT * FROM waves WHERE id = ANY($1::bigint[]) ORDER BY id", list(ids))
    return [msgspec.convert(dict(row), Wave) for row in rows]


async def works_in(tx: Tx, wave_ids: Iterable[int]) -> list[Work]:
    """The works that are in passes now."""
    return _works(
        await tx.fetch(
            f"SELECT {_WORK} FROM work_orders w WHERE wave_id = ANY($1::bigint[]) ORDER BY lane, paid_at, order_id",  # noqa: S608
            list(wave_ids),
        )
    )


async def move_works(tx: Tx, verb: str, ids: Iterable[int], **values: Any) -> dict[int, Moved]:
    """Move works along their lifecycle; only those that may go."""
    return await lifecycles.move(tx, "work_orders", WORK, verb, ids, **values)


async def note_packed(tx: Tx, packed: dict[int, list[tuple[int, int]]]) -> None:
    """Write down what lies in the boxes of works: {work: pairs of line number and quantity}."""
    await tx.execute(
        """
        UPDATE work_orders SET packed = p.doc::jsonb
        FROM (SELECT i, doc FROM unnest($1::bigint[], $2::text[]) AS new (i, doc) ORDER BY i) AS p
        WHERE work_orders.id = p.i
        """,
        list(packed),
        [msgspec.json.encode(lines).decode() for lines in packed.values()],
    )


def _works(rows: Sequence[Any]) -> list[Work]:
    return [msgspec.convert(dict(row), Work) for row in rows]
