"""desks: what people of the staff arrange for themselves: the views of lists that they keep."""

from dingdan.areas.desks.keeping import drop_view, keep_view
from dingdan.areas.desks.model import KeepView, KeptView
from dingdan.areas.desks.reading import views_of
from dingdan.areas.desks.refusals import TooManyViews, ViewUnknown, ViewUnusable

__all__ = ["KeepView", "KeptView", "TooManyViews", "ViewUnknown", "ViewUnusable", "drop_view", "keep_view", "views_of"]
