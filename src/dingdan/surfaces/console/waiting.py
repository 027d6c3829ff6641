"""What people do at the console and what leaves the house waits a moment, in which they can take it back."""

from collections.abc import Sequence
from datetime import timedelta

from dingdan.kernel.refusal import Text
from dingdan.surfaces.shared.pages.screens import Act, Done, Undo

SECONDS = 10
WAIT = timedelta(seconds=SECONDS)
KEY = "Ctrl Z"
TAKE_BACK = Text("Take back", "收回")
TAKEN_BACK = Text("Taken back; nothing went out", "已收回，未发出")


def queued(text: Text, undo: str, *, keys: Sequence[str] = (), to: str = "", stays: bool = False) -> Done:
    """What an act answers that goes out in a moment: that it does, and how it is taken back until then."""
    said = Text(f"{text.en}; goes out in {SECONDS} s", f"{text.zh}，{SECONDS} 秒后发出")
    return Done(text=said, to=to, stays=stays, undo=Undo(undo, SECONDS, keys))


def act(href: str) -> Act:
    """The button on the page of what waits."""
    return Act("take-back", TAKE_BACK, href, KEY, tone="first")
