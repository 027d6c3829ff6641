"""How often somebody may name codes that do not exist before they have to wait."""

from collections.abc import Mapping
from datetime import datetime, timedelta

# A shop's key speaks for all of its buyers and may be wrong more often than any of them. The system does not guess.
LIMITS: Mapping[str, int] = {"person": 20, "buyer": 20, "staff": 50, "key": 500}
WINDOW = timedelta(hours=1)


def limit_of(who: str) -> int | None:
    """How many wrong codes within the window; `who` begins with its kind and a colon."""
    return LIMITS.get(who.partition(":")[0])


def waits_until(who: str, wrong: int, since: datetime, *, now: datetime) -> datetime | None:
    """From when on codes are looked up again; None where they are now."""
    limit = limit_of(who)
    if limit is None or wrong < limit or since + WINDOW <= now:
        return None
    return since + WINDOW
