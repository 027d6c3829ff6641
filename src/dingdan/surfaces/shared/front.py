"""What every answer passes, whatever gave it: correlation, safe headers, one line in the log, one count."""

import asyncio
import re
import secrets
from time import perf_counter
from typing import Any

from dingdan.plumbing.telemetry import REQUESTS, correlation, log
from dingdan.surfaces.shared.doors import routed
from dingdan.surfaces.shared.problems import Unexpected, response

_WELL_FORMED = re.compile(r"[A-Za-z0-9._:-]{8,128}")
HEAR_OUT_BYTES, HEAR_OUT_SECONDS = 16 * 1024 * 1024, 5.0
_METHODS = frozenset({"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"})

# An API answer is data: nothing in it may run, frame, load or be kept (S-30).
SAFE_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
_SAFE = tuple((name.encode(), value.encode()) for name, value in SAFE_HEADERS.items())


class Front:
    """An ASGI application around another one."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass a request through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        word = _correlation(scope["headers"])
        token = correlation.set(word)
        passage = _Passage(scope, receive, send, word)
        scope["path"] = routed(scope["path"])
        try:
            await self._app(scope, passage.receive, passage.send)
        except Exception as error:  # noqa: BLE001 - the last stop: nothing behind it would answer
            log.error("unexpected", exc_info=error)
            if not passage.is_started:
                await response(Unexpected(), "en").to_asgi_response(app=None, request=None)(  # type: ignore[arg-type]
                    scope, passage.receive, passage.send
                )
        finally:
            passage.note()
            correlation.reset(token)


class _Passage:
    """One answer on its way out."""

    def __init__(self, scope: Any, receive: Any, send: Any, word: str) -> None:
        self._scope, self._receive, self._send, self._word = scope, receive, send, word
        names = {name for name, value in scope["headers"] if value != b"0"}
        self._has_more = bool(names & {b"content-length", b"transfer-encoding"})
        self._began = perf_counter()
        self._status = 0

    @property
    def is_started(self) -> bool:
        """Whether the answer's head has left."""
        return self._status > 0

    async def receive(self) -> Any:
        """Pass a piece of the body on, and remember whether there is more."""
        message = await self._receive()
        self._has_more = bool(message.get("more_body", False))
        return message

    async def send(self, message: Any) -> None:
        """Put the headers on that every answer has; what the answer says itself stays."""
        if message["type"] == "http.response.start":
            if self._has_more:
                await self._hear_out()
            self._status = message["status"]
            present = {name.lower() for name, _ in message["headers"]}
            extra = ((b"x-request-id", self._word.encode()), *_SAFE)
            message["headers"] = [*message["headers"], *(one for one in extra if one[0] not in present)]
        await self._send(message)

    async def _hear_out(self) -> None:
        """Throw away what the caller still sends, within bounds: one that is cut off in mid-sentence never reads the no."""
        heard = 0
        try:
            async with asyncio.timeout(HEAR_OUT_SECONDS):
                while self._has_more and heard < HEAR_OUT_BYTES:
                    heard += len((await self.receive()).get("body", b""))
        except TimeoutError:
            return

    def note(self) -> None:
        """One line and one count; neither bodies nor addresses, which may hold what is personal."""
        seconds = perf_counter() - self._began
        handler = self._scope.get("route_handler")
        declared = handler.opt.get("door") if handler else None
        route = declared.path if declared else "(none)"
        method = self._scope["method"] if self._scope["method"] in _METHODS else "(other)"
        REQUESTS.labels(method, route, str(self._status)).observe(seconds)
        actor = self._scope.get("user")
        if (holder := self._scope.get("holder")) is not None:
            self._scope["litestar_app"].state.journal.note(
                holder, method=method, route=route, status=self._status, seconds=seconds, request_id=self._word,
                codes=self._scope.get("refusal_codes", ()),
            )  # fmt: skip
        log.info(
            "http",
            method=method,
            route=route,
            status=self._status,
            ms=round(seconds * 1000, 1),
            actor=f"{actor.kind}:{actor.id}" if actor and actor.id else None,
            refused=self._scope.get("refused"),
        )


def _correlation(headers: Any) -> str:
    """The caller's own word where it is fit to be logged, else a fresh one."""
    for name, value in headers:
        if name == b"x-request-id":
            given = value.decode("latin-1")
            if _WELL_FORMED.fullmatch(given):
                return str(given)
    return secrets.token_hex(12)
