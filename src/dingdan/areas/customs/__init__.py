"""customs: goods bought abroad (跨境电商零售进口): when they were released, what goes back to the bonded zone, and in time."""

from dingdan.areas.customs.events import (
    CustomsDue,
    CustomsMissed,
    CustomsReleased,
    CustomsReturnApplied,
    CustomsReturnCleared,
    CustomsReturnLate,
    CustomsReturnWithdrawn,
)
from dingdan.areas.customs.lifecycle import CUSTOMS_RETURN, CustomsReturnState
from dingdan.areas.customs.model import CustomsReturn, Release, ReturnLine
from dingdan.areas.customs.noting import apply, note_release, note_return, withdraw
from dingdan.areas.customs.promises import APPLY_BY, BACK_BY
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
from dingdan.areas.customs.reminding import expect_back, note_not_back, note_unasked, remind_to_apply, remind_to_bring
from dingdan.areas.customs.rules import RULE, is_ours, last_days

__all__ = [
    "APPLY_BY", "BACK_BY", "CUSTOMS_RETURN", "RULE", "CustomsDue", "CustomsMissed",
    "CustomsReleased", "CustomsReturn", "CustomsReturnApplied", "CustomsReturnCleared",
    "CustomsReturnLate", "CustomsReturnState", "CustomsReturnUnknown", "CustomsReturnWithdrawn", "CustomsStands", "DateUnfit",
    "DeclarationUnfit", "NotCrossBorder", "Release", "ReleaseMissing", "ReturnLine", "UnitsUnfit", "apply", "cleared_units",
    "expect_back", "get_one", "is_ours", "last_days", "note_not_back", "note_release", "note_return", "note_unasked", "releases",
    "remind_to_apply", "remind_to_bring", "returns_of", "withdraw",
]  # fmt: skip
