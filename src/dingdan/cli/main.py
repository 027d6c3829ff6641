"""`dingdan`: the commands an operator types."""

import sys

import click

from dingdan import __version__
from dingdan.cli.archive import archive
from dingdan.cli.bench import bench
from dingdan.cli.check import check
from dingdan.cli.demo import demo
from dingdan.cli.docs import docs
from dingdan.cli.replay import replay
from dingdan.cli.serving import migrate, serve, work
from dingdan.plumbing.settings import SettingsError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="dingdan")
def cli() -> None:
    """Dingdan 订单: orders and returns, from the basket to the refund."""


for command in (archive, bench, check, demo, docs, migrate, replay, serve, work):
    cli.add_command(command)


def main() -> None:
    """Run the command line; what the operator got wrong is said in one line."""
    try:
        cli(prog_name="dingdan")
    except SettingsError as error:
        click.echo(f"dingdan: {error}", err=True)
        sys.exit(2)
