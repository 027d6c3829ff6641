"""Other countries ask for other parts."""

import pytest

from dingdan.areas import addresses
from dingdan.kernel.address import Address

pytestmark = pytest.mark.requirement("O1.5")

SOUND = [
    Address("Ann Lee", "(212) 555-2368", "US", "New York", "350 Fifth Ave", "NY", postcode="10118"),
    Address("Ann Lee", "(212) 555-2368", "us", "New York", "350 Fifth Ave", "New York", postcode="10118-0110"),
    Address("Ann Lee", "020 7946 0958", "GB", "London", "1 Baker Street", postcode="nw1 6xe"),
    Address("Anna", "030 901820", "DE", "Berlin", "Hauptstr. 1", postcode="10117"),
    Address("Mei", "61234567", "SG", "", "1 Orchard Road", postcode="238801"),
    Address("佐藤", "09012345678", "JP", "", "丸の内1-1", "東京都", postcode="100-0005"),
    Address("Sato", "09012345678", "JP", "Chiyoda", "Marunouchi 1-1", "Tokyo", postcode="1000005"),
    Address("陈大文", "91234567", "HK", "", "金钟道 88 号", district="中西区"),
    Address("林美", "0912345678", "TW", "台北市", "忠孝东路 1 号", district="大安区"),
]
REGIONS = ["NY", "NY", "", "", "", "13", "13", "", ""]


@pytest.mark.parametrize(("address", "region"), list(zip(SOUND, REGIONS, strict=True)))
def test_an_address_of_another_country_is_right_by_its_own_rules(address: Address, region: str) -> None:
    assert addresses.check(address) == []
    assert addresses.region_of(address) == addresses.Region(address.country.upper(), region)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        (Address("Ann", "(212) 555-2368", "US", "", "350 Fifth Ave"), ["city", "province", "postcode"]),
        (
            Address("Ann", "(212) 555-2368", "US", "NYC", "350 Fifth Ave", "ZZ", postcode="1011"),
            ["province", "postcode"],
        ),
        (Address("Ann", "020 7946 0958", "GB", "London", "1 Baker Street", postcode="12345"), ["postcode"]),
        (Address("陈大文", "91234567", "HK", "", "金钟道 88 号"), ["district"]),
        (Address("Ann", "1", "XX", "X", "Some street"), ["country"]),
        (Address("Ann", "1", "", "X", "Some street"), ["country"]),
    ],
)
def test_what_another_country_asks_for_is_told(address: Address, told: list[str]) -> None:
    assert sorted(flaw.part for flaw in addresses.check(address)) == sorted(told)


def test_a_region_that_is_almost_right_is_offered() -> None:
    address = Address("Ann", "(212) 555-2368", "US", "LA", "1 Main Street", "Califronia", postcode="90012")

    assert [guess.province for guess in addresses.corrected(address)] == ["CA"]


@pytest.mark.parametrize(
    ("country", "parts"),
    [
        ("CN", "name phone country province city district detail"),
        ("US", "name phone country province city detail postcode"),
        ("SG", "name phone country detail postcode"),
        ("HK", "name phone country detail"),
    ],
)
def test_each_country_says_what_it_asks_for(country: str, parts: str) -> None:
    assert " ".join(addresses.required(country)) == parts
