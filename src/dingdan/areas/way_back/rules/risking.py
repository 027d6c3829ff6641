"""Who bears it when goods are lost or broken on their way back: by fault and by who chose the carrier, never by silence."""

import msgspec

from dingdan.areas.way_back.model import Trouble


class Risk(msgspec.Struct, frozen=True):
    """Whether we bear it, and by which rule."""

    is_ours: bool
    rule: str


def bears(trouble: Trouble, fault: str, *, is_our_label: bool) -> Risk:
    """Who bears the loss of goods on their way back.

    Where the goods were not as they should be, all risk is the seller's (Taobao 68, 81; CPL 24). Whoever chose the
    carrier answers for it, so with our label it is ours. Else breakage is the seller's, and what is lost is the
    buyer's, who claims on the carrier that they chose (Taobao 11).
    """
    if fault == "seller":
        return Risk(True, "R3.12.seller_fault")
    if is_our_label:
        return Risk(True, "R3.12.our_carrier")
    if trouble == "damaged":
        return Risk(True, "R3.12.breakage")
    return Risk(False, "R3.12.buyer_carrier")


def of_return(trouble: Trouble, faults: list[str], *, is_our_label: bool) -> Risk:
    """Of a whole return: one line that is the seller's fault is enough, since all lay in one parcel."""
    risks = [bears(trouble, fault, is_our_label=is_our_label) for fault in faults]
    return next((risk for risk in risks if risk.is_ours), risks[0])
