"""The middle beat of delivery: each endpoint served by itself, so that none waits for another. No transaction."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import httpx

from dingdan.areas.webhooks import senders
from dingdan.areas.webhooks.catching import take_in
from dingdan.areas.webhooks.delivering import keep, lease, let_go, note, take_in_hand
from dingdan.areas.webhooks.model import Call, Delivery, Endpoint, Outcome, Result, Taken, Turn
from dingdan.areas.webhooks.refusals import TargetMalformed, TargetPrivate, TargetUnresolved
from dingdan.areas.webhooks.rules import ladder
from dingdan.areas.webhooks.store import deliveries
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing import outbox
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.http import outside
from dingdan.plumbing.outbox import Fact
from dingdan.plumbing.targets import NotAllowed, Target, Why
from dingdan.plumbing.telemetry import WEBHOOKS, log

# Makes the bodies of facts, by fact id, as an endpoint may see them. Given from above, where objects become views.
Bodies = Callable[[Database, Endpoint, Sequence[Fact]], Awaitable[dict[int, bytes]]]

# Endpoints that one worker serves at once. Those that are not well have rooms of their own: any number of receivers
# that hang keeps only these.
WELL_AT_ONCE, FAILING_AT_ONCE = 24, 8
# Calls under way to one endpoint; those about one thing are never two at once.
AT_ONCE = 4
# No call begins after so long, so that a batch is over well before the turn's lease (a minute) is.
BATCH_SECONDS = 30.0
# After so many batches others have their turn.
BATCHES = 20
# First attempts shall be out within this.
TARGET = timedelta(minutes=1)

_WHY: dict[Why, type[Refusal]] = {
    Why.FORM: TargetMalformed, Why.PRIVATE: TargetPrivate, Why.UNRESOLVED: TargetUnresolved,
}  # fmt: skip


async def demand_target(db: Database, url: str, path: str = "url") -> None:
    """An address that may be called, as the name service has it now; it is looked at again before every delivery.

    Raises TargetMalformed, TargetPrivate or TargetUnresolved.
    """
    try:
        target = db.targets.read(url)
        async with outside("name_service"):
            await db.targets.find(target)
    except NotAllowed as error:
        raise _WHY[error.why](path) from None


async def measure(db: Database) -> int:
    """Set the gauges; says 0, since nothing was worked on."""
    async with db.reading(SYSTEM) as tx:
        row = await deliveries.backlog(tx, TARGET)
    for name in ("waiting", "late", "failing"):
        WEBHOOKS.labels(name).set(row[name])
    return 0


class Couriers:
    """Serves endpoints, each in a task of its own. `bodies` makes what is sent; no call takes longer than `seconds`."""

    def __init__(
        self, db: Database, bodies: Bodies, *, tls: ssl.SSLContext | None = None,
        seconds: float = senders.CALL_SECONDS,
    ) -> None:  # fmt: skip
        self._db, self._bodies, self._tls, self._seconds = db, bodies, tls, seconds
        self._stop = asyncio.Event()
        self._well: set[asyncio.Task[None]] = set()
        self._failing: set[asyncio.Task[None]] = set()

    async def start(self) -> int:
        """Start to serve endpoints that have something due, as far as there is room; says how many that were."""
        well, failing = WELL_AT_ONCE - len(self._well), FAILING_AT_ONCE - len(self._failing)
        if not well and not failing:
            return 0
        taken = await do(self._db, SYSTEM, lease, well=well, failing=failing)
        for turn in taken:
            task = asyncio.create_task(self._serve(turn))
            rooms = self._failing if turn.is_failing else self._well
            rooms.add(task)
            task.add_done_callback(rooms.discard)
            task.add_done_callback(_report)
        return len(taken)

    def stop(self) -> None:
        """Begin no more calls; what is not sent is taken back."""
        self._stop.set()

    async def finish(self) -> None:
        """Wait until nothing is under way."""
        await asyncio.gather(*self._well, *self._failing)

    async def _serve(self, turn: Turn) -> None:
        for _ in range(BATCHES):
            taken = await do(self._db, SYSTEM, take_in_hand, turn)
            if taken is None:
                return
            outcomes = await self._send(taken)
            if not await do(self._db, SYSTEM, note, turn, outcomes, taken.before):
                return
        await do(self._db, SYSTEM, let_go, turn)

    async def _send(self, taken: Taken) -> list[Outcome]:
        """Go out with a batch: look the address up once, and stop at the first sign that nobody is there."""
        if taken.endpoint.caught_with is not None:
            return await self._catch(taken)
        try:
            target = self._db.targets.read(taken.endpoint.url)
            async with outside("name_service"):
                address = await self._db.targets.find(target)
        except NotAllowed as error:
            is_gone = error.why is Why.UNRESOLVED
            result = Result.UNREACHABLE if is_gone else Result.NOT_ALLOWED
            first, *others = taken.deliveries
            failed = Outcome(delivery_id=first.id, number=first.tries, result=result, url=taken.endpoint.url)
            return [failed, *map(_not_tried, others)]
        calls = await self._calls(taken)
        async with senders.client(self._tls) as http:
            return await _Batch(http, target, address, self._seconds, self._stop).send(calls)

    async def _catch(self, taken: Taken) -> list[Outcome]:
        """Hand a batch to the sandbox's own receiver: nothing leaves the house, and no address is looked up."""
        if not self._db.sandbox:
            return [
                Outcome(delivery_id=one.id, number=one.tries, result=Result.NOT_ALLOWED, url=taken.endpoint.url)
                for one in taken.deliveries
            ]
        calls = await self._calls(taken)
        status = await do(self._db, SYSTEM, take_in, taken.endpoint, calls, taken.secrets)
        result = Result.SUCCEEDED if 200 <= status < 300 else Result.REFUSED
        return [
            Outcome(delivery_id=call.delivery.id, number=call.delivery.tries, result=result, status=status, url=call.url,
                    headers=call.headers, answer="caught")
            for call in calls
        ]  # fmt: skip

    async def _calls(self, taken: Taken) -> list[Call]:
        """What is sent: bodies are made before the first attempt and kept, so that every attempt says the same."""
        missing = [one for one in taken.deliveries if one.body is None]
        made: dict[int, bytes] = {}
        if missing:
            async with self._db.reading(SYSTEM) as tx:
                facts = await outbox.by_ids(tx, [one.fact_id for one in missing if one.fact_id is not None])
            by_fact = await self._bodies(self._db, taken.endpoint, list(facts.values()))
            made = {one.id: by_fact[one.fact_id] for one in missing if one.fact_id is not None}
            await do(self._db, SYSTEM, keep, made)
        return [_call(taken, one, one.body if one.body is not None else made[one.id]) for one in taken.deliveries]


class _Batch:
    """Some calls to one endpoint: side by side for different things, one after the other for one thing."""

    def __init__(
        self, http: httpx.AsyncClient, target: Target, address: str, seconds: float, stop: asyncio.Event
    ) -> None:
        self._http, self._target, self._address, self._seconds, self._stop = http, target, address, seconds, stop
        self._room = asyncio.Semaphore(AT_ONCE)
        self._is_over = False
        self._until = asyncio.get_running_loop().time() + BATCH_SECONDS

    async def send(self, calls: Sequence[Call]) -> list[Outcome]:
        """An outcome for each call."""
        chains: dict[int, list[Call]] = {}
        for call in calls:
            chains.setdefault(call.delivery.about, []).append(call)
        done = await asyncio.gather(*(self._one_by_one(chain) for chain in chains.values()))
        return [outcome for outcomes in done for outcome in outcomes]

    async def _one_by_one(self, chain: Sequence[Call]) -> list[Outcome]:
        return [await self._one(call) for call in chain]

    async def _one(self, call: Call) -> Outcome:
        async with self._room:
            is_late = asyncio.get_running_loop().time() >= self._until
            if self._is_over or is_late or self._stop.is_set():
                return _not_tried(call.delivery)
            outcome = await senders.send(self._http, self._target, self._address, call, seconds=self._seconds)
            if ladder.ends_turn(outcome):
                self._is_over = True
            return outcome


def _not_tried(delivery: Delivery) -> Outcome:
    return Outcome(delivery_id=delivery.id, number=delivery.tries, result=Result.NOT_TRIED)


def _call(taken: Taken, delivery: Delivery, body: bytes) -> Call:
    above = senders.headers(
        message_id=delivery.message_id, timestamp=int(taken.signed_at.timestamp()), body=body, secrets=taken.secrets
    )
    return Call(delivery, taken.endpoint.url, above, body)


def _report(task: "asyncio.Task[None]") -> None:
    """An endpoint whose turn ended badly has another once the lease is over."""
    error = None if task.cancelled() else task.exception()
    if error is not None:
        log.error("a webhook turn ended badly", exc_info=error)
