"""The statements about wrong coupon codes."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from dingdan.plumbing.tx import Tx

# So many are let go of at once; the rest the next time.
MOST_SWEPT = 10_000


async def of(tx: Tx, whos: Collection[str]) -> list[Any]:
    """How many wrong codes each of them tried, and since when."""
    return await tx.fetch("SELECT who, wrong, since FROM coupon_tries WHERE who = ANY($1::text[])", sorted(whos))


async def add(tx: Tx, wrong: Mapping[str, int], *, begun_before: datetime) -> None:
    """Add to the counts, by name; one that began before that begins anew."""
    ordered = sorted(wrong)
    await tx.execute(
        """
        INSERT INTO coupon_tries AS t (who, wrong, since)
        SELECT w, n, $3 FROM unnest($1::text[], $2::int[]) AS k (w, n) ORDER BY w
        ON CONFLICT (who) DO UPDATE SET
            wrong = CASE WHEN t.since <= $4 THEN 0 ELSE t.wrong END + excluded.wrong,
            since = CASE WHEN t.since <= $4 THEN excluded.since ELSE t.since END
        """,
        ordered, [wrong[who] for who in ordered], tx.now, begun_before,
    )  # fmt: skip


async def sweep(tx: Tx, *, begun_before: datetime) -> int:
    """Delete counts that began before that and that nobody is writing; says how many."""
    return await tx.execute(
        """
        DELETE FROM coupon_tries WHERE who IN (
            SELECT who FROM coupon_tries WHERE since <= $1 ORDER BY since LIMIT $2 FOR UPDATE SKIP LOCKED)
        """,
        begun_before, MOST_SWEPT,
    )  # fmt: skip
