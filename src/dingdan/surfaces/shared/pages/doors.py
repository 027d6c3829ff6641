"""Doors of pages: a screen or an act is declared once, with its permission; reading, acting and drawing follow from that."""

import json
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, get_type_hints

import msgspec
from litestar import Response
from litestar.handlers import HTTPRouteHandler

from dingdan.areas import access, desks, merchants
from dingdan.kernel import ids
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import bodies, language, scope
from dingdan.surfaces.shared.doors import AnyRequest, Ask, Door
from dingdan.surfaces.shared.pages import acting, calls, exporting, forms, rendering, who
from dingdan.surfaces.shared.pages.screens import CAMERA, NO_CAMERA, Done, Listing, Own, Screen
from dingdan.surfaces.shared.problems import note
from dingdan.surfaces.shared.wire import Cursor, Input

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; media-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# A page that prints shows the paper to the browser first, out of its own memory.
PRINT_POLICY = f"{PAGE_POLICY}; frame-src blob:"
# Forms are words; only a door that takes files reads more than that.
MOST_BYTES, MOST_BYTES_OF_FILES = 4 * 1024 * 1024, 64 * 1024 * 1024
Handler = Callable[..., Awaitable[Any]]


class ListQuery(Input, frozen=True, kw_only=True):
    """What every list is asked: where it goes on, which row is open beside it, and whether it is wanted as a file."""

    after: Cursor | None = None
    open: str | None = None
    file: exporting.Kind | None = None


class Frame(msgspec.Struct, frozen=True, kw_only=True):
    """What every page knows of who looks at it and when."""

    surface: str
    tongue: language.Tongue
    theme: str
    now: datetime | None
    path: str
    query: dict[str, Any]
    session: access.Session | None
    guest: access.Guest | None
    is_sandbox: bool
    is_fragment: bool
    rail: Any = ()
    # Whose pages they are, for guests.
    shop: merchants.Merchant | None = None
    own_keys: Mapping[str, str] = {}

    def once(self) -> str:
        """A fresh word that makes a form count once."""
        return secrets.token_urlsafe(16)

    @property
    def narrowed(self) -> dict[str, Any]:
        """What a list is narrowed by, apart from where it goes on and what is open."""
        return {name: value for name, value in self.query.items() if name not in ListQuery.__struct_fields__}

    def is_view(self, query: Mapping[str, str]) -> bool:
        """Whether a list is narrowed exactly as a view of it says."""
        return self.narrowed == dict(query)

    def may(self, permission: str) -> bool:
        """Whether who looks may do something."""
        if self.guest is not None:
            return self.guest.actor.may(permission)
        return self.session is not None and self.session.actor.may(permission)


def screen(
    path: str, *, permission: str | None = None, why_open: str | None = None
) -> Callable[[Handler], HTTPRouteHandler]:
    """Declare a page. `<kind>_id` in the path is the id of a thing within reach; a `query` narrows a list."""

    def declare(handler: Handler) -> HTTPRouteHandler:
        declared, asked = _declared("GET", path, handler, permission, why_open), _asked(handler)

        async def passage(request: AnyRequest) -> Response[Any]:
            given = _given(declared, request) | _signed_in(asked, request)
            db: Database = request.app.state.db
            async with db.reading(request.user) as tx:
                await _demand_reach(tx, given)
                made = await handler(tx, **given)
                now, kept = tx.now, await _kept(tx, request, made)
            kind = getattr(given.get("query"), "file", None)
            if isinstance(made, Listing) and kind:

                async def further(after: str) -> Listing:
                    async with db.reading(request.user) as tx:
                        listed: Listing = await handler(tx, **_behind(given, after))
                        return listed

                taker = exporting.Taker(db, request.user, declared.name, request.scope["path"], tongue_of(request))
                return await exporting.answered(taker, kind, made, further)
            if isinstance(made, Listing) and _may_call(request):
                kept["call"] = _curl(request, calls.of_list(path, request.path_params, _first_words(request)))
            return shown(request, made, now, **kept)

        return _route(declared, passage, handler)

    return declare


def act(
    path: str,
    *,
    permission: str | None = None,
    why_open: str | None = None,
    fresh: bool = False,
    is_secret: bool = False,
    screen: HTTPRouteHandler | None = None,
) -> Callable[[Handler], HTTPRouteHandler]:
    """Declare an act: a form that does something, once however often it is sent.

    `fresh` asks for the password again where it was not shown a short while ago; `is_secret` brings or answers something that
    must not be stored: sent again it says that it was done. With `screen` a refused form is shown again by that page, with what was typed.
    """

    def declare(handler: Handler) -> HTTPRouteHandler:
        declared, asked = _declared("POST", path, handler, permission, why_open), _asked(handler)
        takes_files = "files" in asked

        async def passage(request: AnyRequest) -> Response[Any]:
            sent: forms.Given | None = None
            try:
                given = _given(declared, request)
                sent = await forms.read(request)
                request.scope["state"]["sent"] = tuple(sent.words)
                given |= _signed_in(asked, request)
                if declared.body is not None:
                    given["form"] = forms.as_form(declared.body, sent.words)
                if takes_files:
                    given["files"] = sent.files
                done = await _acted(request, declared, handler, given, sent, is_secret=is_secret)
            except Refusal as refusal:
                if screen is None or is_fragment(request):
                    raise
                return await _again(request, screen.opt["handler"], declared, refusal, sent)
            return answered(request, done)

        return _route(declared, passage, handler, fresh=fresh, takes_files=takes_files)

    return declare


def itself(
    method: str,
    path: str,
    *,
    permission: str | None = None,
    why_open: str | None = None,
    fresh: bool = False,
    takes_files: bool = False,
) -> Callable[[Handler], HTTPRouteHandler]:
    """Declare a door that answers by itself: a stream, a picture, a cookie. Its handler takes the request.

    What the path names is within reach, unless the door is open: then the handler looks. `fresh` is as for an act.
    """

    def declare(handler: Handler) -> HTTPRouteHandler:
        declared = _declared(method, path, handler, permission, why_open)
        names_things = permission is not None and any(name.endswith("_id") for name in declared.things)

        async def passage(request: AnyRequest) -> Any:
            given = _given(declared, request)
            if names_things:
                db: Database = request.app.state.db
                async with db.reading(request.user) as tx:
                    await _demand_reach(tx, given)
            return await handler(Ask(request, declared), **given)

        return _route(declared, passage, handler, fresh=fresh, takes_files=takes_files)

    return declare


def shown(request: AnyRequest, made: Screen, now: datetime | None, *, status: int = 200, **more: Any) -> Response[str]:
    """A screen as a page, or as the piece of one that htmx asked for."""
    frame = frame_of(request, now)
    if status >= 400:
        note(request, *(more.get("problems") or (made.data["problems"] if isinstance(made, Own) else ())))
    if isinstance(made, Own):
        html = rendering.draw(made.template, frame, screen=made, **{"problems": (), "typed": {}, **made.data, **more})
    else:
        name = "listing.html" if isinstance(made, Listing) else "sheet.html"
        html = rendering.draw(
            name, frame, screen=made, **{"problems": (), "typed": {}, "kept": (), "call": None, **more}
        )
    headers = dict(CAMERA) if getattr(made, "needs_camera", False) else {}
    if isinstance(made, Own) and made.prints:
        headers["Content-Security-Policy"] = PRINT_POLICY
    return page_response(html, status=status, headers=headers)


def answered(request: AnyRequest, done: Done) -> Response[Any]:
    """What an act answers: words for htmx to show, or the way to the next page."""
    to = who.own_path(done.to) if done.to else who.page_of(request)
    if done.shown:
        frame = frame_of(request, None)
        html = rendering.draw("shown_once.html", frame, done=done, to=to)
        return page_response(html)
    if not is_fragment(request):
        return Response(None, status_code=303, headers={"Location": to, "Cache-Control": "no-store"})
    # A header takes ASCII only.
    what = {"text": language.pick(done.text, tongue_of(request)), "to": done.to and to, "stays": done.stays}
    if done.undo is not None:
        what["undo"] = {"href": done.undo.href, "seconds": done.undo.seconds, "keys": list(done.undo.keys),
                        "once": secrets.token_urlsafe(16)}  # fmt: skip
    path = request.route_handler.opt["door"].path
    if _may_call(request) and (call := calls.of_act(path, request.path_params, has_body=_has_words(request))):
        what["call"] = _curl(request, call)
    said = json.dumps({"done": what})
    return Response(None, status_code=204, headers={"HX-Trigger": said, "Cache-Control": "no-store"})


def _may_call(request: AnyRequest) -> bool:
    """Whether somebody has to do with the API at all."""
    session: access.Session | None = request.scope["state"].get("session")
    return session is not None and session.actor.may("key.read")


def _curl(request: AnyRequest, call: calls.Call | None) -> str | None:
    return None if call is None else calls.as_curl(call, str(request.base_url).rstrip("/"))


def _first_words(request: AnyRequest) -> dict[str, str]:
    return {name: values[0] for name, values in request.query_params.dict().items()}


def _has_words(request: AnyRequest) -> bool:
    """Whether more was sent than the word that makes a form count once."""
    return bool(set(request.scope["state"].get("sent", ())) - {"once"})


def page_response(html: str, *, status: int = 200, headers: dict[str, str] | None = None) -> Response[str]:
    """HTML with the policy that lets nothing run but our own files."""
    return Response(
        html, status_code=status, media_type="text/html",
        headers={"Content-Security-Policy": PAGE_POLICY, "Cache-Control": "no-store",
                 "Referrer-Policy": "same-origin", "Permissions-Policy": NO_CAMERA, **(headers or {})},
    )  # fmt: skip


def frame_of(request: AnyRequest, now: datetime | None) -> Frame:
    """What a page knows of who looks at it. Without a moment of the database it is the server's own."""
    state = request.scope["state"]
    app = request.app.state
    return Frame(
        surface=app.surface, tongue=tongue_of(request), theme=theme_of(request), now=now,
        path=request.scope["path"], query={name: values if len(values) > 1 else values[0] for name, values in
                                           request.query_params.dict().items()},
        session=state.get("session"), guest=state.get("guest"), is_sandbox=app.settings.mode == "sandbox",
        is_fragment=is_fragment(request), rail=app.rail, shop=state.get("shop"), own_keys=state.get("own_keys", {}),
    )  # fmt: skip


def tongue_of(request: AnyRequest) -> language.Tongue:
    """The language that somebody chose, else the one that their browser prefers."""
    chosen = request.cookies.get(who.LANGUAGE)
    if chosen == "zh":
        return "zh"
    return "en" if chosen == "en" else language.asked(request.headers.get("accept-language", ""))


def theme_of(request: AnyRequest) -> str:
    """Light, dark, or what the system says."""
    chosen = request.cookies.get(who.THEME, "")
    return chosen if chosen in ("light", "dark") else "auto"


def _declared(method: Any, path: str, handler: Handler, permission: str | None, why_open: str | None) -> Door:
    hints = get_type_hints(handler, include_extras=True)
    return Door(
        method=method, path=path, name=f"{handler.__module__.rpartition('.')[2]}.{handler.__name__}", permission=permission,
        why_open=why_open, why_unkeyed="a form carries its own word", status=200, opens="itself", takes="form", gives="text/html",
        words=handler.__doc__ or "", things={name: hints[name] for name in re.findall(r"{(\w+)", path)},
        body=hints.get("form"), is_body_optional=False, query=hints.get("query"), answers=None,
    )  # fmt: skip


def _route(
    declared: Door, passage: Any, handler: Handler, *, fresh: bool = False, takes_files: bool = False
) -> HTTPRouteHandler:
    return HTTPRouteHandler(
        re.sub(r"{(\w+)}", r"{\1:str}", declared.path), http_method=declared.method, name=f"{declared.method} {declared.path}",
        status_code=200, request_max_body_size=MOST_BYTES_OF_FILES if takes_files else MOST_BYTES,
        opt={"door": declared, "permission": declared.permission, "open": declared.why_open, "fresh": fresh,
             "takes_files": takes_files, "handler": handler},
    )(passage)  # fmt: skip


@cache
def _asked(handler: Handler) -> frozenset[str]:
    """What a handler takes, by name; its hints are read once, when the door is declared."""
    return frozenset(get_type_hints(handler))


def _signed_in(asked: frozenset[str], request: AnyRequest) -> dict[str, Any]:
    """Who is signed in, or which order a guest came for, and the settings, for handlers that ask."""
    known = request.scope["state"] | {"settings": request.app.state.settings}
    return {name: known[name] for name in ("session", "guest", "settings") if name in asked}


def _given(declared: Door, request: AnyRequest) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name, kind in declared.things.items():
        text = request.path_params[name]
        given[name] = (
            ids.decode(name.removesuffix("_id"), text) if name.endswith("_id") else bodies.path_word(name, text, kind)
        )
    if declared.query is not None:
        asked = {name: [one for one in values if one] for name, values in request.query_params.dict().items()}
        given["query"] = bodies.query_as(declared.query, {name: values for name, values in asked.items() if values})
    return given


async def _demand_reach(tx: Tx, given: dict[str, Any]) -> None:
    for name, number in given.items():
        if name.endswith("_id"):
            await scope.demand_reach(tx, name.removesuffix("_id"), number)


async def _kept(tx: Tx, request: AnyRequest, made: Screen) -> dict[str, Any]:
    """The views of a list that somebody keeps."""
    if not isinstance(made, Listing) or request.scope["state"].get("session") is None or is_fragment(request):
        return {}
    return {"kept": await desks.views_of(tx, request.scope["path"])}


async def _acted(
    request: AnyRequest, declared: Door, handler: Handler, given: dict[str, Any], sent: forms.Given, *, is_secret: bool
) -> Done:
    async def body(tx: Tx) -> Done:
        await _demand_reach(tx, given)
        done: Done = await handler(tx, **given)
        return done

    how = acting.once_unkept if is_secret else acting.once
    return await how(request, sent, body, name=declared.name)


async def _again(
    request: AnyRequest, handler: Handler, declared: Door, refusal: Refusal, sent: forms.Given | None
) -> Response[str]:
    """The page that a form came from, with what is wrong with it and all that was typed."""
    db: Database = request.app.state.db
    asked = _asked(handler)
    given = {name: value for name, value in _given(declared, request).items() if name in asked}
    given |= _signed_in(asked, request)
    async with db.reading(request.user) as tx:
        await _demand_reach(tx, given)
        if "typed" in asked:
            given["typed"] = sent.words if sent else {}
        made, now = await handler(tx, **given), tx.now
    return shown(
        request, made, now, status=refusal.kind.value, problems=refusal.problems, typed=sent.words if sent else {}
    )


def _behind(given: Mapping[str, Any], after: str) -> dict[str, Any]:
    """The same asked for the rows behind one."""
    return {**given, "query": msgspec.structs.replace(given["query"], after=after)}


def is_fragment(request: AnyRequest) -> bool:
    """Whether a piece of a page is wanted, to be put into one that is open."""
    return request.headers.get("hx-request") == "true" and request.headers.get("hx-boosted") != "true"
