"""A small HTTP/1.1 load generator in a process of its own: many connections, requests from a file."""

import asyncio
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import msgspec
import uvloop


class Load(msgspec.Struct, frozen=True):
    """What to send: whole requests, one per connection at a time, until the time or the requests are used up.

    With a `rate` they arrive at fixed moments, so many a second, whether earlier ones were answered or not; how long
    one took is counted from its moment, also if no connection was free. `counted` is what an answer says of each thing
    that it acknowledges, where it answers many. With `patient` what was answered with 503 is asked again, with the same key,
    as any client does that is told to come later; how long it took is counted from the first time.
    """

    port: int
    connections: int
    seconds: float
    requests: Path
    """Length-prefixed (4 bytes, big-endian) raw HTTP requests, each sent once."""
    rate: float | None = None
    counted: str = ""
    patient: bool = False


# How long somebody waits who was told to come later, and how often they come.
LATER_SECONDS, TIMES = 0.2, 20


class Answers(msgspec.Struct):
    """What came back: latencies in milliseconds of what was accepted, and how the rest was answered."""

    seconds: float
    accepted: list[float]
    refused: dict[str, int]
    cpu_seconds: float
    acknowledged: int
    # How often somebody was told to come later, and came.
    again: int = 0


def read_requests(path: Path) -> Iterator[bytes]:
    """The raw requests of a file."""
    data = path.read_bytes()
    at = 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        yield data[at + 4 : at + 4 + size]
        at += 4 + size


def write_requests(path: Path, requests: Iterator[bytes]) -> int:
    """Write raw requests to a file; says how many."""
    count = 0
    with path.open("wb") as file:
        for request in requests:
            file.write(len(request).to_bytes(4, "big") + request)
            count += 1
    return count


def raw_request(path: str, headers: dict[str, str], body: bytes) -> bytes:
    """One POST as bytes on the wire."""
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


class _Connection(asyncio.Protocol):
    """One keep-alive connection that sends the next request as soon as it has its answer, or at its moment.

    A protocol and not a stream: what the generator spends, the server on the same cores has not.
    """

    def __init__(self, load: Load, requests: Iterator[tuple[int, bytes]], answers: Answers, began: float) -> None:
        self._load, self._requests, self._answers, self._began = load, requests, answers, began
        self._loop = asyncio.get_running_loop()
        self._counted = load.counted.encode()
        self._transport: asyncio.Transport | None = None
        self._answer, self._whole, self._since = bytearray(), 0, 0.0
        self._request, self._times = b"", 0
        self.over: asyncio.Future[None] = self._loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        # uvloop's transport is one by what it does, not by its class.
        self._transport = cast(asyncio.Transport, transport)
        self._next()

    def data_received(self, data: bytes) -> None:
        """Put the answer together; with its last byte the next request may go."""
        self._answer += data
        if not self._whole:
            head = self._answer.find(b"\r\n\r\n")
            if head < 0:
                return
            self._whole = head + 4 + _content_length(bytes(self._answer[:head]))
        if len(self._answer) >= self._whole:
            if self._load.patient and self._answer[9:12] == b"503" and self._times < TIMES:
                self._later()
                return
            self._note()
            self._next()

    def _later(self) -> None:
        """Ask the same again in a moment."""
        self._answers.again += 1
        self._times += 1
        self._answer.clear()
        self._whole = 0
        self._loop.call_later(LATER_SECONDS, self._send, self._request)

    def connection_lost(self, exc: Exception | None) -> None:
        """The server closed it, or we did."""
        if not self.over.done():
            self.over.set_exception(exc or ConnectionError("closed by the server"))

    def _note(self) -> None:
        status = self._answer[9:12].decode()
        if status.startswith("2"):
            self._answers.accepted.append((time.perf_counter() - self._since) * 1000)
            self._answers.acknowledged += self._answer.count(self._counted) if self._counted else 1
        else:
            self._answers.refused[status] = self._answers.refused.get(status, 0) + 1

    def _next(self) -> None:
        self._answer.clear()
        self._whole = 0
        number, request = next(self._requests, (0, b""))
        self._request, self._times = request, 0
        self._since = time.perf_counter()
        if self._load.rate is not None:
            self._since = self._began + number / self._load.rate
        if not request or self._since >= self._began + self._load.seconds:
            self.over.set_result(None)
            assert self._transport is not None
            self._transport.close()
        elif self._load.rate is None:
            self._send(request)
        else:
            self._loop.call_later(max(0.0, self._since - time.perf_counter()), self._send, request)

    def _send(self, request: bytes) -> None:
        assert self._transport is not None
        self._transport.write(request)


def _content_length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n")[1:]:
        if line.startswith(b"content-length:"):
            return int(line[15:])
    return 0


async def run(load: Load) -> Answers:
    """Send until the time is up; connections take requests from one shared file."""
    answers = Answers(0.0, [], {}, 0.0, 0)
    # What it took to come up was spent before anything was measured.
    before = _cpu_seconds()
    requests = enumerate(read_requests(load.requests))
    began = time.perf_counter()
    loop = asyncio.get_running_loop()
    opened = [
        await loop.create_connection(lambda: _Connection(load, requests, answers, began), "127.0.0.1", load.port)
        for _ in range(load.connections)
    ]
    await asyncio.gather(*(connection.over for _, connection in opened))
    answers.seconds = time.perf_counter() - began
    answers.cpu_seconds = _cpu_seconds() - before
    return answers


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Read what to send from the command line and print the answers as JSON."""
    wanted = msgspec.json.decode(sys.argv[1].encode(), type=Load, dec_hook=lambda kind, value: kind(value))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        sys.stdout.buffer.write(msgspec.json.encode(runner.run(run(wanted))))
