"""Pure decisions about feedback."""

from collections.abc import Collection
from datetime import datetime, timedelta

from dingdan.areas import orders
from dingdan.areas.feedback.model import BEST, LONGEST, MOST_PHOTOS, WORST, Feedback, Give, LineRating
from dingdan.areas.feedback.refusals import (
    ChangedAlready,
    LineUnknown,
    NotDeliveredYet,
    RatingUnusable,
    WordsUnusable,
)
from dingdan.kernel.refusal import Refusal, refuse_all


def decide(
    order: orders.Order,
    line_nos: Collection[int],
    given: Give,
    *,
    before: Feedback | None,
    edit_days: int,
    now: datetime,
) -> int:
    """The version that feedback becomes: 1, or 2 where it takes the place of the first.

    Raises NotDeliveredYet or ChangedAlready, or everything that is wrong with what was given.
    """
    if order.with_buyer_since is None:
        raise NotDeliveredYet
    if before is not None and (before.version > 1 or now > before.given_at + timedelta(days=edit_days)):
        raise ChangedAlready(days=edit_days)
    refuse_all(problems(line_nos, given))
    return 1 if before is None else 2


def problems(line_nos: Collection[int], given: Give) -> list[Refusal]:
    """Everything that is wrong with feedback as it was sent."""
    found = _problems_of(LineRating(0, given.rating, given.text, given.photos), "")
    rated: set[int] = set()
    for place, line in enumerate(given.lines):
        if line.line_no not in line_nos or line.line_no in rated:
            found.append(LineUnknown(f"lines[{place}].line_no", line_no=line.line_no))
        rated.add(line.line_no)
        found += _problems_of(line, f"lines[{place}].")
    return found


def _problems_of(said: LineRating, path: str) -> list[Refusal]:
    found: list[Refusal] = []
    if not WORST <= said.rating <= BEST:
        found.append(RatingUnusable(f"{path}rating", worst=WORST, best=BEST))
    if len(said.text) > LONGEST or "\0" in said.text:
        found.append(WordsUnusable(f"{path}text", longest=LONGEST, photos=MOST_PHOTOS))
    if len(said.photos) > MOST_PHOTOS or any("\0" in photo for photo in said.photos):
        found.append(WordsUnusable(f"{path}photos", longest=LONGEST, photos=MOST_PHOTOS))
    return found
