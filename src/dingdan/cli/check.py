"""`dingdan check`: do the laws of the data hold in this database?"""

import asyncio
import json
import subprocess
import sys
from typing import Any

import asyncpg
import click

from dingdan.overviews import invariants
from dingdan.plumbing.embedded import database_url
from dingdan.plumbing.settings import Settings, read_settings

SHOWN = 3
CONNECT_SECONDS = 10
# The embedded server that does not start says so with the last two.
UNREACHABLE = (
    OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, RuntimeError, subprocess.SubprocessError,
)  # fmt: skip


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output and nothing else.")
@click.option("--settled", is_flag=True, help="Also check what holds once the worker has nothing left to do.")
def check(*, as_json: bool, settled: bool) -> None:
    """Check every invariant of stock, returns, money, ledger, lifecycles and tenancy on a live database.

    Reads one snapshot, locks nothing, changes nothing. Exit code 1: something is broken; 2: the database could not
    be reached or is not one of ours.
    """
    try:
        results = asyncio.run(_look(_address(read_settings()), settled=settled))
    except UNREACHABLE as error:
        click.echo(f"dingdan check: no database to check: {type(error).__name__}: {error}", err=True)
        sys.exit(2)
    violations = sum(result.count for result in results)
    if as_json:
        listed = [{"name": result.name, "count": result.count} for result in results]
        click.echo(json.dumps({"violations": violations, "invariants": listed}))
    else:
        _print(results, violations)
    sys.exit(1 if violations else 0)


def _address(settings: Settings) -> str:
    """Where the database is; a check makes none where there is none."""
    if not settings.database_url and not (settings.data_dir / "postgres").exists():
        raise FileNotFoundError(f"there is none in {settings.data_dir} and DINGDAN_DATABASE_URL names none")
    return database_url(settings)


async def _look(url: str, *, settled: bool) -> list[invariants.Result]:
    connection = await asyncpg.connect(url, timeout=CONNECT_SECONDS)
    try:
        return await invariants.check(connection, settled=settled)
    finally:
        await connection.close()


def _print(results: list[invariants.Result], violations: int) -> None:
    says = {one.name: one.says for one in invariants.INVARIANTS}
    for result in results:
        click.echo(f"{result.count:>8}  {result.name}: {says[result.name]}")
        for row in result.samples[:SHOWN]:
            click.echo(f"{'':>10}{_line(row)}")
    click.echo(f"{violations:>8}  violations of {len(results)} invariants")


def _line(row: dict[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in row.items())
