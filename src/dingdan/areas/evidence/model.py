"""Nouns of evidence: pictures and videos that a buyer shows, each of one order."""

from datetime import datetime
from typing import Literal

import msgspec

Sort = Literal["photo", "video"]

# How many things one order may have, and one buyer may bring within a day: enough for any honest trouble.
MOST_OF_ORDER, MOST_OF_DAY = 40, 200

# Of 64 marks of likeness so many may differ between two copies of one picture; a picture with fewer light-dark steps
# than this, or more, is a plain one and like everything.
MOST_UNLIKE, FEWEST_STEPS = 6, 8


class NewEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is kept already, to be written down; `shot` says what it is to show, by the policy's word.

    `likeness` is None where nothing can be compared.
    """

    order_id: int
    sort: Sort
    shot: str
    sha256: str
    size: int
    width: int
    height: int
    likeness: int | None


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it is kept. `like` names earlier evidence of other buyers that looks the same."""

    id: int
    merchant_id: int
    order_id: int
    buyer_id: int
    sort: Sort
    shot: str
    sha256: str
    size: int
    width: int
    height: int
    likeness: int | None
    like: list[int]
    brought_by_kind: str
    brought_by: int | None
    at: datetime

    @property
    def is_seen_before(self) -> bool:
        """Whether another buyer showed the same before."""
        return bool(self.like)


def comparable(likeness: int) -> int | None:
    """The marks of a picture as a signed number, as PostgreSQL keeps it; None of a plain one, which is like everything."""
    steps = likeness.bit_count()
    if not FEWEST_STEPS <= steps <= 64 - FEWEST_STEPS:
        return None
    return likeness - (1 << 64) if likeness >> 63 else likeness
