"""When a window ends: from which event it runs, what makes it longer, and by whose clock and calendar."""

import math
from collections.abc import Iterable
from datetime import date, datetime, timedelta

import msgspec

from dingdan.areas.policies.granting_parts import Season, Window
from dingdan.areas.policies.model import LineFacts, PolicyDocument
from dingdan.kernel.regions import zone_of
from dingdan.kernel.times import IsRestDay, add_months, end_of_day, end_of_window, local_date


class Clock(msgspec.Struct, frozen=True):
    """By whose days is counted."""

    zone: str
    is_rest_day: IsRestDay


class Span(msgspec.Struct, frozen=True):
    """When a window ends, and the rules that say so; None where it has not begun."""

    end: datetime | None
    rules: tuple[str, ...]

    def is_over(self, now: datetime) -> bool:
        """Whether the last moment has passed."""
        return self.end is not None and now >= self.end


def zone_for(document: PolicyDocument, country: str) -> str:
    """Where days are counted: in the document's zone, or where the buyer is if it says so and one zone is known."""
    return (zone_of(country) if document.counted_in == "buyer" else None) or document.zone


def asks_where(document: PolicyDocument) -> bool:
    """Whether it matters to a policy where the buyer is."""
    return document.counted_in == "buyer" or document.rest_days == "buyer"


def last(window: Window, facts: LineFacts, clock: Clock) -> Span:
    """When a window ends for a line. What has not begun when somebody asks has no end yet."""
    start = began(window, facts)
    if start is None or start > facts.requested_at:
        return Span(None, (window.rule,))
    if window.hours:
        return Span(start + timedelta(hours=window.hours), (window.rule,))
    day = local_date(start, clock.zone)
    end = add_months(day, window.months) + timedelta(days=window.days)
    if window.repair_stops_it:
        end += timedelta(days=facts.repair_days)
    rules = [window.rule]
    if facts.is_untold and window.untold_months:
        end = _untold(window, facts, clock, end)
        rules += [window.untold_rule] if window.untold_rule else []
    rolled = _rolled(end, clock) if window.roll_rest_day else end
    if rolled != end and window.roll_rule:
        rules.append(window.roll_rule)
    return Span(end_of_day(rolled, clock.zone), tuple(rules))


def began(window: Window, facts: LineFacts) -> datetime | None:
    """When a window began; None where what it waits for has not happened."""
    if window.exchange_restarts_it and facts.exchanged_at is not None:
        return facts.exchanged_at
    known = {
        "delivered_at": facts.delivered_at,
        "signed_at": facts.signed_at or facts.delivered_at,
        "last_delivered_at": facts.last_delivered_at or facts.delivered_at,
        "confirmed_at": facts.confirmed_at,
        "sold_at": facts.sold_at or facts.delivered_at,
    }
    return known[window.start]


def _untold(window: Window, facts: LineFacts, clock: Clock, end: date) -> date:
    """So many months more; whoever is told in the meantime has the whole window from that day (CRD 10, reg. 31)."""
    latest = add_months(end, window.untold_months)
    if facts.told_at is None or facts.told_at > facts.requested_at:
        return latest
    told = local_date(facts.told_at, clock.zone)
    return latest if told > latest else max(end, add_months(told, window.months) + timedelta(days=window.days))


def _rolled(day: date, clock: Clock) -> date:
    while clock.is_rest_day(day):
        day += timedelta(days=1)
    return day


def season_end(season: Season, sold_at: datetime, zone: str) -> datetime | None:
    """Until when goods bought then may come back because of the season; None for those bought at another time."""
    day = local_date(sold_at, zone)
    for year in (day.year - 1, day.year):
        first, until = _in_year(season.bought_from, year), _after(season.bought_until, season.bought_from, year)
        if first <= day <= until:
            return end_of_day(_on_or_after(season.returnable_until, until), zone)
    return None


def _in_year(month_and_day: str, year: int) -> date:
    month, _, day = month_and_day.partition("-")
    # 2000 was a leap year; in others the 29th of February is the 28th.
    return add_months(date(2000, int(month), int(day)), 12 * (year - 2000))


def _after(month_and_day: str, first: str, year: int) -> date:
    return _in_year(month_and_day, year + 1 if month_and_day < first else year)


def _on_or_after(month_and_day: str, day: date) -> date:
    same_year = _in_year(month_and_day, day.year)
    return same_year if same_year >= day else _in_year(month_and_day, day.year + 1)


def refund_due(document: PolicyDocument, zone: str, *, asked_at: datetime, received_at: datetime) -> datetime:
    """By when the money must be back once the goods are: whole days in a zone; a rest day lengthens nobody's wait.

    Where the days run from when the buyer asked, the money may have waited for the goods, and not a day more (CRD 13).
    """
    refund = document.refund
    if refund.start == "goods_received_at":
        return end_of_window(received_at, refund.days, zone)
    due = end_of_window(asked_at, refund.days, zone)
    return due if refund.withhold == "no" else max(due, end_of_day(local_date(received_at, zone), zone))


def longest(spans: Iterable[Span]) -> Span:
    """The one that gives most; what has not begun yet ends last of all. Of equals the first."""
    found = list(spans)
    return max(found, key=lambda span: math.inf if span.end is None else span.end.timestamp())
