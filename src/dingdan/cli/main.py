"""`dingdan`: the commands an operator types."""

import importlib
import sys

import click

from dingdan import __version__
from dingdan.plumbing.settings import SettingsError

# Where each command stands. Only the one that was typed is loaded: all of them together take two seconds.
COMMANDS = {
    "archive": "archive", "audit": "audit", "bench": "bench", "check": "check", "demo": "demo", "docs": "docs",
    "migrate": "serving", "replay": "replay", "serve": "serving", "staff": "staff", "work": "serving",
}  # fmt: skip


class Commands(click.Group):
    """The commands, each found when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, in their order."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """One command, or None where there is none of that name."""
        if name not in COMMANDS:
            return None
        found: click.Command = getattr(importlib.import_module(f"dingdan.cli.{COMMANDS[name]}"), name)
        return found


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="dingdan")
def cli() -> None:
    """Dingdan 订单: orders and returns, from the basket to the refund."""


def main() -> None:
    """Run the command line; what the operator got wrong is said in one line."""
    try:
        cli(prog_name="dingdan")
    except SettingsError as error:
        click.echo(f"dingdan: {error}", err=True)
        sys.exit(2)
