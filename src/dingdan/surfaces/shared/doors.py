"""Doors: a route is declared once, with its permission, what goes in and what comes out; the rest follows from that."""

import inspect
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler

from dingdan.kernel import ids
from dingdan.kernel.actor import Actor
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import within
from dingdan.plumbing.settings import Settings
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import bodies, idempotent, scope
from dingdan.surfaces.shared.problems import Malformed
from dingdan.surfaces.shared.wire import json_response

AnyRequest = Request[Any, Any, Any]
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Opens = Literal["read", "once", "write", "itself"]
T = TypeVar("T")


# Routes with a verb behind a parameter that may hold slashes: {(what stands before, the verb): where they are found}.
DETOURS: dict[tuple[str, str], str] = {}


class Ask:
    """A request as a handler sees it that opens its own transactions."""

    def __init__(self, request: AnyRequest, door: "Door") -> None:
        self.request = request
        self._door = door

    @property
    def actor(self) -> Actor:
        """Who asks."""
        actor: Actor = self.request.user
        return actor

    @property
    def db(self) -> Database:
        """The pools of this process."""
        db: Database = self.request.app.state.db
        return db

    @property
    def settings(self) -> Settings:
        """What was set."""
        settings: Settings = self.request.app.state.settings
        return settings

    async def once(
        self, act: Callable[[Tx], Awaitable[Any]], *, render: idempotent.Render | None = None
    ) -> Response[bytes]:
        """Act once for the request's key, in one transaction."""
        return await idempotent.once(
            self.db, self.request, act, status=self._door.status, name=self._door.name, render=render
        )

    async def write(self, act: Callable[[Tx], Awaitable[T]]) -> T:
        """Act in one transaction, for a route that makes something so."""
        return await within(self.db, self.actor, act, name=self._door.name)


class Door(msgspec.Struct, frozen=True, kw_only=True):
    """A route as it was declared. `why_open` stands in for a permission, `why_unkeyed` for an Idempotency-Key."""

    method: Method
    path: str
    name: str
    permission: str | None
    why_open: str | None
    why_unkeyed: str | None
    status: int
    opens: Opens
    takes: str
    gives: str
    words: str
    things: dict[str, Any]
    body: Any
    is_body_optional: bool
    query: Any
    answers: Any

    @property
    def is_keyed(self) -> bool:
        """Whether callers must send an Idempotency-Key."""
        return self.method == "POST" and self.why_unkeyed is None

    @property
    def tag(self) -> str:
        """The resource that it belongs to."""
        return self.name.partition(".")[0]


def door(
    method: Method,
    path: str,
    *,
    permission: str | None = None,
    why_open: str | None = None,
    why_unkeyed: str | None = None,
    status: int = 200,
    reads: bool = False,
    takes: str = "application/json",
    gives: str = "application/json",
    answers: Any = None,
    max_body_bytes: int | Literal["settings"] | None = "settings",
) -> Callable[[Callable[..., Awaitable[Any]]], HTTPRouteHandler]:
    """Declare a route. Path parameters called `<kind>_id` are ids of that kind and checked to be within reach.

    `{sku:path}` may hold slashes; a verb may stand behind it.

    A handler that takes a `Tx` stands inside a transaction: read-only for GET, once per Idempotency-Key for POST.
    One that takes an `Ask` opens its own, because it streams, waits or hands over to the intake.
    """

    routed = _routed(path)

    def declare(handler: Callable[..., Awaitable[Any]]) -> HTTPRouteHandler:
        hints = get_type_hints(handler, include_extras=True)
        parameters = inspect.signature(handler).parameters
        first = hints[next(iter(parameters))]
        declared = Door(
            method=method,
            path=re.sub(r":\w+}", "}", path),
            name=f"{handler.__module__.rpartition('.')[2]}.{handler.__name__}",
            permission=permission,
            why_open=why_open,
            why_unkeyed=why_unkeyed,
            status=status,
            opens=_opens(first, method, is_read=reads, is_keyed=why_unkeyed is None),
            takes=takes,
            gives=gives,
            words=inspect.getdoc(handler) or "",
            things={name: hints[name] for name in re.findall(r"{(\w+)", path)},
            body=_without_none(hints.get("body")),
            is_body_optional="body" in parameters and parameters["body"].default is None,
            query=hints.get("query"),
            answers=answers or _described(hints.get("return")),
        )
        limit: dict[str, Any] = {} if max_body_bytes == "settings" else {"request_max_body_size": max_body_bytes}
        return HTTPRouteHandler(
            re.sub(r"{(\w+)}", r"{\1:str}", routed),
            http_method=method,
            status_code=status,
            name=f"{method} {path}",
            opt={"door": declared, "permission": permission, "open": why_open, "handler": handler},
            **limit,
        )(_passage(declared, handler))

    return declare


def _routed(path: str) -> str:
    """Where the router finds a route: behind a parameter that may hold slashes it looks for nothing more."""
    form = re.fullmatch(r"(.*)(/{\w+:path})(/.+)", path)
    if form is None:
        return path
    DETOURS[form[1] + "/", form[3]] = form[1] + form[3].replace("/", "-")
    return DETOURS[form[1] + "/", form[3]] + form[2]


def routed(path: str) -> str:
    """The path of a request as the router knows it."""
    for (before, behind), target in DETOURS.items():
        if path.endswith(behind) and path.startswith(before) and len(path) > len(before) + len(behind):
            return f"{target}/{path[len(before) : -len(behind)]}"
    return path


def get(path: str, **how: Any) -> Callable[[Callable[..., Awaitable[Any]]], HTTPRouteHandler]:
    """Declare a route that reads."""
    return door("GET", path, **how)


def post(path: str, **how: Any) -> Callable[[Callable[..., Awaitable[Any]]], HTTPRouteHandler]:
    """Declare a route that does something, once per Idempotency-Key."""
    return door("POST", path, **how)


def put(path: str, **how: Any) -> Callable[[Callable[..., Awaitable[Any]]], HTTPRouteHandler]:
    """Declare a route that makes something be as it is told; doing it twice changes nothing."""
    return door("PUT", path, **how)


def patch(path: str, **how: Any) -> Callable[[Callable[..., Awaitable[Any]]], HTTPRouteHandler]:
    """Declare a route that changes what it is told and leaves the rest; doing it twice changes nothing."""
    return door("PATCH", path, **how)


def delete(path: str, **how: Any) -> Callable[[Callable[..., Awaitable[Any]]], HTTPRouteHandler]:
    """Declare a route that takes something away; doing it twice changes nothing."""
    return door("DELETE", path, **how)


def with_options(found: Sequence[HTTPRouteHandler]) -> list[HTTPRouteHandler]:
    """Routes with what answers OPTIONS for each path."""
    methods: dict[str, set[str]] = {}
    for route in found:
        for path in route.paths:
            methods.setdefault(path, {"OPTIONS"}).update(route.http_methods)
    # Before the others, or Litestar makes them, and its own name the methods of the first handler only.
    return [*(_options(path, sorted(names)) for path, names in methods.items()), *found]


def _options(path: str, methods: list[str]) -> HTTPRouteHandler:
    async def options() -> Response[None]:
        return Response(None, status_code=204, headers={"Allow": ", ".join(methods)})

    opt = {"open": "it names the methods and nothing else"}
    return HTTPRouteHandler(path, http_method="OPTIONS", status_code=204, opt=opt)(options)


def _opens(first: Any, method: Method, *, is_read: bool, is_keyed: bool) -> Opens:
    if first is not Tx:
        return "itself"
    if method == "GET" or is_read:
        return "read"
    return "once" if method == "POST" and is_keyed else "write"


def _without_none(kind: Any) -> Any:
    """The type of a body that may be left out; `null` is no body, and none is nothing at all."""
    options = [option for option in get_args(kind) if option is not type(None)]
    return options[0] if len(options) == 1 and type(None) in get_args(kind) else kind


def _described(kind: Any) -> Any:
    """What a handler says it returns; a response made by hand says nothing about its content."""
    return None if issubclass(get_origin(kind) or type(kind), Response) else kind


def _passage(
    declared: Door, handler: Callable[..., Awaitable[Any]]
) -> Callable[[AnyRequest], Awaitable[Response[Any]]]:
    """The way from a request through the handler to a response."""
    is_json = declared.takes == "application/json"
    decoder = msgspec.json.Decoder(declared.body) if declared.body is not None and is_json else None
    encode = msgspec.json.Encoder().encode

    async def passage(request: AnyRequest) -> Response[Any]:
        given = await _given(declared, request, decoder)
        numbers = {name: number for name, number in given.items() if name.endswith("_id") and name in declared.things}
        db: Database = request.app.state.db

        async def act(tx: Tx) -> Any:
            for name, number in numbers.items():
                await scope.demand_reach(tx, name.removesuffix("_id"), number)
            return await handler(tx, **given)

        if declared.opens == "once":
            return await idempotent.once(db, request, act, status=declared.status, name=declared.name)
        if declared.opens == "read":
            async with db.reading(request.user) as tx:
                answer = await act(tx)
        elif declared.opens == "write":
            answer = await within(db, request.user, act, name=declared.name)
        else:
            if numbers:
                async with db.reading(request.user) as tx:
                    for name, number in numbers.items():
                        await scope.demand_reach(tx, name.removesuffix("_id"), number)
            answer = await handler(Ask(request, declared), **given)
        if isinstance(answer, Response):
            return answer
        return json_response(encode(answer), status=declared.status)

    return passage


async def _given(declared: Door, request: AnyRequest, decoder: "msgspec.json.Decoder[Any] | None") -> dict[str, Any]:
    """What the handler is called with, from path, query and body. A key that is missing is said before anything else."""
    if declared.is_keyed:
        await idempotent.key_of(request)
    given: dict[str, Any] = {}
    for name, kind in declared.things.items():
        text = request.path_params[name].removeprefix("/")
        is_id = name.endswith("_id")
        given[name] = ids.decode(name.removesuffix("_id"), text) if is_id else bodies.path_word(name, text, kind)
    if declared.query is not None:
        given["query"] = bodies.query_as(declared.query, request.query_params.dict())
    elif request.query_params:
        name = next(iter(request.query_params))
        raise Malformed(f"query.{name}", what="no query parameters are taken here", what_zh="该地址不接受查询参数")
    if decoder is not None:
        is_empty = declared.is_body_optional and not await request.body()
        given["body"] = None if is_empty else await bodies.json_body(request, decoder)
    elif declared.takes == "application/json" and declared.method != "GET":
        await _demand_no_body(request)
    return given


async def _demand_no_body(request: AnyRequest) -> None:
    if (await request.body()).strip() not in (b"", b"{}"):
        raise Malformed(what="no body is taken here", what_zh="该地址不接受请求体")
