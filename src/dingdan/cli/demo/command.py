"""Starts database, server and worker, says where they are, and stops them cleanly."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import FrameType

import click
import msgspec

from dingdan.cli.demo import buyers, stories, walk
from dingdan.cli.looping import opened, run
from dingdan.cli.serving import prepare
from dingdan.plumbing.embedded import database_url
from dingdan.plumbing.settings import Settings, master_key, read_settings

READY_SECONDS = 60
STOP_SECONDS = 15


class Stopped(Exception):
    """Somebody pressed Ctrl-C or sent SIGTERM."""


@click.command()
@click.option("--port", type=int, default=None, help="Where the server listens (default: DINGDAN_PORT or 8080).")
@click.option("--data-dir", type=click.Path(path_type=Path), default=None, help="Where everything is kept.")
def demo(port: int | None, data_dir: Path | None) -> None:
    """Start everything with believable data; Ctrl-C stops it, the data stays."""
    settings = _settings(port, data_dir)
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    children: list[subprocess.Popen[bytes]] = []
    try:
        key, is_new, links = _fill(settings)
        children = [_child(settings, "serve"), _child(settings, "work")]
        _wait_until_ready(settings, children)
        click.echo(walk.greeting(settings, key, is_new=is_new, links=links))
        _watch(children)
    except Stopped:
        click.echo("\nStopping …")
    finally:
        _end(children)


def _settings(port: int | None, data_dir: Path | None) -> Settings:
    settings = msgspec.structs.replace(read_settings(), mode="sandbox", log_format="text")
    if port is not None:
        settings = msgspec.structs.replace(settings, port=port)
    if data_dir is not None:
        settings = msgspec.structs.replace(settings, data_dir=data_dir)
    # The children get the address of the database that this process keeps running.
    key = master_key(settings).hex()
    return msgspec.structs.replace(settings, database_url=database_url(settings), master_key=key)


def _fill(settings: Settings) -> tuple[str, bool, dict[str, str]]:
    """Migrate, and tell the stories unless they were told before; gives the API key, whether it is all new, and the

    links of some buyers.
    """
    run(prepare(settings))

    async def tell() -> tuple[str, bool, dict[str, str]]:
        async with opened(settings) as db:
            key, is_new = await stories.tell(db, settings.data_dir / "demo.key")
            return key, is_new, await buyers.links(db)

    filled: tuple[str, bool, dict[str, str]] = run(tell())
    return filled


def _child(settings: Settings, command: str) -> "subprocess.Popen[bytes]":
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DINGDAN_")} | {
        "DINGDAN_DATABASE_URL": settings.database_url,
        "DINGDAN_MASTER_KEY": settings.master_key,
        "DINGDAN_DATA_DIR": str(settings.data_dir),
        "DINGDAN_HOST": settings.host,
        "DINGDAN_PORT": str(settings.port),
        "DINGDAN_WORKERS": str(settings.workers),
        "DINGDAN_MODE": "sandbox",
        "DINGDAN_SMTP_URL": settings.smtp_url,
        "DINGDAN_MAIL_FROM": settings.mail_from,
        # Whoever tries webhooks has their receiver here.
        "DINGDAN_WEBHOOK_LOOPBACK": "true",
        "DINGDAN_LOG_FORMAT": "text",
    }
    # A session of its own: Ctrl-C reaches us alone, and we stop the children in order.
    return subprocess.Popen([sys.executable, "-m", "dingdan", command], env=environment, start_new_session=True)


def _wait_until_ready(settings: Settings, children: list["subprocess.Popen[bytes]"]) -> None:
    until = time.monotonic() + READY_SECONDS
    url = f"http://{settings.host}:{settings.port}/health/ready"
    while time.monotonic() < until:
        if any(child.poll() is not None for child in children):
            raise click.ClickException("a process ended before it was ready; its last words stand above")
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise click.ClickException(f"the server was not ready after {READY_SECONDS} seconds")


def _watch(children: list["subprocess.Popen[bytes]"]) -> None:
    while all(child.poll() is None for child in children):
        time.sleep(0.5)
    raise click.ClickException("a process ended by itself; its last words stand above")


def _end(children: list["subprocess.Popen[bytes]"]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        for child in children:
            if child.poll() is None:
                child.send_signal(number)
        until = time.monotonic() + STOP_SECONDS
        for child in children:
            try:
                child.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                continue


def _stop(_number: int, _frame: FrameType | None) -> None:
    # A second Ctrl-C must not tear the stopping apart.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Stopped
