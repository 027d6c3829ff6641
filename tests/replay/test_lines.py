"""Reading the shop's lines: one test for each of its habits."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from dingdan.cli.replay import lines
from tests.replay.shops import HEAD, SECOND, row, write

pytestmark = pytest.mark.requirement("issue 2: replay")


@pytest.fixture
def read(tmp_path: Path):
    """Reads these rows from a file."""

    def reading(*rows: Sequence[str]) -> lines.History:
        return lines.read(write(tmp_path / "lines.csv.xz", HEAD, rows))

    return reading


def test_lines_of_one_number_are_one_order_and_amounts_are_pence(read) -> None:
    history = read(row(source_row=2), row(code="79323P", quantity=3, price="6.5", source_row=3))

    (invoice,) = history.invoices
    assert (invoice.number, invoice.customer, invoice.total) == ("489434", "13085", 12 * 695 + 3 * 650)


def test_moments_are_the_clock_of_london(read) -> None:
    winter, summer = read(row("1"), row("2", at="2010-07-01 09:00:00")).invoices

    assert winter.at.isoformat() == "2009-12-01T07:45:00+00:00"
    assert summer.at.isoformat() == "2010-07-01T08:00:00+00:00"


def test_a_stock_code_is_one_in_small_letters_too(read) -> None:
    history = read(row(code="85123A"), row(code="85123a", source_row=3))

    assert {line.code for line in history.invoices[0].lines} == {"85123A"}
    assert history.sold() == {("85123A", 695): 24}


@pytest.mark.parametrize(
    "code",
    ["POST", "DOT", "M", "m", "C2", "D", "S", "BANK CHARGES", "gift_0001_20", "47503J ", "8504", "85048ABC"],
)
def test_carriage_fees_and_vouchers_are_no_products(read, code: str) -> None:
    assert read(row(), row(code=code)).left_out == {"not_a_product": 1}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (row(customer=""), "no_customer"),
        (row(quantity=-12), "quantity_not_positive"),
        (row(quantity=0), "quantity_not_positive"),
        (row(price="0"), "price_not_positive"),
        (row(price="-1.5"), "price_not_positive"),
        (row(price="0.001"), "price_below_a_penny"),
        (row("A506401", code="85048"), "not_an_order"),
        (row("C489449", quantity=-12), "cancellation"),
        (row("C496350", quantity=1), "cancellation"),
        (row(quantity="twelve"), "unreadable"),
        (row(price="six"), "unreadable"),
        (row(at="yesterday"), "unreadable"),
        (row(sheet="Year 1999"), "unreadable"),
        (row()[:-1], "unreadable"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_order_line_is_left_out_with_its_reason(read, line: Sequence[str], reason: str) -> None:
    history = read(row("500000"), line)

    assert history.left_out == {reason: 1}
    assert [invoice.number for invoice in history.invoices] == ["500000"]


def test_reasons_are_said_of_each_line_as_it_stands(tmp_path: Path) -> None:
    told: list[tuple[list[str], str]] = []
    left = row(customer="")
    lines.read(
        write(tmp_path / "l.csv.xz", HEAD, [row(), left]),
        note=lambda line, reason: told.append((line, reason)),
    )

    assert told == [(left, "no_customer")]


def test_an_invoice_that_took_two_minutes_is_one_order_of_the_first(read) -> None:
    late, early = row(at="2009-12-01 07:46:00"), row(at="2009-12-01 07:45:00", code="22041", source_row=3)

    (invoice,) = read(late, early).invoices
    assert invoice.at.minute == 45
    assert len(invoice.lines) == 2


def test_equal_lines_of_one_invoice_are_both_kept(read) -> None:
    history = read(row(source_row=2), row(source_row=3))

    assert len(history.invoices[0].lines) == 2
    assert history.sold() == {("85048", 695): 24}


def test_one_code_at_two_prices_in_one_invoice_is_two_articles(read) -> None:
    history = read(row(price="2.55"), row(price="2.1", source_row=3))

    assert history.sold() == {("85048", 210): 12, ("85048", 255): 12}


def test_invoice_numbers_out_of_order_come_by_time(read) -> None:
    history = read(row("500002", at="2010-01-05 10:00:00"), row("500001", at="2010-01-06 10:00:00"), row("500003"))

    assert [invoice.number for invoice in history.invoices] == ["500003", "500002", "500001"]


def test_an_invoice_of_both_sheets_is_read_twice_with_the_same_lines_and_sold_once(read) -> None:
    first = [row(source_row=2), row(code="22041", source_row=3)]
    second = [row(code="22041", sheet=SECOND, source_row=9), row(sheet=SECOND, source_row=10)]

    history = read(*first, *second)

    one, other = history.invoices
    assert (one.number, one.sheet, other.number, other.sheet) == ("489434", "1", "489434", "2")
    assert [line[:3] for line in one.lines] == [line[:3] for line in other.lines]
    assert history.left_out == {"delivered_again": 2}
    assert sum(history.sold().values()) == 24


def test_what_is_left_out_of_a_second_delivery_is_not_counted_again(read) -> None:
    history = read(row(), row(code="POST"), row(sheet=SECOND), row(code="POST", sheet=SECOND))

    assert history.left_out == {"not_a_product": 1, "delivered_again": 2}


def test_the_first_description_that_says_something_is_the_title(read) -> None:
    history = read(row(description="  "), row("489435", description=" GLASS BALL "), row("489436", description="?"))

    assert history.titles == {"85048": "GLASS BALL"}


def test_a_plain_file_does_as_well(tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    path.write_text(",".join(HEAD) + "\n" + ",".join(row()) + "\n", encoding="utf-8")

    assert lines.read(path).rows == 1


def test_a_file_of_something_else_is_refused(tmp_path: Path) -> None:
    packed = write(tmp_path / "other.csv.xz", ["a", "b"], [])
    torn = tmp_path / "torn.csv.xz"
    torn.write_bytes(write(tmp_path / "whole.csv.xz", HEAD, [row()] * 1000).read_bytes()[:-40])
    text = tmp_path / "text.csv.xz"
    text.write_text("no archive")

    for path in (packed, torn, text):
        with pytest.raises(lines.FileUnfit, match=path.name):
            lines.read(path)


def test_customers_who_gave_something_back_are_remembered(read) -> None:
    history = read(row(), row("C489449", code="85048", quantity=-1), row("C489449", code="POST", quantity=-1))

    assert [(one.customer, one.code) for one in history.cancelled] == [("13085", "85048")]
    assert history.rows == 3
