"""A server process as an installation runs it, for what a call inside the test's process cannot show."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator

import httpx
import psutil

from dingdan.plumbing.database import Database
from tests.conftest import MASTER_KEY


class Server:
    """A running server."""

    def __init__(self, url: str, process: "subprocess.Popen[bytes]") -> None:
        self.url = url
        self._process = psutil.Process(process.pid)

    def memory(self) -> int:
        """The bytes that its processes hold."""
        family = [self._process, *self._process.children(recursive=True)]
        return sum(one.memory_info().rss for one in family)


@contextlib.asynccontextmanager
async def served(db: Database) -> AsyncIterator[Server]:
    """A server on this database, from when it is ready until it is not needed any more."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {
        "DINGDAN_DATABASE_URL": db.url, "DINGDAN_MODE": "sandbox", "DINGDAN_MASTER_KEY": MASTER_KEY.hex(),
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }  # fmt: skip
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--factory", "--port", str(port),
               "--loop", "uvloop", "dingdan.asgi:create"]  # fmt: skip
    process = subprocess.Popen(  # noqa: ASYNC220 - it only starts
        command, env=os.environ | settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        await _answering(f"http://127.0.0.1:{port}/health/ready")
        yield Server(f"http://127.0.0.1:{port}", process)
    finally:
        process.terminate()
        process.wait(timeout=30)


async def _answering(url: str) -> None:
    """Wait until an address answers well."""
    until = time.monotonic() + 40
    async with httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(retries=3)) as client:
        while time.monotonic() < until:
            with contextlib.suppress(httpx.HTTPError):
                if (await client.get(url)).is_success:
                    return
    raise AssertionError(f"{url} does not answer")
