"""What a carrier's scan means, and where a parcel stands by all its scans, in whatever order they came."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

import msgspec

from dingdan.areas.fulfilment.lifecycle import ParcelState
from dingdan.kernel.refusal import Text

_P = ParcelState


class Evidence(StrEnum):
    """How well a receipt is proved, best first."""

    RECIPIENT = "recipient"
    NAMED_AGENT = "named_agent"
    STATION_AS_AGREED = "station_as_agreed"
    # Without the recipient's consent it is none: no clock of receipt begins.
    STATION_UNASKED = "station_unasked"


class Code(msgspec.Struct, frozen=True):
    """A scan code in our words: what people read, where it puts the parcel (None: it only informs), what it proves."""

    text: Text
    state: ParcelState | None = None
    evidence: Evidence | None = None


# Adapters turn their carrier's codes into these. A parcel in a locker or at a station is not received: without
# the recipient's consent it is no delivery (Express Market Measures art. 28).
CODES: dict[str, Code] = {
    "picked_up": Code(Text("The carrier has the parcel.", "快递已揽收。"), _P.MOVING),
    "in_transit": Code(Text("The parcel is on its way.", "快件运输中。"), _P.MOVING),
    "out_for_delivery": Code(Text("The parcel is out for delivery.", "快件派送中。"), _P.OUT_FOR_DELIVERY),
    "awaiting_collection": Code(
        Text("The parcel waits in a locker or at a station.", "快件已存放至快递柜或驿站，等待取件。"),
        _P.OUT_FOR_DELIVERY,
        Evidence.STATION_UNASKED,
    ),
    "left_as_agreed": Code(
        Text(
            "The parcel lies in a locker or at a station, as the recipient agreed.",
            "经收件人同意，快件已存放至快递柜或驿站。",
        ),
        _P.DELIVERED,
        Evidence.STATION_AS_AGREED,
    ),
    "delivered": Code(
        Text("The recipient has signed for the parcel.", "收件人已签收。"), _P.DELIVERED, Evidence.RECIPIENT
    ),
    "agent_signed": Code(
        Text("Somebody named by the recipient has signed.", "代收人已签收。"), _P.DELIVERED, Evidence.NAMED_AGENT
    ),
    "turned_away": Code(Text("The parcel was not accepted at the door.", "收件人拒收。"), _P.TURNED_AWAY),
    "returning": Code(Text("The parcel is on its way back to the sender.", "快件退回途中。"), _P.RETURNING),
    "returned": Code(Text("The parcel is back at the sender.", "快件已退回寄件人。"), _P.RETURNING),
    "lost": Code(Text("The carrier has lost the parcel.", "快件丢失。"), _P.LOST),
    "damaged": Code(Text("The parcel is damaged.", "快件破损。"), _P.DAMAGED),
    "delayed": Code(Text("The parcel is late.", "快件延误。")),
    "address_problem": Code(Text("The carrier cannot find the address.", "收件地址有误，快递无法派送。")),
}

# Once a parcel is on its way back, hubs and vans that see it are part of that way.
_OUTBOUND = frozenset({_P.MOVING, _P.OUT_FOR_DELIVERY, _P.TURNED_AWAY})

VERBS: dict[ParcelState, str] = {
    _P.MOVING: "move",
    _P.OUT_FOR_DELIVERY: "go_out",
    _P.DELIVERED: "deliver",
    _P.TURNED_AWAY: "turn_away",
    _P.RETURNING: "send_back",
    _P.LOST: "lose",
    _P.DAMAGED: "damage",
}


class Seen(msgspec.Struct, frozen=True):
    """One scan as it counts: when the carrier saw the parcel, what it said, and its name for the event."""

    at: datetime
    code: str
    event_id: str


class Standing(msgspec.Struct, frozen=True):
    """Where a parcel stands by its scans."""

    state: ParcelState
    delivered_at: datetime | None = None
    last_scan_at: datetime | None = None


class Receipt(msgspec.Struct, frozen=True):
    """What is known of who has a parcel. Only with consent it counts as received."""

    evidence: Evidence
    at: datetime

    @property
    def counts(self) -> bool:
        """Whether the buyer has received the parcel by this (Express Market Measures art. 28)."""
        return self.evidence is not Evidence.STATION_UNASKED


def receipt(scans: Iterable[Seen]) -> Receipt | None:
    """The best evidence that there is of a receipt, at its first scan; None where nobody says anything of one."""
    ranks = list(Evidence)
    found = [
        (ranks.index(known.evidence), scan.at, known.evidence)
        for scan in scans
        if (known := CODES.get(scan.code)) is not None and known.evidence is not None
    ]
    if not found:
        return None
    _, at, evidence = min(found)
    return Receipt(evidence, at)


def meaning(code: str) -> ParcelState | None:
    """Where a code puts a parcel; None for news that moves nothing and for codes we do not know."""
    known = CODES.get(code)
    return known.state if known else None


def standing(scans: Iterable[Seen]) -> Standing:
    """Where a parcel stands: the same for the same scans, whatever order they arrived in.

    A delivery is final. Otherwise the latest scan by the carrier's own time decides, and once the parcel was sent
    back nothing outbound counts any more.
    """
    by_time = sorted(scans, key=lambda scan: (scan.at, scan.event_id))
    if not by_time:
        return Standing(_P.DISPATCHED)
    last = by_time[-1].at
    told = [(state, scan.at) for scan in by_time if (state := meaning(scan.code)) is not None]
    delivered = [at for state, at in told if state is _P.DELIVERED]
    if delivered:
        return Standing(_P.DELIVERED, delivered[0], last)
    states = [state for state, _ in told]
    if _P.RETURNING in states:
        states = [state for state in states if state not in _OUTBOUND]
    return Standing(states[-1] if states else _P.DISPATCHED, None, last)
