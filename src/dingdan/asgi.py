"""Puts the doors on: what a server process imports and runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from litestar import Litestar

from dingdan.plumbing import garbage
from dingdan.plumbing.database import Database
from dingdan.plumbing.embedded import database_url
from dingdan.plumbing.settings import master_key, read_settings
from dingdan.plumbing.targets import Targets
from dingdan.plumbing.telemetry import configure_logs
from dingdan.surfaces.api.app import create_app


def create() -> Litestar:
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

    return create_app(db, settings, lifespan=[opened])
