"""customs: goods bought abroad (跨境电商零售进口): what people may import, when it was released, what goes back, and in time."""

from dingdan.areas.customs.counting import (
    drop_imports,
    forget,
    imported,
    imports,
    note_elsewhere,
    note_imports,
    recount,
    show_other_papers,
    year_limit,
)
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
from dingdan.areas.customs.model import CustomsReturn, Import, NewImport, Release, ReturnLine
from dingdan.areas.customs.noting import apply, note_release, note_return, withdraw
from dingdan.areas.customs.promises import APPLY_BY, BACK_BY
from dingdan.areas.customs.reading import cleared_units, get_one, releases, returns_of
from dingdan.areas.customs.refusals import (
    CustomsReturnUnknown,
    CustomsStands,
    DateUnfit,
    DeclarationUnfit,
    NotCrossBorder,
    OrderLimitReached,
    ReleaseMissing,
    UnitsUnfit,
    YearLimitReached,
)
from dingdan.areas.customs.reminding import expect_back, note_not_back, note_unasked, remind_to_apply, remind_to_bring
from dingdan.areas.customs.rules import CURRENCY, FLAG, ORDER_MOST, RULE, YEAR_MOST, is_ours, last_days, worth

__all__ = [
    "APPLY_BY", "BACK_BY", "CURRENCY", "CUSTOMS_RETURN", "FLAG", "ORDER_MOST", "RULE", "YEAR_MOST", "CustomsDue",
    "CustomsMissed", "CustomsReleased", "CustomsReturn", "CustomsReturnApplied", "CustomsReturnCleared",
    "CustomsReturnLate", "CustomsReturnState", "CustomsReturnUnknown", "CustomsReturnWithdrawn", "CustomsStands",
    "DateUnfit", "DeclarationUnfit", "Import", "NewImport", "NotCrossBorder", "OrderLimitReached", "Release",
    "ReleaseMissing", "ReturnLine", "UnitsUnfit", "YearLimitReached", "apply", "cleared_units", "drop_imports",
    "expect_back", "forget", "get_one", "imported", "imports", "is_ours", "last_days", "note_elsewhere",
    "note_imports", "note_not_back", "note_release", "note_return", "note_unasked", "recount", "releases",
    "remind_to_apply", "remind_to_bring", "returns_of", "show_other_papers", "withdraw", "worth", "year_limit",
]  # fmt: skip
