"""What everybody of the month can do: look into the house, and try something; a refusal is a fair answer, and counted."""

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

from dingdan.kernel.actor import SYSTEM, Actor
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do


class Somebody:
    """Somebody who works in the house, or buys from it."""

    def __init__(self, db: Database, done: Counter[str]) -> None:
        self.db, self.done = db, done

    async def rows(self, statement: str, *arguments: Any) -> list[Any]:
        """What a statement finds."""
        async with self.db.reading(SYSTEM) as tx:
            return list(await tx.fetch(statement, *arguments))

    async def attempt(
        self, word: str, by: Actor, command: Callable[..., Awaitable[Any]], *arguments: Any, **more: Any
    ) -> bool:
        """Do it; says whether it was done."""
        try:
            await do(self.db, by, command, *arguments, **more)
        except Refusal as refusal:
            self.done[f"{word}: {refusal.problems[0].code}"] += 1
            return False
        self.done[word] += 1
        return True
