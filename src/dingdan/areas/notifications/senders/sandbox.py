"""Text and push messages that reach nobody: a log of its own says what was sent, and it can be told to fail."""

import asyncio
from collections.abc import Sequence
from enum import StrEnum

from dingdan.areas.notifications.model import Channel, Letter, Outcome, Result
from dingdan.plumbing.database import Database


class Fault(StrEnum):
    """What the sandbox can be told to do with the next messages."""

    DOWN = "down"
    """Nothing is sent, and it says so."""
    REFUSE = "refuse"
    """The number is refused for good."""
    LOSE_ANSWER = "lose_answer"
    """It is sent, and the answer never arrives."""
    SLOW = "slow"
    """It is sent, and the answer takes `seconds`."""


class Sandbox:
    """The adapter of one channel. Its log keeps no number and no words, only which message went out, and when."""

    def __init__(self, db: Database, channel: Channel) -> None:
        self._db, self._channel = db, channel

    async def send(self, letters: Sequence[Letter], *, until: float) -> list[Outcome]:
        """Pretend to send."""
        done: list[Outcome] = []
        for letter in letters:
            if asyncio.get_running_loop().time() >= until:
                done.append(letter.ended(Result.NOT_TRIED))
                continue
            done.append(await self._one(letter))
        return done

    async def _one(self, letter: Letter) -> Outcome:
        kind, seconds = await _draw(self._db, self._channel)
        if kind is Fault.DOWN:
            return letter.ended(Result.FAILED, "unreachable")
        if kind is Fault.REFUSE:
            return letter.ended(Result.REFUSED, "number_refused")
        async with self._db.connection() as connection:
            await connection.execute(
                "INSERT INTO sandbox_post.log (at, channel, message_id) VALUES (dingdan_now(), $1, $2)",
                str(self._channel),
                letter.message_id,
            )
        await asyncio.sleep(seconds)
        if kind is Fault.LOSE_ANSWER:
            return letter.ended(Result.UNKNOWN, "timed_out")
        return letter.ended(Result.SENT)


async def order_fault(
    db: Database, channel: Channel | str, kind: Fault | str, *, times: int = 1, seconds: float = 0.0
) -> None:
    """Let the next `times` messages on a channel go wrong."""
    async with db.connection() as connection:
        await connection.execute(
            "INSERT INTO sandbox_post.faults (channel, kind, remaining, seconds) VALUES ($1, $2, $3, $4)",
            str(Channel(channel)),
            str(Fault(kind)),
            times,
            seconds,
        )


async def mend(db: Database) -> None:
    """Forget every fault that was ordered."""
    async with db.connection() as connection:
        await connection.execute("DELETE FROM sandbox_post.faults")


async def sent(db: Database) -> list[tuple[str, int]]:
    """What went out, oldest first: (channel, message)."""
    async with db.connection() as connection:
        rows = await connection.fetch("SELECT channel, message_id FROM sandbox_post.log ORDER BY id")
    return [(row["channel"], row["message_id"]) for row in rows]


async def _draw(db: Database, channel: Channel) -> tuple[Fault | None, float]:
    """The fault that strikes now, used up as it strikes."""
    async with db.connection() as connection:
        row = await connection.fetchrow(
            """
            UPDATE sandbox_post.faults SET remaining = remaining - 1 WHERE id = (
                SELECT id FROM sandbox_post.faults WHERE channel = $1 AND remaining > 0 ORDER BY id LIMIT 1 FOR UPDATE
            ) RETURNING kind, seconds
            """,
            str(channel),
        )
    return (Fault(row["kind"]), row["seconds"]) if row else (None, 0.0)
