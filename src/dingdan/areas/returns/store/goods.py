"""Statements about goods coming back: parcels, what was received, inspections, and the refunds that follow."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from dingdan.areas.inspection import InspectedLine
from dingdan.areas.returns.model import Return, ReturnParcel, Service
from dingdan.areas.returns.rules.inspection import is_accepted
from dingdan.plumbing.tx import Tx


async def save_parcels(tx: Tx, rows: Sequence[tuple[int, str, str]]) -> dict[tuple[int, str, str], int]:
    """Find or write parcels coming back by (merchant, carrier, number); gives their ids."""
    ordered = sorted(set(rows))
    found = await tx.fetch(
        """
        INSERT INTO return_parcels (id, merchant_id, carrier, tracking_number, sent_at)
        SELECT i, m, c, n, $5 FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[]) AS new (i, m, c, n)
        ORDER BY m, c, n
        ON CONFLICT (merchant_id, carrier, tracking_number) DO UPDATE SET sent_at = return_parcels.sent_at
        RETURNING id, merchant_id, carrier, tracking_number
        """,
        tx.mint_many(len(ordered)),
        [row[0] for row in ordered],
        [row[1] for row in ordered],
        [row[2] for row in ordered],
        tx.now,
    )
    return {(row["merchant_id"], row["carrier"], row["tracking_number"]): row["id"] for row in found}


async def put_in_parcels(tx: Tx, rows: Sequence[tuple[int, int, int]]) -> set[tuple[int, int]]:
    """Say which returns lie in which parcels (parcel, return, merchant); twice is once. Gives what was new of it."""
    found = await tx.fetch(
        """
        INSERT INTO return_parcel_items (return_parcel_id, return_id, merchant_id)
        SELECT p, r, m FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS new (p, r, m)
        ON CONFLICT DO NOTHING RETURNING return_parcel_id, return_id
        """,
        [row[0] for row in rows],
        [row[1] for row in rows],
        [row[2] for row in rows],
    )
    return {(row["return_parcel_id"], row["return_id"]) for row in found}


async def parcels_of(tx: Tx, return_ids: Iterable[int]) -> list[ReturnParcel]:
    """The parcels that returns lie in, with everything else in them."""
    rows = await tx.fetch(
        """
        SELECT p.id, p.merchant_id, p.carrier, p.tracking_number, p.sent_at, p.received_at,
               array_agg(i.return_id ORDER BY i.return_id) AS return_ids
        FROM return_parcels p JOIN return_parcel_items i ON i.return_parcel_id = p.id
        WHERE p.id IN (SELECT return_parcel_id FROM return_parcel_items WHERE return_id = ANY($1::bigint[]))
        GROUP BY p.id ORDER BY p.id
        """,
        list(return_ids),
    )
    return [ReturnParcel(**{**dict(row), "return_ids": tuple(row["return_ids"])}) for row in rows]


async def in_parcel(tx: Tx, merchant_id: int | None, carrier: str | None, number: str) -> list[int]:
    """The returns in a parcel that somebody holds in their hands."""
    rows = await tx.fetch(
        """
        SELECT i.return_id FROM return_parcels p JOIN return_parcel_items i ON i.return_parcel_id = p.id
        WHERE p.tracking_number = $3 AND ($1::bigint IS NULL OR p.merchant_id = $1)
          AND ($2::text IS NULL OR p.carrier = $2) ORDER BY i.return_id LIMIT 200
        """,
        merchant_id,
        carrier,
        number,
    )
    return [row["return_id"] for row in rows]


async def note_parcels_received(tx: Tx, return_ids: Iterable[int]) -> None:
    """The parcels of these returns are here."""
    await tx.execute(
        """
        UPDATE return_parcels SET received_at = $2
        WHERE received_at IS NULL AND id IN (
            SELECT return_parcel_id FROM return_parcel_items WHERE return_id = ANY($1::bigint[])
        )
        """,
        list(return_ids),
        tx.now,
    )


async def rejected_units(tx: Tx, order_ids: Iterable[int], since: Any) -> int:
    """How many units of these orders were looked at since then and not accepted."""
    found: int = await tx.fetchval(
        """
        SELECT COALESCE(sum(l.rejected), 0)::int FROM return_lines l JOIN returns r ON r.id = l.return_id
        WHERE l.order_id = ANY($1::bigint[]) AND r.inspected_at >= $2
        """,
        list(order_ids),
        since,
    )
    return found


async def add_received(tx: Tx, counts: dict[tuple[int, int, int], int]) -> None:
    """Add units that arrived: {(order, return, line number): units}."""
    await tx.execute(
        """
        UPDATE return_lines SET received = received + n.units
        FROM unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::int[]) AS n (o, r, l, units)
        WHERE order_id = n.o AND return_id = n.r AND line_no = n.l
        """,
        [key[0] for key in counts],
        [key[1] for key in counts],
        [key[2] for key in counts],
        list(counts.values()),
    )


async def add_inspections(
    tx: Tx, inspections: Sequence[tuple[int, Return, Sequence[InspectedLine], int | None]]
) -> None:
    """Write what inspections found (id, return, entries, the second look if it is one) and by whom."""
    actor = tx.actor
    await tx.copy(
        "inspections",
        ("id", "order_id", "return_id", "merchant_id", "inspector_kind", "inspector_id", "at", "look_id"),
        [
            (i, r.order_id, r.id, r.merchant_id, str(actor.kind), actor.id, tx.now, look)
            for i, r, _, look in inspections
        ],
    )
    rows = [
        {
            "inspection_id": i, "n": n, "merchant_id": r.merchant_id, **msgspec.to_builtins(line),
            "is_accepted": is_accepted(line),
        }
        for i, r, lines, _ in inspections for n, line in enumerate(lines, start=1)
    ]  # fmt: skip
    await tx.execute(
        """
        INSERT INTO inspection_lines (inspection_id, n, merchant_id, line_no, quantity, is_original, intact, grade,
                                      disposition, note, is_from_transit, is_accepted, checks, serials, grams,
                                      missing, fault, tags, lost)
        SELECT inspection_id, n, merchant_id, line_no, quantity, is_original, intact, grade, disposition, note,
               is_from_transit, is_accepted, checks, serials, grams, missing, fault, tags, lost
        FROM jsonb_to_recordset($1::text::jsonb) AS new (
            inspection_id bigint, n smallint, merchant_id bigint, line_no smallint, quantity int, is_original bool,
            intact bool, grade text, disposition text, note text, is_from_transit bool, is_accepted bool,
            checks jsonb, serials text[],
            grams int, missing jsonb, fault text, tags text[], lost bigint
        )
        """,
        msgspec.json.encode(rows).decode(),
    )


async def note_inspected(tx: Tx, counts: dict[tuple[int, int, int], tuple[int, int, str]]) -> None:
    """Write what was accepted and rejected, and whose fault it was: {(order, return, line number): all three}."""
    await tx.execute(
        """
        UPDATE return_lines SET accepted = n.a, rejected = n.x, fault = n.f
        FROM unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::int[], $5::int[], $6::text[]) AS n (o, r, l, a, x, f)
        WHERE order_id = n.o AND return_id = n.r AND line_no = n.l
        """,
        [key[0] for key in counts],
        [key[1] for key in counts],
        [key[2] for key in counts],
        [accepted for accepted, _, _ in counts.values()],
        [rejected for _, rejected, _ in counts.values()],
        [fault for _, _, fault in counts.values()],
    )


async def note_costs(tx: Tx, costs: dict[int, tuple[int, int]]) -> None:
    """Write what gifts took off and what of the buyer's postage is still owed: {return: (gifts, owed)}."""
    await tx.execute(
        """
        UPDATE returns SET gifts = n.g, postage_owed = n.p
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS n (i, g, p) WHERE returns.id = n.i
        """,
        list(costs),
        [gifts for gifts, _ in costs.values()],
        [owed for _, owed in costs.values()],
    )


async def add_costs(tx: Tx, costs: dict[int, tuple[int, int]]) -> None:
    """Add what the way back cost us and the buyer: {return: (our labels, the buyer's postage)}."""
    await tx.execute(
        """
        UPDATE returns SET label_cost = label_cost + n.l, postage_paid = postage_paid + n.p
        FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS n (i, l, p) WHERE returns.id = n.i
        """,
        list(costs),
        [label for label, _ in costs.values()],
        [paid for _, paid in costs.values()],
    )


async def extend(tx: Tx, return_id: int, send_by: Any) -> None:
    """Give more time to send goods back; once."""
    await tx.execute("UPDATE returns SET send_by = $2, extended_at = $3 WHERE id = $1", return_id, send_by, tx.now)


async def note_damage(tx: Tx, return_ids: Iterable[int], risk: str) -> None:
    """Goods of these returns were broken on the way, at this risk; what was said first stays."""
    await tx.execute(
        "UPDATE returns SET transit_risk = $2 WHERE id = ANY($1::bigint[]) AND transit_risk IS NULL",
        list(return_ids),
        risk,
    )


async def note_lost(tx: Tx, return_ids: Iterable[int]) -> None:
    """All units of these returns were lost on the way, at our risk."""
    await tx.execute("UPDATE return_lines SET lost = quantity WHERE return_id = ANY($1::bigint[])", list(return_ids))


async def note_paid_early(tx: Tx, refunds: dict[int, int]) -> None:
    """Write which refund paid for which return before anybody had looked: {return: refund}."""
    await tx.execute(
        """
        UPDATE returns SET refund_id = n.f, paid_early_at = $3
        FROM unnest($1::bigint[], $2::bigint[]) AS n (i, f) WHERE returns.id = n.i
        """,
        list(refunds),
        list(refunds.values()),
        tx.now,
    )


async def note_refunds(tx: Tx, refunds: dict[int, int]) -> None:
    """Write which refund pays for which return: {return: refund}."""
    await tx.execute(
        """
        UPDATE returns SET refund_id = n.f FROM unnest($1::bigint[], $2::bigint[]) AS n (i, f) WHERE returns.id = n.i
        """,
        list(refunds),
        list(refunds.values()),
    )


async def inspection_lines(tx: Tx, return_id: int) -> list[Any]:
    """What was found when a return was inspected, entry by entry."""
    return await tx.fetch(
        """
        SELECT i.id, i.at, i.inspector_kind, i.inspector_id, l.n, l.line_no, l.quantity, l.is_original, l.intact,
               l.grade, l.disposition, l.note, l.is_accepted, l.tags, l.missing, l.lost
        FROM inspections i JOIN inspection_lines l ON l.inspection_id = i.id
        WHERE i.return_id = $1 ORDER BY i.id, l.n
        """,
        return_id,
    )


_SERVICE = ", ".join(Service.__struct_fields__)


async def record_services(tx: Tx, services: Sequence[Service]) -> None:
    """Write what lines went through; what was known of the same repair or exchange is written over."""
    await tx.execute(
        """
        INSERT INTO line_services (order_id, line_no, kind, source_id, merchant_id, since, until, is_failed)
        SELECT * FROM unnest($1::bigint[], $2::smallint[], $3::text[], $4::bigint[], $5::bigint[], $6::timestamptz[],
            $7::timestamptz[], $8::boolean[])
        ON CONFLICT (order_id, line_no, kind, source_id) DO UPDATE
        SET since = excluded.since, until = excluded.until, is_failed = excluded.is_failed
        """,
        [one.order_id for one in services],
        [one.line_no for one in services],
        [one.kind for one in services],
        [one.source_id for one in services],
        [one.merchant_id for one in services],
        [one.since for one in services],
        [one.until for one in services],
        [one.is_failed for one in services],
    )


async def services_of(tx: Tx, order_ids: Iterable[int]) -> list[Service]:
    """What the lines of orders went through, in its order."""
    rows = await tx.fetch(
        f"SELECT {_SERVICE} FROM line_services WHERE order_id = ANY($1::bigint[]) ORDER BY since, source_id",  # noqa: S608
        list(order_ids),
    )
    return [Service(**dict(row)) for row in rows]
