"""Phones and identities: what can exist, and what cannot."""

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from dingdan.areas import addresses
from dingdan.kernel.address import Address

pytestmark = pytest.mark.requirement("O1.5")

ADDRESS = Address(
    name="王小明", phone="13812345678", country="CN", province="浙江省", city="杭州市", district="西湖区",
    detail="文三路 1 号",
)  # fmt: skip
# Made up: a day of birth and a number that nobody has, with the right check digit.
NUMBER = "11010119900307002X"


def phone_flaw(phone: str, country: str = "CN") -> str | None:
    """The code of what is wrong with a phone."""
    address = Address(name="A", phone=phone, country=country, city="X", detail="Some street 1")
    return next((flaw.code for flaw in addresses.check(address) if flaw.part == "phone"), None)


def identity_flaws(name: str, number: str) -> list[tuple[str, str]]:
    """Part and code of what is wrong with an identity."""
    identity = addresses.Identity(name, number)
    return [(flaw.part, flaw.code) for flaw in addresses.check(ADDRESS, cross_border=True, identity=identity)]


@pytest.mark.parametrize(
    ("phone", "country"),
    [
        ("13812345678", "CN"), ("138 1234 5678", "CN"), ("138-1234-5678", "CN"), ("+86 13812345678", "CN"),
        ("0086 138 1234 5678", "CN"), ("１３８１２３４５６７８", "CN"), ("19912345678", "CN"), ("16612345678", "CN"),
        ("021-61234567", "CN"), ("0571-88001234", "CN"), ("0571-88888888-8001", "CN"), ("400-800-1234", "CN"),
        ("13812345678转1234", "CN"), ("+44 20 7946 0958", "CN"), ("020 7946 0958", "GB"), ("(212) 555-2368", "US"),
        ("09012345678", "JP"), ("91234567", "HK"), ("13812345678", "HK"),
    ],
)  # fmt: skip
def test_a_phone_that_can_exist_is_right(phone: str, country: str) -> None:
    assert phone_flaw(phone, country) is None


@pytest.mark.parametrize(
    ("phone", "country"),
    [
        ("1381234567", "CN"), ("138123456789", "CN"), ("14412345678", "CN"), ("12345", "CN"), ("010-1234567", "CN"),
        ("61234567", "CN"), ("not given", "GB"), ("13812345678", "US"), ("+999 123456", "CN"), ("1" * 300, "CN"),
    ],
)  # fmt: skip
def test_a_phone_that_cannot_exist_is_a_flaw(phone: str, country: str) -> None:
    assert phone_flaw(phone, country) == "malformed"


def test_a_phone_that_is_not_there_is_missing() -> None:
    assert phone_flaw(" ") == "missing"


@pytest.mark.parametrize(
    ("phone", "why"), [("1381234567", "位数不足"), ("138123456789", "位数过多"), ("14412345678", "号段不存在")]
)
def test_why_a_phone_cannot_be_right_is_said(phone: str, why: str) -> None:
    address = Address(name="A", phone=phone, country="CN", city="X", detail="Y")

    assert why in next(flaw.why.zh for flaw in addresses.check(address) if flaw.part == "phone")


@pytest.mark.parametrize("name", ["王小明", "欧阳文博", "阿依古丽·买买提", "Emily Carter"])
def test_a_real_name_with_a_number_that_checks_is_right(name: str) -> None:
    assert identity_flaws(name, NUMBER) == []
    assert identity_flaws(name, NUMBER.lower()) == []


@pytest.mark.parametrize("name", ["王", "王先生", "李小姐", "王小明1", "前台"])
def test_a_name_that_stands_on_no_card_is_a_flaw(name: str) -> None:
    assert identity_flaws(name, NUMBER) == [("identity.name", "unreal")]


@pytest.mark.parametrize(
    "number",
    [
        "110101199003070021",
        "99010119900307003X",
        "11010119900231003X",
        "110101900307003",
        "11010119900307002",
        "X" * 18,
    ],
)
def test_a_number_that_does_not_check_is_a_flaw(number: str) -> None:
    assert identity_flaws("王小明", number) == [("identity.number", "malformed")]


def test_across_the_border_an_identity_is_asked_for_and_elsewhere_not() -> None:
    asked = [(flaw.part, flaw.code) for flaw in addresses.check(ADDRESS, cross_border=True)]

    assert asked == [("identity.name", "missing"), ("identity.number", "missing")]
    assert addresses.check(ADDRESS) == []


@any_of(st.integers(0, 16), st.integers(1, 9))
def test_one_mistyped_digit_never_passes(place: int, by: int) -> None:
    digits = list(NUMBER)
    digits[place] = str((int(digits[place]) + by) % 10)

    assert identity_flaws("王小明", "".join(digits)) == [("identity.number", "malformed")]


@any_of(st.text(max_size=40), st.text(max_size=40), st.sampled_from(["CN", "US", "HK", "", "??", "中国", "cn"]))
def test_no_text_makes_a_check_fall_over(one: str, other: str, country: str) -> None:
    address = Address(one, other, country, other, one, other, one, other)

    addresses.problems_of(address, cross_border=True, identity=addresses.Identity(one, other))
    addresses.tidied(address)
    assert addresses.read_line(one + other).address.country == "CN"


def test_what_is_said_about_a_number_never_repeats_it() -> None:
    identity = addresses.Identity("王小明", "110101199003070021")
    problems = addresses.problems_of(ADDRESS, cross_border=True, identity=identity)

    assert "199003070021" not in str([(p.params, p.solutions) for p in problems])
