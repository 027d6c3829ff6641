"""`dingdan audit`: is what happened what was written down, here and in files that were taken away?"""

import sys
from pathlib import Path
from typing import Any

import click

from dingdan.cli.looping import opened, run
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import attested_lines, attesting
from dingdan.plumbing.database import Database
from dingdan.plumbing.secrets import Sealer
from dingdan.plumbing.settings import Settings, SettingsError, master_key, read_settings

BATCH = 50
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def audit() -> None:
    """Check the audit log, and files that were taken from it."""


@audit.command()
def key() -> None:
    """Print the public key by which anybody can check a file of this house."""
    click.echo(_house(read_settings()).public_key.hex())


@audit.command()
@click.argument("file", type=FILE)
@click.option(
    "--key", "public_key", required=True, help="The house's public key in hex, as `dingdan audit key` prints it."
)
def verify(file: Path, public_key: str) -> None:
    """Check a file of the audit log: that it was signed by the house of this key, and is what was signed.

    Needs neither a database nor the network. Exit code 1: it is not.
    """
    try:
        raw = bytes.fromhex(public_key)
    except ValueError:
        raw = b""
    if len(raw) != 32:
        raise click.BadParameter("a public key is 64 digits in hex", param_hint="--key")
    found = attested_lines.checked(file.read_bytes(), raw)
    _end(found.faults, [_said(found)] if not found.faults else [])


@audit.command()
@click.option(
    "--against", "files", type=FILE, multiple=True, help="A file taken away earlier: is the chain still the one it saw?"
)
def chain(files: tuple[Path, ...]) -> None:
    """Compute the chain of facts again, from its beginning to its end.

    Reads in batches, locks nothing, changes nothing. Exit code 1: something is not what it was.
    """
    faults, said = run(_walk(read_settings(), files))
    _end(faults, said)


async def _walk(settings: Settings, files: tuple[Path, ...]) -> tuple[list[str], list[str]]:
    house = _house(settings)
    async with opened(settings) as db:
        return await walk(db, [attested_lines.checked(file.read_bytes(), house.public_key) for file in files])


async def walk(db: Database, seen: list[attested_lines.Checked]) -> tuple[list[str], list[str]]:
    """The whole chain, and whether it still has the end that each of these files saw: what is wrong, and what is to be said."""
    at = attesting.Look(0, 0, attesting.BEGINNING)
    while True:
        async with db.reading(SYSTEM) as tx:
            went = await attesting.look(tx, after=at.number, hashed=at.hash, limit=BATCH)
        if went.broken is not None:
            return [f"the chain is broken at entry {went.broken}"], []
        if went.number == at.number:
            break
        at = went
    faults = [fault for one in seen for fault in one.faults]
    async with db.reading(SYSTEM) as tx:
        if not await attesting.is_behind(tx, at):
            faults.append(f"the chain ends at entry {at.entry}, and was whole further on, or otherwise, before")
        for one in seen:
            if one.faults or one.about["chain"] is None:
                continue
            entry, head = one.about["chain"]["entry"], bytes.fromhex(one.about["chain"]["hash"])
            if not await attesting.has(tx, entry, head):
                faults.append(
                    f"the chain does not have the end that a file of {one.about['taken_at']} saw at entry {entry}"
                )
    return faults, [f"{at.number:>8}  attestations checked, whole up to entry {at.entry}"]


def _house(settings: Settings) -> Sealer:
    """The house's keys; none are made where there are none."""
    if not settings.master_key and not (settings.data_dir / "master.key").exists():
        raise SettingsError(f"there is no master key in {settings.data_dir} and DINGDAN_MASTER_KEY names none")
    return Sealer(master_key(settings))


def _said(found: attested_lines.Checked) -> str:
    about = found.about
    whole = "all there were" if about.get("is_complete") else "the newest there were"
    return f"{about['count']:>8}  lines {_period(about)} they were taken at {about.get('taken_at')}, {whole}"


def _period(about: dict[str, Any]) -> str:
    """Of which time the lines are; files of before do not say it."""
    if "since" not in about:
        return "of a time that is not said, as"
    since = f"from {about['since']}" if about["since"] else "from the beginning"
    return f"{since} until {about['until']}, as" if about["until"] else f"{since} until"


def _end(faults: list[str], said: list[str]) -> None:
    for line in faults + said:
        click.echo(line)
    sys.exit(1 if faults else 0)
