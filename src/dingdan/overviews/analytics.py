"""What a period was like: what came back and why, how long money took, and what was lost. By facts of the period only."""

from datetime import datetime, timedelta

import msgspec

from dingdan.kernel.page import Page
from dingdan.plumbing.tx import Tx

MOST = 20


class Span(msgspec.Struct, frozen=True):
    """From when until when, and of whom; None for everybody within reach."""

    since: datetime
    until: datetime
    merchant_id: int | None = None

    @property
    def before(self) -> "Span":
        """The period of the same length before it."""
        return Span(self.since - (self.until - self.since), self.since, self.merchant_id)


class Figure(msgspec.Struct, frozen=True):
    """How many returns and units have something in common; `words` is what it is called, where somebody named it."""

    key: str
    words: dict[str, str] | None
    returns: int
    units: int


class Stage(msgspec.Struct, frozen=True):
    """How long one stage of a refund took: half were not slower than `median`, nine of ten not than `most`."""

    stage: str
    samples: int
    median: timedelta
    most: timedelta


class Loss(msgspec.Struct, frozen=True):
    """What was paid or written off for one cause, in one currency; what came back is less than nothing."""

    cause: str
    currency: str
    times: int
    amount: int


class Case(msgspec.Struct, frozen=True):
    """A return behind a figure."""

    id: int
    order_id: int
    merchant_id: int
    requested_at: datetime
    decision: str
    journey: str
    outcome: str


# The returns of a period with their lines, found by the facts of the period and from there by keys.
_TOLD = """
    WITH told AS (
        SELECT subject_id, order_id FROM facts
        WHERE at >= $1 AND at < $2 AND wire = 'return.requested' AND ($3::bigint IS NULL OR merchant_id = $3)
    ), lines AS (
        SELECT l.* FROM told t JOIN return_lines l ON l.order_id = t.order_id AND l.return_id = t.subject_id
    )
"""
# By what returns can be counted: what the figures have in common, and what that is called.
_BY = {
    "reason": ("lower(l.reason)", "NULL::jsonb", ""),
    "sku": ("p.sku", "p.title", "JOIN products p ON p.id = l.product_id"),
    "merchant": ("m.code", "m.name", "JOIN merchants m ON m.id = l.merchant_id"),
    "channel": ("c.code", "c.name", "JOIN orders o ON o.id = l.order_id JOIN channels c ON c.id = o.channel_id"),
}  # fmt: skip
BY = tuple(_BY)


async def returns_by(tx: Tx, by: str, span: Span) -> list[Figure]:
    """Returns asked for in a period, by what they have in common; the most first."""
    key, words, joins = _BY[by]
    rows = await tx.fetch(
        f"""
        {_TOLD}
        SELECT {key} AS key, (array_agg({words}))[1] AS words, count(DISTINCT l.return_id) AS returns,
               sum(l.quantity)::bigint AS units
        FROM lines l {joins} GROUP BY 1 ORDER BY returns DESC, key LIMIT {MOST}
        """,  # noqa: S608 - our own words
        span.since,
        span.until,
        span.merchant_id,
    )
    return [Figure(**dict(row)) for row in rows]


async def cases_behind(tx: Tx, by: str, key: str, span: Span, slice_: Page) -> list[Case]:
    """The returns behind one figure, newest first; one more than the slice asks for."""
    column, _, joins = _BY[by]
    rows = await tx.fetch(
        f"""
        {_TOLD}
        SELECT r.id, r.order_id, r.merchant_id, r.requested_at, r.decision, r.journey, r.outcome FROM returns r
        WHERE r.id IN (SELECT l.return_id FROM lines l {joins} WHERE {column} = $4) AND r.id < $5
        ORDER BY r.id DESC LIMIT {slice_.limit + 1}
        """,  # noqa: S608
        span.since,
        span.until,
        span.merchant_id,
        key,
        slice_.after or 2**63 - 1,
    )
    return [Case(**dict(row)) for row in rows]


async def returns_asked(tx: Tx, span: Span) -> int:
    """How many returns were asked for."""
    number: int = await tx.fetchval(
        f"{_TOLD} SELECT count(*) FROM told",  # noqa: S608
        span.since,
        span.until,
        span.merchant_id,
    )
    return number


async def refund_times(tx: Tx, span: Span) -> list[Stage]:
    """How long refunds of returns took that arrived in a period, whole and by stage; stages nobody went through are out."""
    rows = await tx.fetch(
        """
        WITH settled AS (
            SELECT at, (data ->> 'cause_id')::bigint AS return_id FROM facts
            WHERE at >= $1 AND at < $2 AND wire = 'refund.settled' AND data ->> 'cause' = 'return'
                AND ($3::bigint IS NULL OR merchant_id = $3)
        ), stages AS (
            SELECT one.* FROM settled s JOIN returns r ON r.id = s.return_id CROSS JOIN LATERAL (VALUES
                (0, 'review', r.decided_at - r.requested_at), (1, 'transit', r.received_at - r.decided_at),
                (2, 'inspection', r.inspected_at - r.received_at),
                (3, 'payment', s.at - COALESCE(r.inspected_at, r.decided_at)), (4, 'whole', s.at - r.requested_at)
            ) AS one (place, stage, took)
        )
        SELECT stage, count(*) AS samples, percentile_cont(0.5) WITHIN GROUP (ORDER BY took) AS median,
            percentile_cont(0.9) WITHIN GROUP (ORDER BY took) AS most
        FROM stages WHERE took >= interval '0' GROUP BY place, stage ORDER BY place
        """,
        span.since,
        span.until,
        span.merchant_id,
    )
    return [Stage(**dict(row)) for row in rows]


async def losses(tx: Tx, span: Span) -> list[Loss]:
    """What was paid back, given, written off and recovered in a period, by cause and currency; the most first."""
    rows = await tx.fetch(
        """
        WITH told AS (
            SELECT wire, data, order_id FROM facts
            WHERE at >= $1 AND at < $2 AND ($3::bigint IS NULL OR merchant_id = $3) AND wire = ANY($4::text[])
        ), each AS (
            SELECT 'refund:' || (data ->> 'cause') AS cause, data ->> 'currency' AS currency,
                (data ->> 'amount')::bigint AS amount FROM told WHERE wire = 'refund.settled'
            UNION ALL
            SELECT 'remedy:' || (data ->> 'kind'), data ->> 'currency', (data ->> 'amount')::bigint FROM told
            WHERE wire = 'remedy.executed' AND data ->> 'kind' = 'compensation'
            UNION ALL
            SELECT 'label', data ->> 'currency', (data ->> 'cost')::bigint FROM told WHERE wire = 'return_label.made'
            UNION ALL
            SELECT 'recovered', data ->> 'currency', -(data ->> 'amount')::bigint FROM told WHERE wire = 'claim.recovered'
            UNION ALL
            SELECT 'write_down', o.currency, d.value - d.recovered FROM told t
            JOIN dispositions d ON d.id = (t.data ->> 'disposition_id')::bigint JOIN orders o ON o.id = d.order_id
            WHERE t.wire = 'goods.disposed' AND d.is_ours
        )
        SELECT cause, currency, count(*) AS times, sum(amount)::bigint AS amount FROM each
        GROUP BY cause, currency HAVING sum(amount) <> 0 ORDER BY currency, amount DESC, cause
        """,
        span.since,
        span.until,
        span.merchant_id,
        ["refund.settled", "remedy.executed", "return_label.made", "claim.recovered", "goods.disposed"],
    )
    return [Loss(**dict(row)) for row in rows]


def total(found: list[Loss], currency: str) -> int:
    """All of it in one currency."""
    return sum(one.amount for one in found if one.currency == currency)
