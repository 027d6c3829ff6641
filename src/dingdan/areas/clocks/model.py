"""Calendars as they were written down, and deadlines moved many at once."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from dingdan.kernel.working import CalendarTerms


class SavedCalendar(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a calendar; the latest is the one that holds. Without a merchant it is the platform's."""

    id: int
    merchant_id: int | None
    version: int
    terms: CalendarTerms
    actor_kind: str
    actor_id: int | None
    at: datetime


class Extend(msgspec.Struct, frozen=True, kw_only=True):
    """Which open deadlines shall be later: of these kinds, of one merchant or of everybody, due in a period.

    Either each `by_span`, or all that are due before it `to_moment`.
    """

    merchant_id: int | None
    kinds: tuple[str, ...]
    due_from: datetime
    due_before: datetime
    by_span: timedelta | None = None
    to_moment: datetime | None = None
    reason: str


class Extension(Extend, frozen=True, kw_only=True):
    """The same as it was ordered; `expected` is how many there were of each kind then, `extended` how many were moved.

    `at_kind` and `reached_at` say how far it has come.
    """

    id: int
    expected: dict[str, int]
    actor_kind: str
    actor_id: int | None
    at: datetime
    at_kind: int
    reached_at: datetime
    extended: int
    finished_at: datetime | None


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """A deadline that an extension is about to move."""

    subject_id: int
    merchant_id: int | None
    order_id: int | None
    started_at: datetime
    due_at: datetime
    step: int


class Keeper(msgspec.Struct, frozen=True):
    """Who keeps the things that a kind hangs on: `hold` locks them, `put_off` writes the new moment where they have it.

    `put_off` is None where nothing but the deadline itself says when.
    """

    hold: Callable[[Any, Iterable[int]], Awaitable[Any]]
    put_off: Callable[[Any, Mapping[int, datetime]], Awaitable[None]] | None = None
