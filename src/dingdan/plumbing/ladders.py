"""Kinds of deadlines and their ladders: what happens before, at and after the moment, each step once, in order."""

from datetime import datetime, timedelta
from typing import Literal

import msgspec

REGISTRY: dict[str, "Kind"] = {}

# Law counts every hour. A promise about somebody's work may be counted by a calendar of working time.
Counts = Literal["calendar", "service"]
Party = Literal["buyer", "merchant", "platform", "provider", "carrier", "system"]


class Rung(msgspec.Struct, frozen=True, kw_only=True):
    """One step beside the deadline itself: `before` it, at a `percent` of its whole span, or `after` it has passed.

    `role` is who is to look when it is reached.
    """

    name: str
    before: timedelta | None = None
    percent: int | None = None
    after: timedelta | None = None
    role: str = ""

    def __post_init__(self) -> None:
        given = [one for one in (self.before, self.percent, self.after) if one is not None]
        assert len(given) == 1, f"{self.name}: before, percent or after"


class Kind(msgspec.Struct, frozen=True):
    """A sort of deadline: its name, the kind of thing it hangs on, and what happens when it passes.

    `waits_for` is whose turn it is while the clock runs. `counts`: the law counts every hour, a promise of service may
    be counted by the working time of who gave it. `may_extend`: whether staff may move many at once; never so for what
    the law gives the buyer. `warnings` come before the moment; `escalations` after it, as long as nobody has called
    the deadline off.
    """

    name: str
    subject: str
    on_timeout: str
    waits_for: Party = "system"
    counts: Counts = "calendar"
    may_extend: bool = False
    warnings: tuple[Rung, ...] = ()
    escalations: tuple[Rung, ...] = ()

    def __post_init__(self) -> None:
        assert all(rung.after is None for rung in self.warnings), f"{self.name}: a warning comes before"
        assert all(rung.after is not None for rung in self.escalations), f"{self.name}: an escalation comes after"
        REGISTRY[self.name] = self

    @property
    def moment(self) -> int:
        """The step that is the deadline itself; lower ones are warnings, higher ones escalations."""
        return len(self.warnings)

    @property
    def steps(self) -> int:
        """How many steps the whole ladder has."""
        return len(self.warnings) + 1 + len(self.escalations)

    def rung(self, step: int) -> Rung | None:
        """What stands at a step; None is the deadline itself."""
        if step == self.moment:
            return None
        return self.warnings[step] if step < self.moment else self.escalations[step - self.moment - 1]


class Clock(msgspec.Struct, frozen=True):
    """One running deadline: since when, until when, and how many steps of its ladder are done or too late."""

    started_at: datetime
    due_at: datetime
    step: int


def when(kind: Kind, clock: Clock, step: int) -> datetime:
    """The moment of one step."""
    rung = kind.rung(step)
    if rung is None:
        return clock.due_at
    if rung.percent is not None:
        return clock.started_at + (clock.due_at - clock.started_at) * rung.percent / 100
    return clock.due_at - rung.before if rung.before is not None else clock.due_at + (rung.after or timedelta())


def next_at(kind: Kind, clock: Clock) -> datetime | None:
    """When this deadline is to be looked at next; None where all its steps are done."""
    return when(kind, clock, clock.step) if clock.step < kind.steps else None


def begin(kind: Kind, started_at: datetime, due_at: datetime) -> Clock:
    """A fresh clock; a warning whose moment would lie before its start is never given."""
    clock = Clock(started_at, due_at, 0)
    ahead = [step for step in range(kind.moment) if when(kind, clock, step) > started_at]
    return Clock(started_at, due_at, ahead[0] if ahead else kind.moment)


def step_at(kind: Kind, clock: Clock, now: datetime) -> int | None:
    """The one step to take now; None where it is not time yet.

    Of several that are late only the last is taken: nobody needs the warning of yesterday today, nor a warning of what
    has passed. The deadline itself is never skipped, whatever came after it.
    """
    if clock.step <= kind.moment and clock.due_at <= now:
        return kind.moment
    last = kind.moment if clock.step < kind.moment else kind.steps
    late = [step for step in range(clock.step, last) if when(kind, clock, step) <= now]
    return late[-1] if late else None
