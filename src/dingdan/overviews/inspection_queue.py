"""What waits to be looked at: received goods by when somebody should have looked, with what was found so far."""

from datetime import datetime

import msgspec

from dingdan.kernel.page import Page
from dingdan.overviews.order_list import narrowed
from dingdan.plumbing.tx import Tx


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What the queue is narrowed to; None leaves it open. `needs`: `look` for a first one, `second`, or `lab`."""

    merchant_id: int | None = None
    warehouse_id: int | None = None
    needs: str | None = None


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Goods of one return that wait to be looked at; `inspect_by` is None while a laboratory has them."""

    id: int
    order_id: int
    merchant_id: int
    warehouse_id: int
    units: int
    received_at: datetime
    inspect_by: datetime | None
    needs: str
    is_paid_early: bool
    pictures: int


CONDITIONS = {
    "merchant_id": "q.merchant_id = {}",
    "warehouse_id": "q.warehouse_id = {}",
    "needs": "q.needs = {}",
    "after": "(q.received_at, q.id) > (SELECT a.received_at, a.id FROM returns a WHERE a.id = {})",
}

# Who has waited longest is first: the promise is the same for all.
_QUEUE = """
    SELECT r.id, r.order_id, r.merchant_id, r.warehouse_id, r.received_at, d.due_at AS inspect_by,
           r.paid_early_at IS NOT NULL AS is_paid_early,
           CASE WHEN EXISTS (SELECT FROM looks k WHERE k.return_id = r.id AND k.kind = 'first') THEN 'second'
                WHEN EXISTS (SELECT FROM looks k WHERE k.return_id = r.id AND k.kind = 'lab') THEN 'lab'
                ELSE 'look' END AS needs
    FROM returns r LEFT JOIN deadlines d ON d.subject_id = r.id AND d.kind = 'return.inspect_by' AND d.paused_at IS NULL
    WHERE r.journey = 'received' AND r.outcome = 'open' AND r.decision = 'approved' AND r.resolution <> 'repair'
"""


async def page(tx: Tx, wanted: Filter, slice_: Page) -> list[Row]:
    """One return more than the slice asks for, what came first at the top."""
    where, args = narrowed(CONDITIONS, msgspec.structs.asdict(wanted) | {"after": slice_.after})
    rows = await tx.fetch(
        f"""
        SELECT q.*, (SELECT sum(l.received)::int FROM return_lines l WHERE l.return_id = q.id) AS units,
               (SELECT count(*)::int FROM inspection_pictures p WHERE p.return_id = q.id) AS pictures
        FROM ({_QUEUE}) AS q {where} ORDER BY q.received_at, q.id LIMIT {slice_.limit + 1}
        """,  # noqa: S608 - conditions come from code, values as parameters
        *args,
    )
    return [Row(**dict(row)) for row in rows]


async def done_today(tx: Tx, inspector_id: int) -> int:
    """How many parcels somebody closed since midnight in China."""
    return int(await tx.fetchval(
        """
        SELECT count(*) FROM inspections WHERE inspector_id = $1 AND inspector_kind = 'staff'
          AND at >= date_trunc('day', $2::timestamptz AT TIME ZONE 'Asia/Shanghai') AT TIME ZONE 'Asia/Shanghai'
        """,
        inspector_id, tx.now,
    ))  # fmt: skip
