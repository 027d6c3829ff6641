"""carriers: who carries from where to where, and what can be promised because of it."""

from dingdan.areas.carriers.events import CarrierSaved, LaneSaved
from dingdan.areas.carriers.model import (
    Alternative,
    Ask,
    Carrier,
    Days,
    Lane,
    LaneKey,
    Lanes,
    NotDeliverable,
    Promise,
    SaveCarrier,
    Saved,
    SaveLane,
)
from dingdan.areas.carriers.reading import carriers_by_code, carriers_of, lanes_by_code, lanes_for, lanes_of
from dingdan.areas.carriers.refusals import (
    CarrierUnknown,
    FieldUnfit,
    LaneTwice,
    LaneUnknown,
    RegionUnknown,
    StillUsed,
    Undeliverable,
)
from dingdan.areas.carriers.rules.promising import promise
from dingdan.areas.carriers.rules.refusing import undeliverable
from dingdan.areas.carriers.saving import save_carriers, save_lanes

__all__ = [
    "Alternative", "Ask", "Carrier", "CarrierSaved", "CarrierUnknown", "Days", "FieldUnfit", "Lane", "LaneKey",
    "LaneSaved", "LaneTwice", "LaneUnknown", "Lanes", "NotDeliverable", "Promise", "RegionUnknown", "SaveCarrier",
    "SaveLane", "Saved", "StillUsed", "Undeliverable", "carriers_by_code", "carriers_of", "lanes_by_code",
    "lanes_for", "lanes_of", "promise", "save_carriers", "save_lanes", "undeliverable",
]  # fmt: skip
