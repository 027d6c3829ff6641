"""For how long a dispute stands still."""

from datetime import datetime, timedelta

from dingdan.areas.disputes.model import AGREE_WITHIN, ELSEWHERE, PROOF_WORKING_DAYS, StillFor
from dingdan.kernel.resting import marked_days_in
from dingdan.kernel.working import Calendar

# Police and courts work by the calendar of the country whose platforms have this rule.
_OFFICES = Calendar("Asia/Shanghai", weekdays=frozenset(range(1, 6)), marked=marked_days_in("CN"))


def until(reason: StillFor, now: datetime, *, is_shown: bool) -> datetime:
    """Until when at the latest: for the two sides to agree, to show that somebody took it, or for whoever took it."""
    if reason is StillFor.AGREEMENT:
        return now + AGREE_WITHIN
    return now + ELSEWHERE if is_shown else _OFFICES.add(now, timedelta(days=PROOF_WORKING_DAYS))
