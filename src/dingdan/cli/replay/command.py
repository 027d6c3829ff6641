"""The command line of the replay."""

import csv
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
import msgspec

from dingdan.cli.looping import opened, run
from dingdan.cli.replay import lines, plan
from dingdan.cli.replay.replaying import Outcome, Source
from dingdan.cli.replay.replaying import replay as replay_all
from dingdan.cli.serving import prepare
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.settings import Settings, read_settings
from dingdan.plumbing.telemetry import configure_logs

FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)

LABELS = {
    "orders": "orders", "lines": "order lines", "gross": "paid, GBP", "accepted_return_lines": "return lines accepted",
    "refunds": "sent back, GBP", "net": "net, GBP", "review_price_mismatch": "in review: another price was paid",
    "refused_over_return": "refused: more than is left", "refused_before_purchase": "refused: bought only later",
    "refused_no_order": "refused: never bought", "seconds": "seconds",
}  # fmt: skip


class Month(click.ParamType[date]):
    """A month as `2010-04`."""

    name = "YYYY-MM"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The first day of the month."""
        try:
            return datetime.strptime(value, "%Y-%m").date()  # noqa: DTZ007 - a month has no zone
        except ValueError:
            self.fail(f"{value!r} is not a month such as 2010-04", param, ctx)


@click.group()
def replay() -> None:
    """Feed a shop's history through the commands that the API uses."""


@replay.command("online-retail")
@click.argument("lines_file", metavar="LINES.csv.xz", type=FILE)
@click.option("--plan", "plan_file", type=FILE, help="The returns: return_plan.csv.xz.")
@click.option("--until", type=Month(), help="Only up to this month, with it.")
@click.option("--months", type=click.IntRange(min=1), help="Only so many months from the first.")
@click.option("--rejects", type=click.Path(dir_okay=False, writable=True, path_type=Path),
              help="Write every line that is left out to this CSV file, with the reason.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output and nothing else.")
def online_retail(
    *,
    lines_file: Path,
    plan_file: Path | None,
    until: date | None,
    months: int | None,
    rejects: Path | None,
    as_json: bool,
) -> None:
    """Replay UCI Online Retail II: two years of a British shop.

    Orders first, in the order of time, then the returns of the plan: so the system itself sees what was bought only
    after it was returned. What exists is recognised: a replay that was killed goes on, a second one changes nothing.
    Use a database of its own; the shop's settings stand in one place, src/dingdan/cli/replay/shop.py.
    """
    # Money moves at the sandbox provider only, whatever else this installation is for.
    settings = msgspec.structs.replace(read_settings(), mode="sandbox")
    configure_logs("text")
    try:
        with _noting(rejects) as note:
            outcome: Outcome = run(_run(settings, Source(lines_file, plan_file, until, months, note)))
    except (lines.FileUnfit, Refusal) as error:
        raise click.ClickException(_words(error)) from error
    _tell(outcome, as_json=as_json)


async def _run(settings: Settings, source: Source) -> Outcome:
    # The money of a replay is pretended.
    settings = msgspec.structs.replace(settings, mode="sandbox")
    await prepare(settings)
    async with opened(settings) as db:
        return await replay_all(db, source)


@contextmanager
def _noting(path: Path | None) -> Iterator[lines.Note | None]:
    """Write lines that are left out as they are, behind the reason."""
    if path is None:
        yield None
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("reason", *lines.COLUMNS))
        yield lambda row, reason: rows.writerow((reason, *row))


def _tell(outcome: Outcome, *, as_json: bool) -> None:
    """The result on standard output; what was left out goes there for people, beside it for machines."""
    _tell_reasons("lines that are no order lines", outcome.left_out, lines.REASONS, err=as_json)
    _tell_reasons("lines of the plan that are no returns of goods", outcome.not_returned, plan.REASONS, err=as_json)
    _tell_reasons("refused by the system", outcome.refused, {}, err=as_json)
    if as_json:
        sys.stdout.write(msgspec.json.encode(outcome.result).decode() + "\n")
        return
    for name, label in LABELS.items():
        click.echo(f"{getattr(outcome.result, name)!s:>15}  {label}")


def _tell_reasons(head: str, counts: Counter[str], words: Mapping[str, str], *, err: bool) -> None:
    if counts:
        click.echo(f"{head}:", err=err)
    for reason, count in counts.most_common():
        click.echo(f"{count:>15,}  {reason}{': ' + words[reason] if reason in words else ''}", err=err)


def _words(error: Exception) -> str:
    if isinstance(error, Refusal):
        return "; ".join(f"{p.code} {p.path} {p.message.filled(p.params).en}" for p in error.problems)
    return str(error)
