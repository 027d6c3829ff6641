"""channels: what sales channels are told of our stock, and how far behind they are. Nothing that changed is skipped."""

from dingdan.areas.channels.acknowledging import acknowledge
from dingdan.areas.channels.events import StockAvailableAgain
from dingdan.areas.channels.model import Change, Changes, Sync
from dingdan.areas.channels.publishing import look_again, publish
from dingdan.areas.channels.reading import changes, sync
from dingdan.areas.channels.refusals import NeverTold

__all__ = [
    "Change", "Changes", "NeverTold", "StockAvailableAgain", "Sync", "acknowledge", "changes", "look_again", "publish",
    "sync",
]  # fmt: skip
