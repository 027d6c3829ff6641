"""The command and its table."""

import platform
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import asyncpg
import click
import msgspec

from dingdan.cli.bench import desk, lives, pages, roads, works
from dingdan.cli.bench.stage import Stage, stage
from dingdan.cli.looping import run
from dingdan.cli.serving import prepare

NAMES = ("P1", "P2", "P3", "P4", "P5", "P6", "P7", "P8", "P9", "P10", "P11", "P12", "POLICY")
WHAT = {
    "P1": "place: POST /v1/orders, 3 lines, 128 connections",
    "P2": "place on one hot SKU",
    "P3": "place many: POST /v1/orders/bulk, 500 orders a call (latencies of calls)",
    "P4": "pay: signed notifications, single",
    "P5": "a return's whole life: apply, approved, receive, inspect, refund settled (returns per second)",
    "P6": "place, arriving at a quarter of the yardstick (p99 counts)",
    "P7": "replay of a real shop (orders per second)",
    "P8": "P1 among a million orders, or as many as --stored says (the ratio is to an empty database)",
    "P9": "pages of the console, one after the other, among a million orders or as many as --stored says (latencies count)",
    "P10": "memory of a server process after P1 (MiB counts)",
    "P12": "tracking: signed pushes of 100 scans, 8 connections (scans per second, latencies of pushes)",
    "P11": "deadline sweep, the engine alone: 10,000 due among 1,000,000 open (latencies of idle ticks)",
    "POLICY": "back-test of a policy: 100,000 returns of two lines judged by two policies (returns per second)",
}


class Wish(msgspec.Struct, frozen=True):
    """How to measure."""

    seconds: float
    rounds: int
    workers: int
    port: int
    samples: Path
    stored: int


@click.command()
@click.argument("names", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="One object on standard output.")
@click.option("--seconds", type=float, default=10.0, show_default=True, help="How long a round sends.")
@click.option("--rounds", type=int, default=3, show_default=True)
@click.option("--workers", type=int, default=2, show_default=True, help="Server processes.")
@click.option("--port", type=int, default=18080, show_default=True)
@click.option(
    "--stored", type=click.IntRange(1_000), default=1_000_000, show_default=True, help="P8, P9: among so many."
)
@click.option("--samples", type=click.Path(path_type=Path), default=Path("../shared/data"), envvar="DINGDAN_SAMPLES")
def bench(names: tuple[str, ...], as_json: bool, **wishes: Any) -> None:
    """Measure works (P1 P2 P3 P4 P5 P6 P7 P8 P9 P10 P11 P12 POLICY, or some of them) against pgbench on the same server."""
    wanted = names or NAMES
    unknown = [name for name in wanted if name not in NAMES]
    if unknown:
        raise click.BadParameter(f"{', '.join(unknown)}: known are {', '.join(NAMES)}")
    report = measure(wanted, Wish(**wishes))
    click.echo(msgspec.json.encode(report).decode() if as_json else table(report))


def measure(names: Sequence[str], wish: Wish) -> dict[str, Any]:
    """Each work on a stage of its own, with the yardstick taken there just before."""
    report: dict[str, Any] = {"yardstick_tps": 0.0, "works": {}, "settings": {}}
    for name in names:
        with stage(port=wish.port, workers=wish.workers) as standing:
            run(prepare(standing.settings))
            report["settings"] = run(_settings(standing.settings.database_url))
            yardstick = standing.yardstick(max(5, int(wish.seconds)))
            report["yardstick_tps"] = round(yardstick, 1)
            click.echo(f"{name}: yardstick {yardstick:,.0f} tps", err=True)
            report["works"][name] = msgspec.to_builtins(_work(name, standing, yardstick, wish))
    return report


def _work(name: str, standing: Stage, yardstick: float, wish: Wish) -> works.Figure:
    if name == "P7":
        return works.replay(standing, yardstick, wish.samples)
    if name == "P11":
        return works.sweep(standing, yardstick, wish.rounds)
    if name == "POLICY":
        return desk.backtest(standing, yardstick)
    if name == "P8":
        done, stored, empty = works.place_among_many(standing, wish.seconds, wish.rounds, wish.stored)
        return works.figure(done, stored, empty, works.violations(standing))
    if name == "P4":
        done, stored = works.pay(standing, wish.seconds, wish.rounds)
    elif name == "P5":
        done, stored = lives.live(standing, wish.seconds, wish.rounds)
    elif name == "P9":
        done, stored = pages.look(standing, wish.stored)
    elif name == "P12":
        done, stored = roads.track(standing, wish.seconds, wish.rounds)
    elif name == "P3":
        done, stored = works.place_many(standing, wish.seconds, wish.rounds)
    else:
        rate = yardstick * works.ARRIVING if name == "P6" else None
        done, stored = works.place(standing, wish.seconds, wish.rounds, hot=name == "P2", rate=rate)
    return works.figure(done, stored, yardstick, works.violations(standing))


async def _settings(url: str) -> dict[str, str]:
    connection = await asyncpg.connect(url)
    try:
        return {
            name: await connection.fetchval(f"SHOW {name}")
            for name in ("fsync", "synchronous_commit", "server_version")
        }
    finally:
        await connection.close()


def table(report: dict[str, Any]) -> str:
    """The report for people, in Markdown."""
    lines = [
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, PostgreSQL"
        f" {report['settings']['server_version']}, fsync {report['settings']['fsync']}, synchronous_commit"
        f" {report['settings']['synchronous_commit']}; yardstick (pgbench TPC-B) {report['yardstick_tps']} tps",
        "",
        "| work | rate/s | ratio | p50 ms | p99 ms | rounds | errors | stored/acknowledged | violations | MiB | drain s |",
        "|---|---:|---:|---:|---:|---|---:|---|---:|---:|---:|",
    ]
    for name, row in report["works"].items():
        spread = f"{min(row['rounds'])}-{max(row['rounds'])}"
        lines.append(
            f"| {name} {WHAT[name]} | {row['rate']} | {row['ratio']} | {row['p50_ms']} | {row['p99_ms']} | {spread} |"
            f" {row['errors']} | {row['stored']}/{row['acknowledged']} | {row['violations']} | {row['rss_mib']} |"
            f" {row['drain_seconds']} |"
        )
    return "\n".join(lines)
