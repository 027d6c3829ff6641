"""What a day is like: what is broken, and which promises were kept since a moment."""

from datetime import datetime
from typing import Any

import msgspec

from dingdan.plumbing.tx import Tx

MOST = 1_000


class Kept(msgspec.Struct, frozen=True):
    """One promise since a moment: what was done of it, and how many times it was missed."""

    promise: str
    done: int
    missed: int

    @property
    def in_time(self) -> int:
        """What was done and had not been noted as missed before."""
        return max(0, self.done - self.missed)


# What is broken, each counted up to a thousand and seen as far as its reader sees it.
_BROKEN = {
    "refunds_failed": "SELECT 1 FROM refunds WHERE state = 'failed'",
    "refunds_unknown": "SELECT 1 FROM refunds WHERE state = 'unknown'",
    "parcels_silent": "SELECT 1 FROM parcels WHERE delivered_at IS NULL"
                      " AND state IN ('dispatched', 'moving', 'out_for_delivery')"
                      " AND noticed && ARRAY['unscanned', 'silent', 'disappeared']::text[]",
    "webhooks": "SELECT 1 FROM webhook_endpoints WHERE state = 'disabled'"
                " OR (state = 'enabled' AND failing_since IS NOT NULL)",
    "keys": "SELECT 1 FROM api_keys WHERE revoked_at IS NULL AND successor_id IS NULL AND expires_at > dingdan_now()"
            " AND expires_at <= dingdan_now() + interval '14 days'",
    "invoices": "SELECT 1 FROM invoices WHERE state IN ('refused', 'unknown')",
    "channel_orders": "SELECT 1 FROM channel_problems WHERE state = 'open'",
    "disputes_still": "SELECT 1 FROM disputes WHERE still_until IS NOT NULL",
}  # fmt: skip
# What the platform's machinery could not do; merchants have no part in it.
_MACHINERY = {
    "reactions": "SELECT 1 FROM reaction_parked",
    "jobs": "SELECT 1 FROM pgqueuer WHERE status = 'failed'",
}
# By promise: the facts that say it is done, and those that say that its time had passed.
_PROMISES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "review": (("review.approved", "review.rejected"), ("review.escalated:overdue",)),
    "return_review": (("return.approved", "return.refused", "return.agreed"), ("return.overdue:return.review",)),
    "inspection": (("return.inspected",), ("return.overdue:return.inspect_by",)),
    "refund": (("refund.settled",), ("return.overdue:return.refund_by",)),
    "arrival": (("parcel.delivered",), ("parcel.overdue",)),
    "case": (("case.closed",), ("case.escalated:contact", "case.escalated:plan", "case.escalated:resolve")),
    "exchange": (("exchange.replaced",), ("exchange.overdue",)),
    "invoice": (("invoice.issued",), ("invoice.overdue",)),
}  # fmt: skip
PROMISES = tuple(_PROMISES)


async def broken(tx: Tx, kinds: list[str]) -> dict[str, int]:
    """How much of each kind is broken, as far as the reader sees it; what is whole is left out."""
    asked = [kind for kind in kinds if kind in _BROKEN]
    if not asked:
        return {}
    parts = [f"SELECT '{kind}' AS kind, count(*) FROM ({_BROKEN[kind]} LIMIT {MOST}) AS q" for kind in asked]  # noqa: S608
    rows = await tx.fetch(" UNION ALL ".join(parts))
    return {row["kind"]: row["count"] for row in rows if row["count"]}


async def machinery(connection: Any) -> dict[str, int]:
    """How many reactions and jobs wait for somebody to look; of the platform's own, so asked without row security."""
    parts = [f"SELECT '{kind}' AS kind, count(*) FROM ({sql} LIMIT {MOST}) AS q" for kind, sql in _MACHINERY.items()]  # noqa: S608
    rows = await connection.fetch(" UNION ALL ".join(parts))
    return {row["kind"]: row["count"] for row in rows if row["count"]}


async def promises(tx: Tx, *, since: datetime, until: datetime, merchant_id: int | None = None) -> list[Kept]:
    """How promises were kept in a period, from its facts; promises that nobody had to keep are left out."""
    wires = {wire.partition(":")[0] for done, missed in _PROMISES.values() for wire in (*done, *missed)}
    rows = await tx.fetch(
        """
        SELECT wire, COALESCE(data ->> 'promise', data ->> 'reason', '') AS what, count(DISTINCT subject_id) AS things
        FROM facts
        WHERE at >= $1 AND at < $2 AND wire = ANY($3::text[]) AND ($4::bigint IS NULL OR merchant_id = $4)
        GROUP BY wire, what
        """,
        since,
        until,
        sorted(wires),
        merchant_id,
    )
    counts: dict[str, int] = {}
    for row in rows:
        for key in {row["wire"], f"{row['wire']}:{row['what']}"}:
            counts[key] = counts.get(key, 0) + row["things"]
    kept = [
        Kept(name, sum(counts.get(wire, 0) for wire in done), sum(counts.get(wire, 0) for wire in missed))
        for name, (done, missed) in _PROMISES.items()
    ]
    return [one for one in kept if one.done or one.missed]


async def next_deadline(tx: Tx, merchant_id: int | None) -> datetime | None:
    """When the next clock of one merchant ends; for the platform nobody's in particular."""
    if merchant_id is None:
        return None
    at: datetime | None = await tx.fetchval(
        """
        SELECT due_at FROM deadlines WHERE merchant_id = $1 AND due_at > $2 AND paused_at IS NULL
        ORDER BY due_at LIMIT 1
        """,
        merchant_id,
        tx.now,
    )
    return at
