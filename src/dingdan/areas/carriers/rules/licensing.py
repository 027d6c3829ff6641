"""Licences: what may be entered as one, how far they reach, and whether a carrier may be given parcels."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dingdan.areas.carriers.lifecycle import Contract
from dingdan.areas.carriers.model import Assigned, Carrier, Licence
from dingdan.areas.carriers.refusals import (
    CarrierClosed,
    CarrierHeld,
    FieldUnfit,
    LicenceMissing,
    LicenceNotYetValid,
    LicenceRunOut,
    NotRegistered,
)
from dingdan.areas.carriers.rules.forms import UNLICENSED
from dingdan.kernel.refusal import Refusal
from dingdan.kernel.times import end_of_day

# How many days before the end of the last licence it is told.
NOTICES = (30, 7)
MOST_LICENCES = 20
FIRST_DAY, LAST_DAY = date(1980, 1, 1), date(2200, 1, 1)
ONE_DAY = timedelta(days=1)


def span(licence: Licence) -> tuple[datetime, datetime]:
    """The first moment of a licence and the first one after it."""
    return end_of_day(licence.valid_from - ONE_DAY, licence.zone), end_of_day(licence.valid_until, licence.zone)


def covered_until(licences: Iterable[Licence], now: datetime) -> datetime | None:
    """How far licences reach from now without a gap; None where none holds now."""
    reached = now
    for start, end in sorted(map(span, licences)):
        if start <= reached < end:
            reached = end
    return reached if reached > now else None


def assignment(code: str, carrier: Carrier | None, licences: Sequence[Licence], now: datetime) -> Assigned | Refusal:
    """By which right a carrier may be given parcels now, or why it may not."""
    carrier_id = carrier.id if carrier else None
    if carrier is not None and carrier.state is Contract.SUSPENDED:
        return CarrierHeld("carrier", code=code)
    if carrier is not None and not carrier.active:
        return CarrierClosed("carrier", code=code)
    if code in UNLICENSED:
        return Assigned(carrier_id=carrier_id, ground="own")
    if carrier is None:
        return NotRegistered("carrier", code=code)
    holding = [one for one in licences if span(one)[0] <= now < span(one)[1]]
    if holding:
        best = max(holding, key=lambda one: (one.valid_until, one.number))
        start, end = span(best)
        return Assigned(
            carrier_id=carrier_id, ground="licensed", licence=best.number, licensed_from=start, licensed_until=end
        )
    return _why_none_holds(code, licences, now)


def _why_none_holds(code: str, licences: Sequence[Licence], now: datetime) -> Refusal:
    coming = [one for one in licences if span(one)[0] > now]
    over = [one for one in licences if span(one)[1] <= now]
    if over:
        last = max(over, key=lambda one: one.valid_until)
        return LicenceRunOut("carrier", code=code, until=last.valid_until.isoformat())
    if coming:
        first = min(coming, key=lambda one: one.valid_from)
        return LicenceNotYetValid("carrier", code=code, start=first.valid_from.isoformat())
    return LicenceMissing("carrier", code=code)


def notice(licences: Sequence[Licence], now: datetime) -> int | None:
    """Within how many days the last licence ends, by the notices there are; 0 where it is over, None where it is not near."""
    end = covered_until(licences, now)
    if end is None:
        return 0
    return min((days for days in NOTICES if end - now <= timedelta(days=days)), default=None)


def next_look(licences: Sequence[Licence], now: datetime) -> datetime | None:
    """When the next notice is due; a licence that begins later is looked at when it begins."""
    end = covered_until(licences, now)
    if end is None:
        return min((start for start, _ in map(span, licences) if start > now), default=None)
    return next(at for days in (*NOTICES, 0) if (at := end - timedelta(days=days)) > now)


def problems_of_licences(licences: Sequence[Licence]) -> Iterator[Refusal]:
    """What is wrong with licences by themselves."""
    if len(licences) > MOST_LICENCES:
        yield _unfit("licences", f"at most {MOST_LICENCES}", f"最多 {MOST_LICENCES} 项")
        return
    numbers: set[str] = set()
    for n, one in enumerate(licences):
        path = f"licences[{n}]"
        if not _is_word(one.number, 64):
            yield _unfit(f"{path}.number", "1 to 64 printable characters", "须为 1 至 64 个可打印字符")
        if not _is_word(one.issuer, 200):
            yield _unfit(f"{path}.issuer", "1 to 200 printable characters", "须为 1 至 200 个可打印字符")
        if one.number in numbers:
            yield _unfit(f"{path}.number", "named once", "不得重复")
        numbers.add(one.number)
        if not FIRST_DAY <= one.valid_from <= one.valid_until <= LAST_DAY:
            yield _unfit(f"{path}.valid_until", "not before valid_from", "须为合理日期，且不早于生效日期")
        if not _is_zone(one.zone):
            yield _unfit(f"{path}.zone", "a time zone such as Asia/Shanghai", "须为时区，如 Asia/Shanghai")


def _is_word(text: str, most: int) -> bool:
    return 1 <= len(text) <= most and text == text.strip() and text.isprintable()


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _unfit(field: str, why: str, why_zh: str) -> Refusal:
    return FieldUnfit(field, field=field.rpartition(".")[2], why=why, why_zh=why_zh)
