"""API keys: made, shown once, replaced in time, taken away; and what they called last."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Literal

from litestar import Response
from msgspec import Meta

from dingdan.areas import identity
from dingdan.overviews import key_page, request_list
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import Ask, get, post
from dingdan.surfaces.shared.wire import (
    Id,
    Input,
    Line,
    MerchantRef,
    Moment,
    Page,
    PageQuery,
    View,
    Word,
    allowed,
    number,
    page_of,
    ref,
    ref_or_none,
    slice_of,
)

ACTIONS = {"replace": "key.manage", "revoke": "key.manage"}


class KeyInput(Input, frozen=True, kw_only=True):
    """A key to be made. With `staff` it acts as that person, narrowed to its scopes.

    From `expires_at` on it opens nothing; without it the key has no end.
    """

    merchant: MerchantRef | None = None
    staff: Id | None = None
    name: Line
    scopes: Annotated[list[Word], Meta(max_length=200)]
    expires_at: Moment | None = None


class ReplaceKeyInput(Input, frozen=True, kw_only=True):
    """How many hours the old key still works beside the new one; 0 ends it at once."""

    overlap_hours: Annotated[int, Meta(ge=0, le=720)] = 24


class KeyView(View, frozen=True, kw_only=True):
    """A key; never its secret. `last_used_at` is true to a minute; `replaced_by` is the key that took its place."""

    id: str
    merchant: str | None
    staff: str | None
    name: str
    scopes: Sequence[str]
    created_at: datetime
    revoked_at: datetime | None
    expires_at: datetime | None
    last_used_at: datetime | None
    replaced_by: str | None
    available_actions: list[str]


class IssuedView(View, frozen=True, kw_only=True):
    """A key just made. `secret` is shown this once; it is null when the request is repeated."""

    key: KeyView
    secret: str | None


class KeyQuery(PageQuery, frozen=True, kw_only=True):
    """Whose keys."""

    merchant: MerchantRef | None = None


class RequestView(View, frozen=True, kw_only=True):
    """One call: what was asked for, how it ended, and the codes of the refusal where it was one."""

    at: datetime
    key: str
    method: str
    route: str
    status: int
    took_ms: int
    request_id: str
    codes: list[str]


class RequestQuery(PageQuery, frozen=True, kw_only=True):
    """Which calls: of a key, that ended so, with this code, to this route, with this id, since a moment."""

    merchant: MerchantRef | None = None
    key: Id | None = None
    ended: Literal["done", "refused", "failed"] | None = None
    code: Word | None = None
    route: Annotated[str, Meta(max_length=200)] | None = None
    request_id: Annotated[str, Meta(max_length=128)] | None = None
    since: Moment | None = None


# The statuses of each way that a call ends.
ENDS: dict[str | None, tuple[int | None, int | None]] = {
    None: (None, None), "done": (None, 400), "refused": (400, 500), "failed": (500, None),
}  # fmt: skip


@post("/v1/keys", permission="key.manage", status=201, answers=IssuedView)
async def issue(ask: Ask, body: KeyInput) -> Response[bytes]:
    """Make a key. Nobody gives more than they have, nor to another merchant.

    The secret stands in the first answer and nowhere else: repeating the request does not show it again.
    """
    fresh: dict[int, str] = {}

    async def act(tx: Tx) -> int:
        wanted = identity.IssueKey(
            merchant_id=await scope.merchant_filter(tx, body.merchant, "merchant"),
            staff_id=None if body.staff is None else number("staff", body.staff, "staff"),
            name=body.name,
            scopes=tuple(body.scopes),
            expires_at=body.expires_at,
        )
        issued = await identity.issue_key(tx, wanted)
        fresh[issued.id] = issued.secret
        return issued.id

    async def render(key_id: int) -> IssuedView:
        async with ask.db.reading(ask.actor) as tx:
            return IssuedView(key=await _one(tx, key_id), secret=fresh.get(key_id))

    return await ask.once(act, render=render)


@get("/v1/keys", permission="key.read")
async def listed(tx: Tx, query: KeyQuery) -> Page[KeyView]:
    """Keys within reach, oldest first, revoked ones too."""
    merchant_id = await scope.merchant_filter(tx, query.merchant)
    asked = slice_of(query)
    return page_of(asked, await identity.list_keys(tx, merchant_id, asked.with_one_more), lambda key: _view(tx, key))


@get("/v1/keys/{key_id}", permission="key.read")
async def show(tx: Tx, key_id: int) -> KeyView:
    """One key: what it may do, until when, and when it was used last."""
    return await _one(tx, key_id)


@post("/v1/keys/{key_id}/replace", permission="key.manage", status=201, answers=IssuedView)
async def replace(ask: Ask, key_id: int, body: ReplaceKeyInput | None = None) -> Response[bytes]:
    """Make a key that may do the same and lasts as long; the old one works beside it for a while.

    The secret stands in the first answer and nowhere else. A key that was replaced is not replaced again.
    """
    fresh: dict[int, str] = {}

    async def act(tx: Tx) -> int:
        overlap = timedelta(hours=(body or ReplaceKeyInput()).overlap_hours)
        issued = await identity.replace_key(tx, key_id, overlap=overlap)
        fresh[issued.id] = issued.secret
        return issued.id

    async def render(made: int) -> IssuedView:
        async with ask.db.reading(ask.actor) as tx:
            return IssuedView(key=await _one(tx, made), secret=fresh.get(made))

    return await ask.once(act, render=render)


@get("/v1/requests", permission="key.read")
async def requests(tx: Tx, query: RequestQuery) -> Page[RequestView]:
    """What keys called last, newest first: kept for 14 days, of each key the newest 10,000, and of a flood a sample.

    There are no bodies in it, and nothing about people. It is written within some seconds of the answer.
    """
    first, below = ENDS[query.ended]
    wanted = request_list.Filter(
        merchant_id=await scope.merchant_filter(tx, query.merchant), status_from=first, status_below=below,
        key_id=None if query.key is None else number("key", query.key, "query.key"), code=query.code, route=query.route,
        request_id=query.request_id, since=query.since,
    )  # fmt: skip
    asked = slice_of(query)
    return page_of(asked, await request_list.page(tx, wanted, asked.asked), _call)


@post("/v1/keys/{key_id}/revoke", permission="key.manage")
async def revoke(tx: Tx, key_id: int) -> KeyView:
    """Take a key away; it opens nothing from this moment on."""
    await identity.revoke_key(tx, key_id)
    return await _one(tx, key_id)


async def _one(tx: Tx, key_id: int) -> KeyView:
    return _view(tx, await key_page.key(tx, key_id))


def _view(tx: Tx, key: identity.ApiKey) -> KeyView:
    possible = [] if key.revoked_at else ["revoke"] if key.successor_id else ["replace", "revoke"]
    return KeyView(
        id=ref("key", key.id), merchant=ref_or_none("merchant", key.merchant_id),
        staff=ref_or_none("staff", key.staff_id), name=key.name, scopes=key.scopes, created_at=key.created_at,
        revoked_at=key.revoked_at, expires_at=key.expires_at, last_used_at=key.last_used_at,
        replaced_by=ref_or_none("key", key.successor_id), available_actions=allowed(tx.actor, possible, ACTIONS),
    )  # fmt: skip


def _call(one: request_list.Line) -> RequestView:
    return RequestView(
        at=one.at, key=ref("key", one.key_id), method=one.method, route=one.route, status=one.status, took_ms=one.took_ms,
        request_id=one.request_id, codes=one.codes,
    )  # fmt: skip


ROUTES = [issue, listed, show, replace, requests, revoke]
