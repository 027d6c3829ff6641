"""desks: what people of the staff arrange for themselves: the views of lists that they keep, and the keys they press."""

from dingdan.areas.desks.choosing import choose_keys
from dingdan.areas.desks.keeping import drop_view, keep_view
from dingdan.areas.desks.model import FIXED, SHORTCUTS, KeepView, KeptView, Shortcut
from dingdan.areas.desks.reading import keys_of, views_of
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
    "SHORTCUTS",
    "KeepView",
    "KeptView",
    "KeyTaken",
    "KeyUnusable",
    "Shortcut",
    "ShortcutUnknown",
    "TooManyViews",
    "ViewUnknown",
    "ViewUnusable",
    "choose_keys",
    "drop_view",
    "keep_view",
    "keys_of",
    "views_of",
]
