"""A database as it was before one step of its history."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from dingdan.migrations import running


@asynccontextmanager
async def database_before(server: Any, revision: str) -> AsyncIterator[str]:
    """The address of an empty database at the version before this one; gone afterwards."""
    name = f"dingdan_before_{uuid.uuid4().hex[:8]}"
    admin = await asyncpg.connect(server.get_uri("postgres"))
    await admin.execute(f"CREATE DATABASE {name}")
    url = server.get_uri(name)

    def run(connection: Connection) -> None:
        config = running._config(connection)
        script = ScriptDirectory.from_config(config).get_revision(revision)
        assert script is not None
        command.upgrade(config, str(script.down_revision))
        connection.commit()

    await running._with_connection(url, run)
    try:
        yield url
    finally:
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await admin.close()
