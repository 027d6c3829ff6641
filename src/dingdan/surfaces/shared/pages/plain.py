"""Cells as plain text, for files that go into spreadsheets."""

from datetime import datetime
from typing import Any

from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.surfaces.shared import language
from dingdan.surfaces.shared.pages import formatting
from dingdan.surfaces.shared.pages.screens import Chip, Code, Fuse, Link, Pictured, Two

# What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection); in Chinese and Japanese the wide ones too.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# A spreadsheet makes floats of longer numbers and loses their last digits; a tab before them keeps them words.
LONGEST_NUMBER = 11


def cell(value: Any, tongue: language.Tongue) -> str:
    """A cell as text that a spreadsheet neither runs nor rounds."""
    text = words(value, tongue)
    if text.isdigit() and len(text) > LONGEST_NUMBER:
        return f"\t{text}"
    return f"'{text}" if text.startswith(_FORMULAS) else text


def words(value: Any, tongue: language.Tongue) -> str:
    """Whatever stands in a cell, in words."""
    if value is None:
        return ""
    if isinstance(value, Text):
        return language.pick(value, tongue)
    if isinstance(value, Money):
        return str(value)
    if isinstance(value, datetime):
        return formatting.iso(value)
    if isinstance(value, Two):
        return " / ".join(part for part in (words(value.top, tongue), words(value.below, tongue)) if part)
    if isinstance(value, Pictured):
        return words(value.beside, tongue)
    if isinstance(value, Fuse):
        return formatting.iso(value.due_at) if value.due_at and not value.is_paused else ""
    if isinstance(value, Chip | Link | Code):
        return words(value.text, tongue)
    if isinstance(value, list | tuple):
        return ", ".join(words(one, tongue) for one in value)
    return str(value)
