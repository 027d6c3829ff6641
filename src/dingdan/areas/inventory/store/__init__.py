"""Every statement of inventory."""

from dingdan.areas.inventory.store.papers import (
    add_arrived,
    add_stocktake,
    add_transfer,
    lock_stocktake,
    lock_transfer,
    move_stocktakes,
    move_transfers,
    stocktakes,
    stocktakes_of,
    transfers,
    transfers_of,
)
from dingdan.areas.inventory.store.places import (
    channels_by_code,
    channels_of,
    channels_of_many,
    upsert_place,
    warehouses,
    warehouses_by_code,
    warehouses_of,
)
from dingdan.areas.inventory.store.reservations import (
    add_holdings,
    add_pools,
    add_reservations,
    change_pools,
    change_taken,
    drop_holdings,
    end_pools,
    held_at,
    holdings,
    lock_holders,
    move_reservations,
    pools,
    pools_of,
    reservations,
)
from dingdan.areas.inventory.store.stock import (
    Change,
    Movement,
    add_movements,
    add_rows,
    change_reserved,
    change_stock,
    changed_since,
    freeze,
    levels,
    lock_levels,
    mark_pooled,
    rows,
    rows_of_products,
    set_safety,
    take_all,
    thaw,
)

__all__ = [
    "Change", "Movement", "add_arrived", "add_holdings", "add_movements", "add_pools", "add_reservations",
    "add_rows", "add_stocktake", "add_transfer", "change_pools", "change_reserved", "change_stock", "change_taken",
    "changed_since", "channels_by_code", "channels_of", "channels_of_many", "drop_holdings", "end_pools", "freeze",
    "held_at", "holdings", "levels", "lock_holders", "lock_levels", "lock_stocktake", "lock_transfer", "mark_pooled",
    "move_reservations", "move_stocktakes", "move_transfers", "pools", "pools_of", "reservations", "rows",
    "rows_of_products", "set_safety", "stocktakes", "stocktakes_of", "take_all", "thaw", "transfers", "transfers_of",
    "upsert_place", "warehouses", "warehouses_by_code", "warehouses_of",
]  # fmt: skip
