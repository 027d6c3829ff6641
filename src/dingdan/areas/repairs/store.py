"""Every statement of repairs. Whoever writes holds the lock of the order, so a repair stands still under it."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from dingdan.areas.repairs.lifecycle import REPAIR
from dingdan.areas.repairs.model import Repair
from dingdan.kernel.event import Moved
from dingdan.plumbing import lifecycles
from dingdan.plumbing.tx import Tx

_REPAIR = ", ".join(Repair.__struct_fields__)
_NEW = ("id", "return_id", "order_id", "merchant_id", "asked_at")


async def add(tx: Tx, new: Sequence[Repair]) -> None:
    """Write new repairs."""
    await tx.copy("repairs", _NEW, [tuple(getattr(one, name) for name in _NEW) for one in new])


async def get(tx: Tx, ids: Iterable[int]) -> list[Repair]:
    """Repairs by id."""
    return _repairs(await tx.fetch(
        f"SELECT {_REPAIR} FROM repairs WHERE id = ANY($1::bigint[]) ORDER BY id", list(ids)  # noqa: S608
    ))  # fmt: skip


async def of_returns(tx: Tx, return_ids: Iterable[int]) -> list[Repair]:
    """The repairs of returns."""
    return _repairs(await tx.fetch(
        f"SELECT {_REPAIR} FROM repairs WHERE return_id = ANY($1::bigint[]) ORDER BY id", list(return_ids)  # noqa: S608
    ))  # fmt: skip


async def failures(tx: Tx, repair_id: int) -> int:
    """How often the units of a repair were mended in vain, on the line of them where that was most often."""
    count: int = await tx.fetchval(
        """
        SELECT COALESCE(max(n), 0)::int FROM (
            SELECT count(*) AS n FROM repairs p JOIN return_lines l ON l.order_id = p.order_id AND l.return_id = p.return_id
            JOIN return_lines o ON o.order_id = l.order_id AND o.line_no = l.line_no
            JOIN repairs f ON f.return_id = o.return_id AND f.failed_at IS NOT NULL
            WHERE p.id = $1 GROUP BY l.line_no
        ) t
        """,
        repair_id,
    )
    return count


async def move(tx: Tx, verb: str, ids: Iterable[int], **values: Any) -> dict[int, Moved]:
    """Move repairs along their lifecycle; only those that may go."""
    return await lifecycles.move(tx, "repairs", REPAIR, verb, ids, **values)


async def note_overdue(tx: Tx, ids: Iterable[int]) -> list[int]:
    """Mark repairs whose goods nobody has heard of; says for which it is news."""
    rows = await tx.fetch(
        "UPDATE repairs SET overdue_at = $2 WHERE id = ANY($1::bigint[]) AND overdue_at IS NULL RETURNING id",
        sorted(ids),
        tx.now,
    )
    return sorted(row["id"] for row in rows)


def _repairs(rows: Sequence[Any]) -> list[Repair]:
    return [msgspec.convert(dict(row), Repair) for row in rows]
