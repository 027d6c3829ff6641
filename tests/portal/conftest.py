"""The portal over a fresh database, and guests who hold the link of one order."""

import functools
import io
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from html import unescape
from pathlib import Path

import httpx
import msgspec
import pytest
from litestar import Litestar
from PIL import Image
from tests import given

from dingdan.areas import access, policies
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.ids import encode
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.settings import Settings
from dingdan.surfaces.portal.app import create_app
from dingdan.surfaces.shared import news
from dingdan.surfaces.shared.pages import building

HOST = "http://house.test"
SANDBOX = Settings(mode="sandbox")


@functools.cache
def built() -> Litestar:
    """The routes are read once; each test only moves in."""
    return create_app(Database("", key=bytes(32)), SANDBOX, news.News(""))


def photo(colour: str = "red") -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (80, 60), colour).save(out, "JPEG")
    return out.getvalue()


class Guest:
    """Whoever holds the link of one order, or nobody's."""

    def __init__(self, http: httpx.AsyncClient, order_id: int, secret: str) -> None:
        self.http, self.order_id = http, order_id
        self.here = f"/my/{encode('order', order_id)}"
        self._cookie = {"Cookie": f"dingdan_guest={secret}"} if secret else {}

    async def open(self, path: str = "", *, tongue: str = "en", status: int = 200) -> str:
        """A page of the order (or any, by its whole path) as HTML."""
        at = path if path.startswith(("/my", "/policy", "/check")) else self.here + path
        answer = await self.http.get(at, headers={"Accept-Language": tongue, **self._cookie})
        assert answer.status_code == status, (
            at,
            answer.status_code,
            answer.headers.get("location"),
            answer.text[-2500:],
        )
        return unescape(answer.text)

    async def get(self, path: str) -> httpx.Response:
        """Anything by its whole path."""
        return await self.http.get(path, headers=self._cookie)

    async def send(
        self,
        path: str,
        *,
        status: int = 303,
        origin: str | None = HOST,
        files: list[bytes] | None = None,
        **form: str | list[str],
    ) -> httpx.Response:
        """Send a form as a browser would; `status` is what is expected."""
        at = path if path.startswith("/my") else self.here + path
        headers = {"Accept-Language": "en", **self._cookie} | ({} if origin is None else {"Origin": origin})
        more = {"files": [("files", ("a.jpg", one, "image/jpeg")) for one in files]} if files else {}
        answer = await self.http.post(at, data=form, headers=headers, **more)
        assert answer.status_code == status, (at, answer.status_code, answer.text[-2500:])
        return answer


Let = Callable[[int], Awaitable[Guest]]


@pytest.fixture
async def http(db: Database, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A browser that holds no link."""
    await do(db, SYSTEM, policies.load_packs)
    app = built()
    building.furnish(app, db, msgspec.structs.replace(SANDBOX, data_dir=tmp_path), news.News(db.url))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
        yield client


@pytest.fixture
async def shop(db: Database) -> given.Shop:
    """A shop with things to sell."""
    return await given.shop(db)


@pytest.fixture
async def let(db: Database, http: httpx.AsyncClient) -> Let:
    """Lets somebody in to an order."""

    async def guest(order_id: int) -> Guest:
        return Guest(http, order_id, await do(db, SYSTEM, access.guest_secret, order_id))

    return guest


def once_words(html: str) -> list[str]:
    """The words that make the forms of a page count once."""
    return re.findall(r'name="once" value="([^"]+)"', html)
