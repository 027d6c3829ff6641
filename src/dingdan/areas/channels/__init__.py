"""channels: what sales channels are told of our stock, and how far behind they are. Nothing that changed is skipped."""

from dingdan.areas.channels.acknowledging import acknowledge
from dingdan.areas.channels.events import NoticeAsked, StockAvailableAgain
from dingdan.areas.channels.model import AskNotice, Change, Changes, Notice, Sync
from dingdan.areas.channels.noticing import ask_notice
from dingdan.areas.channels.publishing import publish
from dingdan.areas.channels.reading import changes, sync
from dingdan.areas.channels.refusals import NeverTold

__all__ = [
    "AskNotice", "Change", "Changes", "NeverTold", "Notice", "NoticeAsked", "StockAvailableAgain", "Sync",
    "acknowledge", "ask_notice", "changes", "publish", "sync",
]  # fmt: skip
