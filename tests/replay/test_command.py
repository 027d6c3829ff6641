"""The command line of the replay: what it refuses, and what stands where."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from dingdan.cli.replay import replay
from dingdan.cli.replay.replaying import Result
from tests.conftest import MASTER_KEY
from tests.replay.shops import HEAD, PLAN_HEAD, claim, row, write

pytestmark = pytest.mark.requirement("issue 2: replay")

ROOT = Path(__file__).parents[2]


@pytest.fixture
def environment(database_url: str) -> dict[str, str]:
    """What an operator sets: a database of its own."""
    return {"DINGDAN_DATABASE_URL": database_url, "DINGDAN_MASTER_KEY": MASTER_KEY.hex()}


@pytest.fixture
def operate(environment: dict[str, str], tmp_path: Path):
    """Runs the command as an operator does."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("DINGDAN_")}

    def running(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "dingdan", "replay", "online-retail", *map(str, arguments)]
        settings = bare | environment | {"PYTHONPATH": str(ROOT / "src")}
        return subprocess.run(command, env=settings, cwd=tmp_path, capture_output=True, text=True, check=False)

    return running


def test_json_is_one_object_and_everything_else_stands_beside_it(operate, tmp_path: Path) -> None:
    lines = write(tmp_path / "lines.csv.xz", HEAD, [row(), row(code="POST"), row("C489435", quantity=-2)])
    plan = write(
        tmp_path / "plan.csv.xz",
        PLAN_HEAD,
        [claim("1:4", quantity=-2, allocations="1:2x2"), claim("1:5", "M")],
    )

    done = operate(lines, "--plan", plan, "--rejects", tmp_path / "rejects.csv", "--json")

    assert done.returncode == 0, done.stderr
    result = msgspec.json.decode(done.stdout, type=Result)
    assert done.stdout.count("\n") == 1
    assert (result.gross, result.refunds, result.net) == ("83.40", "13.90", "69.50")
    assert list(msgspec.json.decode(done.stdout)) == list(Result.__struct_fields__)
    assert "1  not_a_product" in done.stderr
    rejects = list(csv.reader((tmp_path / "rejects.csv").open(encoding="utf-8")))
    assert rejects[0] == ["reason", *HEAD]
    assert [(line[0], line[2]) for line in rejects[1:]] == [("not_a_product", "POST"), ("not_a_product", "M")]


def test_people_read_a_table_with_the_reasons(operate, tmp_path: Path) -> None:
    done = operate(write(tmp_path / "lines.csv.xz", HEAD, [row(), row(customer="")]))

    assert done.returncode == 0, done.stderr
    assert "83.40  paid, GBP" in done.stdout
    assert "1  no_customer" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["missing.csv.xz"], "does not exist"),
        (["other.csv.xz"], "does not begin with the columns"),
        (["empty.csv.xz"], "no line of an order"),
        (["lines.csv.xz", "--plan", "other.csv.xz"], "has no column"),
        (["lines.csv.xz", "--until", "soon"], "is not a month such as"),
        (["lines.csv.xz", "--months", "0"], "0 is not in the range"),
    ],
)
def test_what_cannot_be_replayed_is_said_in_one_line(
    environment: dict[str, str], tmp_path: Path, arguments: list[str], words: str
) -> None:
    write(tmp_path / "lines.csv.xz", HEAD, [row()])
    write(tmp_path / "empty.csv.xz", HEAD, [])
    write(tmp_path / "other.csv.xz", ["a", "b"], [])

    files = [str(tmp_path / one) if one.endswith(".xz") else one for one in arguments]
    done = CliRunner().invoke(replay, ["online-retail", *files, "--json"], env=environment, catch_exceptions=False)

    assert done.exit_code != 0
    assert words in " ".join(done.stderr.split())
    assert done.stdout == ""


def test_help_says_what_it_is_for() -> None:
    answer = CliRunner().invoke(replay, ["online-retail", "--help"])

    assert "a second one changes nothing" in " ".join(answer.output.split())
