"""Endpoints: set up, changed, given a new secret, switched off and on, taken away."""

import secrets
from collections.abc import Collection, Sequence
from datetime import timedelta

import msgspec

from dingdan.areas.webhooks.events import (
    WebhookChanged,
    WebhookCreated,
    WebhookDisabled,
    WebhookEnabled,
    WebhookRemoved,
    WebhookSecretRotated,
)
from dingdan.areas.webhooks.lifecycle import ENDPOINT, EndpointState
from dingdan.areas.webhooks.model import ChangeEndpoint, Endpoint, Made, SaveEndpoint
from dingdan.areas.webhooks.refusals import (
    CatcherFixed,
    EndpointUnknown,
    EventUnknown,
    PlaceUnknown,
    ScopeNotGiven,
    TooManyEndpoints,
)
from dingdan.areas.webhooks.rules import filters, signing
from dingdan.areas.webhooks.store import catches, deliveries, endpoints
from dingdan.kernel.actor import Actor
from dingdan.kernel.event import REGISTRY
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.plumbing import lifecycles
from dingdan.plumbing.tx import Tx

LIMIT = 20
SECRET_BYTES = 24
OLD_SECRET_HOLDS = timedelta(hours=24)
BY_HAND = "by_hand"
USUAL = ("order.read", "parcel.read", "payment.read", "refund.read", "return.read", "review.read")


def usual_scopes(actor: Actor) -> tuple[str, ...]:
    """What messages show where nobody said it: of what receivers mostly want, what their maker may see."""
    return tuple(filter(actor.may, USUAL))


async def create(tx: Tx, wanted: SaveEndpoint) -> Made:
    """Set an endpoint up and make its secret, which is shown this once. Raises everything that is wrong at once."""
    newest = await endpoints.newest(tx)
    problems = [*_event_problems(wanted.events), *_scope_problems(tx, wanted.scopes)]
    problems += [PlaceUnknown("after")] if wanted.after is not None and wanted.after > newest else []
    refuse_all(problems)
    if await endpoints.lock_merchant(tx, wanted.merchant_id) >= LIMIT:
        raise TooManyEndpoints(limit=LIMIT)
    one = tx.mint()
    secret, wrapped = signing.written(secrets.token_bytes(SECRET_BYTES)), tx.sealer.new_key()
    sealed = tx.sealer.seal(wrapped, secret.encode())
    await endpoints.add(tx, one, wanted, newest if wanted.after is None else wanted.after, (wrapped, sealed))
    tx.announce(WebhookCreated(subject_id=one, merchant_id=wanted.merchant_id, events=list(wanted.events),
                               scopes=list(wanted.scopes), move=lifecycles.born(ENDPOINT, one)))  # fmt: skip
    return Made(one, secret)


async def change(tx: Tx, endpoint_id: int, wanted: ChangeEndpoint) -> None:
    """Make an endpoint different. Other events hold from its place in the feed on. Raises all that is wrong at once."""
    one = await locked(tx, endpoint_id)
    if wanted.url is not None and one.caught_with is not None and wanted.url != one.url:
        raise CatcherFixed("url")
    new = msgspec.structs.replace(one, **{k: v for k, v in msgspec.structs.asdict(wanted).items() if v is not None})
    # What it has already is nobody's gift.
    added = set(new.scopes) - set(one.scopes)
    refuse_all([*_event_problems(new.events), *_scope_problems(tx, new.scopes, added)])
    if new == one:
        return
    await endpoints.change(tx, new)
    tx.announce(WebhookChanged(subject_id=one.id, merchant_id=one.merchant_id, events=list(new.events),
                               scopes=list(new.scopes)))  # fmt: skip


async def rotate_secret(tx: Tx, endpoint_id: int) -> Made:
    """Make a new secret; the old one signs beside it for a day. Raises EndpointUnknown."""
    one = await locked(tx, endpoint_id)
    kept = await endpoints.secrets(tx, endpoint_id)
    secret = signing.written(secrets.token_bytes(SECRET_BYTES))
    await endpoints.rotate(tx, one.id, tx.sealer.seal(kept["wrapped"], secret.encode()), tx.now + OLD_SECRET_HOLDS)
    tx.announce(WebhookSecretRotated(subject_id=one.id, merchant_id=one.merchant_id))
    return Made(one.id, secret)


async def disable(tx: Tx, endpoint_id: int, *, reason: str = BY_HAND) -> None:
    """Tell an endpoint nothing any more; what waits for it counts as failed and can be replayed later."""
    one = await locked(tx, endpoint_id)
    await stop(tx, one, reason)


async def stop(tx: Tx, one: Endpoint, reason: str) -> None:
    """Disable an endpoint that is locked; a second time changes nothing."""
    moved = await endpoints.disable(tx, one.id, reason)
    if moved is None:
        return
    waiting = await deliveries.give_up_all(tx, one.id, "endpoint_disabled")
    tx.announce(WebhookDisabled(subject_id=one.id, merchant_id=one.merchant_id, move=moved, reason=reason,
                                waiting=waiting))  # fmt: skip


async def enable(tx: Tx, endpoint_id: int, *, after: int | None = None) -> None:
    """Tell an endpoint again, of what happens from now on or behind a place in the feed.

    What it has a delivery of is not sent again. Raises EndpointUnknown or PlaceUnknown.
    """
    one = await locked(tx, endpoint_id)
    newest = await endpoints.newest(tx)
    if after is not None and after > newest:
        raise PlaceUnknown("after")
    moved = await endpoints.enable(tx, one.id)
    if moved is not None or after is not None:
        await endpoints.begin_behind(tx, one.id, newest if after is None else after)
    if moved is not None:
        tx.announce(WebhookEnabled(subject_id=one.id, merchant_id=one.merchant_id, move=moved))


async def remove(tx: Tx, endpoint_id: int) -> Endpoint:
    """Take an endpoint away with its secrets; a second time changes nothing."""
    found = (await endpoints.by_ids(tx, [endpoint_id])).get(endpoint_id)
    if found is None or not tx.actor.reaches(found.merchant_id):
        raise EndpointUnknown
    moved = await endpoints.remove(tx, endpoint_id)
    if moved is not None:
        await deliveries.give_up_all(tx, endpoint_id, "endpoint_removed")
        await catches.forget_all_but(tx, endpoint_id, 0)
        tx.announce(WebhookRemoved(subject_id=endpoint_id, merchant_id=found.merchant_id, move=moved))
    return msgspec.structs.replace(found, state=EndpointState.REMOVED, disabled_reason=None, old_until=None)


async def locked(tx: Tx, endpoint_id: int) -> Endpoint:
    """An endpoint within reach, locked. Raises EndpointUnknown."""
    one = await endpoints.lock(tx, endpoint_id)
    if one is None or not tx.actor.reaches(one.merchant_id):
        raise EndpointUnknown
    return one


def is_enabled(one: Endpoint) -> bool:
    """Whether an endpoint is told of what happens."""
    return one.state is EndpointState.ENABLED


def _event_problems(events: Sequence[str]) -> list[Refusal]:
    return [EventUnknown(f"events[{n}]", event=events[n]) for n in filters.unknown(events, REGISTRY)]


def _scope_problems(tx: Tx, scopes: Sequence[str], new: Collection[str] | None = None) -> list[Refusal]:
    """Nobody gives more than they have, and an endpoint only looks."""
    wrong: list[Refusal] = [
        ScopeNotGiven(f"scopes[{n}]", scope=scope)
        for n, scope in enumerate(scopes)
        if (new is None or scope in new) and not (_only_looks(scope) and tx.actor.may(scope))
    ]
    return wrong if tx.actor.may("event.read") else [ScopeNotGiven("scopes", scope="event.read"), *wrong]


def _only_looks(scope: str) -> bool:
    """People in full are never pushed: forgetting reaches neither receivers nor what is kept to be sent again."""
    return scope.endswith(".read")
