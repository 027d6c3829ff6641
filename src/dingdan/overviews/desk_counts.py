"""How much waits at each desk and how much of it is late, for the marks beside their names. Counting stops at a thousand."""

from datetime import datetime

import msgspec

from dingdan.plumbing.tx import Tx

MOST = 1_000


class Waiting(msgspec.Struct, frozen=True):
    """What waits at one desk; `late` of it is past its time, `at_risk` has less than two hours, the first is due at `first`."""

    desk: str
    count: int
    late: int
    at_risk: int
    first: datetime | None = None


# What waits, and until when, by desk; each in the words that its queue uses, so that the two never disagree.
_QUEUES = {
    "review": "SELECT due_at FROM reviews WHERE state IN ('open', 'claimed', 'asked', 'signed', 'escalated')",
    "fulfil": "SELECT ship_by AS due_at FROM work_orders WHERE state IN ('queued', 'picking', 'packed')",
    "exceptions": "SELECT due_at FROM cases WHERE state IN ('open', 'investigating', 'remedied')",
    "returns": "SELECT d.due_at FROM returns r LEFT JOIN deadlines d ON d.subject_id = r.id AND d.kind = 'return.review'"
               " AND d.paused_at IS NULL WHERE r.decision = 'requested'",
    "inspection": "SELECT d.due_at FROM returns r LEFT JOIN deadlines d ON d.subject_id = r.id"
                  " AND d.kind = 'return.inspect_by' AND d.paused_at IS NULL WHERE r.journey = 'received'"
                  " AND r.outcome = 'open' AND r.decision = 'approved' AND r.resolution <> 'repair'",
    "unmatched": "SELECT match_by AS due_at FROM strays WHERE state IN ('open', 'asked')",
    "exchanges": "SELECT NULL::timestamptz AS due_at FROM exchanges"
                 " WHERE state NOT IN ('done', 'refunded', 'dropped')",
    "refunds": "SELECT NULL::timestamptz AS due_at FROM refunds"
               " WHERE state IN ('requested', 'unknown', 'failed', 'offline')",
    "disputes": "SELECT t.due_at FROM disputes d LEFT JOIN deadlines t ON t.subject_id = d.id AND t.paused_at IS NULL"
                " AND t.kind LIKE 'dispute.%' WHERE d.state NOT IN ('executed', 'withdrawn', 'agreed')",
}  # fmt: skip
DESKS = tuple(_QUEUES)


async def waiting(tx: Tx, desks: list[str]) -> dict[str, Waiting]:
    """What waits at these desks, as far as the reader sees it."""
    asked = [desk for desk in desks if desk in _QUEUES]
    if not asked:
        return {}
    parts = [
        f"SELECT '{desk}' AS desk, count(*), count(*) FILTER (WHERE due_at < $1) AS late,"  # noqa: S608 - our own words
        f" count(*) FILTER (WHERE due_at >= $1 AND due_at < $1 + interval '2 hours') AS at_risk,"
        f" min(due_at) AS first"
        f" FROM ({_QUEUES[desk]} LIMIT {MOST}) AS q"
        for desk in asked
    ]
    rows = await tx.fetch(" UNION ALL ".join(parts), tx.now)
    return {row["desk"]: Waiting(**dict(row)) for row in rows}
