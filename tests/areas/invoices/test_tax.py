"""Tax numbers, countries and rates: facts in, decision out."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.areas.invoices.desk import FIRM, PERSON, USCC

from dingdan.areas.invoices import rating
from dingdan.areas.invoices.model import Seller, Title, TitleKind
from dingdan.areas.invoices.rules.tax_numbers import is_tax_number, problems_of_seller, problems_of_title
from dingdan.areas.invoices.rules.taxing import EU, country_of_tax, included, rate, rate_of

pytestmark = pytest.mark.requirement("issue 5: invoices")

CN = Seller(legal_name="x", tax_number=USCC)
DE = Seller(legal_name="x", country="DE", tax_number="DE136695976")
TODAY = date(2026, 11, 26)


@pytest.mark.parametrize(
    ("country", "number", "fits"),
    [
        ("CN", USCC, True), ("CN", "91110000600037341M", False), ("CN", "", False), ("CN", "1" * 18, False),
        ("DE", "DE136695976", True), ("DE", "DE136695978", False), ("GR", "EL094259216", True),
        ("GB", "GB980780684", True), ("GB", "802311781", False), ("US", "12-34", False), ("US", "123456789", True),
        ("ZZ", "ABCD", True), ("ZZ", "A\x00BCD", False), ("CN", "９１１１００００６０００３７３４１L", False),
    ],
)  # fmt: skip
def test_a_tax_number_has_the_check_digits_of_its_country(country: str, number: str, fits: bool) -> None:
    assert is_tax_number(country, number) is fits


def test_everything_wrong_with_a_title_is_said_at_once() -> None:
    bad = Title(kind=TitleKind.COMPANY, name=" ", tax_number="1", address="a\x00", email="no")

    assert [one.path for one in problems_of_title(bad)] == [
        "title.name", "title.address", "title.email", "title.tax_number",
    ]  # fmt: skip
    assert problems_of_title(PERSON) == problems_of_title(FIRM) == []
    assert problems_of_title(Title(kind=TitleKind.PERSONAL, name="王", tax_number=USCC))[0].path == "title.tax_number"
    assert [one.path for one in problems_of_seller(Seller(legal_name="x", tax_number="1", registrations={"DE": "2"}))] == [
        "tax_number", "registrations",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("seller", "destination", "country"),
    [
        (CN, "CN", "CN"), (CN, "", "CN"), (CN, "US", ""), (DE, "FR", "DE"), (DE, "CH", ""),
        (Seller(legal_name="x", country="DE", registrations={"FR": "FR40303265045"}), "FR", "FR"),
        (Seller(legal_name="x", country="CN", registrations={"GB": "GB980780684"}), "GB", "GB"),
    ],
)  # fmt: skip
def test_a_sale_bears_the_tax_of_one_country_or_of_none(seller: Seller, destination: str, country: str) -> None:
    assert country_of_tax(seller, destination) == country


def test_a_rate_is_that_of_the_day_the_country_and_the_category() -> None:
    table = rating.shipped()

    def of(country: str, category: str = "home", day: date = TODAY, seller: Seller = CN) -> int:
        return rate(table, seller, country, category, day)

    assert [of("CN"), of("CN", "food/tea"), of("CN", "foodstuff"), of("")] == [13_00, 9_00, 13_00, 0]
    assert [of("EE", day=date(2025, 6, 30)), of("EE", day=date(2025, 7, 1))] == [22_00, 24_00]
    assert of("EE", day=date(2000, 1, 1)) == of("US") == 0
    small = Seller(legal_name="x", rates={"*": 1_00, "books": 0})
    assert [of("CN", seller=small), of("CN", "books/new", seller=small), of("DE", seller=small)] == [1_00, 0, 19_00]


def test_every_country_of_the_union_has_its_rates() -> None:
    table = rating.shipped()

    assert set(table) >= EU
    for rows in table.values():
        assert [one.since for one in rows] == sorted(one.since for one in rows)
        assert all(0 <= one <= 3_000 for row in rows for one in (row.standard, *row.reduced.values()))


@given(st.integers(0, 10**9), st.integers(0, 3_000))
def test_the_tax_in_a_price_is_the_tax_on_what_is_left(gross: int, basis_points: int) -> None:
    tax = included(gross, basis_points)
    net = gross - tax

    assert 0 <= tax <= gross
    assert abs(2 * net * basis_points - 2 * tax * 10_000) <= 10_000 + basis_points
    assert rate_of(tax, net, basis_points) == basis_points
