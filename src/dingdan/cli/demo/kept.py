"""The demo's API key, kept beside its data for the next start."""

import os
from pathlib import Path


def read_key(path: Path) -> str | None:
    """The key of last time, if there was one."""
    return path.read_text().strip() if path.exists() else None


def write_key(path: Path, secret: str) -> None:
    """Keep a key where only its owner can read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
        file.write(secret)
