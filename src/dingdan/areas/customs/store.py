"""Every statement of customs. Whoever writes holds the lock of the order."""

from collections.abc import Iterable
from typing import Any

import msgspec

from dingdan.areas.customs.lifecycle import CUSTOMS_RETURN
from dingdan.areas.customs.model import CustomsReturn, Release
from dingdan.kernel.event import Moved
from dingdan.plumbing import lifecycles
from dingdan.plumbing.tx import Tx

_RELEASE = ", ".join(Release.__struct_fields__)
_RETURN = ", ".join(CustomsReturn.__struct_fields__)


async def note_release(tx: Tx, new: Release) -> None:
    """Write down when an order was released; what was noted before gives way."""
    await tx.execute(
        """
        INSERT INTO customs_releases (order_id, merchant_id, declaration, released_on, noted_at, noted_by_kind, noted_by)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (order_id) DO UPDATE SET declaration = excluded.declaration, released_on = excluded.released_on,
            noted_at = excluded.noted_at, noted_by_kind = excluded.noted_by_kind, noted_by = excluded.noted_by
        """,
        *msgspec.structs.astuple(new),
    )


async def releases(tx: Tx, order_ids: Iterable[int]) -> list[Release]:
    """The releases of orders."""
    rows = await tx.fetch(
        f"SELECT {_RELEASE} FROM customs_releases WHERE order_id = ANY($1::bigint[]) ORDER BY order_id",  # noqa: S608
        list(order_ids),
    )
    return [Release(**dict(row)) for row in rows]


async def add(tx: Tx, new: CustomsReturn) -> None:
    """Write an application."""
    fields = CustomsReturn.__struct_fields__
    await tx.copy("customs_returns", fields, [msgspec.structs.astuple(new)])


async def get(tx: Tx, ids: Iterable[int]) -> list[CustomsReturn]:
    """What goes back, by id."""
    rows = await tx.fetch(
        f"SELECT {_RETURN} FROM customs_returns WHERE id = ANY($1::bigint[]) ORDER BY id",  # noqa: S608
        list(ids),
    )
    return [msgspec.convert(dict(row), CustomsReturn) for row in rows]


async def of_orders(tx: Tx, order_ids: Iterable[int]) -> list[CustomsReturn]:
    """What goes back of orders, oldest first."""
    rows = await tx.fetch(
        f"SELECT {_RETURN} FROM customs_returns WHERE order_id = ANY($1::bigint[]) ORDER BY id",  # noqa: S608
        list(order_ids),
    )
    return [msgspec.convert(dict(row), CustomsReturn) for row in rows]


async def move(tx: Tx, verb: str, customs_return_id: int, **values: Any) -> Moved | None:
    """Take one step of its life; None where it may not."""
    moved = await lifecycles.move(tx, "customs_returns", CUSTOMS_RETURN, verb, [customs_return_id], **values)
    return moved.get(customs_return_id)
