"""addresses: whether a parcel would find its door, and where that door is. Pure: nothing is stored or looked up."""

from dingdan.areas.addresses.model import Flaw, FlawCode, Identity, Mark, Parsed, Part, Region
from dingdan.areas.addresses.refusals import (
    DetailTooShort,
    NameUnreal,
    PartMalformed,
    PartMissing,
    PlaceElsewhere,
    PlaceUnknown,
)
from dingdan.areas.addresses.rules.checking import check, name_of, region_of
from dingdan.areas.addresses.rules.correcting import choices, corrected, required, tidied
from dingdan.areas.addresses.rules.identities import plain_number
from dingdan.areas.addresses.rules.lines import read_line
from dingdan.areas.addresses.rules.refusing import problems_of

__all__ = [
    "DetailTooShort", "Flaw", "FlawCode", "Identity", "Mark", "NameUnreal", "Parsed", "Part", "PartMalformed",
    "PartMissing", "PlaceElsewhere", "PlaceUnknown", "Region", "check", "choices", "corrected", "name_of",
    "plain_number", "problems_of", "read_line", "region_of", "required", "tidied",
]  # fmt: skip
