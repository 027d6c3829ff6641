"""How the program is: alive, ready, counted, described."""

import asyncio
import hashlib
import os
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

from litestar import Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest, multiprocess
from prometheus_client import REGISTRY as COUNTERS

from dingdan.kernel.refusal import REGISTRY, Kind, Refusal, Text
from dingdan.overviews import readiness
from dingdan.plumbing.telemetry import log
from dingdan.surfaces.shared import problems
from dingdan.surfaces.shared.doors import Ask, get
from dingdan.surfaces.shared.wire import View

READY_SECONDS = 2.0

# The reference page runs our own files and nothing else; the one that it shows is fetched from here.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
PAGE_FILES = {
    "docs.js": ("docs.js", "text/javascript; charset=utf-8"),
    "swagger-ui-bundle.js": ("vendor/swagger-ui-dist/swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
    "swagger-ui.css": ("vendor/swagger-ui-dist/swagger-ui.css", "text/css; charset=utf-8"),
}
NOT_BUILT = (
    "The files of the API reference page were not built into this copy of the program.\n"
    "In a checkout run `make install`; the description itself is at /v1/openapi.json.\n"
)


class NotReady(Refusal):
    """The program should not be sent work now."""

    code = "health.not_ready"
    kind = Kind.BUSY
    message = Text("Not ready: {what}.", "尚未就绪：{what_zh}。")
    remedy = Text("Send requests elsewhere and look again in a second.", "请将请求发往其他节点，稍后再试。")


class RefusalUnknown(Refusal):
    """There is no refusal with this code."""

    code = "request.no_such_problem"
    kind = Kind.NOT_FOUND
    message = Text("There is no problem with this code.", "不存在该问题代码。")
    remedy = Text("Codes stand in the `code` of a problem.", "问题代码见 problem 的 code 字段。")


class Liveness(View, frozen=True, kw_only=True):
    """The process answers."""

    alive: bool = True


class Readiness(View, frozen=True, kw_only=True):
    """The process can do its work; `now` is what the database's clock says, sandbox offset included."""

    ready: bool = True
    now: datetime


class ProblemKind(View, frozen=True, kw_only=True):
    """What a refusal means, apart from any occurrence of it."""

    code: str
    status: int
    meaning: str
    message: Text
    remedy: Text


@get("/health/live", why_open="a probe has no key, and this says only that the process answers")
async def live(_ask: Ask) -> Liveness:
    """Whether the process answers at all."""
    return Liveness()


@get("/health/ready", why_open="a probe has no key, and this says only whether the database can be used")
async def ready(ask: Ask) -> Readiness:
    """Whether the process can do its work: the database runs a function of ours, and the schema is the program's."""
    try:
        async with asyncio.timeout(READY_SECONDS):
            async with ask.db.connection() as connection:
                found = await readiness.standing(connection)
    except Exception as error:  # noqa: BLE001 - whatever keeps the database from answering, the answer is the same
        log.warning("not ready", exc_info=error)
        raise NotReady(what="the database does not answer", what_zh="数据库未响应") from None
    if not found.is_current:
        raise NotReady(
            what="the database schema is older than the program; run `dingdan migrate`",
            what_zh="数据库结构版本过旧，请运行 dingdan migrate",
        )
    return Readiness(now=found.now)


@get(
    "/metrics",
    why_open="counts and times only; keep it to the inside by the proxy's rules",
    gives="text/plain",
)
async def metrics(_ask: Ask) -> Response[bytes]:
    """Counters for Prometheus, of all processes where PROMETHEUS_MULTIPROC_DIR is set."""
    counters: Any = COUNTERS
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        counters = CollectorRegistry()
        multiprocess.MultiProcessCollector(counters)  # type: ignore[no-untyped-call]
    return Response(generate_latest(counters), media_type=CONTENT_TYPE_LATEST)


@get("/v1/openapi.json", why_open="it describes the doors, not what is behind them", answers=dict[str, Any])
async def openapi(ask: Ask) -> Response[bytes]:
    """This description."""
    return Response(ask.request.app.state.description, media_type="application/json")


@get("/problems/{code}", why_open="it explains a code that anybody may get")
async def problem(_ask: Ask, code: str) -> ProblemKind:
    """What a problem's `code` means and what to do about it; its `type` leads here."""
    kind = REGISTRY.get(code)
    if kind is None:
        raise RefusalUnknown("path.code")
    meaning = (kind.__doc__ or "").strip().partition("\n")[0]
    return ProblemKind(
        code=code, status=problems.status_of(kind), meaning=meaning, message=kind.message, remedy=kind.remedy
    )


@get("/docs", why_open="the page that shows the open description", gives="text/html")
async def docs(_ask: Ask) -> Response[bytes]:
    """The API reference, from files of our own."""
    if any(_asset(name) is None for name in PAGE_FILES):
        return Response(NOT_BUILT.encode(), media_type="text/plain; charset=utf-8")
    page = (files("dingdan") / "assets" / "docs.html").read_bytes()
    return Response(page, media_type="text/html; charset=utf-8", headers={"content-security-policy": PAGE_POLICY})


@get("/docs/{name}", why_open="the files of the open reference page", gives="text/javascript")
async def docs_file(ask: Ask, name: str) -> Response[bytes]:
    """A file of the API reference page."""
    asset = _asset(name) if name in PAGE_FILES else None
    if asset is None:
        raise problems.NoSuchRoute
    body, tag = asset
    headers = {"etag": tag, "cache-control": "public, max-age=3600"}
    if ask.request.headers.get("if-none-match") == tag:
        return Response(b"", status_code=304, headers=headers)
    return Response(body, media_type=PAGE_FILES[name][1], headers=headers)


@cache
def _asset(name: str) -> tuple[bytes, str] | None:
    path = files("dingdan") / "assets" / PAGE_FILES[name][0]
    if not path.is_file():
        return None
    body = path.read_bytes()
    return body, f'"{hashlib.sha256(body).hexdigest()[:32]}"'


ROUTES = [live, ready, metrics, openapi, problem, docs, docs_file]
