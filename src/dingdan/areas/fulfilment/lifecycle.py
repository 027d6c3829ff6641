"""Work in the warehouse, and the parcel on its way."""

from enum import StrEnum

from dingdan.kernel.lifecycle import Lifecycle


class WorkState(StrEnum):
    """Where the picking of one order in one warehouse stands."""

    QUEUED = "queued"
    PICKING = "picking"
    PACKED = "packed"
    HANDED_OVER = "handed_over"
    WITHDRAWN = "withdrawn"


class ParcelState(StrEnum):
    """Where a parcel stands, in our words whatever the carrier's are."""

    DISPATCHED = "dispatched"
    MOVING = "moving"
    OUT_FOR_DELIVERY = "out_for_delivery"
    DELIVERED = "delivered"
    TURNED_AWAY = "turned_away"
    RETURNING = "returning"
    LOST = "lost"
    DAMAGED = "damaged"


_W, _P = WorkState, ParcelState

# Works that keep their order closed against cancellation.
IN_HAND = frozenset({_W.PICKING, _W.PACKED, _W.HANDED_OVER})
# Works that the order still waits for.
STILL_HERE = frozenset({_W.QUEUED, _W.PICKING, _W.PACKED})

WORK = Lifecycle(
    "work",
    initial=_W.QUEUED,
    moves={
        "claim": ({_W.QUEUED}, _W.PICKING),
        "put_back": ({_W.PICKING, _W.PACKED}, _W.QUEUED),
        "pack": ({_W.PICKING}, _W.PACKED),
        "hand_over": ({_W.PACKED}, _W.HANDED_OVER),
        "withdraw": ({_W.QUEUED}, _W.WITHDRAWN),
        "requeue": ({_W.WITHDRAWN}, _W.QUEUED),
        # Nothing of the order lies in this warehouse after all.
        "give_up": ({_W.PICKING}, _W.WITHDRAWN),
    },
)

# A parcel is where its latest scan says, and scans come in any order: so a parcel may go from any of these to any
# other. What never happens: a way out of `delivered`, a way back to `dispatched`, and the way of a parcel that
# is coming back turning into a delivery attempt (`rules/scans.py`).
_ROAD = {_P.MOVING, _P.OUT_FOR_DELIVERY, _P.TURNED_AWAY}
_TROUBLE = {_P.LOST, _P.DAMAGED}

PARCEL = Lifecycle(
    "parcel",
    initial=_P.DISPATCHED,
    moves={
        "move": ({_P.DISPATCHED, *_ROAD, *_TROUBLE} - {_P.MOVING}, _P.MOVING),
        "go_out": ({_P.DISPATCHED, *_ROAD, *_TROUBLE} - {_P.OUT_FOR_DELIVERY}, _P.OUT_FOR_DELIVERY),
        # Carriers correct themselves: a parcel called lost, damaged or returning may still arrive.
        "deliver": ({_P.DISPATCHED, *_ROAD, *_TROUBLE, _P.RETURNING}, _P.DELIVERED),
        "turn_away": ({_P.DISPATCHED, *_ROAD, *_TROUBLE} - {_P.TURNED_AWAY}, _P.TURNED_AWAY),
        "send_back": ({_P.DISPATCHED, *_ROAD, *_TROUBLE}, _P.RETURNING),
        "lose": ({_P.DISPATCHED, *_ROAD, _P.RETURNING, _P.DAMAGED}, _P.LOST),
        "damage": ({_P.DISPATCHED, *_ROAD, _P.RETURNING, _P.LOST}, _P.DAMAGED),
    },
)
