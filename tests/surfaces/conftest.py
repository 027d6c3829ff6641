"""The application over a fresh database, and callers who knock with keys of every sort."""

import asyncio
import functools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from litestar import Litestar

from dingdan.areas import identity, policies
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.settings import Settings
from dingdan.surfaces.api.app import create_app, furnish
from tests import given
from tests.surfaces.callers import Caller
from tests.surfaces.serving import Server, served

SANDBOX = Settings(mode="sandbox")


@functools.cache
def built() -> Litestar:
    """Seven hundred routes take a second; each test only moves in."""
    return create_app(Database("", key=bytes(32)), SANDBOX)


@pytest.fixture
async def app(db: Database, tmp_path: Path) -> AsyncIterator[Litestar]:
    """The API in sandbox mode, alive."""
    await do(db, SYSTEM, policies.load_packs)
    application = built()
    furnish(application, db, msgspec.structs.replace(SANDBOX, data_dir=tmp_path))
    async with alive(application):
        yield application


@asynccontextmanager
async def alive(application: Litestar) -> AsyncIterator[None]:
    """An application's life, begun and ended in one task: a fixture's two halves run in different ones."""
    begun, over = asyncio.Event(), asyncio.Event()

    async def live() -> None:
        async with application.lifespan():
            begun.set()
            await over.wait()

    life = asyncio.create_task(live())
    waiting = asyncio.create_task(begun.wait())
    await asyncio.wait([life, waiting], return_when=asyncio.FIRST_COMPLETED)
    try:
        yield
    finally:
        over.set()
        await life


@pytest.fixture
async def http(app: Litestar) -> AsyncIterator[httpx.AsyncClient]:
    """A client that knows nobody."""
    # As a real server would: what escapes the application is a 500 to the caller, not an exception in the test.
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop.test") as client:
        yield client


@pytest.fixture
async def own_server(db: Database) -> AsyncIterator[Server]:
    """A server process of this test's own."""
    async with served(db) as server:
        yield server


@pytest.fixture
async def shop(db: Database) -> given.Shop:
    """A shop with things to sell."""
    return await given.shop(db)


@pytest.fixture
async def anybody(http: httpx.AsyncClient) -> Caller:
    """Somebody without a key."""
    return Caller(http, None)


@pytest.fixture
async def merchant(http: httpx.AsyncClient, db: Database, shop: given.Shop) -> Caller:
    """The shop's own key, with everything a key can do."""
    return Caller(http, await key(db, merchant_id=shop.merchant_id))


@pytest.fixture
async def platform(http: httpx.AsyncClient, db: Database) -> Caller:
    """A key that reaches every merchant, with everything a key can do."""
    return Caller(http, await key(db))


@pytest.fixture
async def stranger(http: httpx.AsyncClient, db: Database) -> Caller:
    """Another shop's key, with everything a key can do."""
    other = await given.shop(db)
    return Caller(http, await key(db, merchant_id=other.merchant_id))


async def key(db: Database, *, merchant_id: int | None = None, scopes: Any = None) -> str:
    """The secret of a fresh key."""
    wanted = identity.IssueKey(
        merchant_id=merchant_id, staff_id=None, name="test", scopes=tuple(scopes or sorted(identity.PERMISSIONS))
    )
    issued = await do(db, SYSTEM, identity.issue_key, wanted)
    return issued.secret
