"""The intake of one process: orders that arrive together are placed in one transaction, each with its own answer."""

from collections.abc import Awaitable, Callable, Sequence

import asyncpg
import msgspec

from dingdan.areas import placement
from dingdan.kernel.actor import Actor
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.batching import Batcher
from dingdan.plumbing.database import AWAY, Database, DatabaseBusy
from dingdan.plumbing.doing import within
from dingdan.plumbing.telemetry import correlation, log
from dingdan.plumbing.tx import Tx

# What one order's values can do to the whole transaction; then the batch is halved until it stands alone.
DATA_ERRORS = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError)
# Many orders of one call go in so many transactions, so that nobody else's waits for all of them.
CHUNK = 250


class Answering(msgspec.Struct, frozen=True):
    """How orders are shown to whoever placed them: from what was just written, or `again` from what is stored.

    Both say the same, to the byte.
    """

    fresh: Callable[[Actor, placement.Placed], bytes]
    again: Callable[[Tx, Sequence[int]], Awaitable[dict[int, bytes]]]


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

    def __init__(self, db: Database, answering: Answering) -> None:
        self._db = db
        self._batcher: Batcher[_Item, Taken] = Batcher(lambda batch: self._run(batch, answering))

    async def place(self, actor: Actor, intake: placement.Intake, *, size: int = 0) -> Taken:
        """Place one order and wait for its commit. Raises DatabaseBusy and every refusal of placement."""
        item = _Item(actor, intake, correlation.get())
        lane, merchant_id = (actor.kind, actor.id), intake.basket.merchant_id
        return await self._batcher.submit(item, lane=lane, owner=actor.merchant_id, share=merchant_id, size=size)

    async def place_many(
        self, actor: Actor, intakes: Sequence[placement.Intake], answering: Answering
    ) -> list[Taken | BaseException]:
        """Place many orders of one caller, some hundred in a transaction; a result for each, in their order."""
        word = correlation.get()
        found: list[Taken | BaseException] = []
        for start in range(0, len(intakes), CHUNK):
            chunk = [_Item(actor, intake, word) for intake in intakes[start : start + CHUNK]]
            try:
                found += await self._run(chunk, answering)
            except (DatabaseBusy, *AWAY) as error:
                # Whether these were placed is settled by their keys, when they are sent again.
                log.warning("a part of many orders was not placed", orders=len(chunk), error=repr(error))
                found += [error] * len(chunk)
        return found

    async def drain(self, seconds: float | None = None) -> None:
        """Finish what was taken in, and take nothing more."""
        await self._batcher.drain(seconds)

    async def _run(self, batch: Sequence[_Item], answering: Answering) -> Sequence[Taken | BaseException]:
        # Facts about an order carry its own word (see _take_in), what else the batch does carries the first one's.
        token = correlation.set(batch[0].word)
        actor = batch[0].actor
        try:
            results, again = await within(
                self._db, actor, lambda tx: _take_in(tx, batch, answering), name="placement.take_in"
            )
        except DATA_ERRORS as error:
            if len(batch) == 1:
                return [error]
            half = len(batch) // 2
            return [*await self._run(batch[:half], answering), *await self._run(batch[half:], answering)]
        finally:
            correlation.reset(token)
        # Committed: nobody waits for our locks while answers are written.
        return [
            one if isinstance(one, Refusal) else Taken(
                one.order_id, one.is_replay,
                answering.fresh(actor, one.placed) if one.placed is not None else again[one.order_id])
            for one in results
        ]  # fmt: skip


async def _take_in(
    tx: Tx, batch: Sequence[_Item], answering: Answering
) -> tuple[list[placement.Taken | Refusal], dict[int, bytes]]:
    """What became of each, and the answers of those that were placed before."""
    results = await placement.take_in(tx, [item.intake for item in batch])
    before = []
    for item, one in zip(batch, results, strict=True):
        if isinstance(one, placement.Taken):
            tx.correlations.update(dict.fromkeys(one.made, item.word))
            if one.placed is None:
                before.append(one.order_id)
    return results, await answering.again(tx, before) if before else {}
