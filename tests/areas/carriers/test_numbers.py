"""Tracking numbers: whose they are, what is wrong with them, and the samples of carriers all over the world."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from dingdan.areas.carriers import KNOWN, Known, detect, number_problems, sandbox_number, tidy_number
from dingdan.areas.carriers.rules.checking import mod37_36_sign, s10_digit
from dingdan.areas.carriers.rules.numbers import form_fits

SCRIPTS = "NODLBRAKSX"
# (carrier, its form, number, whether it is one)
Sample = tuple[str, str, str, bool]


def read(folder: Path) -> Iterator[Sample]:
    """Every sample, with the carrier and the form that it is a sample of."""
    for file in sorted((folder / "tracking_numbers").glob("*.json")):
        document = json.loads(file.read_text())
        for kind in document["tracking_numbers"]:
            for word in ("valid", "invalid"):
                for number in kind["test_numbers"][word]:
                    yield document["courier_code"], kind["name"], number, word == "valid"


@pytest.mark.requirement("O4.3")
def test_all_samples_of_the_world_are_told_apart(samples: Path) -> None:
    """By form. One number that is none of a form is one of another form of that carrier, and stands there as such."""
    found = list(read(samples))
    valid = [one for one in found if one[3]]
    assert (len(valid), len(found) - len(valid)) == (192, 88)

    def fits(sample: Sample) -> bool:
        carrier, name, number, _ = sample
        forms = [form for form in KNOWN[carrier].forms if form.name == name]
        assert forms, sample
        return any(form_fits(form, tidy_number(number)) for form in forms)

    assert [one for one in found if fits(one) != one[3]] == []
    assert [one for one in valid if number_problems(one[0], one[2])] == []
    accepted = {
        (carrier, number)
        for carrier, _, number, is_valid in found
        if not is_valid and not number_problems(carrier, number)
    }
    assert accepted <= {(carrier, number) for carrier, _, number, _ in valid}
    assert len(accepted) == 1


@pytest.mark.requirement("O4.3")
@pytest.mark.parametrize("carrier", KNOWN.values(), ids=lambda carrier: carrier.code)
def test_the_example_of_a_carrier_is_one_of_its_numbers(carrier: Known) -> None:
    assert number_problems(carrier.code, carrier.example) == []
    assert all((carrier.name.zh, carrier.name.en))


@pytest.mark.requirement("O4.3")
@pytest.mark.parametrize(
    ("carrier", "number"),
    [
        ("sf", ""), ("sf", "SF123"), ("sf", "SF１２３４５６７８９０１２３"), ("yto", "SF1234567890123"),
        ("ems", "EA123456784CN"), ("ems", "EA123456785US"), ("ems", "9612345678901"),
        ("royal_mail", "RB123456786GB"), ("royal_mail", "RB123456785US"), ("sandbox", "SBN0000000010"),
        ("manual", "   "), ("manual", "-"), ("manual", "x" * 41),
    ],
)  # fmt: skip
def test_what_is_no_number_of_a_carrier_is_refused_with_its_path(carrier: str, number: str) -> None:
    (problem,) = number_problems(carrier, number, path="[3]")

    assert (problem.code, problem.path) == ("carriers.number_unfit", "[3].tracking_number")


def test_a_carrier_that_nobody_knows_is_refused_with_those_we_know() -> None:
    (problem,) = number_problems("pigeon", "1234567")

    assert (problem.code, problem.path) == ("carriers.numbers_unknown", "carrier")
    assert "sf" in problem.params["known"]


def test_blanks_and_small_letters_of_a_label_do_not_matter() -> None:
    assert tidy_number(" sf 1234 5678 90123\n") == "SF1234567890123"
    assert number_problems("sf", " sf 1234 5678 90123\n") == []


@settings(deadline=None)
@over(st.integers(0, 10**12), st.sampled_from(SCRIPTS))
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


@pytest.mark.requirement("O4.3")
@pytest.mark.parametrize(
    ("carrier", "number", "en", "zh", "looks_like"),
    [
        ("ups", "1Z5R89390357567128", "its check digit should be 7", "校验位应为 7", []),
        ("sf", "1Z5R89390357567127", "it has another length or other letters", "长度或字母不符", ["ups"]),
        ("s10", "RB123456785XX", "XX is no country", "XX 不是国家或地区代码", []),
        ("yto", "SF1234567890123", "it has another length or other letters", "长度或字母不符", ["sf"]),
    ],
)
def test_the_no_says_what_is_wrong_and_whose_it_looks_like(
    carrier: str, number: str, en: str, zh: str, looks_like: list[str]
) -> None:
    (problem,) = number_problems(carrier, number)
    said, ways = problem.message.filled(problem.params), problem.remedy.filled(problem.params)

    assert (problem.params["why"], problem.params["why_zh"]) == (en, zh)
    assert problem.params["looks_like"] == looks_like
    assert en in said.en
    assert zh in said.zh
    assert all((KNOWN[other].name.en in ways.en and KNOWN[other].name.zh in ways.zh) for other in looks_like)


@pytest.mark.parametrize(
    ("number", "carriers"),
    [
        ("SF1234567890123", ["sf"]), ("YT1234567890123", ["yto"]), ("JT1234567890123", ["jt"]), ("jd0123456789012", ["jd"]),
        ("EA123456785CN", ["ems", "s10"]), ("1 Z 8 V 9 2 A 7 0 3 6 7 2 0 3 0 2 4", ["ups"]), ("VAN-2031", []), ("", []),
        ("9" * 5000, []), ("\0", []),
    ],
)  # fmt: skip
def test_whose_a_number_is(number: str, carriers: list[str]) -> None:
    assert [one.carrier for one in detect(number)] == carriers


def test_the_check_character_of_letters_and_digits_is_the_standards() -> None:
    assert mod37_36_sign("A12425GABC1234002") == "M"


@over(st.text(max_size=80), st.sampled_from(list(KNOWN)))
def test_any_text_is_answered(number: str, carrier: str) -> None:
    assert len(number_problems(carrier, number)) <= 1
    assert len(detect(number)) <= 5
