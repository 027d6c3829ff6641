"""A receiver of webhooks on loopback that answers, hangs, trickles, redirects or cuts the line as it is told."""

import asyncio
import base64
import hmac
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from tests import given

from dingdan.areas import webhooks
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import outbox
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.surfaces.api.snapshots import bodies

LOOKING = ("order.read", "parcel.read", "payment.read", "refund.read", "return.read")


class Got(NamedTuple):
    """A request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """What it says."""
        return json.loads(self.body)


class Answer(NamedTuple):
    """How a path answers: after `hangs` seconds, byte by byte where it `trickles`, not at all where it `cuts`."""

    status: int = 200
    body: bytes = b"thanks"
    headers: tuple[tuple[str, str], ...] = ()
    hangs: float = 0.0
    trickles: bool = False
    cuts: bool = False


class Receiver:
    """A server of this test's own; `answers` by path, 200 for all others."""

    def __init__(self) -> None:
        self.got: list[Got] = []
        self.answers: dict[str, Answer] = {}
        # Types of messages that are answered with 422, wherever they come to.
        self.refuses: set[str] = set()
        self.busy = self.most = 0
        self._came = asyncio.Condition()
        self._server: asyncio.Server
        self._lines: set[asyncio.StreamWriter] = set()
        self._scheme = "http"

    async def open(self, tls: ssl.SSLContext | None = None) -> "Receiver":
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=tls)
        self._scheme = "https" if tls else "http"
        return self

    async def close(self) -> None:
        """Stop listening and hang up."""
        self._server.close()
        for line in list(self._lines):
            line.transport.abort()
        await asyncio.sleep(0)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.sockets[0].getsockname()[1])

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        """Its address."""
        return f"{self._scheme}://{host}:{self.port}{path}"

    def at(self, path: str) -> list[Got]:
        """What came to a path."""
        return [one for one in self.got if one.path == path]

    async def until(self, count: int, path: str = "/") -> None:
        """Wait for so many requests."""
        async with asyncio.timeout(20), self._came:
            await self._came.wait_for(lambda: len(self.at(path)) >= count)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._lines.add(writer)
        try:
            while await self._one(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self._lines.discard(writer)
            writer.close()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().rstrip().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        got = Got(first.split()[1], headers, body)
        self.got.append(got)
        async with self._came:
            self._came.notify_all()
        answer = Answer(422) if got.json["type"] in self.refuses else self.answers.get(got.path, Answer())
        self.busy += 1
        self.most = max(self.most, self.busy)
        try:
            await asyncio.sleep(answer.hangs)
        finally:
            self.busy -= 1
        if answer.cuts:
            return False
        above = {"content-length": str(len(answer.body)), **dict(answer.headers)}
        head = "".join(f"{name}: {value}\r\n" for name, value in above.items())
        writer.write(f"HTTP/1.1 {answer.status} x\r\n{head}\r\n".encode())
        for piece in [answer.body[n : n + 1] for n in range(len(answer.body))] if answer.trickles else [answer.body]:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.3 if answer.trickles else 0)
        return True


@asynccontextmanager
async def listening(tls: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    """A receiver, for as long as it is needed."""
    receiver = await Receiver().open(tls)
    try:
        yield receiver
    finally:
        await receiver.close()


async def endpoint(
    db: Database, shop: given.Shop, url: str, *events: str, scopes: tuple[str, ...] = LOOKING, after: int | None = None
) -> webhooks.Made:
    """An endpoint of a shop that is told of these events from now on."""
    await outbox.sequence(db)
    wanted = webhooks.SaveEndpoint(
        merchant_id=shop.merchant_id, url=url, events=events or ("order.placed",), scopes=scopes, after=after
    )
    return await do(db, SYSTEM, webhooks.create, wanted)


async def fan_out(db: Database) -> None:
    """Let everything that happened become deliveries."""
    while await outbox.sequence(db):
        pass
    while await do(db, SYSTEM, webhooks.fan_out):
        pass


async def deliver(db: Database, *, seconds: float = 15.0, **how: Any) -> None:
    """Send what is due, once round."""
    await fan_out(db)
    couriers = webhooks.Couriers(db, bodies, seconds=seconds, **how)
    while await couriers.start():
        await couriers.finish()


async def log(db: Database, endpoint_id: int) -> list[dict[str, Any]]:
    """An endpoint's deliveries in the order of the feed, each with the results of its calls."""
    async with db.connection() as connection:
        rows = await connection.fetch(
            """
            SELECT d.*, (SELECT COALESCE(array_agg(a.result ORDER BY a.number), '{}') FROM webhook_attempts a
                         WHERE a.delivery_id = d.id) AS results,
                (SELECT a.answer FROM webhook_attempts a WHERE a.delivery_id = d.id ORDER BY a.number DESC LIMIT 1) AS answer
            FROM webhook_deliveries d WHERE d.endpoint_id = $1 ORDER BY d.position, d.id
            """,
            endpoint_id,
        )
    return [dict(row) for row in rows]


def is_signed(got: Got, secret: str) -> bool:
    """Whether one of the signatures is by this secret, checked as a receiver would."""
    signed = f"{got.headers['webhook-id']}.{got.headers['webhook-timestamp']}.".encode() + got.body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mine = "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
    return mine in got.headers["webhook-signature"].split()
