"""The first and the last beat of delivery: give an endpoint its turn, and note what came of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from dingdan.areas.webhooks.model import Delivery, Endpoint, Outcome, Result, Standing, Taken, Turn
from dingdan.areas.webhooks.rules import ladder
from dingdan.areas.webhooks.store import deliveries, endpoints
from dingdan.areas.webhooks.subscribing import is_enabled, stop
from dingdan.plumbing.tx import Tx

# So few that little is sent twice when the worker dies.
BATCH = 16
EXHAUSTED, NOBODY_KNOWS = "exhausted", "outcome_unknown"


async def lease(tx: Tx, *, well: int, failing: int) -> list[Turn]:
    """Take endpoints to serve: so many that are well, and so many that are not, whose calls may take long."""
    found = await endpoints.lease(tx, failing=False, limit=well) if well else []
    return found + (await endpoints.lease(tx, failing=True, limit=failing) if failing else [])


async def take_in_hand(tx: Tx, turn: Turn) -> Taken | None:
    """Begin an attempt with what is due; None when nothing is, or when somebody else serves the endpoint by now.

    Whoever dies on the way leaves attempts whose outcome is unknown: they are counted, and made again.
    """
    one = await endpoints.lock(tx, turn.endpoint_id)
    if one is None or not await endpoints.hold(tx, turn):
        return None
    due = await deliveries.due(tx, one.id, BATCH)
    await _note_lost(tx, one, due)
    left = [each for each in due if each.called_at is None or not ladder.is_last(each)]
    if not left:
        await endpoints.let_go(tx, turn)
        return None
    began = [_counted(each) for each in left]
    await deliveries.begin_attempts(tx, {each.id: ladder.next_at(each, now=tx.now) for each in began})
    clock = await endpoints.clock(tx)
    return Taken(one, began, {each.id: each.next_at for each in left}, await _secrets(tx, one.id), clock)


async def let_go(tx: Tx, turn: Turn) -> None:
    """Give a turn back before its lease is over."""
    await endpoints.let_go(tx, turn)


async def keep(tx: Tx, bodies: Mapping[int, bytes]) -> None:
    """Keep the bodies of deliveries before they go out for the first time."""
    await deliveries.keep_bodies(tx, bodies)


async def note(tx: Tx, turn: Turn, outcomes: Sequence[Outcome], before: Mapping[int, datetime]) -> bool:
    """Note how attempts ended, and what that says of the endpoint; says whether its turn goes on."""
    one = await endpoints.lock(tx, turn.endpoint_id)
    found = await deliveries.by_ids(tx, [outcome.delivery_id for outcome in outcomes])
    is_open = [outcome for outcome in outcomes if _says_something(outcome, found.get(outcome.delivery_id))]
    untried = [each for each in is_open if each.result is Result.NOT_TRIED]
    tried = [each for each in is_open if each.result is not Result.NOT_TRIED]
    await deliveries.take_back_attempts(tx, {each.delivery_id: before[each.delivery_id] for each in untried})
    if tried:
        await deliveries.log(tx, tried, found)
        await _end(tx, tried, found)
    about_facts = [each for each in tried if found[each.delivery_id].fact_id is not None]
    if one is None:
        return False
    if about_facts and is_enabled(one):
        health = ladder.health(one, about_facts, now=tx.now)
        await endpoints.note_health(tx, one.id, health)
        if health.disable is not None:
            await stop(tx, one, health.disable)
    goes_on = not any(ladder.ends_turn(each) or each.result is Result.NOT_TRIED for each in outcomes)
    if not goes_on:
        await endpoints.let_go(tx, turn)
    return goes_on


async def _end(tx: Tx, tried: Sequence[Outcome], found: Mapping[int, Delivery]) -> None:
    arrived = [each.delivery_id for each in tried if each.result is Result.SUCCEEDED]
    failed = [each.delivery_id for each in tried if each.result is not Result.SUCCEEDED]
    await deliveries.deliver(tx, arrived)
    await deliveries.end_attempts(tx, failed)
    over = [n for n in failed if found[n].standing is Standing.PENDING and ladder.is_last(found[n])]
    await deliveries.give_up(tx, over, EXHAUSTED)


def _says_something(outcome: Outcome, delivery: Delivery | None) -> bool:
    """Whether an outcome is news: of the attempt that is out, or that something arrived which nobody knew of."""
    if delivery is None or delivery.delivered_at is not None:
        return False
    is_current = delivery.called_at is not None and delivery.tries == outcome.number
    return is_current or outcome.result is Result.SUCCEEDED


def _counted(each: Delivery) -> Delivery:
    return msgspec.structs.replace(each, attempts=each.attempts + 1, tries=each.tries + 1)


async def _note_lost(tx: Tx, one: Endpoint, due: Sequence[Delivery]) -> None:
    """Write down attempts that nobody came back from; after the last one there is nothing left to try."""
    unknown = {each.id: each for each in due if each.called_at is not None}
    if not unknown:
        return
    await deliveries.log(tx, [deliveries.lost(each, one.url) for each in unknown.values()], unknown)
    over = [each.id for each in unknown.values() if ladder.is_last(each)]
    await deliveries.give_up(tx, over, NOBODY_KNOWS)


async def _secrets(tx: Tx, endpoint_id: int) -> list[str]:
    """The secrets that sign: the new one first, and the old one while it holds."""
    kept = await endpoints.secrets(tx, endpoint_id)
    sealed = [kept["sealed"]]
    if kept["old_until"] is not None and kept["old_until"] > tx.now:
        sealed.append(kept["old_sealed"])
    return [tx.sealer.unseal(kept["wrapped"], one).decode() for one in sealed]
