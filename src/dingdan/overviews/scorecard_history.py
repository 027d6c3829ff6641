"""How a carrier did over time, and how it does lane by lane: from the evaluations that were made of it."""

import msgspec

from dingdan.areas import carriers
from dingdan.plumbing.tx import Tx

_CARD = ", ".join(f"s.{name}" for name in carriers.Scorecard.__struct_fields__)


async def trend(tx: Tx, carrier_id: int, *, most: int = 12) -> list[carriers.Scorecard]:
    """The last evaluations of a carrier as a whole, oldest first."""
    rows = await tx.fetch(
        f"""
        SELECT {_CARD} FROM carrier_scorecards s WHERE s.carrier_id = $1 AND s.origin = '' AND s.destination = ''
        ORDER BY s.until DESC LIMIT $2
        """,  # noqa: S608 - our own columns
        carrier_id,
        most,
    )
    return [msgspec.convert(dict(row), carriers.Scorecard) for row in reversed(rows)]


async def lanes(tx: Tx, carrier_id: int, *, most: int = 100) -> list[carriers.Scorecard]:
    """The last evaluation of each lane of a carrier, the lanes with most parcels first."""
    rows = await tx.fetch(
        f"""
        SELECT * FROM (
            SELECT DISTINCT ON (s.origin, s.destination) {_CARD} FROM carrier_scorecards s
            WHERE s.carrier_id = $1 AND (s.origin <> '' OR s.destination <> '')
            ORDER BY s.origin, s.destination, s.until DESC
        ) AS s ORDER BY s.samples DESC, s.origin, s.destination LIMIT $2
        """,  # noqa: S608
        carrier_id,
        most,
    )
    return [msgspec.convert(dict(row), carriers.Scorecard) for row in rows]
