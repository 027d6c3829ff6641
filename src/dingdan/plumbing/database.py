"""Pools and transactions: the only begin, the only commit."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

import asyncpg
import msgspec

from dingdan.kernel.actor import Actor
from dingdan.kernel.ids import IdSource
from dingdan.kernel.refusal import Kind, Refusal, Text
from dingdan.plumbing import outbox
from dingdan.plumbing.secrets import Sealer
from dingdan.plumbing.settings import Post
from dingdan.plumbing.targets import Targets
from dingdan.plumbing.telemetry import log
from dingdan.plumbing.tx import Tx

NO_POST = Post()

_open: ContextVar[bool] = ContextVar("transaction_open", default=False)

# How long a request waits for a free connection before it is told that the house is busy.
ACQUIRE_SECONDS = 2.0
# How often, and with which pause, a process that starts tries to reach a database that is not up yet.
OPEN_ATTEMPTS, OPEN_PAUSE_SECONDS = 20, 0.5

# The database went away. What was under way is rolled back, or committed without our hearing of it, which the
# idempotency key finds out; nobody's data is to blame.
AWAY = (
    ConnectionError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError, asyncpg.CannotConnectNowError, asyncpg.TooManyConnectionsError,
)  # fmt: skip
# The same before anything has begun; no socket, no host and no answer in time are an OSError.
NOT_REACHED = (OSError, *AWAY)


class DatabaseBusy(Refusal):
    """No connection was to be had in time, or a lock was held too long."""

    code = "database.busy"
    kind = Kind.BUSY
    message = Text("The system is busy; nothing was changed.", "系统繁忙，未做任何更改。")
    remedy = Text("Send the same request again with the same Idempotency-Key.", "请使用相同的 Idempotency-Key 重试。")


def is_open() -> bool:
    """Whether this task stands inside a transaction; nothing may leave the building then."""
    return _open.get()


class Database:
    """The pools of one process. `transaction()` writes, `reading()` reads behind row security."""

    def __init__(
        self,
        url: str,
        *,
        key: bytes,
        sandbox: bool = False,
        pool_size: int = 10,
        read_pool_size: int = 6,
        acquire_seconds: float = ACQUIRE_SECONDS,
        post: Post = NO_POST,
        targets: Targets | None = None,
    ) -> None:
        self.url = url
        self.post = post
        # Where calls to addresses that others chose may go.
        self.targets = targets or Targets()
        # Whether pretended money and parcels are let in; never where real ones are.
        self.sandbox = sandbox
        self.sealer = Sealer(key)
        self.ids = IdSource(0)
        self._sizes = (pool_size, read_pool_size)
        self._acquire_seconds = acquire_seconds
        self._write: asyncpg.Pool[Any] | None = None
        self._read: asyncpg.Pool[Any] | None = None

    async def open(self) -> "Database":
        """Connect; a database that is just coming up is waited for.

        A process that died while the database was away is started again at once, and must not give up before it.
        """
        for _ in range(OPEN_ATTEMPTS - 1):
            try:
                return await self._connect()
            except NOT_REACHED as error:
                log.warning("the database is waited for", error=repr(error))
                await self.close()
                await asyncio.sleep(OPEN_PAUSE_SECONDS)
        return await self._connect()

    async def _connect(self) -> "Database":
        """Fill the pools; takes a node number so that no other living process mints the same ids."""
        self._write = await _pool(self.url, self._sizes[0], _prepare)
        self._read = await _pool(self.url, self._sizes[1], _prepare_reader)
        async with self._write.acquire() as connection:
            self.ids = IdSource(await connection.fetchval("SELECT nextval('id_nodes')"))
        return self

    async def close(self) -> None:
        """Let go of every connection."""
        for pool in (self._write, self._read):
            if pool is not None:
                await pool.close()
        self._write = self._read = None

    @asynccontextmanager
    async def transaction(self, actor: Actor, *, at: datetime | None = None) -> AsyncIterator[Tx]:
        """Begin, hand out a Tx, store its facts and commit; any exception rolls everything back.

        `at` replaces the transaction's now (replays of the past); else it is the database's clock plus the
        sandbox's offset, read once.
        """
        assert not _open.get(), "transactions never nest"
        assert self._write is not None, "open() first"
        async with _connection(self._write, self._acquire_seconds) as connection, _marked(), connection.transaction():
            now = at or await connection.fetchval("SELECT dingdan_now()")
            tx = Tx(connection, now=now, actor=actor, ids=self.ids, sealer=self.sealer, sandbox=self.sandbox)
            yield tx
            await outbox.store(tx)
            await tx.flush()

    @asynccontextmanager
    async def reading(self, actor: Actor) -> AsyncIterator[Tx]:
        """A read-only transaction that sees the actor's merchants only, whatever the statement says."""
        assert not _open.get(), "transactions never nest"
        assert self._read is not None, "open() first"
        scope = "*" if actor.merchant_id is None else str(actor.merchant_id)
        async with (
            _connection(self._read, self._acquire_seconds) as connection,
            _marked(),
            connection.transaction(readonly=True),
        ):
            now = await connection.fetchval("SELECT dingdan_now() FROM set_config('dingdan.scope', $1, true)", scope)
            yield Tx(connection, now=now, actor=actor, ids=self.ids, sealer=self.sealer, sandbox=self.sandbox)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Any]:
        """A bare connection for the pipes themselves (queue, sequencer, sandbox), never for commands."""
        assert self._write is not None, "open() first"
        async with _connection(self._write, self._acquire_seconds) as connection:
            yield connection


@asynccontextmanager
async def _marked() -> AsyncIterator[None]:
    token = _open.set(True)
    try:
        yield
    finally:
        _open.reset(token)


@asynccontextmanager
async def _connection(pool: "asyncpg.Pool[Any]", seconds: float) -> AsyncIterator[Any]:
    try:
        connection = await pool.acquire(timeout=seconds)
    except NOT_REACHED as error:
        raise DatabaseBusy from error
    try:
        yield connection
    except asyncpg.InternalClientError as error:
        # The session died under a statement and asyncpg lost count: nothing on it can be trusted any more.
        connection.terminate()
        raise ConnectionResetError("the session died") from error
    finally:
        await pool.release(connection)


async def _pool(url: str, size: int, prepare: Any) -> "asyncpg.Pool[Any]":
    return await asyncpg.create_pool(
        url,
        min_size=1,
        max_size=size,
        init=prepare,
        reset=_keep,
        command_timeout=60,
        # A worker knows several hundred statements; those that do not stay are parsed and planned again each time.
        statement_cache_size=1_000,
        server_settings={
            "application_name": "dingdan",
            "timezone": "UTC",
            "lock_timeout": "3s",
            "idle_in_transaction_session_timeout": "15s",
            "jit": "off",
        },
    )


async def _keep(_connection: Any) -> None:
    """Nothing of ours changes a session, so giving a connection back costs no round trip."""


async def _prepare(connection: Any) -> None:
    # Binary, since COPY takes nothing else: jsonb on the wire is a version byte and the text.
    await connection.set_type_codec(
        "jsonb",
        encoder=lambda value: b"\x01" + msgspec.json.encode(value),
        decoder=lambda data: msgspec.json.decode(data[1:]),
        schema="pg_catalog",
        format="binary",
    )


async def _prepare_reader(connection: Any) -> None:
    await _prepare(connection)
    # The second wall (decision 2): even a statement that forgets its merchant sees nobody else's rows.
    await connection.execute("SET ROLE dingdan_read")
