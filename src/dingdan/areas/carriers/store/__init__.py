"""Every statement of carriers. Carriers are locked before their lanes, both by rising id."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from dingdan.areas.carriers.model import Carrier, Lane, LaneKey, Licence, SaveCarrier, SaveLane
from dingdan.areas.carriers.rules.forms import UNLICENSED
from dingdan.areas.carriers.rules.licensing import span
from dingdan.plumbing.asking import Ask
from dingdan.plumbing.tx import Tx

Key = tuple[int | None, str]
# A licence with its carrier and that one's merchant.
Held = tuple[int, int | None, Licence]

_CARRIER = ", ".join(f"c.{name}" for name in Carrier.__struct_fields__)
_LANE = ", ".join("c.code AS carrier" if name == "carrier" else f"l.{name}" for name in Lane.__struct_fields__)


def _carrier(row: Any) -> Carrier:
    return msgspec.convert(dict(row), Carrier)


def _lane(row: Any) -> Lane:
    return Lane(**dict(row))


# Who may be given parcels now: what `rules/licensing.assignment` says of one, for many.
_FIT = """c.active AND c.state <> 'suspended' AND (c.code = ANY($6::text[]) OR EXISTS (
    SELECT FROM carrier_licences li WHERE li.carrier_id = c.id AND li.starts_at <= $5 AND li.ends_at > $5))"""


def asking_lanes_for(
    keys: Sequence[LaneKey], at: datetime, *, all_carriers: bool
) -> Ask[list[tuple[int, bool, Lane | None]]]:
    """(place in keys, whether lanes are kept, lane) for every lane that touches a key; a key has one None at least.

    A lane's region is the beginning of the destination's, so all beginnings are looked up, each by the index. Unless
    `all_carriers` are wanted, only those count that may be given parcels now.
    """
    asked = [(n, key.merchant_id, key.country, key.region[:end]) for n, key in enumerate(keys) for end in _ends(key)]
    sql = f"""
        WITH k AS (
            SELECT n, m, country, region FROM unnest($1::int[], $2::bigint[], $3::text[], $4::text[])
                AS k (n, m, country, region)
        ), kept AS MATERIALIZED (
            SELECT m, EXISTS (SELECT FROM lanes x WHERE x.merchant_id = m AND x.active AND x.deliverable)
                OR EXISTS (SELECT FROM lanes x WHERE x.merchant_id IS NULL AND x.active AND x.deliverable) AS are_kept
            FROM (SELECT DISTINCT m FROM k) AS whose
        )
        SELECT k.n, kept.are_kept, found.* FROM k JOIN kept USING (m)
        LEFT JOIN LATERAL (
            SELECT {_LANE} FROM lanes l JOIN carriers c ON c.id = l.carrier_id AND ($7 OR {_FIT})
            WHERE l.active AND l.country = k.country AND l.region = k.region AND (l.merchant_id = k.m OR l.merchant_id IS NULL)
        ) AS found ON true
        WHERE found.id IS NOT NULL OR k.region = ''
        ORDER BY k.n, found.id
        """  # noqa: S608 - our own columns
    names = ("n", "are_kept", *Lane.__struct_fields__)
    return Ask(sql, (*_columns(asked, 4), at, list(UNLICENSED), all_carriers), names, _told)


def _told(rows: Iterable[Any]) -> list[tuple[int, bool, Lane | None]]:
    told: list[tuple[int, bool, Lane | None]] = []
    for row in map(dict, rows):
        n, are_kept = row.pop("n"), row.pop("are_kept")
        told.append((n, are_kept, None if row["id"] is None else _lane(row)))
    return told


def _ends(key: LaneKey) -> range:
    return range(len(key.region) + 1)


async def carriers_by_code(tx: Tx, keys: Sequence[Key]) -> list[tuple[int, Carrier]]:
    """(place in keys, carrier): the merchant's own, else the platform's of that code."""
    rows = await tx.fetch(
        f"""
        SELECT DISTINCT ON (k.n) k.n - 1 AS n, {_CARRIER}
        FROM unnest($1::bigint[], $2::text[]) WITH ORDINALITY AS k (m, code, n)
        JOIN carriers c ON c.code = k.code AND (c.merchant_id = k.m OR c.merchant_id IS NULL)
        ORDER BY k.n, c.merchant_id NULLS LAST
        """,  # noqa: S608
        [merchant_id for merchant_id, _ in keys],
        [code for _, code in keys],
    )
    return [(row["n"], _carrier(row)) for row in rows]


async def carriers_of(tx: Tx, merchant_id: int | None) -> list[Carrier]:
    """What a merchant can use, or the platform's own; bounded."""
    rows = await tx.fetch(
        f"""
        SELECT {_CARRIER} FROM carriers c WHERE c.merchant_id = $1 OR c.merchant_id IS NULL
        ORDER BY c.code, c.merchant_id NULLS LAST LIMIT 500
        """,  # noqa: S608
        merchant_id,
    )
    return [_carrier(row) for row in rows]


async def lock_carriers(tx: Tx, ids: Iterable[int]) -> dict[int, Carrier]:
    """Carriers by id; what they serve stays so until we are done, and nobody else writes lanes of theirs."""
    rows = await tx.fetch(
        f"SELECT {_CARRIER} FROM carriers c WHERE id = ANY($1::bigint[]) ORDER BY id FOR NO KEY UPDATE",  # noqa: S608
        sorted(set(ids)),
    )
    return {row["id"]: _carrier(row) for row in rows}


async def lock_own_carriers(tx: Tx, keys: Collection[Key]) -> dict[Key, Carrier]:
    """Carriers by exactly whose they are and code, to be changed."""
    rows = await tx.fetch(
        f"""
        SELECT {_CARRIER} FROM carriers c JOIN unnest($1::bigint[], $2::text[]) AS k (m, code)
            ON c.merchant_id IS NOT DISTINCT FROM k.m AND c.code = k.code
        ORDER BY c.id FOR NO KEY UPDATE OF c
        """,  # noqa: S608
        *_columns(keys, 2),
    )
    return {(row["merchant_id"], row["code"]): _carrier(row) for row in rows}


async def save_carriers(tx: Tx, wanted: Sequence[SaveCarrier]) -> dict[Key, tuple[int, bool]]:
    """Add carriers or change them; says (id, is new) of each."""
    rows = await tx.fetch(
        """
        INSERT INTO carriers AS c (id, merchant_id, code, name, services, regions, active, contact, auto_suspend, created_at,
            updated_at)
        SELECT i, m, k, n, string_to_array(s, ' '), string_to_array(r, ' '), a, o, u, $10, $10
        FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::jsonb[], $5::text[], $6::text[], $7::boolean[], $8::jsonb[],
            $9::boolean[]) AS w (i, m, k, n, s, r, a, o, u)
        ORDER BY m, k
        ON CONFLICT (merchant_id, code) DO UPDATE SET name = excluded.name, services = excluded.services,
            regions = excluded.regions, active = excluded.active, contact = excluded.contact,
            auto_suspend = excluded.auto_suspend, updated_at = excluded.updated_at
        RETURNING id, merchant_id, code, xmax = 0 AS is_new
        """,
        tx.mint_many(len(wanted)),
        [w.merchant_id for w in wanted],
        [w.code for w in wanted],
        [w.name for w in wanted],
        [" ".join(w.services) for w in wanted],
        [" ".join(w.regions) for w in wanted],
        [w.active for w in wanted],
        [msgspec.to_builtins(w.contact) for w in wanted],
        [w.auto_suspend for w in wanted],
        tx.now,
    )
    return {(row["merchant_id"], row["code"]): (row["id"], row["is_new"]) for row in rows}


async def carriers_by_id(tx: Tx, ids: Iterable[int]) -> list[Carrier]:
    """Carriers by id, as they are at this moment."""
    rows = await tx.fetch(f"SELECT {_CARRIER} FROM carriers c WHERE id = ANY($1::bigint[]) ORDER BY id", list(ids))  # noqa: S608
    return [_carrier(row) for row in rows]


async def lanes_of_carriers(tx: Tx, carrier_ids: Collection[int]) -> list[Lane]:
    """Active lanes of these carriers, one for each thing that it counts on."""
    rows = await tx.fetch(
        f"""
        SELECT DISTINCT ON (l.carrier_id, l.service, l.country, l.region) {_LANE}
        FROM lanes l JOIN carriers c ON c.id = l.carrier_id
        WHERE l.carrier_id = ANY($1::bigint[]) AND l.active ORDER BY l.carrier_id, l.service, l.country, l.region, l.id
        """,  # noqa: S608
        list(carrier_ids),
    )
    return [_lane(row) for row in rows]


async def lanes_by_code(tx: Tx, keys: Collection[Key]) -> dict[Key, Lane]:
    """Lanes by exactly whose they are and code."""
    rows = await tx.fetch(
        f"""
        SELECT {_LANE} FROM unnest($1::bigint[], $2::text[]) AS k (m, code)
        JOIN lanes l ON l.merchant_id IS NOT DISTINCT FROM k.m AND l.code = k.code JOIN carriers c ON c.id = l.carrier_id
        """,  # noqa: S608
        *_columns(keys, 2),
    )
    return {(row["merchant_id"], row["code"]): _lane(row) for row in rows}


async def lanes_on_ways(tx: Tx, wanted: Collection[SaveLane]) -> list[Lane]:
    """Active lanes that go the same ways as these."""
    rows = await tx.fetch(
        f"""
        SELECT {_LANE} FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::text[])
            AS w (m, c, s, h, country, region)
        JOIN lanes l ON l.active AND l.carrier_id = w.c AND l.service = w.s AND l.country = w.country AND l.region = w.region
            AND l.merchant_id IS NOT DISTINCT FROM w.m AND l.warehouse_id IS NOT DISTINCT FROM w.h
        JOIN carriers c ON c.id = l.carrier_id
        """,  # noqa: S608
        *_columns([(w.merchant_id, w.carrier_id, w.service, w.warehouse_id, w.country, w.region) for w in wanted], 6),
    )
    return [_lane(row) for row in rows]


async def lanes_of(tx: Tx, merchant_id: int | None, after: int, limit: int) -> list[Lane]:
    """Lanes of a merchant and of the platform, by id."""
    rows = await tx.fetch(
        f"""
        SELECT {_LANE} FROM lanes l JOIN carriers c ON c.id = l.carrier_id
        WHERE (l.merchant_id = $1 OR l.merchant_id IS NULL) AND l.id > $2 ORDER BY l.id LIMIT $3
        """,  # noqa: S608
        merchant_id,
        after,
        limit,
    )
    return [_lane(row) for row in rows]


async def lanes_of_carrier(tx: Tx, carrier_id: int, merchant_id: int | None, limit: int) -> list[Lane]:
    """Lanes of one carrier, of a merchant and of the platform, by id."""
    rows = await tx.fetch(
        f"""
        SELECT {_LANE} FROM lanes l JOIN carriers c ON c.id = l.carrier_id
        WHERE l.carrier_id = $1 AND (l.merchant_id = $2 OR l.merchant_id IS NULL) ORDER BY l.id LIMIT $3
        """,  # noqa: S608
        carrier_id,
        merchant_id,
        limit,
    )
    return [_lane(row) for row in rows]


async def save_lanes(tx: Tx, wanted: Sequence[SaveLane]) -> dict[Key, tuple[int, bool]]:
    """Add lanes or change them; says (id, is new) of each."""
    rows = await tx.fetch(
        """
        INSERT INTO lanes AS l (id, merchant_id, code, carrier_id, service, warehouse_id, country, region, deliverable,
            cut_off, handling_days, days_min, days_max, days, surcharge, currency, priority, active, cost, max_grams, created_at,
            updated_at)
        SELECT w.*, $21, $21 FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::text[], $6::bigint[],
            $7::text[], $8::text[], $9::boolean[], $10::smallint[], $11::smallint[], $12::smallint[], $13::smallint[],
            $14::text[], $15::bigint[], $16::text[], $17::smallint[], $18::boolean[], $19::bigint[], $20::int[]) AS w
        ORDER BY 2, 3
        ON CONFLICT (merchant_id, code) DO UPDATE SET carrier_id = excluded.carrier_id, service = excluded.service,
            warehouse_id = excluded.warehouse_id, country = excluded.country, region = excluded.region,
            deliverable = excluded.deliverable, cut_off = excluded.cut_off, handling_days = excluded.handling_days,
            days_min = excluded.days_min, days_max = excluded.days_max, days = excluded.days,
            surcharge = excluded.surcharge, currency = excluded.currency, priority = excluded.priority,
            active = excluded.active, cost = excluded.cost, max_grams = excluded.max_grams,
            updated_at = excluded.updated_at
        RETURNING id, merchant_id, code, xmax = 0 AS is_new
        """,
        tx.mint_many(len(wanted)),
        *([getattr(w, name) for w in wanted] for name in _SAVED),
        tx.now,
    )
    return {(row["merchant_id"], row["code"]): (row["id"], row["is_new"]) for row in rows}


_SAVED = (
    "merchant_id", "code", "carrier_id", "service", "warehouse_id", "country", "region", "deliverable", "cut_off",
    "handling_days", "days_min", "days_max", "days", "surcharge", "currency", "priority", "active", "cost", "max_grams",
)  # fmt: skip


async def licences_of(tx: Tx, carrier_ids: Collection[int]) -> dict[int, list[Licence]]:
    """The licences of carriers, by their end; every carrier has its answer."""
    found: dict[int, list[Licence]] = {carrier_id: [] for carrier_id in carrier_ids}
    rows = await tx.fetch(
        """
        SELECT carrier_id, number, issuer, valid_from, valid_until, zone FROM carrier_licences
        WHERE carrier_id = ANY($1::bigint[]) ORDER BY carrier_id, ends_at, number
        """,
        list(found),
    )
    for row in map(dict, rows):
        found[row.pop("carrier_id")].append(Licence(**row))
    return found


async def save_licences(tx: Tx, held: Sequence[Held]) -> None:
    """Add licences, or change those whose number is known."""
    spans = [span(one) for _, _, one in held]
    await tx.execute(
        """
        INSERT INTO carrier_licences (carrier_id, merchant_id, number, issuer, valid_from, valid_until, zone, starts_at, ends_at,
            updated_at)
        SELECT *, $10 FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[], $5::date[], $6::date[], $7::text[],
            $8::timestamptz[], $9::timestamptz[]) AS new (c, m, number, i, f, u, z, s, e) ORDER BY c, number
        ON CONFLICT (carrier_id, number) DO UPDATE SET issuer = excluded.issuer, valid_from = excluded.valid_from,
            valid_until = excluded.valid_until, zone = excluded.zone, starts_at = excluded.starts_at,
            ends_at = excluded.ends_at, updated_at = excluded.updated_at
        """,
        [carrier_id for carrier_id, _, _ in held],
        [merchant_id for _, merchant_id, _ in held],
        [one.number for _, _, one in held],
        [one.issuer for _, _, one in held],
        [one.valid_from for _, _, one in held],
        [one.valid_until for _, _, one in held],
        [one.zone for _, _, one in held],
        [start for start, _ in spans],
        [end for _, end in spans],
        tx.now,
    )


def _columns(rows: Iterable[Sequence[Any]], width: int) -> list[list[Any]]:
    """Rows turned into the arrays that unnest takes; also when there are none."""
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(width)]
