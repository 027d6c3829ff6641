"""Where an address lies."""

from dingdan.areas.addresses.model import Region
from dingdan.kernel.address import Address


def region_of(address: Address) -> Region:
    """The region of an address, as deep as it can be told; an address with flaws may give only its country."""
    return Region(address.country)
