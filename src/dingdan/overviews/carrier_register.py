"""Every carrier within reach, with how its contract stands and what the last evaluation of it as a whole found."""

from datetime import datetime

import msgspec

from dingdan.areas import carriers
from dingdan.kernel.page import Page
from dingdan.plumbing.tx import Tx


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A carrier; without a merchant it is the platform's, without a grade it was never evaluated.

    `licensed_until` is the end of its last licence.
    """

    id: int
    merchant_id: int | None
    code: str
    name: dict[str, str]
    services: list[str]
    state: str
    active: bool
    licensed_until: datetime | None
    grade: str | None
    samples: int | None
    evaluated_at: datetime | None
    figures: tuple[carriers.Figure, ...]


async def page(tx: Tx, merchant_id: int | None, slice_: Page) -> list[Row]:
    """One carrier more than the slice asks for, oldest first; of one merchant its own and the platform's."""
    rows = await tx.fetch(
        f"""
        SELECT c.id, c.merchant_id, c.code, c.name, c.services, c.state, c.active, s.grade, s.samples, s.until AS evaluated_at,
               COALESCE(s.figures, '[]') AS figures,
               (SELECT max(l.ends_at) FROM carrier_licences l WHERE l.carrier_id = c.id) AS licensed_until
        FROM carriers c LEFT JOIN LATERAL (
            SELECT * FROM carrier_scorecards s WHERE s.carrier_id = c.id AND s.origin = '' AND s.destination = ''
            ORDER BY s.until DESC LIMIT 1
        ) AS s ON true
        WHERE c.id > $1 AND ($2::bigint IS NULL OR c.merchant_id = $2 OR c.merchant_id IS NULL)
        ORDER BY c.id LIMIT {slice_.limit + 1}
        """,  # noqa: S608 - a number of ours
        slice_.after or 0,
        merchant_id,
    )
    return [msgspec.convert(dict(row), Row) for row in rows]
