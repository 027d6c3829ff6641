"""clocks: by which calendar promises are counted, and deadlines that are moved many at once."""

from dingdan.areas.clocks.events import CalendarSaved, DeadlineExtended, ExtensionFinished, ExtensionOrdered
from dingdan.areas.clocks.extending import carry_on, extend, extendable_kinds, preview
from dingdan.areas.clocks.model import Extend, Extension, Keeper, SavedCalendar
from dingdan.areas.clocks.reading import calendar_versions, extended_kinds, get_extension, list_extensions
from dingdan.areas.clocks.refusals import (
    CalendarUnfit,
    CountsEveryHour,
    ExtensionUnfit,
    ExtensionUnknown,
    NotExtendable,
)
from dingdan.areas.clocks.rules import problems_of_calendar
from dingdan.areas.clocks.saving import counted_kinds, save_calendar

__all__ = [
    "CalendarSaved", "CalendarUnfit", "CountsEveryHour", "DeadlineExtended", "Extend", "Extension", "ExtensionFinished",
    "ExtensionOrdered", "ExtensionUnfit", "ExtensionUnknown", "Keeper", "NotExtendable", "SavedCalendar",
    "calendar_versions", "carry_on", "counted_kinds", "extend", "extendable_kinds", "extended_kinds", "get_extension",
    "list_extensions", "preview", "problems_of_calendar", "save_calendar",
]  # fmt: skip
