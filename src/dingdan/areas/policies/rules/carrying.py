"""Who pays which way, by whose fault it turned out to be."""

from collections.abc import Sequence
from typing import Literal

from dingdan.areas.policies.granting_parts import Condition, Freight
from dingdan.areas.policies.model import PolicyDocument

Ours = Literal["buyer", "seller", "none"]


def freight_for(document: PolicyDocument, fault: str, conditions: Sequence[Condition] = ()) -> Freight:
    """Who pays which way, by whose fault it turned out to be; what nobody wrote a rule for counts as no reason.

    A condition of the goods goes before what holds for all, where it has the seller pay the way back.
    """
    better = next((one.freight for one in conditions if one.freight and one.freight.way_back == "seller"), None)
    written = freight_written(document, "none" if fault == "review" else fault)
    return better or written or document.no_reason.freight


def freight_written(document: PolicyDocument, fault: str) -> Freight | None:
    """The rule that stands in the document for a fault, if one does."""
    own = {"buyer": document.no_reason.freight, "seller": document.quality.freight}
    written = {str(known): freight for known, freight in document.freight.items()}
    return (own | written).get(fault)


def reship_by(freight: Freight) -> Literal["buyer", "seller"]:
    """Who pays for what is sent instead: whoever pays the way back, unless the rule says otherwise."""
    return freight.reship or freight.way_back


def postage_of_buyer(freight: Freight, postage: int, insured: int = 0) -> int:
    """What of a parcel's way back the buyer bears, in minor units: nothing where the seller pays, else what insurance

    does not pay (W31).
    """
    return 0 if freight.way_back == "seller" else max(0, postage - insured)
