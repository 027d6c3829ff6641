"""What people do at the console and what leaves the house waits a moment, in which they can take it back."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from dingdan.kernel.refusal import Text
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.pages.screens import Act, Done, Fuse, Part, Section, Undo

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


def words(tx: Tx, found: Sequence[tuple[datetime | None, str, int | None, str]], href: str) -> list[Section]:
    """What was written to a buyer and still waits: until when, by whom, what; with the way to take back one's own."""
    if not found:
        return []
    is_mine = any((kind, number) == (str(tx.actor.kind), tx.actor.id) for _, kind, number, _ in found)
    rows = [{"cells": [Fuse(until, tx.now, WAIT), text], "below": None, "acts": []} for until, _, _, text in found]
    return [
        Part(Text("About to be sent to the buyer", "即将发送给买家"), "act_rows.html", {
            "rows": rows, "acts": [act(href)] if is_mine else [],
        })
    ]  # fmt: skip
