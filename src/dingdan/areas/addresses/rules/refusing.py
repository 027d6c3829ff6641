"""Flaws as refusals with their ways out, for requests that carry an address."""

from dingdan.areas.addresses.model import Identity
from dingdan.kernel.address import Address
from dingdan.kernel.refusal import Refusal


def problems_of(
    address: Address, prefix: str = "ship_to", *, cross_border: bool = False, identity: Identity | None = None
) -> list[Refusal]:
    """Every flaw as a refusal, its path below `prefix` and its patches against the request that has it there."""
    return []
