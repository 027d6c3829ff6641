"""By whose calendar a promise is counted: the merchant's own, else the platform's, else every hour counts."""

from collections.abc import Collection, Mapping

import msgspec

from dingdan.kernel.working import CalendarTerms, Counting, EveryHour
from dingdan.plumbing.ladders import Kind
from dingdan.plumbing.tx import Tx

EVERY_HOUR = EveryHour()


async def counting(tx: Tx, kind: Kind, merchant_ids: Collection[int | None]) -> Mapping[int | None, Counting]:
    """How a kind of deadline is counted for each of these merchants; the law's kinds ask nobody."""
    if kind.counts == "calendar" or not merchant_ids:
        return dict.fromkeys(merchant_ids, EVERY_HOUR)
    held = await in_force(tx, merchant_ids)
    return {
        merchant_id: terms.calendar() if terms is not None and kind.name in terms.kinds else EVERY_HOUR
        for merchant_id, terms in ((one, held.get(one, held.get(None))) for one in merchant_ids)
    }


async def in_force(tx: Tx, merchant_ids: Collection[int | None]) -> dict[int | None, CalendarTerms]:
    """The calendars of these merchants and of the platform (None), where they have one."""
    rows = await tx.fetch(
        """
        SELECT DISTINCT ON (merchant_id) merchant_id, terms FROM calendars
        WHERE merchant_id = ANY($1::bigint[]) OR merchant_id IS NULL ORDER BY merchant_id, version DESC
        """,
        [merchant_id for merchant_id in merchant_ids if merchant_id is not None],
    )
    return {row["merchant_id"]: msgspec.convert(row["terms"], CalendarTerms) for row in rows}
