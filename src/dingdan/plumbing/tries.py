"""How often somebody was wrong about what can be guessed: counted in the database, forgotten when it is over."""

from collections.abc import Collection, Mapping
from datetime import datetime

from dingdan.kernel.patience import LONGEST, Patience
from dingdan.plumbing.tx import Tx

# So many counts are let go of at once; the rest the next time.
MOST_SWEPT = 10_000


async def waiting(tx: Tx, patience: Patience, names: Collection[str]) -> dict[str, datetime]:
    """Those of them that were wrong too often, and until when they wait."""
    rows = await tx.fetch(
        "SELECT who, wrong, since FROM wrong_tries WHERE about = $1 AND who = ANY($2::text[]) AND since > $3",
        patience.about, sorted(names), tx.now - patience.window,
    )  # fmt: skip
    limits = {row["who"]: patience.limit_of(row["who"]) for row in rows}
    return {
        row["who"]: row["since"] + patience.window
        for row in rows
        if (limit := limits[row["who"]]) is not None and row["wrong"] >= limit
    }


async def note(tx: Tx, patience: Patience, wrong: Mapping[str, int]) -> None:
    """Count so many more wrong tries, by name, after everything else is locked; a window that is over begins anew."""
    counted = {who: n for who, n in sorted(wrong.items()) if n and patience.limit_of(who) is not None}
    if counted:
        await tx.execute(
            """
            INSERT INTO wrong_tries AS t (about, who, wrong, since)
            SELECT $1, w, n, $4 FROM unnest($2::text[], $3::int[]) AS k (w, n) ORDER BY w
            ON CONFLICT (about, who) DO UPDATE SET
                wrong = CASE WHEN t.since <= $5 THEN 0 ELSE t.wrong END + excluded.wrong,
                since = CASE WHEN t.since <= $5 THEN excluded.since ELSE t.since END
            """,
            patience.about, list(counted), list(counted.values()), tx.now, tx.now - patience.window,
        )  # fmt: skip


async def sweep(tx: Tx) -> int:
    """Let go of counts that are over and that nobody is writing; says how many."""
    return await tx.execute(
        """
        DELETE FROM wrong_tries WHERE (about, who) IN (
            SELECT about, who FROM wrong_tries WHERE since <= $1 ORDER BY since LIMIT $2 FOR UPDATE SKIP LOCKED)
        """,
        tx.now - LONGEST, MOST_SWEPT,
    )  # fmt: skip
