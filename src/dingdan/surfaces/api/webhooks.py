"""Webhooks: where events are sent, what was sent and answered, and sending it again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Response
from msgspec import Meta

from dingdan.areas import webhooks
from dingdan.kernel import page
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import Ask, delete, get, patch, post
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import (
    Cursor,
    Input,
    MerchantRef,
    Moment,
    Page,
    PageQuery,
    View,
    Word,
    allowed,
    page_of,
    ref,
    ref_or_none,
    slice_of,
)

ACTIONS = dict.fromkeys(("change", "test", "replay", "rotate_secret", "enable", "disable", "remove"), "webhook.write")

Url = Annotated[str, Meta(min_length=1, max_length=500, examples=["https://shop.example/hooks"])]
Filters = Annotated[tuple[Word, ...], Meta(min_length=1, max_length=100)]
Scopes = Annotated[tuple[Word, ...], Meta(max_length=100)]


class EndpointInput(Input, frozen=True, kw_only=True):
    """An endpoint to be made. `events` are names (order.paid), subjects (order.*) or all (*).

    `scopes` are the permissions with which the objects in its messages are read. `after` is a cursor of the feed: with
    it the endpoint is told of everything behind that place, else of what happens from now on.
    """

    merchant: MerchantRef | None = None
    url: Url
    events: Filters = ("*",)
    scopes: Scopes | None = None
    description: Annotated[str, Meta(max_length=200)] = ""
    after: Cursor | None = None


class EndpointPatch(Input, frozen=True, kw_only=True):
    """What shall be different; what is left out stays. Other events hold from the endpoint's place in the feed on."""

    url: Url | None = None
    events: Filters | None = None
    scopes: Scopes | None = None
    description: Annotated[str, Meta(max_length=200)] | None = None


class EnableInput(Input, frozen=True, kw_only=True):
    """Where to go on: behind a place in the feed (`cursor` says where it stood), or with what happens from now on."""

    after: Cursor | None = None


class ReplayInput(Input, frozen=True, kw_only=True):
    """Since when; by the moment at which deliveries were made."""

    since: Moment


class EndpointView(View, frozen=True, kw_only=True):
    """An endpoint; never its secret. `cursor` is how far it is in the feed.

    `failing_since` says since when nothing got through; after three days of that it is disabled. `caught_with` is the
    status that the sandbox's own catcher answers with; it has no address outside.
    """

    id: str
    merchant: str
    url: str
    events: Sequence[str]
    scopes: Sequence[str]
    description: str
    state: webhooks.EndpointState
    disabled_reason: str | None
    cursor: str
    failures: int
    failing_since: datetime | None
    old_secret_until: datetime | None
    created_at: datetime
    caught_with: int | None
    available_actions: list[str]


class EndpointSecret(View, frozen=True, kw_only=True):
    """An endpoint with a secret just made, shown this once; it is null when the request is repeated."""

    endpoint: EndpointView
    secret: str | None


class DeliveryRow(View, frozen=True, kw_only=True):
    """A message as a list shows it; `message_id` is what the receiver sees as `webhook-id`.

    `failure` says why it is not tried any more: exhausted, outcome_unknown, endpoint_disabled or endpoint_removed.
    """

    id: str
    endpoint: str
    message_id: str
    event_id: str | None
    type: str
    state: webhooks.Standing
    attempts: int
    calls: int
    replays: int
    next_at: datetime | None
    created_at: datetime
    delivered_at: datetime | None
    failed_at: datetime | None
    failure: str | None


class AttemptView(View, frozen=True, kw_only=True):
    """A call: what was sent beside the body, and what came back. `answer` is its beginning (4 KiB)."""

    number: int
    round: int
    at: datetime
    took_ms: int
    result: webhooks.Result
    status: int | None
    url: str
    headers: dict[str, str]
    answer: str | None


class DeliveryView(View, frozen=True, kw_only=True):
    """A message with every call. `body` is what was sent, byte for byte; null before the first call."""

    delivery: DeliveryRow
    body: str | None
    attempts: list[AttemptView]


class Replayed(View, frozen=True, kw_only=True):
    """How many deliveries go out again; with `has_more` ask again for the rest."""

    replayed: int
    has_more: bool


class EndpointQuery(PageQuery, frozen=True, kw_only=True):
    """Whose endpoints."""

    merchant: MerchantRef | None = None


class DeliveryQuery(PageQuery, frozen=True, kw_only=True):
    """Which deliveries: in this state, of this type, made since a moment."""

    state: webhooks.Standing | None = None
    type: Word | None = None
    since: Moment | None = None


@post("/v1/webhook-endpoints", permission="webhook.write", status=201, answers=EndpointSecret)
async def create(ask: Ask, body: EndpointInput) -> Response[bytes]:
    """Set up an endpoint. Its secret stands in the first answer and nowhere else."""
    await webhooks.demand_target(ask.db, body.url)
    secrets: dict[int, str] = {}

    async def act(tx: Tx) -> int:
        scopes = webhooks.usual_scopes(tx.actor) if body.scopes is None else body.scopes
        made = await webhooks.create(tx, webhooks.SaveEndpoint(
            merchant_id=await scope.merchant_id_meant(tx, body.merchant), url=body.url, events=_unique(body.events),
            scopes=_unique(scopes), description=body.description, after=_place(body.after),
        ))  # fmt: skip
        secrets[made.endpoint_id] = made.secret
        return made.endpoint_id

    return await with_secret(ask, act, secrets)


@get("/v1/webhook-endpoints", permission="webhook.read")
async def listed(tx: Tx, query: EndpointQuery) -> Page[EndpointView]:
    """Endpoints within reach, oldest first."""
    merchant_id = await scope.merchant_filter(tx, query.merchant)
    asked = slice_of(query)
    found = await webhooks.endpoints(tx, merchant_id, asked.with_one_more)
    return page_of(asked, found, lambda one: endpoint_view(tx, one))


@get("/v1/webhook-endpoints/{webhook_endpoint_id}", permission="webhook.read")
async def show(tx: Tx, webhook_endpoint_id: int) -> EndpointView:
    """One endpoint, and how it is doing."""
    return endpoint_view(tx, await webhooks.endpoint(tx, webhook_endpoint_id))


@patch("/v1/webhook-endpoints/{webhook_endpoint_id}", permission="webhook.write", answers=EndpointView)
async def change(ask: Ask, webhook_endpoint_id: int, body: EndpointPatch) -> EndpointView:
    """Change an endpoint."""
    if body.url is not None:
        await webhooks.demand_target(ask.db, body.url)
    wanted = webhooks.ChangeEndpoint(
        url=body.url, events=None if body.events is None else _unique(body.events),
        scopes=None if body.scopes is None else _unique(body.scopes), description=body.description,
    )  # fmt: skip

    async def act(tx: Tx) -> EndpointView:
        await webhooks.change(tx, webhook_endpoint_id, wanted)
        return endpoint_view(tx, await webhooks.endpoint(tx, webhook_endpoint_id))

    return await ask.write(act)


@delete("/v1/webhook-endpoints/{webhook_endpoint_id}", permission="webhook.write")
async def remove(tx: Tx, webhook_endpoint_id: int) -> EndpointView:
    """Take an endpoint away with its secrets; what waits for it is not sent. Its log stays for thirty days."""
    return endpoint_view(tx, await webhooks.remove(tx, webhook_endpoint_id))


@post("/v1/webhook-endpoints/{webhook_endpoint_id}/rotate_secret", permission="webhook.write", answers=EndpointSecret)
async def rotate_secret(ask: Ask, webhook_endpoint_id: int) -> Response[bytes]:
    """Make a new secret. For 24 hours each message has two signatures, so that no receiver misses one."""
    secrets: dict[int, str] = {}

    async def act(tx: Tx) -> int:
        made = await webhooks.rotate_secret(tx, webhook_endpoint_id)
        secrets[made.endpoint_id] = made.secret
        return made.endpoint_id

    return await with_secret(ask, act, secrets)


@post("/v1/webhook-endpoints/{webhook_endpoint_id}/enable", permission="webhook.write")
async def enable(tx: Tx, webhook_endpoint_id: int, body: EnableInput | None = None) -> EndpointView:
    """Tell an endpoint again. What it was sent already is not sent again; replay that."""
    await webhooks.enable(tx, webhook_endpoint_id, after=_place(body.after if body else None))
    return endpoint_view(tx, await webhooks.endpoint(tx, webhook_endpoint_id))


@post("/v1/webhook-endpoints/{webhook_endpoint_id}/disable", permission="webhook.write")
async def disable(tx: Tx, webhook_endpoint_id: int) -> EndpointView:
    """Tell an endpoint nothing any more; what waits for it counts as failed."""
    await webhooks.disable(tx, webhook_endpoint_id)
    return endpoint_view(tx, await webhooks.endpoint(tx, webhook_endpoint_id))


@post("/v1/webhook-endpoints/{webhook_endpoint_id}/test", permission="webhook.write", status=202)
async def test(tx: Tx, webhook_endpoint_id: int) -> DeliveryRow:
    """Send `webhook.test`, once, also to an endpoint that is disabled; look at the delivery to see what came of it."""
    return _row(await webhooks.delivery(tx, await webhooks.test(tx, webhook_endpoint_id)))


@post("/v1/webhook-endpoints/{webhook_endpoint_id}/replay", permission="webhook.write", status=202)
async def replay_failed(tx: Tx, webhook_endpoint_id: int, body: ReplayInput) -> Replayed:
    """Send again everything that failed since a moment, the oldest first, up to 5,000 at a time."""
    replayed, has_more = await webhooks.replay_failed(tx, webhook_endpoint_id, since=body.since)
    return Replayed(replayed=replayed, has_more=has_more)


@get("/v1/webhook-endpoints/{webhook_endpoint_id}/deliveries", permission="webhook.read")
async def deliveries(tx: Tx, webhook_endpoint_id: int, query: DeliveryQuery) -> Page[DeliveryRow]:
    """What was sent to an endpoint and what waits for it, the newest first."""
    asked = slice_of(query)
    found = await webhooks.delivered(
        tx, webhook_endpoint_id, asked.with_one_more, standing=query.state, wire=query.type, since=query.since
    )
    return page_of(asked, found, _row)


@get("/v1/webhook-deliveries/{webhook_delivery_id}", permission="webhook.read")
async def show_delivery(tx: Tx, webhook_delivery_id: int) -> DeliveryView:
    """One message: its body, and every call with its answer."""
    one = await webhooks.delivery(tx, webhook_delivery_id)
    return DeliveryView(
        delivery=_row(one), body=None if one.body is None else one.body.decode(),
        attempts=[
            AttemptView(**msgspec.structs.asdict(call)) for call in await webhooks.attempts(tx, webhook_delivery_id)
        ],
    )  # fmt: skip


@post("/v1/webhook-deliveries/{webhook_delivery_id}/replay", permission="webhook.write", status=202)
async def replay(tx: Tx, webhook_delivery_id: int) -> DeliveryRow:
    """Send a message again, whatever came of it: the same id and the same body. One that waits goes out now."""
    await webhooks.replay(tx, webhook_delivery_id)
    return _row(await webhooks.delivery(tx, webhook_delivery_id))


async def with_secret(ask: Ask, act: Any, secrets: dict[int, str]) -> Response[bytes]:
    """An endpoint that `act` makes, with its secret in the first answer and in no later one."""

    async def render(endpoint_id: int) -> EndpointSecret:
        async with ask.db.reading(ask.actor) as tx:
            one = endpoint_view(tx, await webhooks.endpoint(tx, endpoint_id))
        return EndpointSecret(endpoint=one, secret=secrets.get(endpoint_id))

    return await ask.once(act, render=render)


def _unique(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def _place(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    position = page.decode_cursor(cursor)
    if position is None:
        raise Malformed("after", what="not a cursor that the feed gave out", what_zh="不是事件流给出的游标")
    return position


def endpoint_view(tx: Tx, one: webhooks.Endpoint) -> EndpointView:
    """An endpoint as others see it."""
    always, state = ["change", "test", "rotate_secret", "remove"], webhooks.EndpointState
    possible = {
        state.ENABLED: [*always, "replay", "disable"], state.DISABLED: [*always, "enable"], state.REMOVED: [],
    }[one.state]  # fmt: skip
    return EndpointView(
        id=ref("webhook_endpoint", one.id), merchant=ref("merchant", one.merchant_id), url=one.url, events=one.events,
        scopes=one.scopes, description=one.description, state=one.state, disabled_reason=one.disabled_reason,
        cursor=page.encode_cursor(one.position), failures=one.failures, failing_since=one.failing_since,
        old_secret_until=one.old_until if one.old_until and one.old_until > tx.now else None,
        created_at=one.created_at, caught_with=one.caught_with, available_actions=allowed(tx.actor, possible, ACTIONS),
    )  # fmt: skip


def _row(one: webhooks.Delivery) -> DeliveryRow:
    is_waiting = one.standing is webhooks.Standing.PENDING
    return DeliveryRow(
        id=ref("webhook_delivery", one.id), endpoint=ref("webhook_endpoint", one.endpoint_id),
        message_id=one.message_id, event_id=ref_or_none("fact", one.fact_id), type=one.wire, state=one.standing,
        attempts=one.attempts, calls=one.tries, replays=one.replays, next_at=one.next_at if is_waiting else None,
        created_at=one.created_at, delivered_at=one.delivered_at, failed_at=one.failed_at, failure=one.failure,
    )  # fmt: skip


ROUTES = [
    create, listed, show, change, remove, rotate_secret, enable, disable, test, replay_failed, deliveries,
    show_delivery, replay,
]  # fmt: skip
