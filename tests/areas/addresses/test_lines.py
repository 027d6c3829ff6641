"""One line of free text, read: small cases by hand, and 18,367 lines that people really wrote."""

import csv
import lzma
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from dingdan.areas import addresses

pytestmark = pytest.mark.requirement("O1.5")


def places(text: str) -> str:
    """The three names that were read."""
    found = addresses.read_line(text).address
    return f"{found.province}/{found.city}/{found.district}"


@pytest.mark.parametrize(
    "line",
    [
        "王小明 13812345678 浙江省杭州市西湖区文三路1号",
        "浙江省杭州市西湖区文三路1号，王小明，13812345678",
        "收货人：王小明 手机号码: 138-1234-5678 所在地区：浙江省 杭州市 西湖区 详细地址：文三路1号",
        "王小明　浙江 杭州 西湖区　文三路１号　+86 138 1234 5678",
    ],
)
def test_a_pasted_line_is_taken_apart(line: str) -> None:
    read = addresses.read_line(line)

    assert places(line) == "浙江省/杭州市/西湖区"
    assert (read.address.name, read.address.detail) == ("王小明", "文三路1号")
    assert addresses.check(read.address) == []
    assert read.region == addresses.Region("CN", "330106")
    assert read.marks == ()


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("上海市上海市徐汇区虹漕路421号", "上海市/上海市/徐汇区"),
        ("中国广东深圳南山科技园", "广东省/深圳市/南山区"),
        ("诸暨市暨阳街道市南路85号", "浙江省/绍兴市/诸暨市"),
        ("湖北省仙桃市彭场镇99号", "湖北省/仙桃市/"),
        ("徐汇区虹漕路461号58号楼", "上海市/上海市/徐汇区"),
        ("上海市卢湾区徐家汇路430号", "上海市/上海市/黄浦区"),
        ("成都市郫县犀浦镇校园路1号", "四川省/成都市/郫都区"),
        ("公司地址 山东省青岛市市南区香港中路7号", "山东省/青岛市/市南区"),
        ("香港中环德辅道中2号", "香港特别行政区//"),
        # Names of roads are no places, and a name that several places have is none of them.
        ("香港中路2号海航万邦中心", "//"),
        ("北京西路1399号", "//"),
        ("鼓楼区中山北路101号", "//"),
    ],
)
def test_places_are_read_as_people_write_them(line: str, read: str) -> None:
    assert places(line) == read


@pytest.mark.parametrize(
    ("line", "marks"),
    [
        ("", ["empty"]),
        (" \t ", ["empty"]),
        ("1", ["stub", "foreign"]),
        ("北京市", ["stub", "partial"]),
        ("北京市朝阳区", ["stub"]),
        ("金隅国际大厦写字楼", ["unplaced"]),
        ("杭州市古翠路80号科技大厦", ["partial"]),
        ("杭州西湖文化广场1号楼", ["guessed"]),
        ("30th Floor, Sino Plaza, Gloucester Road", ["foreign"]),
    ],
)
def test_what_is_not_sure_is_marked(line: str, marks: list[str]) -> None:
    assert list(addresses.read_line(line).marks) == marks


@cache
def lines(samples: Path) -> list[str]:
    """The addresses of the sample, as they stand there."""
    with lzma.open(samples / "cn_addresses" / "cpca_addr.csv.xz", "rt", encoding="utf-8") as file:
        return [row[0] for row in csv.reader(file)][1:]


def test_no_real_line_is_too_strange(samples: Path) -> None:
    read = [addresses.read_line(line) for line in lines(samples)]
    marks = Counter(mark for one in read for mark in one.marks)

    assert len(read) == 18_367
    assert marks == {"empty": 1_181, "stub": 683, "unplaced": 2_856, "partial": 2_923, "guessed": 1_080, "foreign": 37}
    assert sum(bool(one.address.province) for one in read) == 14_293
    assert sum(bool(one.address.district) for one in read) == 11_107


def test_every_real_line_of_six_characters_is_a_stub_or_empty(samples: Path) -> None:
    short = [addresses.read_line(line).marks for line in lines(samples) if len(line) <= 6]

    assert len(short) == 1_837
    assert [marks for marks in short if not {"empty", "stub"} & set(marks)] == []


# Places of thirty lines of the sample, looked up by hand: {line: places}.
BY_HAND = {
    137: "重庆市/重庆市/南岸区",
    568: "天津市/天津市/滨海新区",
    999: "上海市/上海市/浦东新区",
    1432: "北京市/北京市/海淀区",
    1863: "广东省/深圳市/南山区",
    2726: "广东省/广州市/黄埔区",
    3158: "湖南省/长沙市/芙蓉区",
    3590: "上海市/上海市/杨浦区",
    4024: "江苏省/南京市/江宁区",
    4457: "北京市/北京市/东城区",
    4888: "浙江省/台州市/仙居县",
    5319: "山东省/青岛市/市南区",
    5754: "湖南省/长沙市/天心区",
    6620: "河南省/郑州市/金水区",
    7053: "广东省/佛山市/三水区",
    7484: "上海市/上海市/徐汇区",
    7918: "广东省/佛山市/高明区",
    8352: "四川省/成都市/锦江区",
    8783: "广东省/佛山市/顺德区",
    9218: "山东省/济南市/历下区",
    10080: "上海市/上海市/黄浦区",
    10513: "广东省/深圳市/福田区",
    10946: "上海市/上海市/虹口区",
    11377: "广东省/深圳市/福田区",
    11808: "福建省/厦门市/思明区",
    12240: "上海市/上海市/浦东新区",
    12671: "北京市/北京市/东城区",
    13102: "山东省/济南市/天桥区",
    13533: "浙江省/杭州市/拱墅区",
    14829: "浙江省/绍兴市/越城区",
}


def test_thirty_real_lines_are_read_as_a_person_reads_them(samples: Path) -> None:
    read = {number: places(lines(samples)[number]) for number in BY_HAND}

    assert len(BY_HAND) == 30
    assert read == BY_HAND


def test_what_was_read_in_full_from_real_lines_stands_every_check_of_its_places(samples: Path) -> None:
    read = [addresses.read_line(line) for line in lines(samples)]
    placed = [one for one in read if one.address.district]
    flawed = [
        one for one in placed if {"province", "city", "district"} & {f.part for f in addresses.check(one.address)}
    ]

    assert flawed == []
    assert [one for one in placed if len(one.region.code) != 6] == []
