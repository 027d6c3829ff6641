"""`dingdan migrate`, `serve` and `work`: the processes of an installation."""

import asyncio
import os
import signal
import time
from typing import Any

import click
from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels

from dingdan.areas import payments, policies
from dingdan.cli.looping import opened, run
from dingdan.kernel.actor import SYSTEM
from dingdan.migrations.running import upgrade
from dingdan.plumbing import garbage
from dingdan.plumbing.doing import do
from dingdan.plumbing.embedded import database_url
from dingdan.plumbing.http import client
from dingdan.plumbing.settings import Settings, read_settings
from dingdan.plumbing.telemetry import configure_logs, log
from dingdan.worker import Worker

# A server that ends so soon, so often in a row, will not do better the next time.
LASTING_SECONDS, SHORT_RUNS = 30.0, 20


@click.command()
def migrate() -> None:
    """Bring the database to this version's schema and load the policy packs."""
    settings = read_settings()
    run(prepare(settings))
    click.echo("The database is current.")


async def prepare(settings: Settings) -> None:
    """Migrate and load what ships with the program; safe to repeat."""
    await upgrade(database_url(settings))
    async with opened(settings) as db:
        await do(db, SYSTEM, policies.load_packs)


@click.command()
def serve() -> None:
    """Answer HTTP requests (settings.workers processes)."""
    settings = read_settings()
    configure_logs(settings.log_format)
    serve_forever(settings)


def serve_forever(settings: Settings) -> None:
    """Run Granian in this process until a signal ends it.

    Granian puts another process in the place of one that died, but gives up on two deaths within seconds. So it is
    started again; only what never lasts is given up. Raises SystemExit then.
    """
    short = 0
    while True:
        server, began = _granian(settings), time.monotonic()
        try:
            server.serve()
        except SystemExit:
            short = short + 1 if time.monotonic() - began < LASTING_SECONDS else 1
            if short == SHORT_RUNS:
                raise
        if server.interrupt_signal:
            return
        log.error("the server is started again", short_runs=short)


def _granian(settings: Settings) -> Any:
    return Granian(
        "dingdan.asgi:create",
        factory=True,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        websockets=False,
        workers=settings.workers,
        log_level=LogLevels.warning,
        workers_kill_timeout=10,
        respawn_failed_workers=True,
    )


@click.command()
def work() -> None:
    """Run reactions, deadlines and jobs."""
    settings = read_settings()
    configure_logs(settings.log_format)
    # Where both share a machine, who waits for an answer goes before what follows by itself.
    os.nice(5)
    run(work_forever(settings))


async def work_forever(settings: Settings) -> None:
    """Work until SIGINT or SIGTERM; what is in hand is finished first."""
    async with opened(settings) as db, client() as outside:
        url = f"{settings.callback_url}/v1/callbacks/payments/{payments.sandbox.NAME}"

        async def deliver() -> int:
            """The sandbox provider is nobody's server: its notifications are posted from here."""
            return await payments.sandbox.deliver_notifications(db, outside, url)

        worker = Worker(db, beside=deliver if settings.mode == "sandbox" else None)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, worker.stop)
        garbage.settle()
        await worker.run()
