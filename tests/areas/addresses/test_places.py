"""Provinces, cities and districts of China: what is right however it is written, and what is not."""

import time

import pytest

from dingdan.areas import addresses
from dingdan.areas.addresses.rules import register
from dingdan.kernel.address import Address

pytestmark = pytest.mark.requirement("O1.5")


def at(province: str, city: str = "", district: str = "", detail: str = "文三路 1 号", **parts: str) -> Address:
    """A sound address but for its places."""
    sound = {"name": "王小明", "phone": "13812345678", "country": "CN"}
    return Address(**sound | parts, province=province, city=city, district=district, detail=detail)


def flaws(address: Address) -> list[tuple[str, str]]:
    """Part and code of every flaw."""
    return [(flaw.part, flaw.code) for flaw in addresses.check(address)]


def places(address: Address) -> tuple[str, str, str]:
    """The three names."""
    return address.province, address.city, address.district


# How people write it, and the code of where that is.
SOUND = [
    ("浙江省/杭州市/西湖区", "330106"),
    ("浙江/杭州/西湖", "330106"),
    ("　浙江省 / 杭州市/西 湖区", "330106"),
    ("内蒙古/呼和浩特/新城区", "150102"),
    ("广西/南宁市/青秀区", "450103"),
    ("吉林/吉林/船营区", "220204"),
    ("云南/红河州/蒙自市", "532503"),
    ("北京市/北京市/朝阳区", "110105"),
    ("北京//朝阳区", "110105"),
    ("北京市/市辖区/海淀区", "110108"),
    ("北京市/朝阳区/", "110105"),
    ("上海/上海/浦东", "310115"),
    ("天津/天津/滨海新区", "120116"),
    ("重庆市/县/城口县", "500229"),
    ("湖北省/仙桃市/", "429004"),
    ("湖北省/省直辖县级行政区划/仙桃市", "429004"),
    ("河南/济源/", "419001"),
    ("新疆/石河子市/", "659001"),
    ("新疆维吾尔自治区/自治区直辖县级行政区划/石河子市", "659001"),
    ("海南省/三沙市/西沙区", "460302"),
    ("广东省/东莞市/", "4419"),
    ("广东省/东莞市/南城街道", "4419"),
    ("广东省/中山市/", "4420"),
    ("海南省/儋州市/", "4604"),
    ("甘肃/嘉峪关/", "6202"),
    ("江苏省/苏州市/昆山市", "320583"),
    ("江苏省/昆山市/", "320583"),
    ("江苏省/昆山市/玉山镇", "320583"),
    ("湖南省/长沙县/", "430121"),
    ("上海市/上海市/闸北区", "310106"),
    ("浙江省/杭州市/江干区", "330102"),
    ("四川省/成都市/双流县", "510116"),
    ("四川省/成都市/郫县", "510117"),
    ("江苏省/苏州市/工业园区", "3205"),
    ("广东省/深圳市/大鹏新区", "4403"),
]


@pytest.mark.parametrize(("written", "code"), SOUND)
def test_what_reads_in_one_way_is_right_however_it_is_written(written: str, code: str) -> None:
    address = at(*written.split("/"))

    assert flaws(address) == []
    assert addresses.region_of(address) == addresses.Region("CN", code)


@pytest.mark.parametrize(("written", "code"), SOUND)
def test_tidying_changes_neither_where_it_is_nor_itself(written: str, code: str) -> None:
    tidied = addresses.tidied(at(*written.split("/")))

    assert flaws(tidied) == []
    assert addresses.region_of(tidied).code == code
    assert addresses.tidied(tidied) == tidied


@pytest.mark.parametrize(
    ("province", "country"),
    [("香港", "HK"), ("香港特别行政区", "HK"), ("澳门", "MO"), ("台湾省", "TW"), ("台湾", "TW")],
)
def test_what_lies_beyond_the_border_of_customs_is_a_region_of_its_own(province: str, country: str) -> None:
    address = at(province, "", "中西区")

    assert flaws(address) == []
    assert addresses.region_of(address) == addresses.Region(country)


# How it was written, the flaws, and what was probably meant.
FLAWED = [
    ("杭州市/杭州市/西湖区", "province:unknown", ["浙江省/杭州市/西湖区"]),
    ("杭州市//西湖区", "province:unknown", ["浙江省/杭州市/西湖区"]),
    ("/杭州市/西湖区", "province:missing", ["浙江省/杭州市/西湖区"]),
    ("浙江省//西湖区", "city:missing", ["浙江省/杭州市/西湖区"]),
    ("浙江省/杭洲市/西湖区", "city:unknown", ["浙江省/杭州市/西湖区"]),
    ("浙江省/杭州市/西胡区", "district:unknown", ["浙江省/杭州市/西湖区"]),
    ("浙江省/杭州市/昆山市", "district:elsewhere", ["江苏省/苏州市/昆山市"]),
    ("浙江省/苏州市/昆山市", "city:elsewhere", ["江苏省/苏州市/昆山市"]),
    ("北京市/杭州市/西湖区", "city:elsewhere", ["浙江省/杭州市/西湖区"]),
    ("北京市/朝阳区/海淀区", "city:unknown", ["北京市/北京市/海淀区"]),
    ("江苏省/苏州市/鼓楼区", "district:elsewhere", ["江苏省/南京市/鼓楼区", "江苏省/徐州市/鼓楼区"]),
    ("浙江省/杭州市/", "district:missing", []),
    ("浙江省/苏州市/", "city:elsewhere district:missing", []),
    ("浙江省/杭州市/杭州市", "district:missing", []),
    ("//", "province:missing city:missing district:missing", []),
    ("不存在省/不存在市/不存在区", "province:unknown", []),
]


@pytest.mark.parametrize(("written", "told", "meant"), FLAWED)
def test_what_does_not_fit_together_is_told_with_what_was_meant(written: str, told: str, meant: list[str]) -> None:
    address = at(*written.split("/"))

    found = ["/".join(places(guess)) for guess in addresses.corrected(address)]

    assert " ".join(":".join(flaw) for flaw in flaws(address)) == told
    assert found[: len(meant)] == meant


def test_all_flaws_are_told_at_once() -> None:
    address = at("浙省", "杭洲市", "西胡区", "1", name=" ", phone="138", postcode="31000")

    assert flaws(address) == [
        ("name", "missing"), ("phone", "malformed"), ("province", "unknown"), ("city", "unknown"),
        ("district", "unknown"), ("postcode", "malformed"), ("detail", "stub"),
    ]  # fmt: skip


def test_a_district_that_begins_the_street_is_offered() -> None:
    (guess, *_) = addresses.corrected(at("浙江省", "杭州市", "", "西湖区文三路 1 号"))

    assert places(guess) == ("浙江省", "杭州市", "西湖区")


def test_a_town_in_the_place_of_the_district_moves_to_the_street() -> None:
    tidied = addresses.tidied(at("江苏省", "昆山市", "玉山镇", "前进路 8 号"))

    assert places(tidied) == ("江苏省", "苏州市", "昆山市")
    assert tidied.detail == "玉山镇前进路 8 号"


@pytest.mark.parametrize("detail", ["1", "无", "123456", "西湖区", "浙江省杭州市西湖区"])
def test_a_street_that_names_no_door_is_a_stub(detail: str) -> None:
    assert flaws(at("浙江省", "杭州市", "西湖区", detail)) == [("detail", "stub")]


def test_what_may_be_chosen_follows_what_was_said() -> None:
    address = at("浙江", "杭州", "")

    assert "广东省" in addresses.choices(address, "province")
    assert "宁波市" in addresses.choices(address, "city")
    assert "钱塘区" in addresses.choices(address, "district")
    assert addresses.choices(at("广东", "东莞"), "district") == ()


def test_the_register_is_whole() -> None:
    found = register.register()
    provinces = {place.code: place for place in found.provinces.values()}
    districts = [district for province in provinces.values() for city in province.inner for district in city.inner]

    assert len(provinces) == 34
    assert all(code.isdigit() for code in provinces)
    assert len({place.code for place in districts}) == len(districts) > 2800


def test_a_check_takes_less_than_a_tenth_of_a_millisecond() -> None:
    address = at("浙江省", "杭州市", "西湖区")

    def took() -> float:
        start = time.perf_counter()
        for _ in range(200):
            addresses.check(address)
        return (time.perf_counter() - start) / 200

    assert min(took() for _ in range(10)) < 100e-6
