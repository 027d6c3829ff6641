"""addresses: whether a parcel would find its door, and where that door is. Pure: nothing is stored or looked up."""

from dingdan.areas.addresses.model import Flaw, FlawCode, Identity, Mark, Parsed, Part, Region
from dingdan.areas.addresses.refusals import AddressFlawed, IdentityFlawed
from dingdan.areas.addresses.rules.checking import check
from dingdan.areas.addresses.rules.correcting import choices, corrected, tidied
from dingdan.areas.addresses.rules.lines import read_line
from dingdan.areas.addresses.rules.places import region_of
from dingdan.areas.addresses.rules.refusing import problems_of

__all__ = [
    "AddressFlawed", "Flaw", "FlawCode", "Identity", "IdentityFlawed", "Mark", "Parsed", "Part", "Region", "check",
    "choices", "corrected", "problems_of", "read_line", "region_of", "tidied",
]  # fmt: skip
