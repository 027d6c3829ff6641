"""Numbers of carriers."""

import json
from pathlib import Path

import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from dingdan.areas.fulfilment.rules.carriers import (
    CARRIERS,
    number_problems,
    s10_digit,
    sandbox_number,
    tidy_number,
)


@pytest.mark.requirement("O4.3")
@pytest.mark.parametrize("carrier", CARRIERS.values(), ids=lambda carrier: carrier.code)
def test_the_example_of_a_carrier_is_one_of_its_numbers(carrier: object) -> None:
    assert number_problems(carrier.code, carrier.example) == []  # type: ignore[attr-defined]
    assert all((carrier.name.zh, carrier.name.en))  # type: ignore[attr-defined]


@pytest.mark.requirement("O4.3")
@pytest.mark.parametrize(
    ("carrier", "number"),
    [
        ("sf", ""), ("sf", "SF123"), ("sf", "SF１２３４５６７８９０１２３"), ("yto", "SF1234567890123"),
        ("royal_mail", "RB123456786GB"), ("royal_mail", "RB123456785US"), ("sandbox", "SBN0000000010"),
        ("manual", "   "), ("manual", "-"), ("manual", "x" * 41),
    ],
)  # fmt: skip
def test_what_is_no_number_of_a_carrier_is_refused_with_its_path(carrier: str, number: str) -> None:
    (problem,) = number_problems(carrier, number, path="[3]")

    assert (problem.code, problem.path) == ("parcel.number_unfit", "[3].tracking_number")


def test_a_carrier_that_nobody_knows_is_refused_with_those_we_know() -> None:
    (problem,) = number_problems("pigeon", "1234567")

    assert (problem.code, problem.path) == ("parcel.carrier_unknown", "carrier")
    assert "sf" in problem.params["known"]


def test_blanks_and_small_letters_of_a_label_do_not_matter() -> None:
    assert tidy_number(" sf 1234 5678 90123\n") == "SF1234567890123"
    assert number_problems("sf", " sf 1234 5678 90123\n") == []


@settings(deadline=None)
@over(st.integers(0, 10**12), st.sampled_from("NODLBRAKSX"))
def test_the_sandbox_makes_numbers_that_are_its_own(serial: int, script: str) -> None:
    assert number_problems("sandbox", sandbox_number(serial, script)) == []


@settings(deadline=None)
@over(st.integers(0, 10**9 - 1), st.integers(3, 11), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(serial: int, place: int, shift: int) -> None:
    number = sandbox_number(serial)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]

    assert number_problems("sandbox", wrong)


def test_postal_numbers_of_the_world_have_the_check_digit_we_compute(samples: Path) -> None:
    (kind,) = json.loads((samples / "tracking_numbers" / "s10.json").read_text())["tracking_numbers"]
    for number in kind["test_numbers"]["valid"]:
        assert int(number[10]) == s10_digit(number[2:10])
