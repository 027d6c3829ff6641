"""Every statement of fulfilment. Works are taken after their orders, parcels by id."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from dingdan.areas.fulfilment.lifecycle import WORK
from dingdan.areas.fulfilment.model import Assignment, Parcel, ParcelLine, Scan, Sighting, Work
from dingdan.areas.fulfilment.rules.scans import Seen, Standing
from dingdan.kernel.event import Moved
from dingdan.plumbing import lifecycles
from dingdan.plumbing.tx import Tx

_WORK = ", ".join(f"w.{name}" for name in Work.__struct_fields__)
_PARCEL = ", ".join(f"p.{name}" for name in Parcel.__struct_fields__ if name != "lines")
NEW_WORK = ("id", "order_id", "merchant_id", "warehouse_id", "lane", "paid_at", "created_at")
NEW_PARCEL = ("id", "merchant_id", "warehouse_id", "carrier", "tracking_number", "dispatched_at")


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
    """Write new works (id, order, merchant, warehouse, lane, paid at)."""
    await tx.copy("work_orders", NEW_WORK, [(*row, tx.now) for row in rows])


async def next_aged(tx: Tx, warehouse_id: int, limit: int, aged_before: datetime) -> list[Work]:
    """Queued works that waited too long, first paid first, that nobody else is claiming at this moment."""
    return _works(
        await tx.fetch(
            f"""
            SELECT {_WORK} FROM (
                SELECT * FROM work_orders WHERE warehouse_id = $1 AND state = 'queued' AND paid_at < $3
                AND ($4::bigint IS NULL OR merchant_id = $4) ORDER BY paid_at, order_id OFFSET 0
            ) w WHERE pg_try_advisory_xact_lock(w.id) LIMIT $2
            """,  # noqa: S608
            warehouse_id,
            limit,
            aged_before,
            tx.actor.merchant_id,
        )
    )


async def next_in_lanes(tx: Tx, warehouse_id: int, limit: int, aged_before: datetime) -> list[Work]:
    """Queued works by lane and payment time that nobody else is claiming at this moment.

    SKIP LOCKED would lock works before their orders, against the order of locks that everybody keeps to. An
    advisory lock that is tried and never waited for skips in the same way; OFFSET 0 keeps the queue's order and
    lets only the rows that are handed out be tried.
    """
    return _works(
        await tx.fetch(
            f"""
            SELECT {_WORK} FROM (
                SELECT * FROM work_orders WHERE warehouse_id = $1 AND state = 'queued' AND paid_at >= $3
                AND ($4::bigint IS NULL OR merchant_id = $4) ORDER BY lane, paid_at, order_id OFFSET 0
            ) w WHERE pg_try_advisory_xact_lock(w.id) LIMIT $2
            """,  # noqa: S608
            warehouse_id,
            limit,
            aged_before,
            tx.actor.merchant_id,
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


async def waiting(tx: Tx, warehouse_id: int, limit: int) -> list[Work]:
    """The queue of a warehouse as it stands, lane by lane."""
    return _works(
        await tx.fetch(
            f"""
            SELECT {_WORK} FROM work_orders w WHERE warehouse_id = $1 AND state = 'queued'
            ORDER BY lane, paid_at, order_id LIMIT $2
            """,  # noqa: S608
            warehouse_id,
            limit,
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


async def taken_numbers(tx: Tx, numbers: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Which of these (carrier, number) belong to a parcel already, and to which."""
    wanted = list(numbers)
    rows = await tx.fetch(
        """
        SELECT t.carrier, t.number, t.parcel_id FROM tracking_numbers t
        JOIN unnest($1::text[], $2::text[]) AS n (c, n) ON t.carrier = n.c AND t.number = n.n
        """,
        [carrier for carrier, _ in wanted],
        [number for _, number in wanted],
    )
    return {(row["carrier"], row["number"]): row["parcel_id"] for row in rows}


async def claim_numbers(tx: Tx, parcels: Sequence[Parcel]) -> set[int]:
    """Give parcels their numbers; says which parcels got theirs (another transaction may have been quicker)."""
    ordered = sorted(parcels, key=lambda parcel: (parcel.carrier, parcel.tracking_number))
    rows = await tx.fetch(
        """
        INSERT INTO tracking_numbers (carrier, number, parcel_id)
        SELECT c, n, p FROM unnest($1::text[], $2::text[], $3::bigint[]) AS new (c, n, p) ORDER BY c, n
        ON CONFLICT (carrier, number) DO NOTHING RETURNING parcel_id
        """,
        [parcel.carrier for parcel in ordered],
        [parcel.tracking_number for parcel in ordered],
        [parcel.id for parcel in ordered],
    )
    return {row["parcel_id"] for row in rows}


async def add_parcels(tx: Tx, parcels: Sequence[Parcel]) -> None:
    """Write new parcels and what is in them."""
    await tx.copy("parcels", NEW_PARCEL, [tuple(getattr(p, column) for column in NEW_PARCEL) for p in parcels])
    await tx.copy("parcel_lines", ("order_id", "parcel_id", "line_no", "merchant_id", "quantity"), [
        (line.order_id, parcel.id, line.line_no, parcel.merchant_id, line.quantity)
        for parcel in parcels
        for line in parcel.lines
    ])  # fmt: skip


async def add_assignments(tx: Tx, made: Sequence[Assignment]) -> None:
    """Write by which right parcels were given to their carriers, and who did."""
    rows = [tuple(getattr(one, name) for name in Assignment.__struct_fields__) for one in made]
    by = (str(tx.actor.kind), tx.actor.id)
    await tx.copy("parcel_assignments", (*Assignment.__struct_fields__, "by_kind", "by"), [(*row, *by) for row in rows])


async def assignments(tx: Tx, parcel_ids: Iterable[int]) -> list[Assignment]:
    """By which right parcels were given to their carriers."""
    columns = ", ".join(Assignment.__struct_fields__)
    rows = await tx.fetch(
        f"SELECT {columns} FROM parcel_assignments WHERE parcel_id = ANY($1::bigint[])",  # noqa: S608
        list(parcel_ids),
    )
    return [msgspec.convert(dict(row), Assignment) for row in rows]


async def parcels(tx: Tx, ids: Iterable[int]) -> list[Parcel]:
    """Parcels by id, with what is in them."""
    wanted = list(ids)
    rows = await tx.fetch(f"SELECT {_PARCEL} FROM parcels p WHERE id = ANY($1::bigint[]) ORDER BY id", wanted)  # noqa: S608
    return await _with_lines(tx, rows)


async def parcels_of(tx: Tx, order_ids: Iterable[int]) -> list[Parcel]:
    """Every parcel that holds something of these orders."""
    rows = await tx.fetch(
        "SELECT DISTINCT parcel_id FROM parcel_lines WHERE order_id = ANY($1::bigint[])", list(order_ids)
    )
    return await parcels(tx, [row["parcel_id"] for row in rows])


async def shipped_units(tx: Tx, order_ids: Iterable[int]) -> dict[tuple[int, int], int]:
    """How many units of each line (order, line number) have left."""
    rows = await tx.fetch(
        """
        SELECT order_id, line_no, sum(quantity)::int AS units FROM parcel_lines
        WHERE order_id = ANY($1::bigint[]) GROUP BY order_id, line_no
        """,
        list(order_ids),
    )
    return {(row["order_id"], row["line_no"]): row["units"] for row in rows}


async def orders_in(tx: Tx, parcel_ids: Iterable[int]) -> set[int]:
    """The orders that have something in these parcels."""
    rows = await tx.fetch(
        "SELECT DISTINCT order_id FROM parcel_lines WHERE parcel_id = ANY($1::bigint[])", list(parcel_ids)
    )
    return {row["order_id"] for row in rows}


async def fully_delivered(tx: Tx, order_ids: Iterable[int]) -> dict[int, datetime]:
    """Those orders that have left as a whole and whose every parcel has arrived, with the moment of the last signature.

    A carrier's clock may be wrong, but nothing was signed for before it left or after now.
    """
    rows = await tx.fetch(
        """
        SELECT l.order_id, least(greatest(max(p.delivered_at), max(p.dispatched_at)), $2::timestamptz) AS signed_at
        FROM parcel_lines l JOIN parcels p ON p.id = l.parcel_id
        WHERE l.order_id = ANY($1::bigint[]) AND NOT EXISTS (
            SELECT FROM work_orders w WHERE w.order_id = l.order_id AND w.state IN ('queued', 'picking', 'packed'))
        GROUP BY l.order_id HAVING bool_and(p.delivered_at IS NOT NULL)
        """,
        list(order_ids),
        tx.now,
    )
    return {row["order_id"]: row["signed_at"] for row in rows}


async def lock_parcels(tx: Tx, ids: Iterable[int]) -> list[Parcel]:
    """Lock parcels, lowest id first (without their lines)."""
    rows = await tx.fetch(
        f"SELECT {_PARCEL} FROM parcels p WHERE id = ANY($1::bigint[]) ORDER BY id FOR UPDATE",  # noqa: S608
        sorted(ids),
    )
    return [msgspec.convert(dict(row), Parcel) for row in rows]


async def add_scans(tx: Tx, scans: Sequence[tuple[Parcel, Scan]]) -> int:
    """Store scans that are not known yet; says how many were new."""
    return await tx.execute(
        """
        INSERT INTO scans (parcel_id, event_id, merchant_id, code, place, at, received_at)
        SELECT p, e, m, c, pl, a, $7
        FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::timestamptz[])
            AS new (p, e, m, c, pl, a)
        ON CONFLICT (parcel_id, event_id) DO NOTHING
        """,
        [parcel.id for parcel, _ in scans],
        [scan.event_id for _, scan in scans],
        [parcel.merchant_id for parcel, _ in scans],
        [scan.code for _, scan in scans],
        [scan.place for _, scan in scans],
        [scan.at for _, scan in scans],
        tx.now,
    )


async def seen(tx: Tx, parcel_ids: Iterable[int]) -> dict[int, list[Seen]]:
    """All scans of parcels, as they count."""
    found: dict[int, list[Seen]] = {parcel_id: [] for parcel_id in parcel_ids}
    rows = await tx.fetch(
        "SELECT parcel_id, event_id, code, at FROM scans WHERE parcel_id = ANY($1::bigint[])", list(found)
    )
    for row in rows:
        found[row["parcel_id"]].append(Seen(row["at"], row["code"], row["event_id"]))
    return found


async def sightings(tx: Tx, parcel_ids: Iterable[int], limit: int) -> list[Sighting]:
    """The stored scans of parcels by the carrier's time, latest first."""
    rows = await tx.fetch(
        """
        SELECT parcel_id, event_id, code, place, at, received_at FROM scans
        WHERE parcel_id = ANY($1::bigint[]) ORDER BY at DESC, event_id DESC LIMIT $2
        """,
        list(parcel_ids),
        limit,
    )
    return [Sighting(**dict(row)) for row in rows]


async def note_times(tx: Tx, standings: dict[int, Standing]) -> None:
    """Write when parcels were last seen and when they arrived."""
    await tx.execute(
        """
        UPDATE parcels SET last_scan_at = s.seen, delivered_at = s.arrived
        FROM unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[]) AS s (i, seen, arrived) WHERE parcels.id = s.i
        """,
        list(standings),
        [standing.last_scan_at for standing in standings.values()],
        [standing.delivered_at for standing in standings.values()],
    )


async def _with_lines(tx: Tx, rows: Sequence[Any]) -> list[Parcel]:
    held: dict[int, list[ParcelLine]] = {row["id"]: [] for row in rows}
    lines = await tx.fetch(
        """
        SELECT parcel_id, order_id, line_no, quantity FROM parcel_lines
        WHERE parcel_id = ANY($1::bigint[]) ORDER BY parcel_id, order_id, line_no
        """,
        list(held),
    )
    for line in lines:
        held[line["parcel_id"]].append(ParcelLine(**dict(line)))
    return [msgspec.convert({**dict(row), "lines": tuple(held[row["id"]])}, Parcel) for row in rows]


def _works(rows: Sequence[Any]) -> list[Work]:
    return [msgspec.convert(dict(row), Work) for row in rows]


async def drop_scans(tx: Tx, order_ids: Iterable[int], kept: Sequence[str]) -> None:
    """Delete the scans, but for these codes, of delivered parcels that hold nothing of any other order."""
    await tx.execute(
        """
        DELETE FROM scans USING parcels p WHERE p.id = scans.parcel_id AND p.state = 'delivered' AND code <> ALL($2::text[])
        AND p.id IN (
            SELECT parcel_id FROM parcel_lines WHERE parcel_id IN (
                SELECT parcel_id FROM parcel_lines WHERE order_id = ANY($1::bigint[]))
            GROUP BY parcel_id HAVING bool_and(order_id = ANY($1::bigint[])))
        """,
        list(order_ids),
        list(kept),
    )
