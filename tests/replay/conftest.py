"""One month of the real shop, cut out of the whole once a run."""

from pathlib import Path
from typing import NamedTuple

import pytest

from tests.replay import shops

MONTH = "2009-12"
# Its first week says whether the sums are right; its first days are enough to be killed in.
WEEK_BEFORE, DAYS_BEFORE = "2009-12-09", "2009-12-04"


class Files(NamedTuple):
    """The two files of a replay, and what is in them."""

    lines: Path
    plan: Path
    rows: list[list[str]]
    claims: list[list[str]]


@pytest.fixture(scope="session")
def month(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Files:
    """December 2009, with its first forty invoices delivered again by the other sheet, in another order."""
    folder = tmp_path_factory.mktemp("month")
    whole = shops.rows_of(samples / "online_retail" / "online_retail_II.csv.xz")
    rows = [row for row in whole if row[shops.AT].startswith(MONTH)]
    first = set(list(shops.sold(rows))[:40])
    again = [row for row in rows if row[shops.INVOICE] in first]
    rows += [[*row[:8], shops.SECOND, str(place)] for place, row in enumerate(reversed(again), start=2)]
    claims = [
        row for row in shops.rows_of(samples / "online_retail" / "return_plan.csv.xz") if row[6].startswith(MONTH)
    ]
    return _written(folder, rows, claims)


@pytest.fixture(scope="session")
def week(month: Files, tmp_path_factory: pytest.TempPathFactory) -> Files:
    """The first week of the month."""
    return _before(month, WEEK_BEFORE, tmp_path_factory.mktemp("week"))


@pytest.fixture(scope="session")
def days(month: Files, tmp_path_factory: pytest.TempPathFactory) -> Files:
    """The first days of the month."""
    return _before(month, DAYS_BEFORE, tmp_path_factory.mktemp("days"))


def _before(month: Files, day: str, folder: Path) -> Files:
    rows = [row for row in month.rows if row[shops.AT] < day]
    return _written(folder, rows, [row for row in month.claims if row[6] < day])


def _written(folder: Path, rows: list[list[str]], claims: list[list[str]]) -> Files:
    return Files(
        shops.write(folder / "lines.csv.xz", shops.HEAD, rows),
        shops.write(folder / "plan.csv.xz", shops.PLAN_HEAD, claims),
        rows,
        claims,
    )
