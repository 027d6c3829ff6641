"""Statements about agreements, periods and the lines in them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from dingdan.areas.settlements.lifecycle import SETTLEMENT
from dingdan.areas.settlements.model import PAYING, Agreement, Line, NewLine, SaveAgreement, Settlement
from dingdan.kernel.event import Moved
from dingdan.plumbing import lifecycles
from dingdan.plumbing.tx import Tx

_AGREEMENT = ", ".join(Agreement.__struct_fields__)
_SETTLEMENT = ", ".join(Settlement.__struct_fields__)
_LINE = ", ".join(Line.__struct_fields__)
Account = tuple[int, str]
# So many lines go into one run of payouts, the oldest first; what is left waits for the next.
MOST_LINES = 200_000


async def add_agreement(tx: Tx, wanted: SaveAgreement) -> Agreement:
    """Write the next version; two at once wait for each other, so that numbers have no gaps."""
    await tx.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", f"agreement {wanted.merchant_id} {wanted.currency}"
    )
    row = await tx.fetchrow(
        f"""
        INSERT INTO agreements (id, merchant_id, currency, number, valid_from, terms, created_at)
        SELECT $1, $2, $3, 1 + COALESCE(max(number), 0), $4, $5, $6 FROM agreements
        WHERE merchant_id = $2 AND currency = $3
        RETURNING {_AGREEMENT}
        """,  # noqa: S608
        tx.mint(),
        wanted.merchant_id,
        wanted.currency,
        wanted.valid_from or tx.now,
        msgspec.to_builtins(wanted.terms),
        tx.now,
    )
    return _agreement(row)


async def agreements(tx: Tx, accounts: Iterable[Account]) -> list[Agreement]:
    """Every version with these merchants in these currencies, oldest first."""
    wanted = list(accounts)
    rows = await tx.fetch(
        f"""
        SELECT {_AGREEMENT} FROM agreements JOIN unnest($1::bigint[], $2::text[]) AS w (m, c)
            ON merchant_id = m AND currency = c ORDER BY merchant_id, currency, number
        """,  # noqa: S608
        [merchant_id for merchant_id, _ in wanted],
        [currency for _, currency in wanted],
    )
    return [_agreement(row) for row in rows]


async def listed_agreements(tx: Tx, merchant_id: int | None, *, after: int | None, limit: int) -> list[Agreement]:
    """Agreements of one merchant or of all, newest first."""
    rows = await tx.fetch(
        f"""
        SELECT {_AGREEMENT} FROM agreements
        WHERE ($1::bigint IS NULL OR merchant_id = $1) AND ($2::bigint IS NULL OR id < $2) ORDER BY id DESC LIMIT $3
        """,  # noqa: S608
        merchant_id,
        after,
        limit,
    )
    return [_agreement(row) for row in rows]


async def merchants_with(tx: Tx, currency: str) -> list[int]:
    """Merchants that something was ever agreed on with in a currency."""
    rows = await tx.fetch("SELECT DISTINCT merchant_id AS id FROM agreements WHERE currency = $1 ORDER BY 1", currency)
    return [row["id"] for row in rows]


async def last_settlement(tx: Tx, account: Account) -> Settlement | None:
    """The latest period of an account, held open: nobody closes it while this transaction books."""
    row = await tx.fetchrow(
        f"""
        SELECT {_SETTLEMENT} FROM settlements WHERE merchant_id = $1 AND currency = $2
        ORDER BY starts_at DESC LIMIT 1 FOR SHARE
        """,  # noqa: S608
        *account,
    )
    return None if row is None else _settlement(row)


async def open_settlement(tx: Tx, account: Account, starts_at: datetime, ends_at: datetime) -> int | None:
    """Begin a period; None where somebody else just did."""
    opened: int | None = await tx.fetchval(
        """
        INSERT INTO settlements (id, merchant_id, currency, starts_at, ends_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (merchant_id, currency, starts_at) DO NOTHING RETURNING id
        """,
        tx.mint(),
        *account,
        starts_at,
        ends_at,
    )
    return opened


async def settlements(tx: Tx, ids: Iterable[int], *, lock: bool = False) -> dict[int, Settlement]:
    """Periods by id, lowest first."""
    rows = await tx.fetch(
        f"""
        SELECT {_SETTLEMENT} FROM settlements WHERE id = ANY($1::bigint[]) ORDER BY id {"FOR UPDATE" if lock else ""}
        """,  # noqa: S608
        list(ids),
    )
    return {row["id"]: _settlement(row) for row in rows}


async def before(tx: Tx, one: Settlement) -> Settlement | None:
    """The period before this one."""
    row = await tx.fetchrow(
        f"""
        SELECT {_SETTLEMENT} FROM settlements WHERE merchant_id = $1 AND currency = $2 AND starts_at < $3
        ORDER BY starts_at DESC LIMIT 1
        """,  # noqa: S608
        one.merchant_id,
        one.currency,
        one.starts_at,
    )
    return None if row is None else _settlement(row)


async def move(tx: Tx, verb: str, ids: Iterable[int], **values: Any) -> dict[int, Moved]:
    """Move periods along their lifecycle."""
    return await lifecycles.move(tx, "settlements", SETTLEMENT, verb, ids, **values)


async def add_lines(tx: Tx, lines: Sequence[tuple[int, int, NewLine]]) -> None:
    """Write lines, each with its id and its period."""
    await tx.copy(
        "settlement_lines",
        ("id", "settlement_id", "merchant_id", "currency", "kind", "detail", "subject_id", "n", "order_id", "amount",
         "at"),
        [
            (line_id, settlement_id, line.merchant_id, line.currency, str(line.due.kind), line.due.detail,
             line.due.subject_id, line.due.n, line.order_id, line.due.amount, tx.now)
            for line_id, settlement_id, line in lines
        ],
    )  # fmt: skip


async def lines_of_orders(tx: Tx, order_ids: Iterable[int]) -> list[Line]:
    """Every line of these orders, oldest first."""
    rows = await tx.fetch(
        f"SELECT {_LINE} FROM settlement_lines WHERE order_id = ANY($1::bigint[]) ORDER BY id",  # noqa: S608
        list(order_ids),
    )
    return [_line(row) for row in rows]


async def lines(tx: Tx, settlement_id: int, *, after: int | None, limit: int) -> list[Line]:
    """The lines of a period, oldest first."""
    rows = await tx.fetch(
        f"""
        SELECT {_LINE} FROM settlement_lines WHERE settlement_id = $1 AND ($2::bigint IS NULL OR id > $2)
        ORDER BY id LIMIT $3
        """,  # noqa: S608
        settlement_id,
        after,
        limit,
    )
    return [_line(row) for row in rows]


async def sums(tx: Tx, settlement_ids: Collection[int]) -> dict[int, dict[str, int]]:
    """What the lines of periods come to, by kind."""
    found: dict[int, dict[str, int]] = {i: {} for i in settlement_ids}
    rows = await tx.fetch(
        """
        SELECT settlement_id, kind, sum(amount)::bigint AS amount FROM settlement_lines
        WHERE settlement_id = ANY($1::bigint[]) GROUP BY settlement_id, kind ORDER BY settlement_id, kind
        """,
        list(settlement_ids),
    )
    for row in rows:
        found[row["settlement_id"]][row["kind"]] = row["amount"]
    return found


async def unpaid(tx: Tx, accounts: Sequence[Account]) -> list[Any]:
    """Lines of closed periods that no payout takes. Their periods are locked, so that two runs never see the same."""
    merchant_ids, currencies = [m for m, _ in accounts], [c for _, c in accounts]
    await tx.execute(
        """
        SELECT FROM settlements JOIN unnest($1::bigint[], $2::text[]) AS w (m, c) ON merchant_id = m AND currency = c
        WHERE state = 'closed' ORDER BY settlements.id FOR UPDATE OF settlements
        """,
        merchant_ids,
        currencies,
    )
    return await tx.fetch(
        """
        SELECT l.id, l.merchant_id, l.order_id, l.amount, l.kind, l.subject_id FROM settlement_lines l
        JOIN unnest($1::bigint[], $2::text[]) AS w (m, c) ON l.merchant_id = m AND l.currency = c
        JOIN settlements s ON s.id = l.settlement_id AND s.state = 'closed'
        WHERE NOT l.kind = ANY($3::text[]) AND NOT EXISTS (
            SELECT FROM payout_items i WHERE i.settlement_line_id = l.id AND i.released_at IS NULL)
        ORDER BY l.id LIMIT $4
        """,
        merchant_ids,
        currencies,
        [str(kind) for kind in PAYING],
        MOST_LINES,
    )


def _agreement(row: Any) -> Agreement:
    return msgspec.convert(dict(row), Agreement)


def _settlement(row: Any) -> Settlement:
    return msgspec.convert(dict(row), Settlement)


def _line(row: Any) -> Line:
    return msgspec.convert(dict(row), Line)
