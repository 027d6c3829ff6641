"""An address put in order: as the register writes it, or as it was probably meant."""

from dingdan.areas.addresses.model import Part
from dingdan.kernel.address import Address


def tidied(address: Address) -> Address:
    """The same address as the register writes it. What can be read in one way only is changed, nothing else."""
    return address


def corrected(address: Address) -> tuple[Address, ...]:
    """What was probably meant, likeliest first; empty where the address is sound or nobody could guess."""
    return ()


def choices(address: Address, part: Part) -> tuple[str, ...]:
    """What may stand in a part, given those above it; empty where anything may."""
    return ()
