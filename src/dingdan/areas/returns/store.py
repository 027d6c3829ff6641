"""Every statement of returns. Whoever writes holds the lock of the order, so a return stands still under it."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from dingdan.areas.returns.lifecycle import DECISION, JOURNEY, OUTCOME
from dingdan.areas.returns.model import InspectedLine, Return, ReturnLine, ReturnParcel
from dingdan.kernel.event import Moved
from dingdan.kernel.lifecycle import Lifecycle
from dingdan.plumbing import lifecycles
from dingdan.plumbing.tx import Tx

_RETURN = ", ".join(Return.__struct_fields__)
_LINE = ", ".join(ReturnLine.__struct_fields__)
MACHINES: dict[str, Lifecycle[Any]] = {"decision": DECISION, "journey": JOURNEY, "outcome": OUTCOME}

NEW_RETURN = (
    "id", "order_id", "request_id", "merchant_id", "warehouse_id", "policy_id", "review_reasons", "rules",
    "requested_at", "decided_at", "send_by", "resolution", "evidence", "decided_by_kind", "decided_by",
)  # fmt: skip
NEW_LINE = (
    "order_id", "return_id", "line_no", "merchant_id", "product_id", "quantity", "reason", "claimed_unit_price",
    "off",
)  # fmt: skip


async def add_requests(tx: Tx, rows: Sequence[tuple[int, int, int]]) -> None:
    """Write applications (id, merchant, buyer)."""
    await tx.copy("return_requests", ("id", "merchant_id", "buyer_id", "at"), [(*row, tx.now) for row in rows])


async def add_returns(tx: Tx, returns: Sequence[Return], lines: Sequence[ReturnLine]) -> None:
    """Write new returns with their lines."""
    await tx.copy("returns", NEW_RETURN, [tuple(getattr(r, column) for column in NEW_RETURN) for r in returns])
    await tx.copy("return_lines", NEW_LINE, [tuple(getattr(n, column) for column in NEW_LINE) for n in lines])


async def move(tx: Tx, axis: str, verb: str, ids: Iterable[int], **values: Any) -> dict[int, Moved]:
    """Move returns along one of their axes; only those that may go."""
    return await lifecycles.move(tx, "returns", MACHINES[axis], verb, ids, column=axis, **values)


async def returns(tx: Tx, ids: Iterable[int]) -> list[Return]:
    """Returns by id."""
    return _returns(
        await tx.fetch(f"SELECT {_RETURN} FROM returns WHERE id = ANY($1::bigint[]) ORDER BY id", list(ids))  # noqa: S608
    )


async def returns_of(tx: Tx, order_ids: Iterable[int]) -> list[Return]:
    """The returns of orders."""
    rows = await tx.fetch(
        f"SELECT {_RETURN} FROM returns WHERE order_id = ANY($1::bigint[]) ORDER BY id",  # noqa: S608
        list(order_ids),
    )
    return _returns(rows)


async def lines_of(tx: Tx, returns: Iterable[Return]) -> dict[int, list[ReturnLine]]:
    """The lines of returns."""
    found: dict[int, list[ReturnLine]] = {r.id: [] for r in returns}
    rows = await tx.fetch(
        f"""
        SELECT {_LINE} FROM return_lines WHERE order_id = ANY($1::bigint[]) AND return_id = ANY($2::bigint[])
        ORDER BY return_id, line_no
        """,  # noqa: S608
        list({r.order_id for r in returns}),
        list(found),
    )
    for row in rows:
        found[row["return_id"]].append(ReturnLine(**dict(row)))
    return found


async def taken_units(tx: Tx, order_ids: Iterable[int], *, except_of: Iterable[int] = ()) -> dict[tuple[int, int], int]:
    """How many units of each line (order, line number) belong to a return.

    A return holds what it asked for while it is open. Once it is decided it holds for ever what was accepted, or all
    that was paid back without coming back. Refused, withdrawn and lapsed ones hold nothing, rejected units are the
    buyer's again, and so are those that were only made cheaper.
    """
    rows = await tx.fetch(
        """
        SELECT l.order_id, l.line_no, sum(CASE
            WHEN r.outcome = 'open' THEN l.quantity
            WHEN r.resolution = 'refund' THEN l.accepted
            WHEN r.resolution IN ('refund_only', 'store_credit') THEN l.quantity
            ELSE 0 END)::int AS units
        FROM return_lines l JOIN returns r ON r.id = l.return_id
        WHERE l.order_id = ANY($1::bigint[]) AND r.decision IN ('requested', 'approved') AND r.journey <> 'lapsed'
          AND r.id <> ALL($2::bigint[])
        GROUP BY l.order_id, l.line_no
        """,
        list(order_ids),
        list(except_of),
    )
    return {(row["order_id"], row["line_no"]): row["units"] for row in rows}


async def attempts(tx: Tx, order_ids: Iterable[int]) -> dict[tuple[int, int], int]:
    """How many applications for each line (order, line number) came to nothing."""
    rows = await tx.fetch(
        """
        SELECT l.order_id, l.line_no, count(*)::int AS tries FROM return_lines l JOIN returns r ON r.id = l.return_id
        WHERE l.order_id = ANY($1::bigint[]) AND (r.decision IN ('refused', 'withdrawn') OR r.journey = 'lapsed')
        GROUP BY l.order_id, l.line_no
        """,
        list(order_ids),
    )
    return {(row["order_id"], row["line_no"]): row["tries"] for row in rows}


async def reduced(tx: Tx, order_ids: Iterable[int]) -> dict[tuple[int, int], int]:
    """What was taken off the price of each line (order, line number) whose goods were kept."""
    rows = await tx.fetch(
        """
        SELECT l.order_id, l.line_no, sum(l.off)::bigint AS off FROM return_lines l JOIN returns r ON r.id = l.return_id
        WHERE l.order_id = ANY($1::bigint[]) AND l.off > 0 AND r.decision = 'approved'
        GROUP BY l.order_id, l.line_no
        """,
        list(order_ids),
    )
    return {(row["order_id"], row["line_no"]): row["off"] for row in rows}


async def made_good_units(tx: Tx, order_ids: Iterable[int]) -> dict[tuple[int, int], int]:
    """How many units of each line (order, line number) remedies have made good, or are about to."""
    rows = await tx.fetch(
        """
        SELECT order_id, line_no, sum(quantity)::int AS units FROM made_good_units
        WHERE order_id = ANY($1::bigint[]) GROUP BY order_id, line_no
        """,
        list(order_ids),
    )
    return {(row["order_id"], row["line_no"]): row["units"] for row in rows}


async def make_good_units(tx: Tx, remedy_id: int, order_id: int, merchant_id: int, units: dict[int, int]) -> None:
    """Write which units {line: how many} of a locked order a remedy speaks for."""
    await tx.copy(
        "made_good_units",
        ("order_id", "line_no", "remedy_id", "merchant_id", "quantity"),
        [(order_id, line_no, remedy_id, merchant_id, count) for line_no, count in sorted(units.items())],
    )


async def free_units(tx: Tx, remedy_ids: Iterable[int]) -> None:
    """Remedies speak for nothing any more."""
    await tx.execute("DELETE FROM made_good_units WHERE remedy_id = ANY($1::bigint[])", list(remedy_ids))


async def open_and_over(tx: Tx, order_ids: Iterable[int]) -> list[tuple[int, int, bool]]:
    """The returns of orders as (order, return, whether its end is still open)."""
    rows = await tx.fetch(
        """
        SELECT order_id, id, decision IN ('requested', 'approved') AND journey <> 'lapsed'
            AND outcome IN ('open', 'passed', 'partly') AS is_open
        FROM returns WHERE order_id = ANY($1::bigint[]) ORDER BY id
        """,
        list(order_ids),
    )
    return [(row["order_id"], row["id"], row["is_open"]) for row in rows]


async def buyers_of(tx: Tx, request_ids: Iterable[int]) -> dict[int, int]:
    """Who made applications: {request: buyer}."""
    rows = await tx.fetch("SELECT id, buyer_id FROM return_requests WHERE id = ANY($1::bigint[])", list(request_ids))
    return {row["id"]: row["buyer_id"] for row in rows}


async def escalate(tx: Tx, ids: Iterable[int]) -> list[int]:
    """Mark returns as gone up to the lead; says for which it is news."""
    rows = await tx.fetch(
        "UPDATE returns SET escalated = true WHERE id = ANY($1::bigint[]) AND NOT escalated RETURNING id", sorted(ids)
    )
    return sorted(row["id"] for row in rows)


async def note(tx: Tx, return_id: int, **values: Any) -> None:
    """Write columns of a return that are no state: what it asks for, why a person must look, what was shown."""
    sets = ", ".join(f"{name} = ${i}" for i, name in enumerate(values, start=2))
    await tx.execute(f"UPDATE returns SET {sets} WHERE id = $1", return_id, *values.values())  # noqa: S608


async def change(tx: Tx, held: Return, lines: Sequence[ReturnLine]) -> None:
    """Write a return that nobody has decided with other lines, and what it is judged by."""
    await tx.execute("DELETE FROM return_lines WHERE order_id = $1 AND return_id = $2", held.order_id, held.id)
    await tx.copy("return_lines", NEW_LINE, [tuple(getattr(n, column) for column in NEW_LINE) for n in lines])
    await note(tx, held.id, resolution=str(held.resolution), evidence=held.evidence, rules=held.rules,
               review_reasons=held.review_reasons)  # fmt: skip


async def take_off(tx: Tx, held: Return, offs: dict[int, int]) -> None:
    """Write what is taken off each line {line: amount} of a return, and nothing off the others."""
    await tx.execute(
        """
        UPDATE return_lines l SET off = COALESCE((
            SELECT m.off FROM unnest($3::smallint[], $4::bigint[]) AS m (line_no, off) WHERE m.line_no = l.line_no), 0)
        WHERE l.order_id = $1 AND l.return_id = $2
        """,
        held.order_id,
        held.id,
        list(offs),
        list(offs.values()),
    )


async def note_send_by(tx: Tx, send_by: dict[int, Any]) -> None:
    """Write until when returns are to be sent: {return: moment}."""
    await tx.execute(
        """
        UPDATE returns SET send_by = n.at FROM unnest($1::bigint[], $2::timestamptz[]) AS n (i, at)
        WHERE returns.id = n.i
        """,
        list(send_by),
        list(send_by.values()),
    )


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


async def put_in_parcels(tx: Tx, rows: Sequence[tuple[int, int, int]]) -> None:
    """Say which returns lie in which parcels (parcel, return, merchant); twice is once."""
    await tx.execute(
        """
        INSERT INTO return_parcel_items (return_parcel_id, return_id, merchant_id)
        SELECT p, r, m FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS new (p, r, m)
        ON CONFLICT DO NOTHING
        """,
        [row[0] for row in rows],
        [row[1] for row in rows],
        [row[2] for row in rows],
    )


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


async def add_inspections(tx: Tx, inspections: Sequence[tuple[int, Return, Sequence[InspectedLine]]]) -> None:
    """Write what inspections found (id, return, entries) and by whom."""
    actor = tx.actor
    await tx.copy(
        "inspections",
        ("id", "order_id", "return_id", "merchant_id", "inspector_kind", "inspector_id", "at"),
        [(i, r.order_id, r.id, r.merchant_id, str(actor.kind), actor.id, tx.now) for i, r, _ in inspections],
    )
    columns = ("line_no", "quantity", "is_original", "intact", "grade", "disposition", "note")
    await tx.copy(
        "inspection_lines",
        ("inspection_id", "n", "merchant_id", *columns),
        [
            (i, n, r.merchant_id, *(getattr(line, column) for column in columns))
            for i, r, lines in inspections
            for n, line in enumerate(lines, start=1)
        ],
    )


async def note_inspected(tx: Tx, counts: dict[tuple[int, int, int], tuple[int, int]]) -> None:
    """Write what was accepted and rejected: {(order, return, line number): (accepted, rejected)}."""
    await tx.execute(
        """
        UPDATE return_lines SET accepted = n.a, rejected = n.x
        FROM unnest($1::bigint[], $2::bigint[], $3::smallint[], $4::int[], $5::int[]) AS n (o, r, l, a, x)
        WHERE order_id = n.o AND return_id = n.r AND line_no = n.l
        """,
        [key[0] for key in counts],
        [key[1] for key in counts],
        [key[2] for key in counts],
        [accepted for accepted, _ in counts.values()],
        [rejected for _, rejected in counts.values()],
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
               l.grade, l.disposition, l.note
        FROM inspections i JOIN inspection_lines l ON l.inspection_id = i.id
        WHERE i.return_id = $1 ORDER BY i.id, l.n
        """,
        return_id,
    )


def _returns(rows: Sequence[Any]) -> list[Return]:
    return [msgspec.convert(dict(row), Return) for row in rows]
