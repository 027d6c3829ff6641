"""An address without which nothing can be delivered says what it lacks."""

import msgspec
import pytest

from dingdan.kernel.address import Address, missing_parts

SHANGHAI = Address(
    name="王小明",
    phone="13800000000",
    country="CN",
    province="上海市",
    city="上海市",
    district="徐汇区",
    detail="漕溪北路 1 号",
)
BERLIN = Address(name="A. Kern", phone="+49 30 1", country="DE", city="Berlin", detail="Hauptstr. 1", postcode="10827")


@pytest.mark.requirement("O1.5")
@pytest.mark.parametrize("address", [SHANGHAI, BERLIN])
def test_a_whole_address_lacks_nothing(address: Address) -> None:
    assert missing_parts(address) == []


@pytest.mark.requirement("O1.5")
@pytest.mark.parametrize("part", ["name", "phone", "country", "city", "detail"])
def test_every_part_that_is_blank_is_named(part: str) -> None:
    assert missing_parts(msgspec.structs.replace(BERLIN, **{part: "  "})) == [part]


@pytest.mark.requirement("O1.5")
def test_in_china_the_province_is_part_of_an_address() -> None:
    assert missing_parts(msgspec.structs.replace(SHANGHAI, province="")) == ["province"]
    assert missing_parts(BERLIN) == []


@pytest.mark.requirement("O1.5")
def test_several_blanks_are_named_together() -> None:
    empty = Address(name="", phone="", country="CN", city="", detail="")

    assert missing_parts(empty) == ["name", "phone", "city", "detail", "province"]


def test_a_part_that_we_do_not_know_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="unknown field `street`"):
        msgspec.convert({**msgspec.structs.asdict(BERLIN), "street": "x"}, Address)
