"""When a merchant's periods begin and end: in its own zone, one behind the other, never over each other."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from dingdan.kernel.times import local_date

Length = Literal["week", "month"]


def period_of(
    at: datetime, zone: str, length: Length, *, not_before: datetime | None = None
) -> tuple[datetime, datetime]:
    """The period in which a moment lies: its beginning and its end, which is the next one's beginning.

    Weeks begin on Mondays. `not_before` is where an earlier period ended: where the length was changed, the first new
    one is what is left.
    """
    day = local_date(at, zone)
    if length == "week":
        first = day - timedelta(days=day.weekday())
        last = first + timedelta(days=7)
    else:
        first = day.replace(day=1)
        last = (first + timedelta(days=32)).replace(day=1)
    starts, ends = _midnight(first, zone), _midnight(last, zone)
    return (starts if not_before is None else max(starts, not_before)), ends


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
