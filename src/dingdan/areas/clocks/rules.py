"""What a calendar and an extension may be: everything that is wrong with them, all at once."""

import re
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dingdan.areas.clocks.model import Extend
from dingdan.areas.clocks.refusals import CalendarUnfit, CountsEveryHour, ExtensionUnfit, NotExtendable
from dingdan.kernel.refusal import Refusal
from dingdan.kernel.resting import is_kept
from dingdan.kernel.working import EVERY_DAY, CalendarTerms, minutes

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")
_COUNTRY = re.compile(r"[A-Z]{2}")
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
MOST_DAYS = 400
LONGEST = timedelta(days=60)
WIDEST = timedelta(days=370)


def problems_of_calendar(wanted: CalendarTerms, *, may_count: Collection[str]) -> list[Refusal]:
    """What is wrong with a calendar; `may_count` are the kinds that it may count."""
    found: list[Refusal] = []
    if not _is_zone(wanted.zone):
        found.append(_unfit("zone", "its zone is unknown", "时区不存在"))
    if not wanted.weekdays or not set(wanted.weekdays) <= EVERY_DAY:
        found.append(
            _unfit("weekdays", "it has weekdays from 1 (Monday) to 7, one at least", "每周至少一天，取值 1 至 7")
        )
    hours = [_CLOCK.fullmatch(wanted.opens), _CLOCK.fullmatch(wanted.closes)]
    if not all(hours) or minutes(wanted.opens) >= minutes(wanted.closes):
        found.append(_unfit("closes", "it opens before it closes, as HH:MM", "开始时间须早于结束时间，格式 HH:MM"))
    if wanted.holidays is not None and not (_COUNTRY.fullmatch(wanted.holidays) and is_kept(wanted.holidays)):
        found.append(_unfit("holidays", "nobody keeps the holidays of that country", "没有该国家或地区的节假日数据"))
    for name in ("days_on", "days_off"):
        if len(getattr(wanted, name)) > MOST_DAYS:
            found.append(_unfit(name, f"it lists at most {MOST_DAYS} days", f"最多列出 {MOST_DAYS} 天"))
    if set(wanted.days_on) & set(wanted.days_off):
        found.append(_unfit("days_off", "a day is on or off, not both", "同一天不能既上班又休息"))
    known = ", ".join(sorted(may_count))
    found += [
        CountsEveryHour(f"kinds[{i}]", kind=kind, known=known)
        for i, kind in enumerate(wanted.kinds) if kind not in may_count
    ]  # fmt: skip
    return found


def problems_of_extension(wanted: Extend, *, may_extend: Collection[str], now: datetime) -> list[Refusal]:
    """What is wrong with an extension; `may_extend` are the kinds that staff may move."""
    known = ", ".join(sorted(may_extend))
    found: list[Refusal] = [
        NotExtendable(f"kinds[{i}]", kind=kind, known=known)
        for i, kind in enumerate(wanted.kinds) if kind not in may_extend
    ]  # fmt: skip
    if not wanted.kinds or len(set(wanted.kinds)) != len(wanted.kinds):
        found.append(_not_so("kinds", "name each kind once, one at least", "至少一类，且不得重复"))
    if not _CODE.fullmatch(wanted.reason):
        found.append(
            _not_so("reason", "the reason is a code such as spring_festival", "原因须为代码，如 spring_festival")
        )
    return found + list(_of_times(wanted, now))


def _of_times(wanted: Extend, now: datetime) -> Iterator[Refusal]:
    if wanted.due_from >= wanted.due_before or wanted.due_before <= now:
        yield _not_so("due_before", "the period ends after it begins, and not in the past", "时段须有效且不在过去")
    elif wanted.due_before - wanted.due_from > WIDEST:
        yield _not_so("due_before", f"a period has at most {WIDEST.days} days", f"时段最长 {WIDEST.days} 天")
    if (wanted.by_span is None) == (wanted.to_moment is None):
        yield _not_so("by_hours", "say either by how much or to when", "延长时长与目标时间须二选一")
    elif wanted.by_span is not None and not timedelta() < wanted.by_span <= LONGEST:
        yield _not_so("by_hours", f"up to {LONGEST.days} days", f"最长 {LONGEST.days} 天")
    elif wanted.to_moment is not None and not wanted.due_from < wanted.to_moment <= wanted.due_before + LONGEST:
        yield _not_so("to", f"after the period begins, and at most {LONGEST.days} days after it ends",
                      f"须晚于时段开始，且不超过时段结束后 {LONGEST.days} 天")  # fmt: skip


def _is_zone(zone: str) -> bool:
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):  # An unknown name, a path, a folder of names.
        return False
    return True


def _unfit(path: str, why: str, why_zh: str) -> Refusal:
    return CalendarUnfit(path, why=why, why_zh=why_zh)


def _not_so(path: str, why: str, why_zh: str) -> Refusal:
    return ExtensionUnfit(path, why=why, why_zh=why_zh)
