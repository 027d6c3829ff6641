"""Every statement of the ledger. Nothing here changes or deletes."""

from collections.abc import Iterable, Sequence
from typing import Any

from dingdan.areas.ledger.model import Balance, Posting
from dingdan.plumbing.tx import Tx

AccountKey = tuple[int | None, str, str]


async def accounts(tx: Tx, wanted: Sequence[AccountKey]) -> dict[AccountKey, int]:
    """Ids of accounts by (merchant, code, currency); the platform's have no merchant and are asked for apart."""
    rows = await tx.fetch(
        """
        SELECT id, merchant_id, code, currency FROM accounts
        JOIN unnest($1::bigint[], $2::text[], $3::text[]) AS w (m, c, y)
            ON merchant_id = w.m AND code = w.c AND currency = w.y
        """,
        *_columns(wanted),
    )
    if any(merchant_id is None for merchant_id, _, _ in wanted):
        rows += await tx.fetch("SELECT id, merchant_id, code, currency FROM accounts WHERE merchant_id IS NULL")
    return {(row["merchant_id"], row["code"], row["currency"]): row["id"] for row in rows}


async def open_accounts(tx: Tx, wanted: Sequence[AccountKey]) -> None:
    """Open accounts; whoever is second waits for the first and opens nothing."""
    await tx.execute(
        """
        INSERT INTO accounts (id, merchant_id, code, currency)
        SELECT i, m, c, y FROM unnest($4::bigint[], $1::bigint[], $2::text[], $3::text[]) AS new (i, m, c, y)
        ORDER BY m, c, y
        ON CONFLICT (merchant_id, code, currency) DO NOTHING
        """,
        *_columns(wanted),
        tx.mint_many(len(wanted)),
    )


async def add_postings(tx: Tx, postings: Sequence[Posting]) -> list[tuple[int, Posting]]:
    """Write those whose cause is new, in a fixed order; gives back their ids."""
    by_id = dict(zip(tx.mint_many(len(postings)), postings, strict=True))
    rows = await tx.fetch(
        """
        INSERT INTO postings (id, merchant_id, source, source_id, order_id, currency, at)
        SELECT i, m, s, c, o, y, $7
        FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::text[])
            AS new (i, m, s, c, o, y)
        ORDER BY s, c
        ON CONFLICT (source, source_id) DO NOTHING
        RETURNING id
        """,
        list(by_id),
        [posting.merchant_id for posting in postings],
        [posting.source for posting in postings],
        [posting.source_id for posting in postings],
        [posting.order_id for posting in postings],
        [posting.currency for posting in postings],
        tx.now,
    )
    return [(row["id"], by_id[row["id"]]) for row in rows]


async def add_entries(tx: Tx, rows: Iterable[Sequence[Any]]) -> None:
    """Write the legs of new postings."""
    await tx.copy("entries", ("posting_id", "n", "account_id", "merchant_id", "currency", "amount"), rows)


async def balances(tx: Tx, merchant_id: int | None) -> list[Balance]:
    """What stands on the accounts of one merchant, or of all."""
    rows = await tx.fetch(
        """
        SELECT a.merchant_id, a.code AS account, a.currency, COALESCE(sum(e.amount), 0)::bigint AS amount
        FROM accounts a LEFT JOIN entries e ON e.account_id = a.id
        WHERE $1::bigint IS NULL OR a.merchant_id = $1
        GROUP BY a.id ORDER BY a.merchant_id, a.currency, a.code
        """,
        merchant_id,
    )
    return [Balance(**dict(row)) for row in rows]


async def entries(tx: Tx, order_ids: Iterable[int]) -> list[Any]:
    """All legs that moved money of these orders, oldest first."""
    return await tx.fetch(
        """
        SELECT p.order_id, e.posting_id, p.source, p.source_id, a.code AS account, e.currency, e.amount, p.at
        FROM postings p JOIN entries e ON e.posting_id = p.id JOIN accounts a ON a.id = e.account_id
        WHERE p.order_id = ANY($1::bigint[]) ORDER BY p.id, e.n
        """,
        list(order_ids),
    )


async def postings_of(tx: Tx, source: str, source_ids: Sequence[int]) -> dict[int, int]:
    """{cause: posting} of causes of one kind."""
    rows = await tx.fetch(
        "SELECT source_id, id FROM postings WHERE source = $1 AND source_id = ANY($2::bigint[])", source, source_ids
    )
    return {row["source_id"]: row["id"] for row in rows}


def _columns(wanted: Sequence[AccountKey]) -> tuple[list[int | None], list[str], list[str]]:
    return [m for m, _, _ in wanted], [c for _, c, _ in wanted], [y for _, _, y in wanted]
