"""Where goods go by their grade, where nobody says otherwise."""

from collections.abc import Collection

from dingdan.areas.disposition.model import Kind, Ware
from dingdan.areas.disposition.rules.banning import why_not

# The best use first; what none of them is allowed for waits for somebody who decides.
USUAL: dict[str, tuple[Kind, ...]] = {
    "A": ("restock", "repack", "open_box"),
    "B": ("repack", "open_box", "liquidate"),
    "C": ("open_box", "refurbish", "liquidate"),
    "D": ("refurbish", "vendor", "scrap"),
}


def usual(*, is_ours: bool, grade: str, tags: Collection[str], ware: Ware) -> Kind | None:
    """The best use of goods of a grade that nothing forbids; None for what is the buyer's, or fit for nothing."""
    if not is_ours:
        return None
    return next((kind for kind in USUAL[grade] if why_not(kind, grade=grade, tags=tags, ware=ware) is None), None)
