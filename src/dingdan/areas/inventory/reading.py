"""What others may ask of inventory."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from dingdan.areas.inventory import store
from dingdan.areas.inventory.model import Channel, StockLevel, Warehouse
from dingdan.plumbing.tx import Tx


async def channels(tx: Tx, keys: Sequence[tuple[int, str]]) -> dict[tuple[int, str], Channel]:
    """Channels by (merchant, code)."""
    return {(r["merchant_id"], r["code"]): _channel(r) for r in await store.channels_by_code(tx, keys)}


async def channels_of(tx: Tx, merchant_id: int) -> list[Channel]:
    """All channels of a merchant."""
    return [_channel(row) for row in await store.channels_of(tx, merchant_id)]


async def warehouses(tx: Tx, ids: Iterable[int]) -> dict[int, Warehouse]:
    """Warehouses by id."""
    return {row["id"]: _warehouse(row) for row in await store.warehouses(tx, ids)}


async def warehouses_of(tx: Tx, merchant_id: int) -> list[Warehouse]:
    """All warehouses of a merchant, first choice first."""
    return [_warehouse(row) for row in await store.warehouses_of(tx, merchant_id)]


async def warehouses_by_code(tx: Tx, keys: Sequence[tuple[int, str]]) -> dict[tuple[int, str], Warehouse]:
    """Warehouses by (merchant, code)."""
    return {(r["merchant_id"], r["code"]): _warehouse(r) for r in await store.warehouses_by_code(tx, keys)}


async def stock_levels(tx: Tx, merchant_id: int, product_ids: Iterable[int] | None = None) -> list[StockLevel]:
    """Levels of a merchant's products in every warehouse; at most 10,000 rows."""
    return [StockLevel(**dict(row)) for row in await store.levels(tx, merchant_id, product_ids)]


async def free(tx: Tx, keys: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """What is free of stock rows (warehouse, product) as this reader sees them; nothing is locked or taken."""
    return await store.free_of(tx, keys)


def _warehouse(row: Any) -> Warehouse:
    return msgspec.convert(dict(row), Warehouse)


def _channel(row: Any) -> Channel:
    return msgspec.convert(dict(row), Channel)
