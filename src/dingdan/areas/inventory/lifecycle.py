"""Reservations, goods between two warehouses, and counts that wait for a second person."""

from enum import StrEnum

from dingdan.kernel.lifecycle import Lifecycle


class ReservationState(StrEnum):
    """Where a reservation stands."""

    HELD = "held"
    CONSUMED = "consumed"
    RELEASED = "released"


class TransferState(StrEnum):
    """Where goods between two warehouses are."""

    SENT = "sent"
    ARRIVED = "arrived"


class StocktakeState(StrEnum):
    """Whether what was counted is in the books."""

    REQUESTED = "requested"
    APPROVED = "approved"
    REFUSED = "refused"


RESERVATION = Lifecycle(
    "reservation",
    initial=ReservationState.HELD,
    moves={
        "consume": ({ReservationState.HELD}, ReservationState.CONSUMED),
        "release": ({ReservationState.HELD}, ReservationState.RELEASED),
        # An expired order whose money came late after all takes its stock again.
        "hold_again": ({ReservationState.RELEASED}, ReservationState.HELD),
    },
)

TRANSFER = Lifecycle(
    "transfer",
    initial=TransferState.SENT,
    moves={"arrive": ({TransferState.SENT}, TransferState.ARRIVED)},
)

STOCKTAKE = Lifecycle(
    "stocktake",
    initial=StocktakeState.REQUESTED,
    moves={
        "approve": ({StocktakeState.REQUESTED}, StocktakeState.APPROVED),
        "refuse": ({StocktakeState.REQUESTED}, StocktakeState.REFUSED),
    },
)
