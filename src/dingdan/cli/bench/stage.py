"""A stage of its own for measuring: database, server processes and worker, started and stopped here."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from dingdan.plumbing import embedded
from dingdan.plumbing.settings import Settings

YARDSTICK_SCALE, YARDSTICK_CLIENTS = 20, 16


class Stage:
    """What a work is measured on."""

    def __init__(self, settings: Settings, server: Any, folder: Path) -> None:
        self.settings, self.server, self.folder = settings, server, folder
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Start server and worker and wait until they answer."""
        for command in ("serve", "work"):
            log = (self.folder / f"{command}.log").open("ab")
            self._children[command] = subprocess.Popen(
                [sys.executable, "-m", "dingdan", command], env=self._environment(), stdout=log, stderr=log
            )
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.settings.port}/health/ready", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise RuntimeError(f"the server was not ready; see {self.folder}/serve.log")

    def stop(self) -> None:
        """End the processes that `start` began."""
        for child in self._children.values():
            child.send_signal(signal.SIGTERM)
        for child in self._children.values():
            child.wait(30)
        self._children.clear()

    def largest_server_mib(self) -> float:
        """Resident memory of the largest server process, in MiB (Linux)."""
        return round(max(_resident_kib(pid) for pid in _family(self._children["serve"].pid)) / 1024, 1)

    def command(self, *arguments: str) -> bytes:
        """Run a dingdan command on this stage; gives what it printed."""
        ran = subprocess.run(
            [sys.executable, "-m", "dingdan", *arguments], env=self._environment(), stdout=subprocess.PIPE, check=True
        )
        return ran.stdout

    def yardstick(self, seconds: int) -> float:
        """Transactions per second of pgbench TPC-B on this very server."""
        url = self.server.get_uri("yardstick")
        made = subprocess.run(
            [self._tool("psql"), self.server.get_uri("postgres"), "-Atqc", "CREATE DATABASE yardstick"], check=False
        )
        if made.returncode == 0:
            self._run("pgbench", "-i", "-q", "-s", str(YARDSTICK_SCALE), url)
        ran = self._run(
            "pgbench", "-M", "prepared", "-c", str(YARDSTICK_CLIENTS), "-j", "2", "-T", str(seconds), "-n", url
        )
        return next(float(line.split()[2]) for line in ran.splitlines() if line.startswith("tps ="))

    def analyze(self) -> None:
        """Let the database count what it holds, as it does by itself within its first minutes; pgbench does so too."""
        self._run("psql", self.server.get_uri("postgres"), "-qc", "ANALYZE")

    def load(
        self, requests: Path, *, connections: int, seconds: float, rate: float | None = None, counted: str = "",
        patient: bool = False,
    ) -> Any:  # fmt: skip
        """Run the load generator beside the server."""
        wanted = {
            "port": self.settings.port, "connections": connections, "seconds": seconds, "requests": str(requests),
            "rate": rate, "counted": counted, "patient": patient,
        }  # fmt: skip
        ran = subprocess.run(
            [sys.executable, "-c", "from dingdan.cli.bench.load import main; main()", msgspec.json.encode(wanted).decode()],
            env=self._environment(), stdout=subprocess.PIPE, check=True,
        )  # fmt: skip
        return msgspec.json.decode(ran.stdout)

    def _run(self, tool: str, *arguments: str) -> str:
        ran = subprocess.run([self._tool(tool), *arguments], check=True, capture_output=True, text=True)
        return ran.stdout

    def _tool(self, name: str) -> str:
        return str(embedded.TOOLS / name)

    def _environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("DINGDAN_")}
        return kept | {
            "DINGDAN_DATABASE_URL": self.settings.database_url,
            "DINGDAN_MASTER_KEY": self.settings.master_key,
            "DINGDAN_DATA_DIR": str(self.settings.data_dir),
            "DINGDAN_PORT": str(self.settings.port),
            "DINGDAN_WORKERS": str(self.settings.workers),
            "DINGDAN_MODE": self.settings.mode,
        }


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(one for child in children for one in _family(int(child)))]


def _resident_kib(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)


@contextmanager
def stage(*, port: int, workers: int) -> Iterator[Stage]:
    """A stage in a folder of its own, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="dingdan-bench-"))
    server = embedded.start(folder / "postgres")
    settings = Settings(
        data_dir=folder, database_url=server.get_uri("postgres"), master_key=os.urandom(32).hex(), port=port,
        workers=workers, mode="sandbox",
    )  # fmt: skip
    standing = Stage(settings, server, folder)
    try:
        yield standing
    finally:
        standing.stop()
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
