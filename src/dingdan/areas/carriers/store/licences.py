"""Statements about licences."""

from collections.abc import Collection, Sequence

from dingdan.areas.carriers.model import Licence
from dingdan.areas.carriers.rules.licensing import span
from dingdan.plumbing.tx import Tx

# (carrier, its merchant, licence)
Held = tuple[int, int | None, Licence]


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
