"""Bring a database to the program's schema."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from asyncpg import PostgresError
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from dingdan.migrations.models import metadata
from dingdan.plumbing.settings import SettingsError

# What guards.sql raises when an administrator has to do something first.
NOT_PREPARED = "DD003"

# Waits for no lock longer than this; a busy shop is not stopped by a migration.
LOCK_TIMEOUT = "SET lock_timeout = '5s'"


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


async def upgrade(url: str, *, to: str = "head") -> None:
    """Apply what is missing, up to a revision; one migrator at a time."""

    def run(connection: Connection) -> None:
        connection.exec_driver_sql(LOCK_TIMEOUT)
        connection.exec_driver_sql("SELECT pg_advisory_lock(7304513)")
        connection.commit()
        command.upgrade(_config(connection), to)
        connection.commit()

    try:
        await _with_connection(url, run)
    except PostgresError as error:
        if error.sqlstate == NOT_PREPARED:
            raise SettingsError(str(error)) from error
        raise


async def differences(url: str) -> list[Any]:
    """What the code's tables have that the database has not, or the other way round."""

    def run(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": _is_ours})
        return list(compare_metadata(context, metadata))

    found: list[Any] = await _with_connection(url, run)
    return found


async def is_current(url: str) -> bool:
    """Whether the database stands at the newest revision."""

    def run(connection: Connection) -> bool:
        heads = ScriptDirectory.from_config(_config()).get_heads()
        return set(MigrationContext.configure(connection).get_current_heads()) == set(heads)

    current: bool = await _with_connection(url, run)
    return current


def _is_ours(_object: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:
    """The queue's tables belong to its library, the sandbox's to the sandbox."""
    return not (kind == "table" and (name or "").startswith("pgqueuer"))


async def _with_connection(url: str, run: Any) -> Any:
    engine = create_async_engine(_asyncpg(url))
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(run)
    finally:
        await engine.dispose()


def _asyncpg(url: str) -> str:
    return "postgresql+asyncpg://" + url.partition("://")[2]
