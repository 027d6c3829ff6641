"""Statements about parcels, their numbers and what carriers saw of them."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from dingdan.areas.fulfilment.model import Assignment, Parcel, ParcelLine, Road, Scan, Sighting
from dingdan.areas.fulfilment.rules.scans import Seen, Standing
from dingdan.plumbing.tx import Tx

# From which lane to which works are asked for.
Lanes = tuple[int, int]
_PARCEL = ", ".join(f"p.{name}" for name in Parcel.__struct_fields__ if name != "lines")
NEW_PARCEL = ("id", "merchant_id", "warehouse_id", "carrier", "tracking_number", "dispatched_at")


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


async def add_scans(tx: Tx, scans: Sequence[tuple[Parcel, Scan]]) -> set[tuple[int, str]]:
    """Store scans that are not known yet; says which (parcel, event) were new."""
    rows = await tx.fetch(
        """
        INSERT INTO scans (parcel_id, event_id, merchant_id, code, place, at, received_at)
        SELECT p, e, m, c, pl, a, $7
        FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::timestamptz[])
            AS new (p, e, m, c, pl, a)
        ON CONFLICT (parcel_id, event_id) DO NOTHING RETURNING parcel_id, event_id
        """,
        [parcel.id for parcel, _ in scans],
        [scan.event_id for _, scan in scans],
        [parcel.merchant_id for parcel, _ in scans],
        [scan.code for _, scan in scans],
        [scan.place for _, scan in scans],
        [scan.at for _, scan in scans],
        tx.now,
    )
    return {(row["parcel_id"], row["event_id"]) for row in rows}


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


async def settle_noticed(tx: Tx, parcel_ids: Iterable[int], reasons: Sequence[str]) -> None:
    """Forget that these reasons were noticed about parcels."""
    await tx.execute(
        """
        UPDATE parcels SET noticed = ARRAY(SELECT r FROM unnest(noticed) AS r WHERE r <> ALL($2::text[]))
        WHERE id = ANY($1::bigint[])
        """,
        list(parcel_ids),
        list(reasons),
    )


async def add_noticed(tx: Tx, reasons: dict[int, str]) -> set[int]:
    """Write what is wrong with parcels: {parcel: reason}. Says for which it is new."""
    rows = await tx.fetch(
        """
        UPDATE parcels SET noticed = parcels.noticed || n.reason
        FROM (SELECT i, r FROM unnest($1::bigint[], $2::text[]) AS new (i, r) ORDER BY i) AS n (i, reason)
        WHERE parcels.id = n.i AND NOT n.reason = ANY(parcels.noticed) RETURNING parcels.id
        """,
        list(reasons),
        list(reasons.values()),
    )
    return {row["id"] for row in rows}


async def carriers_that_arrive(tx: Tx) -> list[str]:
    """The carriers of parcels that arrived: from one to the next along the index."""
    rows = await tx.fetch(
        """
        WITH RECURSIVE found AS (
            SELECT min(carrier) AS carrier FROM parcels WHERE delivered_at IS NOT NULL
            UNION ALL SELECT (SELECT min(carrier) FROM parcels p WHERE delivered_at IS NOT NULL AND p.carrier > f.carrier)
            FROM found f WHERE f.carrier IS NOT NULL
        ) SELECT carrier FROM found WHERE carrier IS NOT NULL
        """
    )
    return [row["carrier"] for row in rows]


async def roads(tx: Tx, carrier: str, since: datetime, limit: int) -> list[Road]:
    """The pauses between the scans of a carrier's latest parcels that arrived since then."""
    rows = await tx.fetch(
        """
        SELECT (SELECT min(order_id) FROM parcel_lines l WHERE l.parcel_id = p.id) AS order_id, p.warehouse_id,
            extract(epoch FROM s.at - lag(s.at) OVER (PARTITION BY p.id ORDER BY s.at))::bigint AS pause
        FROM (
            SELECT id, warehouse_id FROM parcels WHERE carrier = $1 AND delivered_at >= $2
            ORDER BY delivered_at DESC LIMIT $3
        ) p JOIN scans s ON s.parcel_id = p.id
        """,
        carrier,
        since,
        limit,
    )
    found: dict[tuple[int, int], list[timedelta]] = {}
    for row in rows:
        if row["order_id"] is not None and row["pause"]:
            key = row["order_id"], row["warehouse_id"]
            found.setdefault(key, []).append(timedelta(seconds=row["pause"]))
    return [Road(order_id, warehouse_id, pauses) for (order_id, warehouse_id), pauses in found.items()]


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


async def drop_scans(tx: Tx, order_ids: Iterable[int], kept: Sequence[str]) -> None:
    """Delete the scans, but for these codes and the last, of delivered parcels that hold nothing of any other order."""
    await tx.execute(
        """
        DELETE FROM scans USING parcels p
        WHERE p.id = scans.parcel_id AND p.state = 'delivered' AND code <> ALL($2::text[]) AND at < p.last_scan_at
        AND p.id IN (
            SELECT parcel_id FROM parcel_lines WHERE parcel_id IN (
                SELECT parcel_id FROM parcel_lines WHERE order_id = ANY($1::bigint[]))
            GROUP BY parcel_id HAVING bool_and(order_id = ANY($1::bigint[])))
        """,
        list(order_ids),
        list(kept),
    )
