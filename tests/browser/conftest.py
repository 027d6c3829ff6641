"""A browser before a running house that is filled with the demo's stories. Debian's Chromium; no other is fetched."""

import asyncio
import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asyncpg
import fasteners
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from tests.architecture.source import ROOT
from tests.browser.walking import Walk, Walker
from tests.conftest import MASTER_KEY

from dingdan.areas import policies
from dingdan.cli.demo import buyers, stories
from dingdan.cli.demo.walk import greeting
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.plumbing.settings import Settings

CHROMIUM = os.environ.get("DINGDAN_CHROMIUM") or shutil.which("chromium") or ""
# Without the quiet flags it looks for hosts of its maker at every start.
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
AXE = ROOT / "build" / "npm" / "node_modules" / "axe-core" / "axe.min.js"
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
READY_SECONDS = 60
# A page may take its time where many tests run beside each other.
expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def told_folder(server: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the pictures of the told stories lie, for all workers of a run."""
    folder = tmp_path_factory.getbasetemp().parent / f"told-{server.pgdata.name}"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def told(server: Any, template: str, told_folder: Path) -> str:
    """The name of a database in which the demo's stories were told; told once a run, whoever needs it first."""
    name = "dingdan_told"

    async def tell() -> None:
        connection = await asyncpg.connect(server.get_uri("postgres"))
        try:
            if await connection.fetchval("SELECT count(*) FROM pg_database WHERE datname = $1", name):
                return
            await connection.execute("DROP DATABASE IF EXISTS dingdan_telling WITH (FORCE)")
            await connection.execute(f"CREATE DATABASE dingdan_telling TEMPLATE {template} STRATEGY file_copy")
            db = await Database(
                server.get_uri("dingdan_telling"), key=MASTER_KEY, sandbox=True, acquire_seconds=30
            ).open()
            try:
                await do(db, SYSTEM, policies.load_packs)
                await stories.tell(db, told_folder / "demo.key")
            finally:
                await db.close()
            await connection.execute(f"ALTER DATABASE dingdan_telling RENAME TO {name}")
        finally:
            await connection.close()

    with fasteners.InterProcessLock(str(Path(tempfile.gettempdir()) / f"{server.pgdata.name}-told.lock")):
        apart(tell())
    return name


def apart(doing: Coroutine[Any, Any, None]) -> None:
    """Wait for something in a thread of its own: the browser's driver may hold this one's loop."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, doing).result()


@contextlib.contextmanager
def copied(server: Any, told: str) -> Iterator[str]:
    """The address of a copy of the told stories, dropped afterwards."""
    name = f"house_{uuid.uuid4().hex[:12]}"
    apart(_admin(server, f"CREATE DATABASE {name} TEMPLATE {told} STRATEGY file_copy"))
    try:
        yield server.get_uri(name)
    finally:
        apart(_admin(server, f"DROP DATABASE {name} WITH (FORCE)"))


class House:
    """A running server and worker over a database of their own."""

    def __init__(self, url: str, database_url: str) -> None:
        self.url, self.database_url = url, database_url


@pytest.fixture(scope="package")
def house(server: Any, told: str, told_folder: Path) -> Iterator[House]:
    """A house that all tests of a run's worker share."""
    with running(server, told, told_folder) as one:
        yield one


@contextlib.contextmanager
def running(server: Any, told: str, told_folder: Path) -> Iterator[House]:
    """Server and worker as an installation runs them, over a copy of the told stories."""
    with copied(server, told) as database_url, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        environment = {k: v for k, v in os.environ.items() if not k.startswith("DINGDAN_")} | {
            "DINGDAN_DATABASE_URL": database_url, "DINGDAN_MASTER_KEY": MASTER_KEY.hex(), "DINGDAN_MODE": "sandbox",
            "DINGDAN_PORT": str(port), "DINGDAN_DATA_DIR": str(told_folder),
            "DINGDAN_WEBHOOK_LOOPBACK": "true",
        }  # fmt: skip
        commands = [[sys.executable, "-m", "dingdan", word] for word in ("serve", "work")]
        processes = [
            subprocess.Popen(one, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for one in commands
        ]
        try:
            url = f"http://127.0.0.1:{port}"
            wait(url, processes)
            yield House(url, database_url)
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(timeout=15)
                process.kill()


async def _admin(server: Any, statement: str) -> None:
    connection = await asyncpg.connect(server.get_uri("postgres"))
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def wait(url: str, processes: list["subprocess.Popen[bytes]"]) -> None:
    """Wait until a server is ready."""
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        assert all(process.poll() is None for process in processes), "a process ended before it was ready"
        try:
            with urllib.request.urlopen(f"{url}/health/ready", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"the house was not ready after {READY_SECONDS} seconds")


@pytest.fixture(scope="package")
def browser(house: House) -> Iterator[Browser]:
    """Chromium without a window; one clear skip where there is none.

    Its driver keeps a loop running in this thread as long as it lives: it begins after the house and ends before it,
    and no test that waits may run beside it in one process.
    """
    assert house
    if not CHROMIUM:
        pytest.skip("no Chromium; `make browser` installs Debian's, or name one in DINGDAN_CHROMIUM")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


class Visit:
    """A page that somebody has open, with everything that went wrong on it."""

    def __init__(self, house: House, context: BrowserContext) -> None:
        self.house, self.context, self.page = house, context, context.new_page()
        self.wrong: list[str] = []
        self.page.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))

    def go(self, path: str) -> Page:
        """Open a page and wait until it is drawn and its script has run."""
        self.page.goto(self.house.url + path, wait_until="load")
        self.page.wait_for_function("document.readyState === 'complete'")
        return self.page

    def barriers(self) -> list[str]:
        """What keeps somebody out, as axe-core finds it: WCAG 2.2 A and AA."""
        assert AXE.exists(), "axe-core is missing: remove src/dingdan/assets/vendor and run `make install`"
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate(
            # Without preload: it would wait for films that nobody plays.
            "async () => (await axe.run({preload: false, runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}))"
            ".violations"
            ".flatMap(one => one.nodes.map(node => `${one.id}: ${node.target.join(' ')} ${node.failureSummary}`))"
        )
        return [str(one) for one in found]

    def is_too_wide(self) -> bool:
        """Whether one has to scroll sideways."""
        wide: bool = self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        return wide


Visitor = Callable[..., Visit]


def printed(house: House) -> dict[str, str]:
    """The links that the demo prints when it stands, by the words before them."""
    found: dict[str, str] = {}

    async def ask() -> None:
        db = await Database(house.database_url, key=MASTER_KEY, sandbox=True).open()
        try:
            found.update(await buyers.links(db))
        finally:
            await db.close()

    apart(ask())
    settings = Settings(host="127.0.0.1", port=int(house.url.rpartition(":")[2]))
    said = greeting(settings, "ddk_of_nobody", is_new=True, links=found)
    return dict(re.findall(r"^  (\S.*?)\s+(http://\S+/in/\S+)$", said, re.MULTILINE))


@pytest.fixture
def visitor(browser: Browser, house: House) -> Iterator[Visitor]:
    """Opens the house as somebody, in a language, a theme and on a screen."""
    yield from visits(browser, house)


def visits(browser: Browser, house: House) -> Iterator[Visitor]:
    """Something that opens a house, as long as it is used."""
    contexts: list[BrowserContext] = []

    def come(
        login: str | None = None, *, tongue: str = "zh", theme: str = "light", screen: Any = DESK, scripts: bool = True
    ) -> Visit:
        # Nothing moves: what fades in would be looked at half faded.
        context = browser.new_context(
            viewport=screen, java_script_enabled=scripts, reduced_motion="reduce",
            locale="zh-CN" if tongue == "zh" else "en-GB",
        )  # fmt: skip
        contexts.append(context)
        chosen = {"dingdan_language": tongue, "dingdan_theme": theme}
        context.add_cookies([{"name": name, "value": value, "url": house.url} for name, value in chosen.items()])
        visit = Visit(house, context)
        if login is not None:
            visit.go(f"/in/{login}?next=/me")
        return visit

    yield come
    for context in contexts:
        context.close()


@pytest.fixture(scope="package")
def links(house: House) -> dict[str, str]:
    """The links that are printed for this house."""
    return printed(house)


@pytest.fixture
def walk(visitor: Visitor, links: dict[str, str]) -> Walker:
    """Lets one of the nine people come in by their printed link."""
    return lambda person, **look: Walk(visitor(**({"tongue": "en"} | look)), links[person])
