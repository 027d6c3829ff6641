"""What signs weigh together, and what follows from that: graded, explained, and never more than a voluntary thing."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from dingdan.areas.abuse.lifecycle import LIVING, FlagState
from dingdan.areas.abuse.model import Flag, Measure, Signal, SignalKind

# From which score on what follows; below the first, nothing.
LEVELS = (30, 50, 80)
# Several signs of one kind weigh no more than this: the highest level takes signs of different kinds. Of what a buyer
# does as a habit only one counts at a time.
MOST_OF_KIND = 60
HABITS = frozenset({SignalKind.RETURN_RATE, SignalKind.LINKED_ACCOUNT, SignalKind.BULK_RETURNS})

BY_LEVEL: tuple[frozenset[Measure], ...] = (
    frozenset(),
    frozenset({Measure.EXTRA_LOOK, Measure.HOLD_EARLY}),
    frozenset({Measure.EXTRA_LOOK, Measure.HOLD_EARLY, Measure.PERSON}),
    frozenset(Measure),
)
# So far the system may go alone; the last step is taken by people, and by two (PIPL art. 24).
ALONE = 2


def counting(signals: Iterable[Signal], now: datetime) -> list[Signal]:
    """The signs that count now: not over, and not part of a flag that was lifted."""
    return [one for one in signals if one.dismissed_at is None and one.expires_at > now]


def score(signals: Iterable[Signal]) -> int:
    """What signs weigh together."""
    by_kind: dict[SignalKind, list[int]] = {}
    for one in signals:
        by_kind.setdefault(one.kind, []).append(one.points)
    return sum(max(found) if kind in HABITS else min(sum(found), MOST_OF_KIND) for kind, found in by_kind.items())


def level(points: int) -> int:
    """How far what follows goes: 0 is nothing."""
    return sum(points >= least for least in LEVELS)


def measures(flag: Flag, now: datetime) -> frozenset[Measure]:
    """What follows from a flag at this moment; while an appeal runs, no more than the system may decide alone."""
    if flag.state not in LIVING or flag.expires_at <= now:
        return frozenset()
    is_confirmed = flag.state is FlagState.CONFIRMED and flag.confirmed_level > ALONE
    return BY_LEVEL[flag.level if is_confirmed else min(flag.level, ALONE)]


def next_change(flag_expires_at: datetime, signals: Sequence[Signal], now: datetime) -> datetime:
    """When a flag is to be weighed again: as soon as a part of it, or all of it, is over."""
    return min([flag_expires_at, *(one.expires_at for one in counting(signals, now))])
