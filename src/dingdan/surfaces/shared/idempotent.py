"""The door's side of idempotency: the key comes from a header, the answer goes out once and the same again."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from litestar import Request, Response

from dingdan.plumbing import idempotency
from dingdan.plumbing.database import Database
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.wire import json_response

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"

Render = Callable[[int], Awaitable[Any]]


async def key_of(request: Request[Any, Any, Any]) -> idempotency.Key:
    """The caller's key, bound to what is asked for. Raises KeyMissing or KeyUnusable."""
    known: idempotency.Key | None = request.scope["state"].get("idempotency_key")
    if known is not None:
        return known
    query = request.scope["query_string"].decode("latin-1")
    path = request.scope["path"] + (f"?{query}" if query else "")
    key = idempotency.key_of(
        request.user.id or 0,
        request.headers.get(HEADER),
        method=request.scope["method"],
        path=path,
        body=await request.body(),
    )
    request.scope["state"]["idempotency_key"] = key
    return key


async def once(
    db: Database,
    request: Request[Any, Any, Any],
    act: Callable[[Tx], Awaitable[Any]],
    *,
    status: int,
    name: str,
    render: Render | None = None,
) -> Response[bytes]:
    """Act once for the request's key and answer the same to every repetition.

    `act` returns what is answered, which is stored as it is; it must hold nothing personal and no secret. With
    `render` it returns the id of what it made: only that is stored, and the body is rendered from it each time.
    """
    key = await key_of(request)

    def stored(made: Any) -> idempotency.Answer:
        if render is not None:
            return idempotency.Answer(status, None, made)
        return idempotency.Answer(status, msgspec.json.encode(made), None)

    given = await idempotency.once(db, request.user, key, act, stored, name=name)
    return await respond(given, render)


async def respond(given: idempotency.Answer, render: Render | None = None) -> Response[bytes]:
    """An answer, fresh or repeated, as a response."""
    headers = {REPLAYED: "true"} if given.is_replay else {}
    body = given.body
    if body is None:
        assert render is not None
        assert given.subject_id is not None
        body = msgspec.json.encode(await render(given.subject_id))
    return json_response(body, status=given.status, headers=headers)
