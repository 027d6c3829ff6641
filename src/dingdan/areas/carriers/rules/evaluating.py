"""When carriers are evaluated, and over which days."""

from datetime import datetime, timedelta

from dingdan.kernel.times import end_of_day, local_date

ZONE = "Asia/Shanghai"
WINDOW = timedelta(days=30)
# The last scans of a month come in before it is judged.
AFTER_MIDNIGHT = timedelta(hours=2)


def month_began(now: datetime) -> datetime:
    """The beginning of the month that a moment lies in."""
    return end_of_day(local_date(now, ZONE).replace(day=1) - timedelta(days=1), ZONE)


def next_evaluation(now: datetime) -> datetime:
    """The first of a month, two hours after midnight."""
    this = month_began(now) + AFTER_MIDNIGHT
    return this if this > now else month_began(month_began(now) + timedelta(days=32)) + AFTER_MIDNIGHT
