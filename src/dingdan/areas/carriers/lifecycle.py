"""How a contract with a carrier stands."""

from enum import StrEnum

from dingdan.kernel.lifecycle import Lifecycle


class Contract(StrEnum):
    """Active; warned, because its grade fell; suspended, so that it gets no parcels."""

    ACTIVE = "active"
    WARNED = "warned"
    SUSPENDED = "suspended"


CONTRACT = Lifecycle(
    "carrier",
    initial=Contract.ACTIVE,
    moves={
        "warn": ({Contract.ACTIVE}, Contract.WARNED),
        "suspend": ({Contract.ACTIVE, Contract.WARNED}, Contract.SUSPENDED),
        "restore": ({Contract.WARNED, Contract.SUSPENDED}, Contract.ACTIVE),
    },
)
