"""evidence: what buyers show: pictures and videos of an order, made clean, compared, and seen only by whom they concern."""

from dingdan.areas.evidence.bringing import bring, demand_room
from dingdan.areas.evidence.events import EvidenceBrought, EvidenceReused
from dingdan.areas.evidence.model import (
    FEWEST_STEPS,
    MOST_OF_DAY,
    MOST_OF_ORDER,
    MOST_UNLIKE,
    Evidence,
    NewEvidence,
    Sort,
    comparable,
)
from dingdan.areas.evidence.reading import demand_buyer, get, of_orders, seen_by
from dingdan.areas.evidence.refusals import EvidenceUnknown, NoNameForShot, TooMuchEvidence

__all__ = [
    "FEWEST_STEPS", "MOST_OF_DAY", "MOST_OF_ORDER", "MOST_UNLIKE", "Evidence", "EvidenceBrought", "EvidenceReused",
    "EvidenceUnknown", "NewEvidence", "NoNameForShot", "Sort", "TooMuchEvidence", "bring", "comparable",
    "demand_buyer", "demand_room", "get", "of_orders", "seen_by",
]  # fmt: skip
