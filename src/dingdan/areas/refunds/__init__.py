"""refunds: money we owe back, to the cent, the way it came. It knows no reasons beyond a reference to its cause."""

from dingdan.areas.refunds.approving import approve, refuse
from dingdan.areas.refunds.events import (
    RefundApproved,
    RefundFailed,
    RefundLostTrack,
    RefundRefused,
    RefundRequested,
    RefundSent,
    RefundSettled,
    RefundSigned,
    RefundWentOffline,
)
from dingdan.areas.refunds.following import fail, lose_track, settle
from dingdan.areas.refunds.lifecycle import RefundState
from dingdan.areas.refunds.model import AskedLine, Basis, Cause, Part, Quote, Refund, RequestRefund, Tender
from dingdan.areas.refunds.reading import get, get_one, of_orders, parts, tenders
from dingdan.areas.refunds.refusals import (
    LineUnknown,
    NeedsPerson,
    NotPaid,
    OverRefund,
    QuantityUnfit,
    ReceiptMissing,
    RefundUnknown,
    SameHand,
    StateForbids,
    StillOnItsWay,
)
from dingdan.areas.refunds.requesting import (
    quote,
    refund_amended,
    refund_cancelled,
    refund_excess,
    request,
    request_many,
)
from dingdan.areas.refunds.retrying import retry, settle_by_hand, take_offline

__all__ = [
    "AskedLine", "Basis", "Cause", "LineUnknown", "NeedsPerson", "NotPaid", "OverRefund", "Part", "QuantityUnfit",
    "Quote", "ReceiptMissing", "Refund", "RefundApproved", "RefundFailed", "RefundLostTrack", "RefundRefused",
    "RefundRequested", "RefundSent", "RefundSettled", "RefundSigned", "RefundState", "RefundUnknown",
    "RefundWentOffline", "RequestRefund", "SameHand", "StateForbids", "StillOnItsWay", "Tender", "approve", "fail",
    "get", "get_one", "lose_track", "of_orders", "parts", "quote", "refund_amended", "refund_cancelled", "refund_excess",
    "refuse", "request", "request_many", "retry", "settle", "settle_by_hand", "take_offline", "tenders",
]  # fmt: skip
