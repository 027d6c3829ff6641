"""Building a door of pages: its routes, its guard, and what a no looks like there."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from litestar import Litestar, Response
from litestar.handlers import HTTPRouteHandler

from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.settings import Settings
from dingdan.plumbing.telemetry import correlation
from dingdan.surfaces.shared import language, news
from dingdan.surfaces.shared.doors import AnyRequest, with_options
from dingdan.surfaces.shared.guards import demand_guards
from dingdan.surfaces.shared.pages import acting, rendering, who
from dingdan.surfaces.shared.pages.doors import frame_of, is_fragment, page_response, tongue_of
from dingdan.surfaces.shared.pages.screens import Link
from dingdan.surfaces.shared.problems import TITLES, as_refusal, status_of

Guard = Callable[..., Awaitable[None]]


def build(surface: str, routes: Sequence[HTTPRouteHandler], guard: Guard, *, rail: Any = ()) -> Litestar:
    """An application of pages. Raises UnguardedRoute when a page says nothing about who may see it."""
    app = Litestar(
        route_handlers=with_options(routes), guards=[guard], exception_handlers={Exception: answer}, logging_config=None,
        openapi_config=None,
    )  # fmt: skip
    app.state.update({"surface": surface, "rail": rail})
    demand_guards(app, also=frozenset({"signed_in"}))
    return app


def furnish(app: Litestar, db: Database, settings: Settings, heard: news.News) -> None:
    """Give pages the pools, the settings and the ear for news that they work with."""
    app.state.update({"db": db, "settings": settings, "news": heard})


def answer(request: AnyRequest, error: Exception) -> Response[Any]:
    """A no as a page, or as the piece that a form shows above itself; the way to the door for whoever is not signed in."""
    if isinstance(error, who.WayNeeded):
        request.scope["refused"] = error.code  # type: ignore[typeddict-unknown-key]
        if isinstance(error, who.SignInNeeded) and error.has_typed:
            return said(request, error.no, door=Link(error.href, error.door))
        if is_fragment(request):
            return Response(None, status_code=204, headers={"HX-Redirect": error.href})
        return Response(None, status_code=303, headers={"Location": error.href, "Cache-Control": "no-store"})
    if isinstance(error, who.LedOn):
        return said(request, as_refusal(request, error.refusal), back=error.href)
    return said(request, as_refusal(request, error))


def said(request: AnyRequest, refusal: Refusal, *, door: Link | None = None, back: str = "") -> Response[Any]:
    """A refusal in words, in the language of whoever looks; with a `door` to go through beside the page that is open.

    `back` is where one goes on, else the page that one came from.
    """
    status, frame = status_of(refusal), frame_of(request, None)
    heading = language.pick(TITLES[status], tongue_of(request)) if status in TITLES else ""
    data = {"problems": refusal.problems, "request_id": correlation.get(), "heading": heading, "door": door}
    if is_fragment(request):
        # What was shown once stays on the page, whoever presses again.
        beside = {"HX-Reswap": "afterbegin"} if isinstance(refusal, acting.AlreadyDone) else None
        return page_response(rendering.draw("problems.html", frame, **data), status=status, headers=beside)
    back = back or who.page_of(request)
    if back == "/" and request.app.state.surface == "portal":
        back = who.FIND
    return page_response(rendering.draw("problem.html", frame, back=back, **data), status=status)
