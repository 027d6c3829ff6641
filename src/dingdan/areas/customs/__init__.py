"""customs: goods bought abroad (跨境电商零售进口): when they were released, what goes back to the bonded zone, and in time."""

from dingdan.areas.customs.events import (
    CustomsReleased,
    CustomsReturnApplied,
    CustomsReturnCleared,
    CustomsReturnLate,
    CustomsReturnWithdrawn,
)
from dingdan.areas.customs.lifecycle import CUSTOMS_RETURN, CustomsReturnState
from dingdan.areas.customs.model import CustomsReturn, Release, ReturnLine
from dingdan.areas.customs.noting import apply, note_release, note_return, withdraw
from dingdan.areas.customs.reading import cleared_units, get_one, releases, returns_of
from dingdan.areas.customs.refusals import (
    CustomsReturnUnknown,
    CustomsStands,
    DateUnfit,
    DeclarationUnfit,
    NotCrossBorder,
    ReleaseMissing,
    UnitsUnfit,
)
from dingdan.areas.customs.rules import RULE, is_ours, last_days

__all__ = [
    "CUSTOMS_RETURN", "RULE", "CustomsReleased", "CustomsReturn", "CustomsReturnApplied", "CustomsReturnCleared",
    "CustomsReturnLate", "CustomsReturnState", "CustomsReturnUnknown", "CustomsReturnWithdrawn", "CustomsStands", "DateUnfit",
    "DeclarationUnfit", "NotCrossBorder", "Release", "ReleaseMissing", "ReturnLine", "UnitsUnfit", "apply", "cleared_units",
    "get_one", "is_ours", "last_days", "note_release", "note_return", "releases", "returns_of", "withdraw",
]  # fmt: skip
