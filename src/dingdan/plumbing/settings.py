"""Every setting, typed and documented, from the environment."""

import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """How letters leave the house: a mail server, or a folder where nothing is real."""

    smtp_url: str = ""
    mail_from: str = "orders@localhost"
    folder: Path | None = None
    url: str = "http://localhost"
    """Where the links in letters lead."""
    letter_seconds: float = 10.0
    """How long a mail server may take over one letter."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What can be set, by `DINGDAN_` and the field's name in capitals."""

    data_dir: Path = Path("dingdan-data")
    """Where the embedded PostgreSQL, files and the master key live when nothing else is named."""
    database_url: str = ""
    """A PostgreSQL 15 or newer to use instead of the embedded one."""
    host: str = "127.0.0.1"
    port: int = 8080
    workers: int = 1
    """Server processes; each has its own pools."""
    mode: Literal["sandbox", "live"] = "live"
    """`sandbox` lets the clock be turned and the sandbox provider be told to fail."""
    master_key: str = ""
    """32 bytes in hex that seal people's data and sign for the sandbox; made and kept in the data folder if empty."""
    pool_size: int = 10
    read_pool_size: int = 6
    max_body_bytes: int = 4 * 1024 * 1024
    """The largest request body that is read at all (imports are streamed and not bound by it)."""
    log_format: Literal["json", "text"] = "json"
    public_url: str = ""
    """How the outside world reaches us; callbacks of the sandbox go here. Empty: http://host:port."""

    smtp_url: str = ""
    """The mail server: `smtp://user:password@host:port` (TLS where it offers it), `smtp+starttls://` (TLS or nothing),

    `smtps://` (TLS from the first byte). Empty: mail lies as files in the data folder, in the sandbox only.
    """
    mail_from: str = "orders@localhost"
    """The address that mail to buyers comes from."""

    webhook_loopback: bool = False
    """Lets webhooks go to this machine itself, without TLS too: for trying things out, never for a house with guests."""

    @property
    def post(self) -> "Post":
        """How letters leave the house."""
        folder = self.data_dir / "mail" if self.mode == "sandbox" else None
        return Post(smtp_url=self.smtp_url, mail_from=self.mail_from, folder=folder, url=self.callback_url)

    @property
    def callback_url(self) -> str:
        """The address that providers and carriers call back to."""
        return self.public_url or f"http://{self.host}:{self.port}"


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the environment; an unknown or ill-typed DINGDAN_ name is an error, never ignored."""
    environment = os.environ if environment is None else environment
    known = {f"DINGDAN_{name.upper()}": name for name in Settings.__struct_fields__}
    given = {k: v for k, v in environment.items() if k.startswith("DINGDAN_") and k not in OUTSIDE_THE_PROGRAM}
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise SettingsError(f"unknown settings: {', '.join(unknown)}; known are {', '.join(sorted(known))}")
    try:
        settings = msgspec.convert({known[k]: v for k, v in given.items()}, Settings, strict=False, dec_hook=_path)
    except msgspec.ValidationError as error:
        raise SettingsError(f"a setting does not fit: {error}") from error
    if settings.smtp_url and not re.match(r"(smtp|smtps|smtp\+starttls)://[^/?#]+$", settings.smtp_url):
        # It may hold a password and is not repeated.
        raise SettingsError(
            "a setting does not fit: DINGDAN_SMTP_URL begins with smtp://, smtp+starttls:// or smtps:// and names a host"
        )
    return settings


def _path(kind: type[Any], value: Any) -> Any:
    return kind(value)


# Read by tests and the Makefile, not by the program.
OUTSIDE_THE_PROGRAM = frozenset({"DINGDAN_SAMPLES", "DINGDAN_SEED"})


class SettingsError(Exception):
    """The environment asks for something that does not exist."""


def master_key(settings: Settings) -> bytes:
    """The key that everything sealed hangs on; made once and kept readable by its owner only."""
    if settings.master_key:
        key = bytes.fromhex(settings.master_key)
        if len(key) != 32:
            raise SettingsError("DINGDAN_MASTER_KEY must be 32 bytes in hex")
        return key
    path = settings.data_dir / "master.key"
    if not path.exists():
        if settings.database_url and settings.mode == "live":
            raise SettingsError("set DINGDAN_MASTER_KEY: a shared database must not hang on a key in a local folder")
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    return bytes.fromhex(path.read_text().strip())
