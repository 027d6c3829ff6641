"""channel_orders: orders whose contract was formed on a sales channel. They are recorded, never refused.

The same end state whatever a channel tells twice and out of order; what does not fit holds the order and says what to do.
"""

from dingdan.areas.channel_orders.events import (
    ChannelOrderChanged,
    ChannelOrderProblem,
    ChannelOrderRecorded,
    ChannelProblemClosed,
)
from dingdan.areas.channel_orders.jobs import measure
from dingdan.areas.channel_orders.mapping import save_sku_map, write_waiting, write_with_policy
from dingdan.areas.channel_orders.model import (
    ChannelBuyer,
    ChannelLine,
    ChannelOrder,
    Deal,
    Ended,
    PaidThere,
    Part,
    PartKind,
    PartLine,
    Problem,
    ProblemKind,
    Recorded,
    RefundedThere,
    ShippedThere,
    SkuPair,
    Sync,
    Told,
    Update,
    UpdateKind,
)
from dingdan.areas.channel_orders.reading import (
    demand_made_here,
    drop_people,
    get_one,
    of_orders,
    parts,
    problems,
    sku_map,
    sync,
    updates,
)
from dingdan.areas.channel_orders.recording import take_in
from dingdan.areas.channel_orders.refusals import (
    ChannelOrderUnknown,
    OursUnknown,
    ProblemNeedsCure,
    ProblemNotOpen,
    ToldThere,
)
from dingdan.areas.channel_orders.retrying import go_on, resolve, retry, serve_waiting
from dingdan.areas.channel_orders.rules.finding import ACTIONS, HOLDING, NEEDS_CURE
from dingdan.areas.channel_orders.telling import TARGET, acknowledge, tell

__all__ = [
    "ACTIONS",
    "HOLDING",
    "NEEDS_CURE",
    "TARGET",
    "ChannelBuyer",
    "ChannelLine",
    "ChannelOrder",
    "ChannelOrderChanged",
    "ChannelOrderProblem",
    "ChannelOrderRecorded",
    "ChannelOrderUnknown",
    "ChannelProblemClosed",
    "Deal",
    "Ended",
    "OursUnknown",
    "PaidThere",
    "Part",
    "PartKind",
    "PartLine",
    "Problem",
    "ProblemKind",
    "ProblemNeedsCure",
    "ProblemNotOpen",
    "Recorded",
    "RefundedThere",
    "ShippedThere",
    "SkuPair",
    "Sync",
    "Told",
    "ToldThere",
    "Update",
    "UpdateKind",
    "acknowledge",
    "demand_made_here",
    "drop_people",
    "get_one",
    "go_on",
    "measure",
    "of_orders",
    "parts",
    "problems",
    "resolve",
    "retry",
    "save_sku_map",
    "serve_waiting",
    "sku_map",
    "sync",
    "take_in",
    "tell",
    "updates",
    "write_waiting",
    "write_with_policy",
]  # fmt: skip
