"""Everything that is wrong with an address, all at once."""

from dingdan.areas.addresses.model import Flaw, Identity
from dingdan.kernel.address import Address


def check(address: Address, *, cross_border: bool = False, identity: Identity | None = None) -> list[Flaw]:
    """The flaws of an address; none means that a parcel would find its door."""
    return []
