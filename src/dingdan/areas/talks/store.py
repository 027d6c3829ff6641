"""Every statement of talks; whoever writes holds the order's lock, so a return and all that is said of it stand still."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

import msgspec

from dingdan.areas.talks.lifecycle import OFFER, QUESTION, WITHDRAWAL
from dingdan.areas.talks.model import Offer, Question, Remark, Withdrawal
from dingdan.kernel.event import Moved
from dingdan.plumbing import lifecycles
from dingdan.plumbing.tx import Tx

_REMARK = ", ".join(Remark.__struct_fields__)
_QUESTION = ", ".join(Question.__struct_fields__)
_OFFER = ", ".join(Offer.__struct_fields__)
_WITHDRAWAL = ", ".join(Withdrawal.__struct_fields__)


async def add_remark(tx: Tx, new: Remark) -> None:
    """Write what was said."""
    names = Remark.__struct_fields__
    await tx.copy("return_remarks", names, [tuple(_plain(getattr(new, name)) for name in names)])


async def remarks(tx: Tx, return_id: int) -> list[Remark]:
    """What was said about a return, oldest first."""
    rows = await tx.fetch(f"SELECT {_REMARK} FROM return_remarks WHERE return_id = $1 ORDER BY id", return_id)  # noqa: S608
    return [msgspec.convert(dict(row), Remark) for row in rows]


async def let_go(tx: Tx, return_ids: Collection[int]) -> list[Remark]:
    """What waited about returns is sent; gives it, oldest first."""
    rows = await tx.fetch(
        f"""
        WITH gone AS (
            UPDATE return_remarks SET held_until = NULL
            WHERE return_id = ANY($1::bigint[]) AND held_until IS NOT NULL RETURNING {_REMARK}
        )
        SELECT * FROM gone ORDER BY id
        """,  # noqa: S608 - our columns
        list(return_ids),
    )
    return [msgspec.convert(dict(row), Remark) for row in rows]


async def unsay(tx: Tx, return_id: int, kind: str, number: int | None) -> tuple[int, int]:
    """What somebody wrote about a return and what still waits is gone; says how much that was, and what of others waits."""
    gone = await tx.execute(
        """
        DELETE FROM return_remarks
        WHERE return_id = $1 AND held_until IS NOT NULL AND said_by_kind = $2 AND said_by IS NOT DISTINCT FROM $3
        """,
        return_id,
        kind,
        number,
    )
    left: int = await tx.fetchval(
        "SELECT count(*) FROM return_remarks WHERE return_id = $1 AND held_until IS NOT NULL", return_id
    )
    return gone, left


async def remark_counts(tx: Tx, return_ids: Collection[int]) -> dict[int, int]:
    """How much was said about returns."""
    rows = await tx.fetch(
        "SELECT return_id, count(*)::int AS n FROM return_remarks WHERE return_id = ANY($1::bigint[]) GROUP BY return_id",
        list(return_ids),
    )
    return {row["return_id"]: row["n"] for row in rows}


async def add_question(tx: Tx, new: Question) -> None:
    """Write the one round of questions about a return."""
    names = [name for name in Question.__struct_fields__ if name not in ("state", "version", "answered_at")]
    await tx.copy("return_questions", names, [tuple(getattr(new, name) for name in names)])


async def questions(tx: Tx, return_ids: Collection[int]) -> dict[int, Question]:
    """The questions about returns, by return."""
    rows = await tx.fetch(
        f"SELECT {_QUESTION} FROM return_questions WHERE return_id = ANY($1::bigint[])",  # noqa: S608
        list(return_ids),
    )
    return {row["return_id"]: msgspec.convert(dict(row), Question) for row in rows}


async def move_questions(tx: Tx, verb: str, ids: Iterable[int], **values: Any) -> dict[int, Moved]:
    """Move questions along their lifecycle; only those that may go."""
    return await lifecycles.move(tx, "return_questions", QUESTION, verb, ids, **values)


async def add_offer(tx: Tx, new: Offer) -> None:
    """Write a new offer."""
    names = [name for name in Offer.__struct_fields__ if name not in ("state", "version")]
    await tx.copy("return_offers", names, [tuple(_plain(getattr(new, name)) for name in names)])


async def offers(tx: Tx, ids: Collection[int]) -> list[Offer]:
    """Offers by id."""
    rows = await tx.fetch(f"SELECT {_OFFER} FROM return_offers WHERE id = ANY($1::bigint[]) ORDER BY id", list(ids))  # noqa: S608
    return [msgspec.convert(dict(row), Offer) for row in rows]


async def offers_of(tx: Tx, return_ids: Collection[int]) -> list[Offer]:
    """The offers about returns, oldest first."""
    rows = await tx.fetch(
        f"SELECT {_OFFER} FROM return_offers WHERE return_id = ANY($1::bigint[]) ORDER BY id",  # noqa: S608
        list(return_ids),
    )
    return [msgspec.convert(dict(row), Offer) for row in rows]


async def move_offers(tx: Tx, verb: str, ids: Iterable[int], **values: Any) -> dict[int, Moved]:
    """Move offers along their lifecycle; only those that may go."""
    return await lifecycles.move(tx, "return_offers", OFFER, verb, ids, **values)


async def add_withdrawal(tx: Tx, new: Withdrawal) -> None:
    """Write a statement of withdrawal."""
    await tx.execute(
        """
        INSERT INTO withdrawals (id, order_id, merchant_id, buyer_id, lines, sealed, stated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        new.id,
        new.order_id,
        new.merchant_id,
        new.buyer_id,
        msgspec.to_builtins(new.lines),
        new.sealed,
        new.stated_at,
    )


async def withdrawals(tx: Tx, ids: Collection[int]) -> list[Withdrawal]:
    """Statements by id."""
    rows = await tx.fetch(f"SELECT {_WITHDRAWAL} FROM withdrawals WHERE id = ANY($1::bigint[]) ORDER BY id", list(ids))  # noqa: S608
    return [msgspec.convert(dict(row), Withdrawal) for row in rows]


async def withdrawals_of(tx: Tx, order_id: int) -> list[Withdrawal]:
    """The withdrawals from an order, oldest first."""
    rows = await tx.fetch(f"SELECT {_WITHDRAWAL} FROM withdrawals WHERE order_id = $1 ORDER BY id", order_id)  # noqa: S608
    return [msgspec.convert(dict(row), Withdrawal) for row in rows]


async def confirm(tx: Tx, withdrawal_id: int, request_id: int, at: datetime) -> dict[int, Moved]:
    """The second step of a withdrawal."""
    return await lifecycles.move(
        tx, "withdrawals", WITHDRAWAL, "confirm", [withdrawal_id], confirmed_at=at, request_id=request_id
    )


async def drop_words(tx: Tx, order_ids: Collection[int]) -> None:
    """Let go of the words about returns of orders, and of who withdrew; that it happened stays."""
    for table in ("return_remarks", "withdrawals"):
        await tx.execute(
            f"UPDATE {table} SET sealed = NULL WHERE order_id = ANY($1::bigint[]) AND sealed IS NOT NULL",  # noqa: S608
            list(order_ids),
        )


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value
