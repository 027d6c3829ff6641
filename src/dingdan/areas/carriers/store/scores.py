"""Statements about scorecards, grades by hand, complaints and notes."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from dingdan.areas.carriers.model import CarrierNote, Complaint, Scorecard, SetGrade
from dingdan.areas.carriers.rules.grading import Grade, Tally
from dingdan.plumbing.tx import Tx

_CARD = ", ".join(f"s.{name}" for name in Scorecard.__struct_fields__)
_NOTE = ", ".join(CarrierNote.__struct_fields__)


async def add_scorecards(tx: Tx, cards: Sequence[tuple[int | None, Scorecard]]) -> set[int]:
    """Keep what an evaluation found, with the carrier's merchant; says which were new. The same evaluation counts once."""
    rows = await tx.fetch(
        """
        INSERT INTO carrier_scorecards (id, carrier_id, merchant_id, origin, destination, since, until, grade, samples, figures,
            inputs, made_at)
        SELECT i, c, m, o, d, $11, $12, g, n, f::jsonb, k::jsonb, $10 FROM unnest($1::bigint[], $2::bigint[], $3::bigint[],
            $4::text[], $5::text[], $6::text[], $7::int[], $8::text[], $9::text[]) AS new (i, c, m, o, d, g, n, f, k)
        ON CONFLICT (carrier_id, origin, destination, until) DO NOTHING RETURNING id
        """,
        [card.id for _, card in cards],
        [card.carrier_id for _, card in cards],
        [merchant_id for merchant_id, _ in cards],
        [card.origin for _, card in cards],
        [card.destination for _, card in cards],
        [card.grade for _, card in cards],
        [card.samples for _, card in cards],
        [msgspec.json.encode(card.figures).decode() for _, card in cards],
        [msgspec.json.encode(card.inputs).decode() for _, card in cards],
        tx.now,
        cards[0][1].since,
        cards[0][1].until,
    )
    return {row["id"] for row in rows}


async def latest(tx: Tx, carrier_ids: Collection[int], lane: tuple[str, str] = ("", "")) -> dict[int, Scorecard]:
    """The last scorecard of each carrier on a lane, or as a whole."""
    rows = await tx.fetch(
        f"""
        SELECT {_CARD} FROM unnest($1::bigint[]) AS c (id) CROSS JOIN LATERAL (
            SELECT * FROM carrier_scorecards s WHERE s.carrier_id = c.id AND s.origin = $2 AND s.destination = $3
            ORDER BY s.until DESC LIMIT 1
        ) AS s
        """,  # noqa: S608 - our own columns
        list(carrier_ids),
        *lane,
    )
    return {row["carrier_id"]: msgspec.convert(dict(row), Scorecard) for row in rows}


async def history(tx: Tx, carrier_id: int, after: int, limit: int) -> list[Scorecard]:
    """Every scorecard of a carrier, in the order they were made."""
    rows = await tx.fetch(
        f"SELECT {_CARD} FROM carrier_scorecards s WHERE carrier_id = $1 AND id > $2 ORDER BY id LIMIT $3",  # noqa: S608
        carrier_id,
        after,
        limit,
    )
    return [msgspec.convert(dict(row), Scorecard) for row in rows]


async def add_grade(tx: Tx, wanted: SetGrade, merchant_id: int | None) -> None:
    """Keep a grade that somebody set by hand."""
    await tx.execute(
        """
        INSERT INTO carrier_grades (id, carrier_id, merchant_id, origin, destination, grade, reason, by_kind, by, ends_at, set_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """,
        tx.mint(),
        wanted.carrier_id,
        merchant_id,
        wanted.origin,
        wanted.destination,
        wanted.grade,
        wanted.reason,
        str(tx.actor.kind),
        tx.actor.id,
        wanted.ends_at,
        tx.now,
    )


async def grades_by_hand(tx: Tx, carrier_ids: Collection[int], lane: tuple[str, str] = ("", "")) -> dict[int, Grade]:
    """The grades that people set and that still hold, the last one of each carrier on a lane or as a whole."""
    rows = await tx.fetch(
        """
        SELECT DISTINCT ON (carrier_id) carrier_id, grade FROM carrier_grades
        WHERE carrier_id = ANY($1::bigint[]) AND ends_at > $4 AND origin = $2 AND destination = $3
        ORDER BY carrier_id, id DESC
        """,
        list(carrier_ids),
        *lane,
        tx.now,
    )
    return {row["carrier_id"]: row["grade"] for row in rows}


async def save_complaints(tx: Tx, noted: Sequence[tuple[int, Complaint]]) -> None:
    """Keep complaints by the carrier they went to; the first answer counts."""
    await tx.execute(
        """
        INSERT INTO carrier_complaints AS k (carrier_id, complaint, merchant_id, filed_at, answered_at)
        SELECT * FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::timestamptz[], $5::timestamptz[]) AS new (c, n, m, f, a)
        ORDER BY c, n
        ON CONFLICT (carrier_id, complaint) DO UPDATE SET answered_at = excluded.answered_at
        WHERE k.answered_at IS NULL AND excluded.answered_at IS NOT NULL
        """,
        [carrier_id for carrier_id, _ in noted],
        [one.complaint for _, one in noted],
        [one.merchant_id for _, one in noted],
        [one.filed_at for _, one in noted],
        [one.answered_at for _, one in noted],
    )


async def complaints(tx: Tx, since: datetime, until: datetime, patience: timedelta) -> dict[int, Tally]:
    """Of each carrier: complaints whose time to answer ended within a span or that were answered, and those not in time."""
    rows: list[Any] = await tx.fetch(
        """
        SELECT carrier_id, count(*)::int AS samples,
            (count(*) FILTER (WHERE COALESCE(answered_at, 'infinity') > filed_at + $3::interval))::int AS bad
        FROM carrier_complaints WHERE filed_at >= $1 AND filed_at < $2
            AND (answered_at < $2 OR filed_at + $3::interval <= $2)
        GROUP BY carrier_id
        """,
        since,
        until,
        patience,
    )
    return {row["carrier_id"]: Tally(row["samples"], row["bad"]) for row in rows}


async def add_note(tx: Tx, new: CarrierNote) -> None:
    """Keep a note; it never changes."""
    await tx.copy("carrier_notes", CarrierNote.__struct_fields__, [msgspec.structs.astuple(new)])


async def notes_of(tx: Tx, carrier_id: int, most: int) -> list[CarrierNote]:
    """Notes about a carrier, newest first."""
    rows = await tx.fetch(
        f"SELECT {_NOTE} FROM carrier_notes WHERE carrier_id = $1 ORDER BY id DESC LIMIT $2",  # noqa: S608 - our columns
        carrier_id,
        most,
    )
    return [CarrierNote(**dict(row)) for row in rows]
