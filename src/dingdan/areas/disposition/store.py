"""Every statement of disposition. Whoever writes holds the lock of the order, so its goods stand still."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from dingdan.areas.disposition.model import Disposition, ReturnedGoods
from dingdan.plumbing.tx import Tx

_GOODS = ", ".join(ReturnedGoods.__struct_fields__)
_DISPOSITION = ", ".join(Disposition.__struct_fields__)


async def add_goods(tx: Tx, new: Sequence[ReturnedGoods]) -> None:
    """Write units that were looked at."""
    fields = ReturnedGoods.__struct_fields__
    await tx.copy("returned_goods", fields, [tuple(getattr(one, name) for name in fields) for one in new])


async def goods(tx: Tx, ids: Iterable[int]) -> list[ReturnedGoods]:
    """Goods by id."""
    return _goods(
        await tx.fetch(f"SELECT {_GOODS} FROM returned_goods WHERE id = ANY($1::bigint[]) ORDER BY id", list(ids))  # noqa: S608
    )


async def goods_of(tx: Tx, return_ids: Iterable[int]) -> list[ReturnedGoods]:
    """The goods of returns."""
    return _goods(
        await tx.fetch(
            f"SELECT {_GOODS} FROM returned_goods WHERE return_id = ANY($1::bigint[]) ORDER BY id",  # noqa: S608
            list(return_ids),
        )
    )


async def kept_units(tx: Tx, order_ids: Iterable[int]) -> dict[tuple[int, int], int]:
    """Units of lines (order, line number) that stay with us for the money of a reduction."""
    rows = await tx.fetch(
        """
        SELECT order_id, line_no, sum(quantity)::int AS units FROM returned_goods
        WHERE order_id = ANY($1::bigint[]) AND paid_with IS NOT NULL GROUP BY order_id, line_no
        """,
        list(order_ids),
    )
    return {(row["order_id"], row["line_no"]): row["units"] for row in rows}


async def add_dispositions(tx: Tx, new: Sequence[Disposition]) -> None:
    """Write what became of units, and take them off what waits."""
    fields = Disposition.__struct_fields__
    await tx.copy("dispositions", fields, [tuple(getattr(one, name) for name in fields) for one in new])
    await tx.execute(
        """
        UPDATE returned_goods SET open = open - n.units
        FROM (
            SELECT g, sum(q)::int AS units FROM unnest($1::bigint[], $2::int[]) AS new (g, q) GROUP BY g
        ) n WHERE returned_goods.id = n.g
        """,
        [one.goods_id for one in new],
        [one.quantity for one in new],
    )


async def dispositions_of(tx: Tx, goods_ids: Iterable[int]) -> list[Disposition]:
    """What became of units of some goods, oldest first."""
    rows = await tx.fetch(
        f"SELECT {_DISPOSITION} FROM dispositions WHERE goods_id = ANY($1::bigint[]) ORDER BY id",  # noqa: S608
        list(goods_ids),
    )
    return [Disposition(**dict(row)) for row in rows]


async def offer(tx: Tx, goods_id: int, amount: int) -> None:
    """Write what is offered for goods."""
    await tx.execute("UPDATE returned_goods SET offered = $2 WHERE id = $1", goods_id, amount)


async def choose(tx: Tx, goods_id: int, choice: str, at: datetime) -> None:
    """Write what the buyer says."""
    await tx.execute("UPDATE returned_goods SET choice = $2, chosen_at = $3 WHERE id = $1", goods_id, choice, at)


async def keep(tx: Tx, goods_id: int, refund_id: int, decide_by: datetime) -> None:
    """The goods are ours, for the money of this refund."""
    await tx.execute(
        "UPDATE returned_goods SET is_ours = true, paid_with = $2, decide_by = $3 WHERE id = $1",
        goods_id,
        refund_id,
        decide_by,
    )


async def note_reminded(tx: Tx, goods_ids: Iterable[int]) -> dict[int, int]:
    """One reminder more; gives how many there were for each."""
    rows = await tx.fetch(
        "UPDATE returned_goods SET reminded = reminded + 1 WHERE id = ANY($1::bigint[]) RETURNING id, reminded",
        list(goods_ids),
    )
    return {row["id"]: row["reminded"] for row in rows}


def _goods(rows: Sequence[Any]) -> list[ReturnedGoods]:
    return [msgspec.convert(dict(row), ReturnedGoods) for row in rows]
