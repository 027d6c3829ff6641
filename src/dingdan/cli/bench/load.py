"""A small HTTP/1.1 load generator in a process of its own: many connections, requests from a file."""

import asyncio
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import uvloop


class Load(msgspec.Struct, frozen=True):
    """What to send: whole requests, one per connection at a time, until the time or the requests are used up.

    With a `rate` they arrive at fixed moments, so many a second, whether earlier ones were answered or not; how long
    one took is counted from its moment, also if no connection was free. `counted` is what an answer says of each thing
    that it acknowledges, where it answers many.
    """

    port: int
    connections: int
    seconds: float
    requests: Path
    """Length-prefixed (4 bytes, big-endian) raw HTTP requests, each sent once."""
    rate: float | None = None
    counted: str = ""


class Answers(msgspec.Struct):
    """What came back: latencies in milliseconds of what was accepted, and how the rest was answered."""

    seconds: float
    accepted: list[float]
    refused: dict[str, int]
    cpu_seconds: float
    acknowledged: int


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


class _Connection:
    """One keep-alive connection that sends the next request as soon as it has its answer, or at its moment."""

    def __init__(self, load: Load, requests: Iterator[tuple[int, bytes]], answers: Answers, began: float) -> None:
        self._load, self._requests, self._answers, self._began = load, requests, answers, began

    async def run(self) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self._load.port)
        try:
            for number, request in self._requests:
                began = await self._moment(number)
                if began >= self._began + self._load.seconds:
                    break
                writer.write(request)
                status, body = await _read_answer(reader)
                if status.startswith("2"):
                    self._answers.accepted.append((time.perf_counter() - began) * 1000)
                    counted = self._load.counted.encode()
                    self._answers.acknowledged += body.count(counted) if counted else 1
                else:
                    self._answers.refused[status] = self._answers.refused.get(status, 0) + 1
        finally:
            writer.close()

    async def _moment(self, number: int) -> float:
        """When a request is due: now, or at its place in a fixed rate."""
        if self._load.rate is None:
            return time.perf_counter()
        due = self._began + number / self._load.rate
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        return due


async def _read_answer(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return head[9:12].decode(), await reader.readexactly(length)


async def run(load: Load) -> Answers:
    """Send until the time is up; connections take requests from one shared file."""
    answers = Answers(0.0, [], {}, 0.0, 0)
    requests = enumerate(read_requests(load.requests))
    began = time.perf_counter()
    await asyncio.gather(*(_Connection(load, requests, answers, began).run() for _ in range(load.connections)))
    used = resource.getrusage(resource.RUSAGE_SELF)
    answers.seconds = time.perf_counter() - began
    answers.cpu_seconds = used.ru_utime + used.ru_stime
    return answers


def main() -> None:
    """Read what to send from the command line and print the answers as JSON."""
    wanted = msgspec.json.decode(sys.argv[1].encode(), type=Load, dec_hook=lambda kind, value: kind(value))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        sys.stdout.buffer.write(msgspec.json.encode(runner.run(run(wanted))))
