"""Calendars: when somebody works, and which promises are counted by it."""

from datetime import date, datetime, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from dingdan.areas import clocks
from dingdan.kernel.refusal import refuse_all
from dingdan.kernel.working import CalendarTerms
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import get, post, put
from dingdan.surfaces.shared.lanes import ClockTime, Country
from dingdan.surfaces.shared.wire import Input, List, Moment, OfMerchant, View, Word, ref, ref_or_none

Weekday = Annotated[int, Meta(ge=1, le=7, description="1 is Monday, 7 is Sunday.")]


class CalendarInput(Input, frozen=True, kw_only=True):
    """A calendar as it shall be.

    `holidays` is the country whose holidays and make-up workdays hold; `days_on` and `days_off` are one's own and count
    before it. `kinds` are the promises that are counted by it.
    """

    zone: Word
    weekdays: Annotated[list[Weekday], Meta(min_length=1, max_length=7)] = msgspec.field(
        default_factory=lambda: [1, 2, 3, 4, 5, 6, 7]
    )
    opens: ClockTime = "00:00"
    closes: ClockTime = "24:00"
    holidays: Country | None = None
    days_on: Annotated[list[date], Meta(max_length=400)] = msgspec.field(default_factory=list)
    days_off: Annotated[list[date], Meta(max_length=400)] = msgspec.field(default_factory=list)
    kinds: Annotated[list[Word], Meta(max_length=50)] = msgspec.field(default_factory=list)

    def terms(self) -> CalendarTerms:
        """The same as the areas know it, in one order whatever order it was sent in."""
        return CalendarTerms(
            zone=self.zone, weekdays=tuple(sorted(set(self.weekdays))), opens=self.opens, closes=self.closes,
            holidays=self.holidays, days_on=tuple(sorted(set(self.days_on))), days_off=tuple(sorted(set(self.days_off))),
            kinds=tuple(dict.fromkeys(self.kinds)),
        )  # fmt: skip


class CountingInput(Input, frozen=True, kw_only=True):
    """A draft, and what is to be counted by it: hours of work, or whole working days."""

    calendar: CalendarInput
    start: Moment
    hours: Annotated[int, Meta(ge=0, le=5_000)] = 0
    days: Annotated[int, Meta(ge=0, le=1_000)] = 0


class CalendarView(View, frozen=True, kw_only=True):
    """One version of a calendar."""

    id: str
    merchant: str | None
    version: int
    terms: CalendarTerms
    actor_kind: str
    at: datetime


class CountingView(View, frozen=True, kw_only=True):
    """What a draft would make of it."""

    next_open: datetime
    after_hours: datetime
    after_days: datetime


@get("/v1/calendars", permission="calendar.read")
async def versions(tx: Tx, query: OfMerchant) -> List[CalendarView]:
    """All versions of a merchant's calendar, the one that holds first.

    For a platform key that names none it is the platform's. A merchant without a calendar goes by that one, and where
    it says nothing every hour counts.
    """
    found = await clocks.calendar_versions(tx, await scope.merchant_filter(tx, query.merchant))
    return List(items=[_view(one) for one in found])


@put("/v1/calendars", permission="calendar.write")
async def save(tx: Tx, body: CalendarInput, query: OfMerchant) -> CalendarView:
    """Write the next version of a calendar. It counts for promises given from now on."""
    merchant_id = await scope.merchant_filter(tx, query.merchant)
    return _view(await clocks.save_calendar(tx, merchant_id, body.terms()))


@post("/v1/calendars/preview", permission="calendar.read", why_unkeyed="it changes nothing", reads=True)
async def preview(tx: Tx, body: CountingInput) -> CountingView:
    """Try a draft: when somebody works next, and when hours or days of work would be over."""
    terms = body.calendar.terms()
    wrong = clocks.problems_of_calendar(terms, may_count=clocks.counted_kinds())
    refuse_all([problem.at("calendar") for problem in wrong])
    calendar = terms.calendar()
    return CountingView(
        next_open=calendar.next_open(body.start), after_hours=calendar.add(body.start, timedelta(hours=body.hours)),
        after_days=calendar.add_days(body.start, body.days),
    )  # fmt: skip


def _view(one: clocks.SavedCalendar) -> CalendarView:
    return CalendarView(
        id=ref("calendar", one.id), merchant=ref_or_none("merchant", one.merchant_id), version=one.version,
        terms=one.terms, actor_kind=one.actor_kind, at=one.at,
    )  # fmt: skip


ROUTES = [versions, save, preview]
