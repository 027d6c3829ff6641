"""Which rows changed since somebody looked, told from the transactions that wrote them: no column, no index, no write."""

from dingdan.plumbing.tx import Tx

# PostgreSQL keeps the low half of the writing transaction's number with each row. Every transaction below the horizon
# has ended, so whoever asks again from there misses nothing and may see a row twice.
HALF = 1 << 31


async def horizon(tx: Tx) -> int:
    """The number below which every transaction has ended."""
    number: int = await tx.fetchval("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
    return number


def condition(row: str, parameter: str) -> str:
    """SQL that holds for rows written since a transaction; where that is NULL, for all of them."""
    return f"({parameter}::bigint IS NULL OR (({row}.xmin::text::bigint - {parameter}) & 4294967295) < {HALF})"


def usable(since: int, now: int) -> int | None:
    """The number to compare with, or None where it says nothing: a restored database counts anew, and only half of

    all numbers lie behind another one.
    """
    return since if 0 < since <= now < since + HALF // 2 else None
