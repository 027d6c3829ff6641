"""inventory: what we have, where, and for whom it is kept. Units are never sold twice."""

from dingdan.areas.inventory.events import ChannelSaved, StockCounted, StockReturned, WarehouseSaved
from dingdan.areas.inventory.model import (
    Channel,
    Count,
    Counted,
    Disposal,
    Disposition,
    Incoming,
    SaveChannel,
    Saved,
    SaveWarehouse,
    Shortage,
    StockLevel,
    Want,
    Warehouse,
)
from dingdan.areas.inventory.moving import count, dispose, take_in
from dingdan.areas.inventory.reading import (
    channels,
    channels_of,
    free,
    stock_levels,
    warehouses,
    warehouses_by_code,
    warehouses_of,
)
from dingdan.areas.inventory.refusals import (
    BelowReserved,
    ChannelClosed,
    ChannelUnknown,
    CountedMeanwhile,
    FieldUnfit,
    NotInQuarantine,
    WarehouseUnknown,
)
from dingdan.areas.inventory.reserving import consume, hold_again, release, reserve
from dingdan.areas.inventory.saving import save_channel, save_warehouse

__all__ = [
    "BelowReserved", "Channel", "ChannelClosed", "ChannelSaved", "ChannelUnknown", "Count", "Counted",
    "CountedMeanwhile", "Disposal", "Disposition", "FieldUnfit", "Incoming", "NotInQuarantine", "SaveChannel",
    "SaveWarehouse", "Saved", "Shortage", "StockCounted", "StockLevel", "StockReturned", "Want", "Warehouse",
    "WarehouseSaved", "WarehouseUnknown", "channels", "channels_of", "consume", "count", "dispose", "free", "hold_again",
    "release", "reserve", "save_channel", "save_warehouse", "stock_levels", "take_in", "warehouses",
    "warehouses_by_code", "warehouses_of",
]  # fmt: skip
