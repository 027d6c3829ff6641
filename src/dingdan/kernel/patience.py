"""How often somebody may be wrong about what can be guessed, before they wait."""

from collections.abc import Mapping
from datetime import timedelta

import msgspec

LONGEST = timedelta(days=1)


class Patience(msgspec.Struct, frozen=True):
    """So many wrong tries within a window, by the kind of who tries; whom no limit names does not guess.

    `about` is what is guessed at. Who tries is written with the kind and a colon before it.
    """

    about: str
    limits: Mapping[str, int]
    window: timedelta = timedelta(hours=1)

    def __post_init__(self) -> None:
        assert self.window <= LONGEST, "what is counted longer would be swept"

    def limit_of(self, who: str) -> int | None:
        """How many wrong tries somebody has."""
        return self.limits.get(who.partition(":")[0])
