"""Who looks after a case: somebody of the role who knows the kind and has the least to do."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import msgspec

from dingdan.areas.cases.model import KindDocument


class Candidate(msgspec.Struct, frozen=True):
    """Somebody who could own a case: how many they own now, and since when the newest of these."""

    staff_id: int
    is_own: bool
    load: int
    last: datetime | None


def choose(
    candidates: Sequence[Candidate], kind: str, skills: Mapping[int, Collection[str]], *, but_not: int | None = None
) -> int | None:
    """The seller's own people before the platform's, who has least before who has more, then who waited longest.

    Whoever has kinds of their own takes these and no others. The same picture gives the same answer.
    """
    fit = [one for one in candidates if one.staff_id != but_not and kind in skills.get(one.staff_id, (kind,))]
    if not fit:
        return None
    return min(fit, key=lambda one: (not one.is_own, one.load, one.last is not None, one.last, one.staff_id)).staff_id


def role_at(document: KindDocument, level: int) -> str:
    """Who owns a case that has gone up so far; at the top it stays with the top."""
    rungs = (document.owner or "", *document.ladder)
    return rungs[min(level, len(rungs) - 1)]


def is_top(document: KindDocument, level: int) -> bool:
    """Whether nobody is above."""
    return level >= len(document.ladder)
