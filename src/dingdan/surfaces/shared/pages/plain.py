"""Cells as plain text, for files that go into spreadsheets."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import assert_never

from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.surfaces.shared import language
from dingdan.surfaces.shared.pages import formatting
from dingdan.surfaces.shared.pages.screens import Act, Cell, Chip, Code, Fuse, Link, Pictured, Reason, Two

# What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection); in Chinese and Japanese the wide ones too.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# A spreadsheet makes floats of longer numbers and loses their last digits; a tab before them keeps them words.
LONGEST_NUMBER = 11
YES, NO = Text("yes", "是"), Text("no", "否")


def cell(value: Cell, tongue: language.Tongue) -> str:
    """A cell as text that a spreadsheet neither runs nor rounds."""
    text = words(value, tongue)
    if text.isdigit() and len(text) > LONGEST_NUMBER:
        return f"\t{text}"
    return f"'{text}" if text.startswith(_FORMULAS) else text


def words(value: Cell, tongue: language.Tongue) -> str:
    """Whatever stands in a cell, in words. What no cell may be is a bug: nobody reads how the program sees it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return language.pick(YES if value else NO, tongue)
    if isinstance(value, Text):
        return language.pick(value, tongue)
    if isinstance(value, datetime):
        return formatting.iso(value)
    if isinstance(value, timedelta):
        return formatting.span(value, tongue)
    if isinstance(value, str | int | Money | date):
        return str(value)
    if isinstance(value, Two):
        return _both(value.top, value.below, tongue)
    if isinstance(value, Reason):
        return _both(value.text, value.source, tongue)
    if isinstance(value, Pictured):
        return words(value.beside, tongue)
    if isinstance(value, Fuse):
        return formatting.iso(value.due_at) if value.due_at and not value.is_paused else ""
    if isinstance(value, Chip | Link | Code | Act):
        return words(value.text, tongue)
    if isinstance(value, Sequence):
        return ", ".join(words(one, tongue) for one in value)
    assert_never(value)


def _both(first: Cell, second: Cell, tongue: language.Tongue) -> str:
    return " / ".join(part for part in (words(first, tongue), words(second, tongue)) if part)
