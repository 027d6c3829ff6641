"""Two shops in one database, in which everything that a page can name exists; each test attacks a copy of it."""

import asyncio
import functools
import json
import tempfile
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import fasteners
import httpx
import msgspec
import pytest
from litestar import Litestar
from tests import given
from tests.attacks.machine import dumped
from tests.conftest import MASTER_KEY, cloned
from tests.surfaces.everything import PICTURE, SKU, everything

from dingdan.areas import access, fulfilment, identity
from dingdan.areas.identity.permissions import ROLES
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.address import Address
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.files import Files
from dingdan.plumbing.settings import Settings
from dingdan.surfaces.console import app as console
from dingdan.surfaces.portal import app as portal
from dingdan.surfaces.shared import news
from dingdan.surfaces.shared.pages import building

HOST = "http://house.test"
SANDBOX = Settings(mode="sandbox")
# Somebody whose words are found again wherever they come out.
PERSON = Address(
    name="欧阳娜娜", phone="13987654321", country="CN", province="浙江省", city="杭州市", district="西湖区",
    detail="翠苑八区 77 幢 606",
)  # fmt: skip
RIVALS_OWN = (PERSON.name, PERSON.phone, PERSON.detail)
PERSONAL = (*RIVALS_OWN, given.ADDRESS.name, given.ADDRESS.phone, given.ADDRESS.detail)
BOSS, CLERK, RIVAL = "boss.of.a", "boss.of.platform", "boss.of.b"


@functools.cache
def built(surface: str) -> Litestar:
    """The routes are read once; each test only moves in."""
    made = {"console": console, "portal": portal}[surface]
    return made.create_app(Database("", key=bytes(32)), SANDBOX, news.News(""))


class House(msgspec.Struct, frozen=True):
    """A copy of the two shops, with pages over it."""

    db: Database
    http: httpx.AsyncClient
    app: Litestar
    words: dict[str, str]

    def number(self, word: str) -> int:
        """The id behind one of the words."""
        number = ids.decode(word.removesuffix("_id").removeprefix("theirs_"), self.words[word])
        assert number is not None
        return number

    async def cookie(self, login: str) -> dict[str, str]:
        """What somebody's browser sends who has just come in."""
        begun = await do(self.db, SYSTEM, access.sign_in_by_name, login, device="test")
        return {"Cookie": f"dingdan_session={begun.secret}", "Origin": HOST, "Accept-Language": "en"}

    async def link(self, word: str = "order_id") -> dict[str, str]:
        """What the browser of an order's guest sends."""
        secret = await do(self.db, SYSTEM, access.guest_secret, self.number(word))
        return {"Cookie": f"dingdan_guest={secret}", "Origin": HOST, "Accept-Language": "en"}


@pytest.fixture(scope="session")
def two_shops(server: Any, template: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The name of the database in which both shops are, filled once a run, and the folder of its files."""
    folder = tmp_path_factory.getbasetemp().parent / f"attacked-{server.pgdata.name}"
    folder.mkdir(exist_ok=True)

    async def fill() -> None:
        connection = await asyncpg.connect(server.get_uri("postgres"))
        try:
            if await connection.fetchval("SELECT count(*) FROM pg_database WHERE datname = 'dingdan_attacked'"):
                return
            await connection.execute("DROP DATABASE IF EXISTS dingdan_filling WITH (FORCE)")
            await connection.execute(f"CREATE DATABASE dingdan_filling TEMPLATE {template} STRATEGY file_copy")
            db = await Database(
                server.get_uri("dingdan_filling"), key=MASTER_KEY, sandbox=True, acquire_seconds=30
            ).open()
            try:
                words = await _filled(db)
            finally:
                await db.close()
            Files(folder).put(PICTURE)
            (folder / "words.json").write_text(dumped(words), encoding="utf-8")
            await connection.execute("ALTER DATABASE dingdan_filling RENAME TO dingdan_attacked")
        finally:
            await connection.close()

    lock = fasteners.InterProcessLock(str(Path(tempfile.gettempdir()) / f"{server.pgdata.name}-attacked.lock"))
    # In a thread of its own: the browser's driver may hold this one's loop.
    with lock, ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, fill()).result()
    return "dingdan_attacked", folder


async def _filled(db: Database) -> dict[str, str]:
    hers = await given.shop(db, prices={SKU: 5000, "MUG": 19900}, code="shop-a", message_channels=("sms",))
    theirs = await given.shop(db, prices={"RIVAL-ONLY": 7700}, code="shop-b")
    words = await everything(db, hers)
    order_id = await given.delivered_order(db, theirs, buyer="rivals-buyer", ship_to=PERSON)
    person = await do(
        db, SYSTEM, identity.save_staff, identity.SaveStaff(theirs.merchant_id, "rival", "对手", ("lead",))
    )
    async with db.transaction(SYSTEM) as tx:
        numbers = {
            "order": order_id, "staff": person.id, "warehouse": theirs.warehouse_id, "merchant": theirs.merchant_id,
            "parcel": (await fulfilment.parcels_of(tx, [order_id]))[0].id,
            "product": theirs.products["RIVAL-ONLY"],
        }  # fmt: skip
    for login, merchant_id in ((BOSS, hers.merchant_id), (RIVAL, theirs.merchant_id), (CLERK, None)):
        await do(db, SYSTEM, identity.save_staff, identity.SaveStaff(merchant_id, login, "老板", ("finance",)))
    async with db.connection() as connection:
        # More than anybody may hold together, so that no door is shut for want of a role.
        await connection.execute(
            "UPDATE staff SET roles = $1 WHERE login = ANY($2)", sorted(ROLES), [BOSS, RIVAL, CLERK]
        )
    words["product_id"] = ids.encode("product", hers.products[SKU])
    words["warehouse_id"] = ids.encode("warehouse", hers.warehouse_id)
    words["merchant_id"] = ids.encode("merchant", hers.merchant_id)
    return words | {f"theirs_{kind}_id": ids.encode(kind, number) for kind, number in numbers.items()}


@asynccontextmanager
async def moved_in(surface: str, server: Any, two_shops: tuple[str, Path]) -> AsyncIterator[House]:
    """Pages over a copy of the two shops."""
    source, folder = two_shops
    async with cloned(server, source) as url, pages_over(surface, url, folder) as house:
        yield house


@asynccontextmanager
async def pages_over(surface: str, url: str, folder: Path) -> AsyncIterator[House]:
    """Pages over a database that is such a copy already."""
    db = await Database(url, key=MASTER_KEY, sandbox=True, acquire_seconds=30).open()
    app = built(surface)
    building.furnish(app, db, msgspec.structs.replace(SANDBOX, data_dir=folder), news.News(url))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    try:
        async with httpx.AsyncClient(transport=transport, base_url=HOST) as http:
            yield House(db, http, app, json.loads((folder / "words.json").read_text(encoding="utf-8")))
    finally:
        await db.close()


@pytest.fixture
async def desks(server: Any, two_shops: tuple[str, Path]) -> AsyncIterator[House]:
    """The console over the two shops."""
    async with moved_in("console", server, two_shops) as house:
        yield house


@pytest.fixture
async def portal_house(server: Any, two_shops: tuple[str, Path]) -> AsyncIterator[House]:
    """The portal over the two shops."""
    async with moved_in("portal", server, two_shops) as house:
        yield house
