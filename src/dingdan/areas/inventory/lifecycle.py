"""Reservations: held for an order until the goods leave or the order ends."""

from enum import StrEnum

from dingdan.kernel.lifecycle import Lifecycle


class ReservationState(StrEnum):
    """Where a reservation stands."""

    HELD = "held"
    CONSUMED = "consumed"
    RELEASED = "released"


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
