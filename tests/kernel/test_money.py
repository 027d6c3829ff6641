"""Money conserves: whatever is split, taken apart or written down comes together again to the last unit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingdan.kernel.money import (
    EXPONENTS,
    MAX_AMOUNT,
    Money,
    decimal_string,
    from_decimal_string,
    is_currency,
    part_of_units,
    percent,
    split,
)

amounts = st.integers(min_value=-MAX_AMOUNT, max_value=MAX_AMOUNT)
payables = st.integers(min_value=0, max_value=MAX_AMOUNT)
weights = st.lists(st.integers(min_value=0, max_value=10**12), min_size=1, max_size=30)
currencies = st.sampled_from(sorted(EXPONENTS))


@pytest.mark.requirement("W01")
def test_a_coupon_over_the_lines_of_order_a() -> None:
    lines = [199_00, 179_80, 39_90]

    assert split(40_00, lines) == [19_01, 17_18, 3_81]


@pytest.mark.requirement("W10")
def test_ten_over_three_tens_loses_nothing() -> None:
    shares = split(10_00, [10_00, 10_00, 10_00])

    assert shares == [3_34, 3_33, 3_33]
    assert [10_00 - share for share in shares] == [6_66, 6_67, 6_67]


@pytest.mark.requirement("W11")
def test_three_units_returned_one_at_a_time() -> None:
    refunds = [part_of_units(20_00, 3, before=before, taken=1) for before in range(3)]

    assert refunds == [6_67, 6_66, 6_67]


@pytest.mark.requirement("W13", "A8")
def test_fifteen_percent_off_two_lines() -> None:
    discount = percent(110_00, 15_00)

    assert discount == 16_50
    assert split(discount, [60_00, 50_00]) == [9_00, 7_50]


@pytest.mark.requirement("A2")
@given(amounts, weights)
def test_a_split_sums_to_the_whole(amount: int, weights: list[int]) -> None:
    assert sum(split(amount, weights)) == amount


@pytest.mark.requirement("A2")
@given(payables, weights.filter(any))
def test_no_part_is_a_whole_unit_off_its_fair_share(amount: int, weights: list[int]) -> None:
    total = sum(weights)

    for part, weight in zip(split(amount, weights), weights, strict=True):
        assert abs(part * total - amount * weight) < total


@pytest.mark.requirement("A2")
@given(payables, weights)
def test_a_line_never_bears_more_than_it_is_worth(amount: int, weights: list[int]) -> None:
    amount = min(amount, sum(weights))

    assert all(0 <= part <= weight for part, weight in zip(split(amount, weights), weights, strict=True))


@pytest.mark.requirement("A2")
@given(payables, st.lists(st.integers(min_value=1, max_value=10**6), min_size=1, max_size=12))
def test_a_heavier_line_never_gets_less(amount: int, weights: list[int]) -> None:
    parts = split(amount, weights)

    for one in range(len(weights)):
        for other in range(len(weights)):
            assert weights[one] <= weights[other] or parts[one] >= parts[other]


@pytest.mark.requirement("A2")
@given(payables, st.integers(min_value=1, max_value=50))
def test_of_equal_lines_the_earlier_get_the_odd_units(amount: int, count: int) -> None:
    parts = split(amount, [1] * count)

    assert parts == sorted(parts, reverse=True)
    assert parts[0] - parts[-1] <= 1


@pytest.mark.requirement("A2")
@given(payables, weights)
def test_what_is_owed_splits_like_what_is_due(amount: int, weights: list[int]) -> None:
    assert split(-amount, weights) == [-part for part in split(amount, weights)]


def test_without_any_weight_the_first_line_takes_all() -> None:
    assert split(7, [0, 0]) == [7, 0]


@pytest.mark.parametrize("weights", [[], [1, -1]])
def test_a_split_over_nothing_or_less_is_an_error(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split(1, weights)


@pytest.mark.requirement("A4")
@given(st.lists(st.integers(min_value=1, max_value=1000), min_size=1, max_size=5), st.data())
def test_refunds_by_what_remains_never_overdraw_a_tender(tenders: list[int], data: st.DataObject) -> None:
    left = list(tenders)

    while sum(left):
        refund = data.draw(st.integers(min_value=1, max_value=sum(left)))
        left = [rest - part for rest, part in zip(left, split(refund, left), strict=True)]
        assert min(left) >= 0


@pytest.mark.requirement("A3")
@given(payables, st.integers(min_value=1, max_value=200), st.data())
def test_units_taken_in_any_steps_sum_to_the_line(payable: int, units: int, data: st.DataObject) -> None:
    total = gone = 0

    while gone < units:
        taken = data.draw(st.integers(min_value=1, max_value=units - gone))
        total += part_of_units(payable, units, before=gone, taken=taken)
        gone += taken
    assert total == payable


@pytest.mark.requirement("A3")
@given(payables, st.integers(min_value=1, max_value=200), st.data())
def test_what_is_back_so_far_is_off_by_half_a_unit_at_most(payable: int, units: int, data: st.DataObject) -> None:
    taken = data.draw(st.integers(min_value=0, max_value=units))

    back = part_of_units(payable, units, before=0, taken=taken)

    assert abs(back * units - payable * taken) * 2 <= units


@pytest.mark.requirement("A3")
@pytest.mark.parametrize(("before", "taken"), [(2, 2), (-1, 1), (0, -1), (4, 0)])
def test_more_units_than_there_are_is_an_error(before: int, taken: int) -> None:
    with pytest.raises(ValueError, match="more units"):
        part_of_units(10_00, 3, before=before, taken=taken)


@pytest.mark.requirement("A8")
@given(payables, st.integers(min_value=0, max_value=100_00))
def test_a_percentage_is_rounded_half_up(amount: int, basis_points: int) -> None:
    exact = amount * basis_points  # In ten-thousandths.

    assert -5_000 <= exact - percent(amount, basis_points) * 10_000 < 5_000
    assert percent(-amount, basis_points) == -percent(amount, basis_points)


@pytest.mark.requirement("A8")
@pytest.mark.parametrize(("amount", "basis_points", "share"), [(1, 50_00, 1), (1, 49_99, 0), (36_09, 20_00, 7_22)])
def test_half_a_unit_goes_up(amount: int, basis_points: int, share: int) -> None:
    assert percent(amount, basis_points) == share


@given(amounts, currencies)
def test_a_decimal_string_reads_back(amount: int, currency: str) -> None:
    assert from_decimal_string(decimal_string(amount, currency), currency) == amount


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [(38870, "CNY", "388.70"), (-5, "CNY", "-0.05"), (5, "JPY", "5"), (1234, "KWD", "1.234"), (0, "EUR", "0.00")],
)
def test_amounts_are_written_in_the_places_of_their_currency(amount: int, currency: str, text: str) -> None:
    assert decimal_string(amount, currency) == text


@pytest.mark.parametrize(("text", "amount"), [("1", 100), ("1.5", 150), (".5", 50), ("1.500", 150), ("-2.", -200)])
def test_short_and_long_forms_are_read(text: str, amount: int) -> None:
    assert from_decimal_string(text, "CNY") == amount


@pytest.mark.parametrize("text", ["", "-", ".", "1.005", "1e3", "1,000", "٣", "+1", " 1", "1_0", "--1", "1.2.3", "NaN"])
def test_what_is_no_exact_amount_is_never_rounded_into_one(text: str) -> None:
    with pytest.raises(ValueError, match="is not an amount in CNY"):
        from_decimal_string(text, "CNY")


@given(amounts, amounts, currencies)
def test_money_of_one_currency_adds_up(one: int, other: int, currency: str) -> None:
    total = Money(one, currency) + Money(other, currency)

    assert total == Money(one + other, currency)
    assert total - Money(other, currency) == Money(one, currency)


def test_money_of_two_currencies_does_not_mix() -> None:
    with pytest.raises(ValueError, match="cannot mix CNY and EUR"):
        Money(1, "CNY") + Money(1, "EUR")


def test_money_says_what_it_is() -> None:
    assert str(Money(38870, "CNY")) == "388.70 CNY"


def test_only_currencies_with_known_units_are_kept() -> None:
    assert is_currency("CNY")
    assert not is_currency("XAU")
    assert not is_currency("cny")
