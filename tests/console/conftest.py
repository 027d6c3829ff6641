"""The console over a fresh database, and people who sit at its desks."""

import functools
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import httpx
import pytest
from litestar import Litestar
from tests import given

from dingdan.areas import access, identity, policies
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.settings import Settings
from dingdan.surfaces.console.app import create_app
from dingdan.surfaces.shared import news
from dingdan.surfaces.shared.pages import building

SANDBOX = Settings(mode="sandbox")
HOST = "http://house.test"


@functools.cache
def built() -> Litestar:
    """The routes are read once; each test only moves in."""
    return create_app(Database("", key=bytes(32)), SANDBOX, news.News(""))


class Desk:
    """Somebody who sits at the console: opens pages, and sends the forms that stand on them."""

    def __init__(self, http: httpx.AsyncClient, session: access.Begun | None) -> None:
        self.http = http
        self._cookies = {} if session is None else {"dingdan_session": session.secret}

    async def open(self, path: str, *, tongue: str = "en", status: int = 200, **headers: str) -> str:
        """A page as HTML."""
        return (await self.open_with({}, path, status=status, **{"Accept-Language": tongue, **headers})).text

    async def open_with(
        self, cookies: dict[str, str], path: str, *, status: int = 200, **headers: str
    ) -> httpx.Response:
        """What an address answers to somebody whose browser kept these cookies besides."""
        answer = await self.http.get(path, headers={"Accept-Language": "en", **headers, **self._cookie(cookies)})
        assert answer.status_code == status, (answer.status_code, answer.headers.get("location"), answer.text[-2000:])
        return answer

    async def send(
        self, path: str, /, *, status: int = 303, origin: str | None = HOST, files: Any = None, **form: str | list[str]
    ) -> httpx.Response:
        """Send a form as a browser would; `status` is what is expected."""
        headers = self._cookie() | ({} if origin is None else {"Origin": origin})
        answer = await self.http.post(path, data=form, files=files, headers={"Accept-Language": "en", **headers})
        assert answer.status_code == status, (answer.status_code, answer.text[-3000:])
        return answer

    def _cookie(self, others: dict[str, str] | None = None) -> dict[str, str]:
        known = self._cookies | (others or {})
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in known.items())} if known else {}


Seat = Callable[..., Awaitable[Desk]]


@pytest.fixture
async def http(db: Database) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that nobody has signed in with."""
    await do(db, SYSTEM, policies.load_packs)
    app = built()
    building.furnish(app, db, SANDBOX, news.News(db.url))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
        yield client


@pytest.fixture
async def shop(db: Database) -> given.Shop:
    """A shop with things to sell."""
    return await given.shop(db)


@pytest.fixture
async def seat(db: Database, http: httpx.AsyncClient) -> Seat:
    """Hires somebody with these roles and seats them at the console."""

    async def sit(*roles: str, merchant_id: int | None = None, login: str = "") -> Desk:
        name = login or f"{'-'.join(roles)}.{merchant_id or 'platform'}"
        await do(db, SYSTEM, identity.save_staff, identity.SaveStaff(merchant_id, name, "林晚", roles))
        return Desk(http, await do(db, SYSTEM, access.sign_in_by_name, name, device="test"))

    return sit


@pytest.fixture
async def anybody(http: httpx.AsyncClient) -> Desk:
    """Somebody who is not signed in."""
    return Desk(http, None)


def once_words(html: str) -> list[str]:
    """The words that make the forms of a page count once."""
    return re.findall(r'name="once" value="([^"]+)"', html)
