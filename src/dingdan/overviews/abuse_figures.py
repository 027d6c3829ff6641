"""How often flags were wrong: of those that a person has decided, the share that was lifted, and what that is worth."""

from datetime import datetime
from typing import Literal

import msgspec

from dingdan.kernel.rates import wilson
from dingdan.plumbing.tx import Tx

# R7.5, per mille.
TARGET = 30

Verdict = Literal["met", "missed", "too_few"]


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """Flags that were opened within a time. `reviewed` were decided by a person, `overturned` are those of them that were

    lifted; rates per mille with the bounds of the true one (95 percent). `unanswered` were lifted because nobody looked.
    """

    opened: int
    living: int
    reviewed: int
    overturned: int
    unanswered: int
    expired: int
    measures: int
    rate: int | None
    low: int
    high: int
    target: int
    verdict: Verdict


def judged(reviewed: int, overturned: int) -> tuple[int | None, int, int, Verdict]:
    """Rate, bounds and what can be said of the target: nothing while it lies between the bounds."""
    low, high = (round(1000 * bound) for bound in wilson(overturned, reviewed))
    verdict: Verdict = "met" if high < TARGET else "missed" if low > TARGET else "too_few"
    return (round(1000 * overturned / reviewed) if reviewed else None), low, high, verdict


async def figures(tx: Tx, *, merchant_id: int | None, since: datetime, until: datetime) -> Figures:
    """The figures of one merchant, or of all."""
    row = await tx.fetchrow(
        """
        SELECT count(*) AS opened, count(*) FILTER (WHERE ended_at IS NULL) AS living,
               count(*) FILTER (WHERE decided_by IS NOT NULL) AS reviewed,
               count(*) FILTER (WHERE decided_by IS NOT NULL AND state = 'lifted') AS overturned,
               count(*) FILTER (WHERE decided_by IS NULL AND lift_reason = 'unanswered') AS unanswered,
               count(*) FILTER (WHERE state = 'expired') AS expired,
               (SELECT count(*) FROM abuse_measures m JOIN abuse_flags g ON g.id = m.flag_id
                WHERE ($1::bigint IS NULL OR g.merchant_id = $1) AND g.opened_at >= $2 AND g.opened_at < $3) AS measures
        FROM abuse_flags f WHERE ($1::bigint IS NULL OR merchant_id = $1) AND opened_at >= $2 AND opened_at < $3
        """,
        merchant_id,
        since,
        until,
    )
    assert row is not None, "counting gives one row"
    rate, low, high, verdict = judged(row["reviewed"], row["overturned"])
    return Figures(**dict(row), rate=rate, low=low, high=high, target=TARGET, verdict=verdict)
