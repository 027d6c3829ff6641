"""Who may enter: a key becomes an actor, every route says what it takes, and nothing is open by accident."""

import asyncio
import re
from typing import Any

from litestar import Litestar
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.routes import HTTPRoute

from dingdan.areas import identity
from dingdan.kernel import ids
from dingdan.kernel.actor import Actor, ActorKind
from dingdan.kernel.refusal import Kind, Refusal, Text
from dingdan.plumbing.database import Database

# Nobody is asked who they are at an open door; what it does is done in nobody's name.
NOBODY = Actor(ActorKind.BUYER, name="nobody", merchant_id=0)

_BEARER = re.compile(r"Bearer ([\x21-\x7e]{1,200})", re.IGNORECASE)


class KeyMissing(Refusal):
    """A door that needs a key was tried without one."""

    code = "auth.key_missing"
    kind = Kind.UNAUTHENTICATED
    message = Text("This address needs an API key.", "该地址需要 API 密钥。")
    remedy = Text("Send `Authorization: Bearer <key>`.", "请在请求头中附上 Authorization: Bearer <密钥>。")


class KeyUnknown(Refusal):
    """The key opens nothing, or opens nothing any more."""

    code = "auth.key_unknown"
    kind = Kind.UNAUTHENTICATED
    message = Text("This API key is not valid.", "API 密钥无效。")
    remedy = Text(
        "Check the key, or ask for a new one; it may have been revoked.",
        "请核对密钥或申请新密钥；原密钥可能已被吊销。",
    )


class NotAllowed(Refusal):
    """The actor is known and does not hold the permission."""

    code = "auth.not_allowed"
    kind = Kind.FORBIDDEN
    message = Text("This needs the permission {permission}.", "该操作需要 {permission} 权限。")
    remedy = Text("Ask an administrator for a role that has it.", "请联系管理员授予具有该权限的角色。")


class KeyExpired(Refusal):
    """The key worked until a moment that is over."""

    code = "auth.key_expired"
    kind = Kind.UNAUTHENTICATED
    message = Text("This API key expired at {at}.", "该 API 密钥已于 {at} 过期。")
    remedy = Text(
        "Replace it under Developers, API keys (or POST /v1/keys/{key}/replace with a key that may), and use the new one.",
        "请在“开发者 → API 密钥”中轮换（或以有权限的密钥调用 POST /v1/keys/{key}/replace），并改用新密钥。",
    )


# Where several ask at a time looks begin no sooner one after the other, so that one answers many; who is alone never waits.
LOOK_SECONDS = 0.01


class Keyring:
    """Looks keys up, many requests with one key in one look.

    Nothing is remembered: each look starts after the requests it answers arrived, so a revoked key and a changed
    role bite at once (S-04).
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._asked: dict[str, asyncio.Future[identity.Holder | None]] = {}
        # How many wait for the next look, and whether more than one waited for the last.
        self._waiting = 0
        self._is_crowded = False
        self._looking: asyncio.Task[None] | None = None
        self._looked_at = 0.0

    async def find(self, secret: str) -> identity.Holder | None:
        """Who holds this key, as of now; also where its time is over."""
        self._waiting += 1
        future = self._asked.get(secret)
        if future is None:
            future = self._asked[secret] = asyncio.get_running_loop().create_future()
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        return await asyncio.shield(future)

    async def _look(self) -> None:
        loop = asyncio.get_running_loop()
        while self._asked:
            if self._is_crowded and (early := self._looked_at + LOOK_SECONDS - loop.time()) > 0:
                await asyncio.sleep(early)
            asked, self._asked, self._looked_at = self._asked, {}, loop.time()
            self._is_crowded, self._waiting = self._waiting > 1, 0
            try:
                # One statement is a transaction by itself; one around it would be three more, a hundred times a second.
                async with self._db.connection() as connection:
                    found = await identity.find_keys(connection, asked)
            except Exception as error:  # noqa: BLE001 - whoever waits gets it, whatever it is
                for future in asked.values():
                    future.set_exception(error)
                    future.exception()  # Seen, even if everybody who waited has hung up.
            else:
                for secret, future in asked.items():
                    future.set_result(found.get(secret))


async def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Let in who may; runs before a byte of the body is read. Raises KeyMissing, KeyUnknown, KeyExpired or NotAllowed."""
    permission = handler.opt.get("permission")
    if permission is None:
        connection.scope["user"] = NOBODY
        return
    actor = await _actor(connection)
    if not actor.may(permission):
        raise NotAllowed(permission=permission)
    connection.scope["user"] = actor


async def _actor(connection: ASGIConnection[Any, Any, Any, Any]) -> Actor:
    header = connection.headers.get("authorization")
    if not header:
        raise KeyMissing("header.Authorization")
    form = _BEARER.fullmatch(header.strip())
    keyring: Keyring = connection.app.state.keyring
    holder = await keyring.find(form[1]) if form else None
    if holder is None:
        raise KeyUnknown("header.Authorization")
    # For the journal: also a call that is refused is a call of this key.
    connection.scope["holder"] = holder  # type: ignore[typeddict-unknown-key]
    if holder.expired_at is not None:
        at = holder.expired_at.isoformat(timespec="seconds")
        raise KeyExpired("header.Authorization", at=at, key=ids.encode("key", holder.key_id))
    return holder.actor


class UnguardedRoute(Exception):
    """A route says neither which permission it takes nor why it takes none; the program does not start."""


def demand_guards(app: Litestar, *, also: frozenset[str] = frozenset()) -> None:
    """Refuse to start with a route that nobody thought about (S-02). `also` names what a door takes besides permissions."""
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            raise UnguardedRoute(f"{route.path} is no HTTP route")
        for handler in route.route_handlers:
            permission, reason = handler.opt.get("permission"), handler.opt.get("open")
            if bool(permission) == bool(reason):
                raise UnguardedRoute(
                    f"{sorted(handler.http_methods)} {route.path} needs a permission or a reason to be open"
                )
            if permission and permission not in (*identity.PERMISSIONS, *also):
                raise UnguardedRoute(
                    f"{sorted(handler.http_methods)} {route.path}: there is no permission {permission}"
                )
