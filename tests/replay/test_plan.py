"""Reading the plan of returns."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dingdan.cli.replay import lines, plan
from tests.replay.shops import PLAN_HEAD, claim, write

pytestmark = pytest.mark.requirement("issue 2: replay")


def test_a_claim_says_who_what_when_and_which_purchases(tmp_path: Path) -> None:
    path = write(tmp_path / "plan.csv.xz", PLAN_HEAD, [claim("1:9", "85048a", -5, allocations="1:3x2|2:44x3")])

    (one,) = plan.read(path).claims

    assert (one.ref, one.customer, one.code, one.quantity, one.price) == ("1:9", "13085", "85048A", 5, 695)
    assert one.allocations == (("1:3", 2), ("2:44", 3))
    assert one.at == datetime(2009, 12, 1, 9, tzinfo=UTC)


def test_the_authors_verdict_is_not_needed(tmp_path: Path) -> None:
    """The column `class` may be missing: nothing reads it."""
    place = PLAN_HEAD.index("class")
    head, row = [*PLAN_HEAD], claim("1:9")
    del head[place], row[place]

    assert len(plan.read(write(tmp_path / "plan.csv.xz", head, [row])).claims) == 1


def test_claims_come_by_time(tmp_path: Path) -> None:
    rows = [claim("1:2", at="2010-02-01 10:00:00"), claim("1:3", at="2010-01-01 10:00:00")]

    assert [one.ref for one in plan.read(write(tmp_path / "plan.csv.xz", PLAN_HEAD, rows)).claims] == [
        "1:3",
        "1:2",
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (claim("1:2", customer=""), "no_customer"),
        (claim("1:2", "M"), "not_a_product"),
        (claim("1:2", quantity=1), "quantity_not_negative"),
        (claim("1:2", at="soon"), "unreadable"),
        (claim("1:2", allocations="1:3"), "unreadable"),
        (claim("1:2", allocations="1:3x0"), "unreadable"),
        (claim("1:2")[:-1], "unreadable"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_return_of_goods_is_left_out_with_its_reason(tmp_path: Path, row: list[str], reason: str) -> None:
    read = plan.read(write(tmp_path / "plan.csv.xz", PLAN_HEAD, [claim("1:9"), row]))

    assert read.left_out == {reason: 1}
    assert [one.ref for one in read.claims] == ["1:9"]


def test_what_is_left_out_is_told_in_the_columns_of_the_lines(tmp_path: Path) -> None:
    told: list[list[str]] = []
    path = write(tmp_path / "plan.csv.xz", PLAN_HEAD, [claim("1:2", "POST")])
    plan.read(path, note=lambda row, reason: told.append([reason, *row]))

    assert told == [
        [
            "not_a_product",
            "C489500",
            "POST",
            "",
            "-1",
            "2009-12-01 09:00:00",
            "6.95",
            "13085",
            "",
            "plan, sheet 1",
            "2",
        ]
    ]


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "plan.csv.xz", ["ref", "Invoice"], [])

    with pytest.raises(lines.FileUnfit, match="allocations"):
        plan.read(path)
