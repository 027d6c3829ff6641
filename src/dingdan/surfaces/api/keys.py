"""API keys: made, shown once, taken away."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated

from litestar import Response
from msgspec import Meta

from dingdan.areas import identity
from dingdan.overviews import key_page
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import scope
from dingdan.surfaces.shared.doors import Ask, get, post
from dingdan.surfaces.shared.wire import (
    Id,
    Input,
    Line,
    MerchantRef,
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

ACTIONS = {"revoke": "key.manage"}


class KeyInput(Input, frozen=True, kw_only=True):
    """A key to be made. With `staff` it acts as that person, narrowed to its scopes."""

    merchant: MerchantRef | None = None
    staff: Id | None = None
    name: Line
    scopes: Annotated[list[Word], Meta(max_length=200)]


class KeyView(View, frozen=True, kw_only=True):
    """A key; never its secret."""

    id: str
    merchant: str | None
    staff: str | None
    name: str
    scopes: Sequence[str]
    created_at: datetime
    revoked_at: datetime | None
    available_actions: list[str]


class IssuedView(View, frozen=True, kw_only=True):
    """A key just made. `secret` is shown this once; it is null when the request is repeated."""

    key: KeyView
    secret: str | None


class KeyQuery(PageQuery, frozen=True, kw_only=True):
    """Whose keys."""

    merchant: MerchantRef | None = None


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


@post("/v1/keys/{key_id}/revoke", permission="key.manage")
async def revoke(tx: Tx, key_id: int) -> KeyView:
    """Take a key away; it opens nothing from this moment on."""
    await identity.revoke_key(tx, key_id)
    return await _one(tx, key_id)


async def _one(tx: Tx, key_id: int) -> KeyView:
    return _view(tx, await key_page.key(tx, key_id))


def _view(tx: Tx, key: identity.ApiKey) -> KeyView:
    possible = [] if key.revoked_at else ["revoke"]
    return KeyView(
        id=ref("key", key.id), merchant=ref_or_none("merchant", key.merchant_id),
        staff=ref_or_none("staff", key.staff_id), name=key.name, scopes=key.scopes, created_at=key.created_at,
        revoked_at=key.revoked_at, available_actions=allowed(tx.actor, possible, ACTIONS),
    )  # fmt: skip


ROUTES = [issue, listed, revoke]
