"""How amounts, moments and counts are written for people, in Chinese and English."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dingdan.kernel.money import EXPONENTS, Money
from dingdan.surfaces.shared.language import Tongue

# Where the house stands; a page says the zone where another one is meant.
ZONE = ZoneInfo("Asia/Shanghai")
MINUS = "\u2212"
# The yuan's sign alone means the yen in English, so there it stands with its country.
_SIGNS = {
    "zh": {"CNY": "¥", "USD": "US$", "EUR": "€", "GBP": "£", "HKD": "HK$", "JPY": "JP¥"},
    "en": {"CNY": "CN¥", "USD": "$", "EUR": "€", "GBP": "£", "HKD": "HK$", "JPY": "JP¥"},
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "zh": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
}
_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def money(value: Money, tongue: Tongue, *, signed: bool = False) -> str:
    """An amount with its currency; a minus is a minus sign and stands before everything."""
    exponent = EXPONENTS[value.currency]
    whole, part = divmod(abs(value.amount), 10**exponent)
    digits = f"{whole:,}" + (f".{part:0{exponent}d}" if exponent else "")
    sign = MINUS if value.amount < 0 else "+" if signed and value.amount > 0 else ""
    symbol = _SIGNS[tongue].get(value.currency, f"{value.currency}\u00a0")
    return f"{sign}{symbol}{digits}"


def typed(amount: int, currency: str) -> str:
    """An amount as it stands in a field to be typed over: digits and a point, nothing else."""
    exponent = EXPONENTS[currency]
    whole, part = divmod(amount, 10**exponent)
    return f"{whole}.{part:0{exponent}d}" if exponent else str(whole)


def count(value: int) -> str:
    """A whole number in groups of three."""
    return f"{value:,}"


def local(at: datetime) -> datetime:
    """A moment on the house's clock."""
    return at.astimezone(ZONE)


def short(at: datetime, tongue: Tongue, now: datetime | None) -> str:
    """A moment in a list; the year stands only where it is another one than now's."""
    here = local(at)
    year = now is None or here.year != local(now).year
    if tongue == "zh":
        return f"{here:%Y-%m-%d %H:%M}" if year else f"{here:%m-%d %H:%M}"
    return f"{here.day} {_MONTHS[here.month - 1]} " + (f"{here.year} " if year else "") + f"{here:%H:%M}"


def long(at: datetime, tongue: Tongue) -> str:
    """A moment on a page of its own."""
    here = local(at)
    day = _DAYS[tongue][here.weekday()]
    if tongue == "zh":
        return f"{here.year}年{here.month}月{here.day}日 {day} {here:%H:%M}"
    return f"{day} {here.day} {_MONTHS[here.month - 1]} {here.year}, {here:%H:%M}"


def day(at: datetime, tongue: Tongue) -> str:
    """The day of a moment, as the head of what happened on it."""
    here = local(at)
    name = _DAYS[tongue][here.weekday()]
    return f"{here.month}月{here.day}日 {name}" if tongue == "zh" else f"{name} {here.day} {_MONTHS[here.month - 1]}"


def clock(at: datetime) -> str:
    """The time of day."""
    return f"{local(at):%H:%M}"


def iso(at: datetime) -> str:
    """A moment for machines."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


def span(value: timedelta, tongue: Tongue) -> str:
    """How long: the two largest units that matter."""
    value = max(value, timedelta())
    days, hours, minutes = value // _DAY, value % _DAY // _HOUR, value % _HOUR // _MINUTE
    words = ("天", "小时", "分钟") if tongue == "zh" else ("d", "h", "min")
    parts = [(days, words[0]), (hours, words[1]), (minutes, words[2])]
    first = next((n for n, (number, _) in enumerate(parts) if number), 2)
    shown = [f"{number} {word}" for number, word in parts[first : first + 2] if number or word == words[2]]
    return " ".join(shown if len(shown) < 3 else shown[:2])


def left(value: timedelta, tongue: str) -> str:
    """What is left on a clock, `1:58` or `14:20` in hours and minutes, with a minus when it is over; days from three on.

    The last minute is counted in seconds.
    """
    sign, value = (MINUS, -value) if value < timedelta() else ("", value)
    if value >= 3 * _DAY:
        return f"{sign}{value // _DAY} {'天' if tongue == 'zh' else 'd'}"
    if not sign and timedelta() < value < timedelta(minutes=1):
        return f"{-(-value // timedelta(seconds=1))} {'秒' if tongue == 'zh' else 's'}"
    return f"{sign}{value // _HOUR}:{value % _HOUR // _MINUTE:02d}"


def percent(part: int, whole: int) -> str:
    """A share with one decimal; of nothing there is none."""
    if not whole:
        return "–"
    tenths = (part * 1000 * 2 + whole) // (whole * 2)
    return f"{tenths // 10}.{tenths % 10}%"
