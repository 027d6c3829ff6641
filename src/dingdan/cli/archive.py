"""`dingdan archive`: is what lies in the archive still what was put there?"""

import sys

import click

from dingdan.areas import archive as kept
from dingdan.cli.looping import opened, run
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.settings import Settings, read_settings

BATCH = 500


@click.group()
def archive() -> None:
    """Look after the archive of orders that are over."""


@archive.command()
def verify() -> None:
    """Compute every hash of every bundle again, along each merchant's chain, to its end.

    Reads in batches, locks nothing, changes nothing. Exit code 1: something is not what was put there.
    """
    checked, faults = run(_verify(read_settings()))
    for fault in faults:
        click.echo(fault)
    click.echo(f"{checked:>8}  bundles checked, {len(faults)} faults")
    sys.exit(1 if faults else 0)


async def _verify(settings: Settings) -> tuple[int, list[str]]:
    async with opened(settings) as db:
        return await verify_all(db)


async def verify_all(db: Database) -> tuple[int, list[str]]:
    """Every chain from its beginning: how many bundles there are, and what is wrong with them."""
    async with db.reading(SYSTEM) as tx:
        ends = await kept.chains(tx)
    checked = 0
    faults: list[str] = []
    for merchant_id, (last_number, last_hash) in ends.items():
        number, hashed = 0, kept.BEGINNING
        while True:
            async with db.reading(SYSTEM) as tx:
                verdict = await kept.verify(tx, merchant_id, after=number, last_hash=hashed, limit=BATCH)
            if not verdict.checked:
                break
            number, hashed = verdict.last_number, verdict.last_hash
            checked += verdict.checked
            faults += verdict.faults
        if number < last_number or (number == last_number and hashed != last_hash):
            faults.append(f"the chain of {ids.encode('merchant', merchant_id)} does not end as it was left")
    return checked, faults
