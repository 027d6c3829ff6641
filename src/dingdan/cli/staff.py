"""`dingdan staff`: the first people of an installation, who let in all others at the console."""

from collections.abc import Awaitable, Callable, Sequence

import click

from dingdan.areas import access, identity, merchants
from dingdan.cli.looping import opened, run
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.doing import within
from dingdan.plumbing.settings import Settings, read_settings
from dingdan.plumbing.tx import Tx


@click.group()
def staff() -> None:
    """Add people and invite them; what else there is to say about them is said at the console."""


@staff.command()
@click.argument("login")
@click.argument("name")
@click.argument("roles", nargs=-1, required=True)
@click.option(
    "--merchant", default="", help="The code of the merchant they work for; without it they are the platform's."
)
def add(login: str, name: str, roles: tuple[str, ...], merchant: str) -> None:
    """Add somebody, or change their name and roles, and print a link to choose a password with."""
    _print_link(read_settings(), login, lambda tx: _save(tx, login, name, roles, merchant))


@staff.command()
@click.argument("login")
def invite(login: str) -> None:
    """Print a new link for somebody to choose a password with; the one before is void."""
    _print_link(read_settings(), login, lambda tx: _find(tx, login))


def _print_link(settings: Settings, login: str, person: Callable[[Tx], Awaitable[int]]) -> None:
    async def invited(tx: Tx) -> access.Invitation:
        return await access.invite(tx, await person(tx))

    async def act() -> access.Invitation:
        async with opened(settings) as db:
            return await within(db, SYSTEM, invited, name="staff.invite")

    try:
        made: access.Invitation = run(act())
    except Refusal as no:
        said = [f"{one.message.filled(one.params).en} {one.remedy.filled(one.params).en}" for one in no.problems]
        raise click.ClickException("\n".join(said)) from None
    click.echo(f"{login} chooses a password at {settings.callback_url}/welcome/{made.secret}")
    click.echo(f"The link works once, until {made.expires_at:%Y-%m-%d %H:%M} UTC.")


async def _save(tx: Tx, login: str, name: str, roles: Sequence[str], merchant: str) -> int:
    merchant_id = None
    if merchant:
        found = await merchants.by_code(tx, merchant)
        if found is None:
            raise merchants.MerchantUnknown
        merchant_id = found.id
    saved = await identity.save_staff(tx, identity.SaveStaff(merchant_id, login, name, tuple(roles)))
    return saved.id


async def _find(tx: Tx, login: str) -> int:
    found = await identity.find_staff(tx, login)
    if found is None:
        raise identity.StaffUnknown
    return found.id
