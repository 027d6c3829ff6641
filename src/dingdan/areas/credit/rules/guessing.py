"""How often somebody may be wrong about a card's code, and what a code looks like."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from dingdan.kernel.ids import ALPHABET

# Sixteen characters of Crockford's alphabet carry 80 bits: guessing one is hopeless even without a limit (S-22).
CODE_LENGTH = 16
TAIL = 4

# A shop's key speaks for all of its buyers and may be wrong more often than any of them.
LIMITS: Mapping[str, int] = {"buyer": 5, "key": 100, "staff": 20, "system": 1000}
WINDOW = timedelta(hours=1)

_FOLDED = str.maketrans("ILO", "110")


class Tries(msgspec.Struct, frozen=True):
    """How many wrong codes somebody tried since when."""

    wrong: int
    since: datetime


def folded(code: str) -> str | None:
    """A code as it is hashed: without blanks and dashes, look-alikes made one. None where it is no code at all."""
    plain = re.sub(r"[\s-]", "", code).upper().translate(_FOLDED)
    return plain if len(plain) == CODE_LENGTH and all(char in ALPHABET for char in plain) else None


def spoken(plain: str) -> str:
    """A code in groups of four, for paper and telephone."""
    return "-".join(plain[at : at + 4] for at in range(0, len(plain), 4))


def retry_at(who: str, tries: Tries | None, *, now: datetime) -> datetime | None:
    """From when on somebody may try again; None where they may now. `who` begins with its kind and a colon."""
    if tries is None or tries.since + WINDOW <= now:
        return None
    limit = LIMITS.get(who.partition(":")[0], LIMITS["buyer"])
    return tries.since + WINDOW if tries.wrong >= limit else None


def after(tries: Tries | None, wrong: int, *, now: datetime) -> Tries:
    """The count after so many more wrong codes; a window that is over begins anew."""
    if tries is None or tries.since + WINDOW <= now:
        return Tries(wrong, now)
    return Tries(tries.wrong + wrong, tries.since)
