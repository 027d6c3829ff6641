"""The intake of one process: orders that arrive together are placed in one transaction, each with its own answer."""

from collections.abc import Awaitable, Callable, Sequence

import asyncpg
import msgspec

from dingdan.areas import placement
from dingdan.kernel.actor import Actor
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.batching import Batcher
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import within
from dingdan.plumbing.telemetry import correlation
from dingdan.plumbing.tx import Tx

# What one order's values can do to the whole transaction; then the batch is halved until it stands alone.
DATA_ERRORS = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError)

Render = Callable[[Tx, Sequence[int]], Awaitable[dict[int, bytes]]]


class Taken(msgspec.Struct, frozen=True):
    """An order that exists, and its rendered answer."""

    order_id: int
    is_replay: bool
    body: bytes


class _Item(msgspec.Struct, frozen=True):
    actor: Actor
    intake: placement.Intake
    word: str


class OrderIntake:
    """Places orders in batches. Whoever calls has a lane: a batch has one actor, so every fact names its own."""

    def __init__(self, db: Database, render: Render) -> None:
        self._db = db
        self._render = render
        self._batcher: Batcher[_Item, Taken] = Batcher(self._run)

    async def place(self, actor: Actor, intake: placement.Intake) -> Taken:
        """Place one order and wait for its commit. Raises DatabaseBusy and every refusal of placement."""
        return await self._batcher.submit(_Item(actor, intake, correlation.get()), lane=(actor.kind, actor.id))

    async def drain(self) -> None:
        """Finish what was taken in."""
        await self._batcher.drain()

    async def _run(self, batch: Sequence[_Item]) -> Sequence[Taken | BaseException]:
        # Facts about an order carry its own word (see _take_in), what else the batch does carries the first one's.
        token = correlation.set(batch[0].word)
        try:
            return await within(self._db, batch[0].actor, lambda tx: self._take_in(tx, batch), name="placement.take_in")
        except DATA_ERRORS as error:
            if len(batch) == 1:
                return [error]
            half = len(batch) // 2
            return [*await self._run(batch[:half]), *await self._run(batch[half:])]
        finally:
            correlation.reset(token)

    async def _take_in(self, tx: Tx, batch: Sequence[_Item]) -> list[Taken | Refusal]:
        results = await placement.take_in(tx, [item.intake for item in batch])
        for item, one in zip(batch, results, strict=True):
            if isinstance(one, placement.Taken):
                tx.correlations.update(dict.fromkeys(one.made, item.word))
        bodies = await self._render(tx, [one.order_id for one in results if isinstance(one, placement.Taken)])
        return [
            one if isinstance(one, Refusal) else Taken(one.order_id, one.is_replay, bodies[one.order_id])
            for one in results
        ]
