"""The sandbox's own receiver of webhooks: set up, told what to answer, and what it got. Not there in live mode."""

import base64
from datetime import datetime
from typing import Annotated

from litestar import Response
from msgspec import Meta

from dingdan.areas import webhooks
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.api.webhooks import EndpointSecret, EndpointView, Filters, endpoint_view, with_secret
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import Ask, get, post
from dingdan.surfaces.shared.wire import Input, MerchantRef, Page, PageQuery, View, page_of, ref, slice_of


class CatcherInput(Input, frozen=True, kw_only=True):
    """Whose catcher, and which events it is told of."""

    merchant: MerchantRef | None = None
    events: Filters = ("*",)


class AnswerInput(Input, frozen=True, kw_only=True):
    """What a catcher answers from now on: 200 takes in, 429 and 500 are tried again, 410 ends it."""

    status: Annotated[int, Meta(ge=100, le=599)]


class CaughtView(View, frozen=True, kw_only=True):
    """A message as it came. `body` is its beginning (64 KiB) in base64; `sha256` is that of the whole, in hex."""

    id: str
    endpoint: str
    at: datetime
    message_id: str
    headers: dict[str, str]
    body: str
    size: int
    sha256: str
    is_signed: bool
    answered: int


class CaughtQuery(PageQuery, frozen=True, kw_only=True):
    """A slice of what was caught."""


@post("/v1/sandbox/catchers", permission="webhook.write", status=201, answers=EndpointSecret)
async def create(ask: Ask, body: CatcherInput | None = None) -> Response[bytes]:
    """Set up a receiver within the program: no public address is needed. It keeps the newest 200 messages."""
    wanted = body or CatcherInput()
    secrets: dict[int, str] = {}

    async def act(tx: Tx) -> int:
        made = await webhooks.make_catcher(tx, webhooks.SaveEndpoint(
            merchant_id=await scope.merchant_id_meant(tx, wanted.merchant), url=webhooks.CATCHER, events=wanted.events,
            scopes=webhooks.usual_scopes(tx.actor),
        ))  # fmt: skip
        secrets[made.endpoint_id] = made.secret
        return made.endpoint_id

    return await with_secret(ask, act, secrets)


@post("/v1/sandbox/catchers/{webhook_endpoint_id}/answer", permission="webhook.write")
async def answer(tx: Tx, webhook_endpoint_id: int, body: AnswerInput) -> EndpointView:
    """Let a catcher answer with another status, to see what retries look like."""
    await webhooks.answer_with(tx, webhook_endpoint_id, body.status)
    return endpoint_view(tx, await webhooks.endpoint(tx, webhook_endpoint_id))


@get("/v1/sandbox/catchers/{webhook_endpoint_id}/caught", permission="webhook.read")
async def caught(tx: Tx, webhook_endpoint_id: int, query: CaughtQuery) -> Page[CaughtView]:
    """What a catcher got, the newest first, with whether the signature was good."""
    asked = slice_of(query)
    return page_of(asked, await webhooks.caught(tx, webhook_endpoint_id, asked.with_one_more), _view)


def _view(one: webhooks.Caught) -> CaughtView:
    return CaughtView(
        id=ref("caught_webhook", one.id), endpoint=ref("webhook_endpoint", one.endpoint_id), at=one.at,
        message_id=one.message_id, headers=one.headers, body=base64.b64encode(one.body).decode(), size=one.size,
        sha256=one.sha256.hex(), is_signed=one.is_signed, answered=one.answered,
    )  # fmt: skip


ROUTES = [create, answer, caught]
