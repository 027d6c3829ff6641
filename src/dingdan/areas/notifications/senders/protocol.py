"""What a sender does: take letters out of the house and say what became of each."""

from collections.abc import Sequence
from typing import Protocol

from dingdan.areas.notifications.model import Letter, Outcome, Result


class Sender(Protocol):
    """A way out of the house. It raises nothing for what can go wrong outside: that is an outcome."""

    async def send(self, letters: Sequence[Letter], *, until: float) -> list[Outcome]:
        """An outcome for each letter; what the loop's clock leaves no time for (`until`) is not tried."""


def outcome(letter: Letter, result: Result, why: str = "") -> Outcome:
    """How it ended for one letter; what was sent is kept."""
    copy = letter if result is Result.SENT else None
    return Outcome(message_id=letter.message_id, attempt=letter.attempt, result=result, why=why, copy=copy)
