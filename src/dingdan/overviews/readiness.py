"""Whether the database can be worked with: its clock by a function of ours, and where its schema stands."""

from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec


class Standing(msgspec.Struct, frozen=True):
    """What the database says of itself; `revision` is empty before the first migration."""

    now: datetime
    revision: str

    @property
    def is_current(self) -> bool:
        """Whether the schema is the program's, or a newer one that it can still work with."""
        return self.revision >= newest_revision()


async def standing(connection: Any) -> Standing:
    """Ask the database. A server whose procedural language broke under it answers SELECT 1 happily, but not this."""
    if not await connection.fetchval("SELECT to_regclass('alembic_version') IS NOT NULL"):
        return Standing(await connection.fetchval("SELECT clock_timestamp()"), "")
    row = await connection.fetchrow("SELECT dingdan_now() AS now, max(version_num) AS revision FROM alembic_version")
    return Standing(row["now"], row["revision"] or "")


@cache
def newest_revision() -> str:
    """The newest revision that comes with the program; migrations are numbered, and their files begin with it."""
    names = [entry.name for entry in (files("dingdan") / "migrations" / "versions").iterdir()]
    return max(name.partition("_")[0] for name in names if name[:4].isdigit())
