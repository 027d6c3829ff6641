"""inventory: what we have, where, and for whom it is kept. Units are never sold twice."""

from dingdan.areas.inventory.events import ChannelSaved, StockCounted, StockReturned, WarehouseSaved
from dingdan.areas.inventory.model import (
    Channel,
    Count,
    Counted,
    Disposal,
    Disposition,
    Elsewhere,
    Holder,
    Incoming,
    Part,
    Reserved,
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
from dingdan.areas.inventory.reserving import consume, foresee, hold_again, release, reserve
from dingdan.areas.inventory.rules.nearness import nearest
from dingdan.areas.inventory.saving import save_channel, save_warehouse

__all__ = [
    "BelowReserved", "Channel", "ChannelClosed", "ChannelSaved", "ChannelUnknown", "Count", "Counted",
    "CountedMeanwhile", "Disposal", "Disposition", "Elsewhere", "FieldUnfit", "Holder", "Incoming",
    "NotInQuarantine", "Part", "Reserved", "SaveChannel", "SaveWarehouse", "Saved", "Shortage", "StockCounted",
    "StockLevel", "StockReturned", "Want", "Warehouse", "WarehouseSaved", "WarehouseUnknown", "channels",
    "channels_of", "consume", "count", "dispose", "foresee", "hold_again", "nearest", "release", "reserve",
    "save_channel", "save_warehouse", "stock_levels", "take_in", "warehouses", "warehouses_by_code", "warehouses_of",
]  # fmt: skip
