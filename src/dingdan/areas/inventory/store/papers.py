"""Statements about transfers and stocktakes."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from dingdan.areas.inventory.lifecycle import STOCKTAKE, TRANSFER
from dingdan.areas.inventory.model import Stocktake, StocktakeLine, Transfer, TransferLine
from dingdan.kernel.event import Moved
from dingdan.plumbing import lifecycles
from dingdan.plumbing.tx import Tx


async def add_transfer(tx: Tx, transfer: Transfer) -> None:
    """Write a transfer down with its lines."""
    await tx.copy("transfers", ("id", "merchant_id", "from_id", "to_id", "sent_at"), [
        (transfer.id, transfer.merchant_id, transfer.from_id, transfer.to_id, transfer.sent_at)
    ])  # fmt: skip
    await tx.copy("transfer_lines", ("transfer_id", "product_id", "merchant_id", "quantity"), [
        (transfer.id, line.product_id, transfer.merchant_id, line.quantity) for line in transfer.lines
    ])  # fmt: skip


async def lock_transfer(tx: Tx, transfer_id: int) -> Transfer | None:
    """One transfer that stands still."""
    await tx.execute("SELECT 1 FROM transfers WHERE id = $1 FOR UPDATE", transfer_id)
    found = await transfers(tx, [transfer_id])
    return found[0] if found else None


async def transfers(tx: Tx, ids: Iterable[int]) -> list[Transfer]:
    """Transfers by id, with their lines."""
    return await _transfers(
        tx, await tx.fetch("SELECT * FROM transfers WHERE id = ANY($1::bigint[]) ORDER BY id", list(ids))
    )


async def transfers_of(tx: Tx, merchant_id: int, after: int, limit: int) -> list[Transfer]:
    """A merchant's transfers, oldest first."""
    return await _transfers(
        tx,
        await tx.fetch(
            "SELECT * FROM transfers WHERE merchant_id = $1 AND id > $2 ORDER BY id LIMIT $3", merchant_id, after, limit
        ),
    )


async def add_arrived(tx: Tx, transfer_id: int, rows: Sequence[tuple[int, int, int]]) -> None:
    """Add to what arrived and what is missing of a transfer's lines (product, arrived, missing)."""
    await tx.execute(
        """
        UPDATE transfer_lines SET arrived = arrived + a, missing = missing + m
        FROM unnest($2::bigint[], $3::int[], $4::int[]) AS came (p, a, m) WHERE transfer_id = $1 AND product_id = p
        """,
        transfer_id,
        *[list(column) for column in zip(*rows, strict=True)],
    )


async def move_transfers(tx: Tx, verb: str, ids: Iterable[int], **values: Any) -> dict[int, Moved]:
    """Move transfers along their lifecycle."""
    return await lifecycles.move(tx, "transfers", TRANSFER, verb, ids, **values)


async def add_stocktake(tx: Tx, take: Stocktake) -> None:
    """Write a stocktake down with its lines."""
    names = ("id", "merchant_id", "warehouse_id", "why", "differing", "alone_up_to", "counted_by_kind", "counted_by",
             "counted_at")  # fmt: skip
    await tx.copy("stocktakes", names, [tuple(getattr(take, name) for name in names)])
    await tx.copy("stocktake_lines", ("stocktake_id", "product_id", "merchant_id", "counted", "booked"), [
        (take.id, line.product_id, take.merchant_id, line.counted, line.booked) for line in take.lines
    ])  # fmt: skip


async def lock_stocktake(tx: Tx, stocktake_id: int) -> Stocktake | None:
    """One stocktake that stands still."""
    await tx.execute("SELECT 1 FROM stocktakes WHERE id = $1 FOR UPDATE", stocktake_id)
    found = await stocktakes(tx, [stocktake_id])
    return found[0] if found else None


async def stocktakes(tx: Tx, ids: Iterable[int]) -> list[Stocktake]:
    """Stocktakes by id, with their lines."""
    rows = await tx.fetch("SELECT * FROM stocktakes WHERE id = ANY($1::bigint[]) ORDER BY id", list(ids))
    return await _stocktakes(tx, rows)


async def stocktakes_of(tx: Tx, merchant_id: int, state: str | None, after: int, limit: int) -> list[Stocktake]:
    """A merchant's stocktakes, oldest first, without the lines that agree."""
    rows = await tx.fetch(
        """
        SELECT * FROM stocktakes WHERE merchant_id = $1 AND id > $2 AND ($4::text IS NULL OR state = $4)
        ORDER BY id LIMIT $3
        """,
        merchant_id,
        after,
        limit,
        state,
    )
    return await _stocktakes(tx, rows)


async def move_stocktakes(tx: Tx, verb: str, ids: Iterable[int], **values: Any) -> dict[int, Moved]:
    """Move stocktakes along their lifecycle."""
    return await lifecycles.move(tx, "stocktakes", STOCKTAKE, verb, ids, **values)


async def _transfers(tx: Tx, rows: Sequence[Any]) -> list[Transfer]:
    held: dict[int, list[TransferLine]] = {row["id"]: [] for row in rows}
    for line in await tx.fetch(
        """
        SELECT transfer_id, product_id, quantity, arrived, missing FROM transfer_lines
        WHERE transfer_id = ANY($1::bigint[]) ORDER BY transfer_id, product_id
        """,
        list(held),
    ):
        held[line["transfer_id"]].append(
            TransferLine(line["product_id"], line["quantity"], line["arrived"], line["missing"])
        )
    return [msgspec.convert({**dict(row), "lines": tuple(held[row["id"]])}, Transfer) for row in rows]


async def _stocktakes(tx: Tx, rows: Sequence[Any]) -> list[Stocktake]:
    held: dict[int, list[StocktakeLine]] = {row["id"]: [] for row in rows}
    for line in await tx.fetch(
        """
        SELECT stocktake_id, product_id, counted, booked FROM stocktake_lines
        WHERE stocktake_id = ANY($1::bigint[]) AND counted <> booked ORDER BY stocktake_id, product_id
        """,
        list(held),
    ):
        held[line["stocktake_id"]].append(StocktakeLine(line["product_id"], line["counted"], line["booked"]))
    return [msgspec.convert({**dict(row), "lines": tuple(held[row["id"]])}, Stocktake) for row in rows]
