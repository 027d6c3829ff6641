"""The load generator counts what a server answers, and comes up on the loop that it is measured with."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pytest

from dingdan.cli.bench.load import raw_request, write_requests


class _Answers(BaseHTTPRequestHandler):
    """Takes in what is sent to /fine, refuses the rest."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(201 if self.path == "/fine" else 409)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name
        """Say nothing."""


@pytest.fixture
def port() -> Iterator[int]:
    """Where a server answers."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(("rate", "counted"), [(None, ""), (200.0, ""), (None, "placed")])
def test_it_counts_what_was_answered(port: int, tmp_path: Path, rate: float | None, counted: str) -> None:
    path = tmp_path / "requests"
    bodies = [("/fine", b"placed placed")] * 6 + [("/no", b"placed")] * 2
    assert write_requests(path, (raw_request(to, {}, body) for to, body in bodies)) == 8

    wanted = {"port": port, "connections": 3, "seconds": 20.0, "requests": str(path), "rate": rate, "counted": counted}
    told: Any = msgspec.json.decode(subprocess.run(
        [sys.executable, "-c", "from dingdan.cli.bench.load import main; main()", msgspec.json.encode(wanted).decode()],
        stdout=subprocess.PIPE, check=True, timeout=60,
    ).stdout)  # fmt: skip

    assert told["refused"] == {"409": 2}
    assert len(told["accepted"]) == 6
    assert told["acknowledged"] == (12 if counted else 6)


def test_whoever_is_told_to_come_later_comes_with_the_same_request(tmp_path: Path) -> None:
    asked: list[str] = []

    class Busy(_Answers):
        def do_POST(self) -> None:
            asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(503 if asked.count(self.path) < 3 else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Busy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    path = tmp_path / "requests"
    write_requests(path, (raw_request(to, {}, b"x") for to in ("/one", "/two")))
    wanted = {
        "port": server.server_address[1],
        "connections": 2,
        "seconds": 20.0,
        "requests": str(path),
        "patient": True,
    }
    told: Any = msgspec.json.decode(subprocess.run(
        [sys.executable, "-c", "from dingdan.cli.bench.load import main; main()", msgspec.json.encode(wanted).decode()],
        stdout=subprocess.PIPE, check=True, timeout=60,
    ).stdout)  # fmt: skip
    server.shutdown()
    server.server_close()

    assert (told["refused"], told["acknowledged"], told["again"], len(asked)) == ({}, 2, 4, 6)
