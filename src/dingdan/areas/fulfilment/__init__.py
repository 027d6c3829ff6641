"""fulfilment: from the shelf to the door. One order is picked once, nothing ships without a number."""

from dingdan.areas.fulfilment.dispatching import ship
from dingdan.areas.fulfilment.events import (
    ParcelDamaged,
    ParcelDelivered,
    ParcelDispatched,
    ParcelLost,
    ParcelMoved,
    ParcelOutForDelivery,
    ParcelReturning,
    ParcelTurnedAway,
    WorkClaimed,
    WorkHandedOver,
    WorkPacked,
    WorkPutBack,
    WorkQueued,
    WorkWithdrawn,
)
from dingdan.areas.fulfilment.jobs import ask_carrier, ask_carriers, push_sandbox
from dingdan.areas.fulfilment.lifecycle import ParcelState, WorkState
from dingdan.areas.fulfilment.model import (
    Pack,
    PackedLine,
    Parcel,
    ParcelLine,
    Scan,
    Ship,
    ShipLine,
    Sighting,
    TakenIn,
    Work,
)
from dingdan.areas.fulfilment.picking import claim, pack, pack_many, put_back
from dingdan.areas.fulfilment.promises import ASK_CARRIER
from dingdan.areas.fulfilment.queueing import queue, withdraw
from dingdan.areas.fulfilment.reading import (
    parcels,
    parcels_of,
    shipped_units,
    sightings,
    waiting,
    works,
    works_of,
)
from dingdan.areas.fulfilment.refusals import (
    CarrierNotConnected,
    CarrierUnknown,
    LinesDoNotFit,
    NotInOrder,
    NotOneRecipient,
    NumberTaken,
    NumberUnfit,
    NumberUnknown,
    PushNotSigned,
    PushUnreadable,
    QuantityDiffers,
    ScanUnfit,
    WorkStateForbids,
    WorkUnknown,
)
from dingdan.areas.fulfilment.rules.carriers import CARRIERS, Carrier, number_problems, sandbox_number, tidy_number
from dingdan.areas.fulfilment.rules.priority import AGEING, Lane
from dingdan.areas.fulfilment.rules.scans import CODES
from dingdan.areas.fulfilment.tracking import scan, take_in_push

__all__ = [
    "AGEING", "ASK_CARRIER", "CARRIERS", "CODES", "Carrier", "CarrierNotConnected", "CarrierUnknown", "Lane",
    "LinesDoNotFit", "NotInOrder", "NotOneRecipient", "NumberTaken", "NumberUnfit", "NumberUnknown", "Pack",
    "PackedLine", "Parcel", "ParcelDamaged", "ParcelDelivered", "ParcelDispatched", "ParcelLine", "ParcelLost",
    "ParcelMoved", "ParcelOutForDelivery", "ParcelReturning", "ParcelState", "ParcelTurnedAway", "PushNotSigned",
    "PushUnreadable", "QuantityDiffers", "Scan", "ScanUnfit", "Ship", "ShipLine", "Sighting", "TakenIn", "Work",
    "WorkClaimed", "WorkHandedOver", "WorkPacked", "WorkPutBack", "WorkQueued", "WorkState", "WorkStateForbids",
    "WorkUnknown", "WorkWithdrawn", "ask_carrier", "ask_carriers", "claim", "number_problems", "pack",
    "pack_many", "parcels", "parcels_of", "push_sandbox", "put_back", "queue", "sandbox_number", "scan", "ship",
    "shipped_units", "sightings", "take_in_push", "tidy_number", "waiting", "withdraw", "works", "works_of",
]  # fmt: skip
