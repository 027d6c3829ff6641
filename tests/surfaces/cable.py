"""A cable between the program and its database that can be cut and mended."""

import asyncio
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Cable:
    """Carries TCP connections to the socket of a database server."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._socket = f"{parse_qs(parts.query)['host'][0]}/.s.PGSQL.5432"
        self._name = parts.path
        self._port = 0
        self._server: Any = None
        self._ends: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        """The database at this end."""
        return f"postgresql://postgres:@127.0.0.1:{self._port}{self._name}"

    async def __aenter__(self) -> "Cable":
        """Lay it."""
        await self.mend()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Take it away."""
        await self.cut()

    async def mend(self) -> None:
        """Let connections through, at the same address as before."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """End every connection and take no new ones."""
        self._server.close()
        for end in self._ends:
            end.transport.abort()
        self._ends.clear()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(self._socket)
        self._ends |= {writer, back}
        await asyncio.gather(_pump(reader, back), _pump(there, writer), return_exceptions=True)


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    while piece := await source.read(65_536):
        sink.write(piece)
        await sink.drain()
    sink.close()
