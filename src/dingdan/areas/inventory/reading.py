"""What others may ask of inventory."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from dingdan.areas.inventory import store
from dingdan.areas.inventory.lifecycle import ReservationState
from dingdan.areas.inventory.model import Channel, News, Part, StockLevel, Stocktake, Transfer, Want, Warehouse
from dingdan.areas.inventory.refusals import StocktakeUnknown, TransferUnknown
from dingdan.areas.inventory.rules.allocation import free_units
from dingdan.areas.inventory.rules.shelf import Shelf, shelf_of
from dingdan.kernel.page import Page
from dingdan.plumbing import freshness
from dingdan.plumbing.asking import Ask
from dingdan.plumbing.tx import Tx

HELD_OR_GONE = [str(ReservationState.HELD), str(ReservationState.CONSUMED)]


async def channels(tx: Tx, keys: Sequence[tuple[int, str]]) -> dict[tuple[int, str], Channel]:
    """Channels by (merchant, code)."""
    return await tx.ask(asking_channels(keys))


def asking_channels(keys: Collection[tuple[int, str]]) -> Ask[dict[tuple[int, str], Channel]]:
    """The same, to be asked together with other things."""
    asked = store.asking_channels(keys)
    return asked.then(lambda rows: {(row["merchant_id"], row["code"]): _channel(row) for row in rows})


def asking_warehouses_behind(keys: Collection[tuple[int, str]]) -> Ask[dict[int, Warehouse]]:
    """The warehouses that may serve channels (merchant, code), by id; to be asked together with other things."""
    return store.asking_warehouses_behind(keys).then(lambda rows: {row["id"]: _warehouse(row) for row in rows})


async def channels_by_ids(tx: Tx, ids: Iterable[int]) -> dict[int, Channel]:
    """Channels by id."""
    return {row["id"]: _channel(row) for row in await store.channels_by_ids(tx, ids)}


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


async def on_hand(tx: Tx, keys: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """What lies on the shelf of (warehouse, product), with what is reserved of it; no row, no answer."""
    return {key: row["on_hand"] for key, row in (await store.rows(tx, keys)).items()}


async def changed(tx: Tx, since: int) -> News:
    """What changed since a transaction's number, as `freshness` counts; perhaps some more."""
    horizon = await freshness.horizon(tx)
    return News(*await store.changed_since(tx, freshness.usable(since, horizon)), horizon)


async def sellable(
    tx: Tx, products: Mapping[int, tuple[int, tuple[tuple[int, int], ...]]]
) -> dict[tuple[int, int, int], int]:
    """What every channel may sell of products: {(merchant, channel, product): units}.

    Products are given with their merchant and, if they are bundles, with what lies in them.
    """
    found: dict[tuple[int, int, int], int] = {}
    channels = [_channel(row) for row in await store.channels_of_many(tx, {m for m, _ in products.values()})]
    inside = {p for i, (_, held) in products.items() for p, _ in (held or ((i, 1),))}
    rows = {(row["warehouse_id"], row["product_id"]): row for row in await store.rows_of_products(tx, inside)}
    shelves = await shelves_at(tx, rows)
    for channel in channels:
        for product_id, (merchant_id, held) in products.items():
            if merchant_id == channel.merchant_id:
                want = Want(0, 0, merchant_id, product_id, 1, channel.served_from, channel.id, components=held)
                units = sum(free_units(want, place, shelves) for place in channel.served_from)
                found[merchant_id, channel.id, product_id] = units if channel.active else 0
    return found


async def shelves_at(tx: Tx, keys: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Shelf]:
    """Shelves (warehouse, product) with the pools of channels; those of locked rows stand still."""
    wanted = list(dict.fromkeys(keys))
    rows = await store.rows(tx, wanted)
    pooled = [key for key, row in rows.items() if row["pooled"]]
    pools = defaultdict(list)
    for pool in await store.pools(tx, pooled) if pooled else ():
        pools[pool["warehouse_id"], pool["product_id"]].append(pool)
    return {key: shelf_of(rows.get(key), pools[key]) for key in wanted}


async def places_of(tx: Tx, order_ids: Iterable[int], *, is_held: bool = False) -> dict[int, list[int]]:
    """From which warehouses orders are served, the first one first; orders that hold nothing are left out.

    With `is_held` only where something of them still lies.
    """
    found: dict[int, list[int]] = {}
    for part in await store.reservations(tx, order_ids, HELD_OR_GONE[:1] if is_held else HELD_OR_GONE):
        places = found.setdefault(part.order_id, [])
        if part.warehouse_id not in places:
            places.append(part.warehouse_id)
    return found


async def can_leave(tx: Tx, order_ids: Iterable[int]) -> set[int]:
    """Which of these orders hold all their units where the books say that they lie."""
    return await store.can_leave(tx, order_ids)


async def could_hold(tx: Tx, order_ids: Iterable[int]) -> set[int]:
    """Which of these orders, that hold nothing, `hold_again` would find units for; nothing is locked."""
    return await store.could_hold(tx, order_ids)


async def parts_of(tx: Tx, order_ids: Iterable[int], *, is_held: bool = False) -> dict[int, list[Part]]:
    """What is kept, or has left, for orders, line by line; with `is_held` only what is still kept."""
    found: dict[int, list[Part]] = {}
    for part in await store.reservations(tx, order_ids, HELD_OR_GONE[:1] if is_held else HELD_OR_GONE):
        found.setdefault(part.order_id, []).append(part)
    return found


async def transfer(tx: Tx, transfer_id: int) -> Transfer:
    """One transfer. Raises TransferUnknown."""
    found = [one for one in await store.transfers(tx, [transfer_id]) if tx.actor.reaches(one.merchant_id)]
    if not found:
        raise TransferUnknown("path.transfer_id")
    return found[0]


async def transfers_of(tx: Tx, merchant_id: int, page: Page) -> list[Transfer]:
    """A merchant's transfers, oldest first."""
    return await store.transfers_of(tx, merchant_id, page.after or 0, page.limit)


async def stocktake(tx: Tx, stocktake_id: int) -> Stocktake:
    """One stocktake with the lines that differ. Raises StocktakeUnknown."""
    found = [one for one in await store.stocktakes(tx, [stocktake_id]) if tx.actor.reaches(one.merchant_id)]
    if not found:
        raise StocktakeUnknown("path.stocktake_id")
    return found[0]


async def stocktakes_of(tx: Tx, merchant_id: int, page: Page, *, state: str | None = None) -> list[Stocktake]:
    """A merchant's stocktakes with the lines that differ, oldest first."""
    return await store.stocktakes_of(tx, merchant_id, state, page.after or 0, page.limit)


def _warehouse(row: Any) -> Warehouse:
    return msgspec.convert(dict(row), Warehouse)


def _channel(row: Any) -> Channel:
    return msgspec.convert(dict(row), Channel)
