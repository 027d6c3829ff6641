"""Which warehouse is nearest to where the goods shall go: by distance between provinces, then by the merchant's wish."""

from collections.abc import Sequence
from math import asin, cos, radians, sin, sqrt

from dingdan.areas.inventory.model import Warehouse
from dingdan.kernel.address import Address

# Where the seats of China's provinces lie (degrees north and east): near enough to say which warehouse is nearer.
SEATS: dict[str, tuple[float, float]] = {
    "北京": (39.90, 116.41), "天津": (39.13, 117.19), "河北": (38.04, 114.51), "山西": (37.87, 112.55),
    "内蒙古": (40.84, 111.75), "辽宁": (41.80, 123.43), "吉林": (43.82, 125.32), "黑龙江": (45.80, 126.53),
    "上海": (31.23, 121.47), "江苏": (32.06, 118.80), "浙江": (30.27, 120.16), "安徽": (31.82, 117.23),
    "福建": (26.07, 119.30), "江西": (28.68, 115.86), "山东": (36.65, 117.12), "河南": (34.75, 113.62),
    "湖北": (30.59, 114.31), "湖南": (28.23, 112.94), "广东": (23.13, 113.26), "广西": (22.82, 108.37),
    "海南": (20.04, 110.20), "重庆": (29.56, 106.55), "四川": (30.57, 104.07), "贵州": (26.65, 106.63),
    "云南": (25.04, 102.71), "西藏": (29.65, 91.12), "陕西": (34.34, 108.94), "甘肃": (36.06, 103.83),
    "青海": (36.62, 101.78), "宁夏": (38.49, 106.23), "新疆": (43.83, 87.62), "台湾": (25.03, 121.57),
    "香港": (22.32, 114.17), "澳门": (22.20, 113.54),
}  # fmt: skip
EARTH_KM = 6371
# Beyond the longest way on earth: a warehouse of another country, or of a place we cannot find.
FAR_KM = 30_000


def nearest(places: Sequence[Warehouse], ship_to: Address) -> tuple[int, ...]:
    """The ids of active warehouses, nearest first; equally near ones by priority, then by code."""
    open_ = [place for place in places if place.active]
    open_.sort(key=lambda place: (kilometres(place.return_address, ship_to), place.priority, place.code))
    return tuple(place.id for place in open_)


def kilometres(one: Address, other: Address) -> int:
    """How far apart two addresses are, roughly: 0 in one city, the way between seats of provinces, or FAR_KM."""
    if one.country.upper() != other.country.upper():
        return 2 * FAR_KM
    if one.province.strip() == other.province.strip() and one.city.strip() == other.city.strip():
        return 0
    here, there = _seat(one), _seat(other)
    if here is None or there is None:
        return FAR_KM
    return 1 + _great_circle(here, there)


def _seat(address: Address) -> tuple[float, float] | None:
    """The seat of a Chinese province by however much of its name is written."""
    wanted = address.province.strip() or address.city.strip()
    return next((at for name, at in SEATS.items() if wanted.startswith(name)), None)


def _great_circle(here: tuple[float, float], there: tuple[float, float]) -> int:
    (south, west), (north, east) = (tuple(map(radians, point)) for point in (here, there))
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin((east - west) / 2) ** 2
    return round(2 * EARTH_KM * asin(sqrt(half)))
