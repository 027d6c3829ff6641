"""Statements about what is asked for: applications, returns, their lines, and the units that were had."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from dingdan.areas.returns.lifecycle import DECISION, JOURNEY, OUTCOME
from dingdan.areas.returns.model import Return, ReturnLine
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
    "fault", "off",
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

    A return holds what it asked for while it is open. Once it is decided it holds for ever what was accepted or lost at
    our risk, or all that was paid back without coming back. Refused, withdrawn and lapsed ones hold nothing (but for what
    the buyer has something for already), rejected units are the buyer's again, and so are those that were only made
    cheaper.
    """
    rows = await tx.fetch(
        """
        SELECT l.order_id, l.line_no, sum(CASE
            WHEN r.outcome = 'open' THEN l.quantity
            WHEN r.resolution IN ('refund', 'exchange') THEN l.accepted + l.lost
            WHEN r.resolution IN ('refund_only', 'store_credit') THEN l.quantity
            ELSE 0 END)::int AS units
        FROM return_lines l JOIN returns r ON r.id = l.return_id
        WHERE l.order_id = ANY($1::bigint[]) AND r.decision IN ('requested', 'approved')
          AND (r.journey <> 'lapsed' OR r.paid_early_at IS NOT NULL) AND r.id <> ALL($2::bigint[])
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


async def become_refunds(tx: Tx, ids: Iterable[int]) -> None:
    """The price of these returns is asked for now, whatever was before."""
    await tx.execute("UPDATE returns SET resolution = 'refund' WHERE id = ANY($1::bigint[])", list(ids))


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


def _returns(rows: Sequence[Any]) -> list[Return]:
    return [msgspec.convert(dict(row), Return) for row in rows]
