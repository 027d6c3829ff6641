"""inventory: what we have, where, and for whom it is kept. Units are never sold twice."""

from dingdan.areas.inventory.allotting import pools_of, set_pools
from dingdan.areas.inventory.events import (
    ChannelSaved,
    PoolSet,
    SafetySet,
    StockCounted,
    StockFrozen,
    StockMoved,
    StockReturned,
    StockShort,
    StocktakeApproved,
    StocktakeRefused,
    StocktakeRequested,
    StockThawed,
    TransferArrived,
    TransferReceived,
    TransferSent,
    WarehouseSaved,
)
from dingdan.areas.inventory.freezing import thaw
from dingdan.areas.inventory.lifecycle import StocktakeState, TransferState
from dingdan.areas.inventory.model import (
    Arrived,
    Channel,
    Count,
    Counted,
    Disposal,
    Disposition,
    Elsewhere,
    Holder,
    Incoming,
    Move,
    News,
    Part,
    PoolLevel,
    Reserved,
    SaveChannel,
    Saved,
    SaveWarehouse,
    SendTransfer,
    SetPool,
    SetSafety,
    Shortage,
    StockLevel,
    Stocktake,
    StocktakeLine,
    TakeStock,
    Transfer,
    TransferLine,
    Verb,
    Want,
    Warehouse,
)
from dingdan.areas.inventory.moving import count, dispose, move, set_safety, take_in
from dingdan.areas.inventory.reading import (
    changed,
    channels,
    channels_of,
    parts_of,
    places_of,
    sellable,
    stock_levels,
    stocktake,
    stocktakes_of,
    transfer,
    transfers_of,
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
    GuaranteeTooLarge,
    NotFrozen,
    NotInQuarantine,
    NotInTransfer,
    SecondPersonNeeded,
    ShelfEmpty,
    StillShort,
    StocktakeDecided,
    StocktakeUnknown,
    TooFewUnits,
    TooManyKept,
    TransferUnknown,
    WarehouseUnknown,
)
from dingdan.areas.inventory.reserving import consume, foresee, hold_again, holder, note_paid, release, reserve
from dingdan.areas.inventory.rules.nearness import nearest
from dingdan.areas.inventory.saving import save_channel, save_warehouse
from dingdan.areas.inventory.stocktaking import approve_stocktake, refuse_stocktake, take_stock
from dingdan.areas.inventory.transferring import receive_transfer, send_transfer

__all__ = [
    "Arrived", "BelowReserved", "Channel", "ChannelClosed", "ChannelSaved", "ChannelUnknown", "Count", "Counted",
    "CountedMeanwhile", "Disposal", "Disposition", "Elsewhere", "FieldUnfit", "GuaranteeTooLarge", "Holder",
    "Incoming", "Move", "News", "NotFrozen", "NotInQuarantine", "NotInTransfer", "Part", "PoolLevel", "PoolSet",
    "Reserved", "SafetySet", "SaveChannel", "SaveWarehouse", "Saved", "SecondPersonNeeded", "SendTransfer",
    "SetPool", "SetSafety", "ShelfEmpty", "Shortage", "StillShort", "StockCounted", "StockFrozen", "StockLevel",
    "StockMoved", "StockReturned", "StockShort", "StockThawed", "Stocktake", "StocktakeApproved",
    "StocktakeDecided", "StocktakeLine", "StocktakeRefused", "StocktakeRequested", "StocktakeState",
    "StocktakeUnknown", "TakeStock", "TooFewUnits", "TooManyKept", "Transfer", "TransferArrived", "TransferLine",
    "TransferReceived", "TransferSent", "TransferState", "TransferUnknown", "Verb", "Want", "Warehouse",
    "WarehouseSaved", "WarehouseUnknown", "approve_stocktake", "changed", "channels", "channels_of", "consume",
    "count", "dispose", "foresee", "hold_again", "holder", "move", "nearest", "note_paid", "parts_of", "places_of",
    "pools_of", "receive_transfer", "refuse_stocktake", "release", "reserve", "save_channel", "save_warehouse",
    "sellable", "send_transfer", "set_pools", "set_safety", "stock_levels", "stocktake", "stocktakes_of", "take_in",
    "take_stock", "thaw", "transfer", "transfers_of", "warehouses", "warehouses_by_code", "warehouses_of",
]  # fmt: skip
