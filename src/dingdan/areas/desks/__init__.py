"""desks: what people of the staff arrange for themselves: their views of lists, their keys, and which sheets they have open."""

from dingdan.areas.desks.choosing import choose_keys
from dingdan.areas.desks.keeping import drop_view, keep_view
from dingdan.areas.desks.model import FIXED, OPEN_LASTS, SAID_EVERY, SHORTCUTS, KeepView, KeptView, OpenSheet, Shortcut
from dingdan.areas.desks.opening import say_closed, say_open
from dingdan.areas.desks.reading import keys_of, viewers_of, views_of
from dingdan.areas.desks.refusals import (
    KeyTaken,
    KeyUnusable,
    ShortcutUnknown,
    TooManyViews,
    ViewUnknown,
    ViewUnusable,
)

__all__ = [
    "FIXED",
    "OPEN_LASTS",
    "SAID_EVERY",
    "SHORTCUTS",
    "KeepView",
    "KeptView",
    "KeyTaken",
    "KeyUnusable",
    "OpenSheet",
    "Shortcut",
    "ShortcutUnknown",
    "TooManyViews",
    "ViewUnknown",
    "ViewUnusable",
    "choose_keys",
    "drop_view",
    "keep_view",
    "keys_of",
    "say_closed",
    "say_open",
    "viewers_of",
    "views_of",
]
