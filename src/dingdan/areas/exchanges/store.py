"""Every statement of exchanges. Whoever writes holds the lock of the first order, so an exchange stands still under it."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from dingdan.areas.exchanges.lifecycle import EXCHANGE
from dingdan.areas.exchanges.model import Exchange, ExchangeLine
from dingdan.kernel.event import Moved
from dingdan.plumbing import lifecycles
from dingdan.plumbing.tx import Tx

_EXCHANGE = ", ".join(Exchange.__struct_fields__)
_LINE = ", ".join(ExchangeLine.__struct_fields__)
_NEW = ("id", "return_id", "order_id", "merchant_id", "sent_order_id", "asked_at")


async def add(tx: Tx, new: Sequence[Exchange]) -> None:
    """Write new exchanges."""
    await tx.copy("exchanges", _NEW, [tuple(getattr(one, name) for name in _NEW) for one in new])


async def set_lines(tx: Tx, exchange_id: int, lines: Sequence[ExchangeLine]) -> None:
    """Write what is wanted in an exchange, in the place of what was."""
    await tx.execute("DELETE FROM exchange_lines WHERE exchange_id = $1", exchange_id)
    names = ExchangeLine.__struct_fields__
    await tx.copy("exchange_lines", names, [msgspec.structs.astuple(line) for line in lines])


async def get(tx: Tx, ids: Iterable[int]) -> list[Exchange]:
    """Exchanges by id."""
    return _exchanges(await tx.fetch(
        f"SELECT {_EXCHANGE} FROM exchanges WHERE id = ANY($1::bigint[]) ORDER BY id", list(ids)  # noqa: S608
    ))  # fmt: skip


async def of_returns(tx: Tx, return_ids: Iterable[int]) -> list[Exchange]:
    """The exchanges of returns."""
    return _exchanges(await tx.fetch(
        f"SELECT {_EXCHANGE} FROM exchanges WHERE return_id = ANY($1::bigint[]) ORDER BY id", list(return_ids)  # noqa: S608
    ))  # fmt: skip


async def of_sent(tx: Tx, order_ids: Iterable[int]) -> list[Exchange]:
    """The exchanges with which these orders go out."""
    return _exchanges(await tx.fetch(
        f"SELECT {_EXCHANGE} FROM exchanges WHERE sent_order_id = ANY($1::bigint[]) ORDER BY id", list(order_ids)  # noqa: S608
    ))  # fmt: skip


async def short_of(tx: Tx, merchant_id: int, limit: int) -> list[Exchange]:
    """Exchanges of a merchant that wait for goods, the longest waiting first."""
    return _exchanges(await tx.fetch(
        f"SELECT {_EXCHANGE} FROM exchanges WHERE merchant_id = $1 AND state = 'short' ORDER BY asked_at, id LIMIT $2",  # noqa: S608
        merchant_id,
        limit,
    ))  # fmt: skip


async def lines_of(tx: Tx, ids: Iterable[int]) -> dict[int, list[ExchangeLine]]:
    """What is wanted in exchanges, by exchange."""
    found: dict[int, list[ExchangeLine]] = {i: [] for i in ids}
    rows = await tx.fetch(
        f"SELECT {_LINE} FROM exchange_lines WHERE exchange_id = ANY($1::bigint[]) ORDER BY exchange_id, line_no",  # noqa: S608
        list(found),
    )
    for row in rows:
        found[row["exchange_id"]].append(ExchangeLine(**dict(row)))
    return found


async def move(tx: Tx, verb: str, ids: Iterable[int], **values: Any) -> dict[int, Moved]:
    """Move exchanges along their lifecycle; only those that may go."""
    return await lifecycles.move(tx, "exchanges", EXCHANGE, verb, ids, **values)


async def note_sent(tx: Tx, exchange_id: int, units: dict[int, int]) -> None:
    """Write how many units of each line {line: units} something else is sent for."""
    await tx.execute(
        """
        UPDATE exchange_lines SET sent = n.units FROM unnest($2::smallint[], $3::int[]) AS n (l, units)
        WHERE exchange_id = $1 AND line_no = n.l
        """,
        exchange_id,
        list(units),
        list(units.values()),
    )


async def note_overdue(tx: Tx, ids: Iterable[int]) -> list[int]:
    """Mark exchanges as late; says for which it is news."""
    rows = await tx.fetch(
        "UPDATE exchanges SET overdue_at = $2 WHERE id = ANY($1::bigint[]) AND overdue_at IS NULL RETURNING id",
        sorted(ids),
        tx.now,
    )
    return sorted(row["id"] for row in rows)


def _exchanges(rows: Sequence[Any]) -> list[Exchange]:
    return [msgspec.convert(dict(row), Exchange) for row in rows]
