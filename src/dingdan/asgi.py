"""Puts the doors on: what a server process imports and runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar

from dingdan.plumbing import garbage
from dingdan.plumbing.database import Database
from dingdan.plumbing.embedded import database_url
from dingdan.plumbing.settings import master_key, read_settings
from dingdan.plumbing.targets import Targets
from dingdan.plumbing.telemetry import configure_logs
from dingdan.surfaces.api import app as api
from dingdan.surfaces.console import app as console
from dingdan.surfaces.portal import app as portal


class House:
    """All doors at one address: the API, and the doors of pages, each with the first words of its paths."""

    def __init__(self, api: Litestar, *pages: Litestar) -> None:
        self._api = api
        # A word that several have is the first one's.
        self._pages = {
            route.path.split("/")[1]: door for door in reversed(pages) for route in door.routes
        }  # fmt: skip

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass a request to its door; the house lives as long as the API does."""
        word = scope["path"].split("/", 2)[1] if scope["type"] == "http" else ""
        door = self._pages.get(word, self._api) if scope["type"] == "http" else self._api
        await door(scope, receive, send)


def create() -> House:
    """The application of one server process, by its environment; its pools open and close with it."""
    settings = read_settings()
    configure_logs(settings.log_format)
    db = Database(
        database_url(settings),
        key=master_key(settings),
        sandbox=settings.mode == "sandbox",
        pool_size=settings.pool_size,
        read_pool_size=settings.read_pool_size,
        post=settings.post,
        targets=Targets(loopback=settings.webhook_loopback),
    )

    @asynccontextmanager
    async def opened(_app: Litestar) -> AsyncIterator[None]:
        await db.open()
        garbage.settle()
        try:
            yield
        finally:
            await db.close()

    doors = api.create_app(db, settings, lifespan=[opened])
    heard = doors.state.news
    return House(doors, console.create_app(db, settings, heard), portal.create_app(db, settings, heard))
