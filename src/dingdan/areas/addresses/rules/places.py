"""Where an address in China lies, and what is wrong with its province, city and district."""

import difflib
import re
import unicodedata
from functools import lru_cache
from typing import Literal, NamedTuple

from dingdan.areas.addresses.model import Flaw
from dingdan.areas.addresses.rules.register import (
    Place,
    chain,
    find,
    has_districts,
    is_abroad,
    is_municipality,
    register,
)

# What stands in the city's or district's place where there is no such level.
NO_LEVEL = frozenset({"市辖区", "县", "辖区", "城区", "市区", "直辖市", "无", "-", "--"})
_RIGHT_BELOW = re.compile(r"直辖(县|行政|级|$)")
# Zones with an office of their own and no place in the register; people live there and carriers know them.
_ZONE = re.compile(
    r"(开发区|高新区|高新技术\w*区|工业园区?|产业园区?|科技园区?|新区|园区|管理区|保税区|示范区|度假区|风景区|经开区|新城|"
    r"试验区|合作区|功能区|矿区|林区|农场|林场|垦区|团场|其[他它]区?)$"
)
MAX_PLACE = 40
_LOWER: tuple[Literal["city", "district"], ...] = ("city", "district")


class Names(NamedTuple):
    """What was said, each `plain`."""

    province: str
    city: str
    district: str


class Spot(NamedTuple):
    """How far the three names could be followed, and what was wrong with them."""

    province: Place | None = None
    city: Place | None = None
    district: Place | None = None
    flaws: tuple[Flaw, ...] = ()

    @property
    def deepest(self) -> Place | None:
        """The smallest place that is known."""
        return self.district or self.city or self.province


def plain(text: str) -> str:
    """A text without blanks, full-width letters and digits made plain."""
    return "".join(unicodedata.normalize("NFKC", text).split())


@lru_cache(maxsize=4096)
def spot(said: Names) -> Spot:
    """Follow three names through the register. What can be read in one way only is no flaw, however it is written.

    A flaw that has a suggestion is followed as if it had been mended, so that what lies deeper is looked at as well.
    """
    province, flaws = _province(said)
    if province is None:
        return Spot(flaws=flaws + _left_out(said))
    if is_abroad(province):
        return Spot(province, None, None, flaws)
    said = _mended(said, flaws)
    city, district, more = _city(province, said)
    flaws += more
    if city is None:
        known = {flaw.part for flaw in flaws}
        return Spot(province, None, None, flaws + tuple(f for f in _left_out(said) if f.part not in known))
    province = chain(city)[0]
    if district is None and has_districts(city):
        district, more = _district(city, _mended(said, more))
        flaws += more
    return Spot(province, city, district, flaws)


def _left_out(said: Names) -> tuple[Flaw, ...]:
    """What is missing where nobody can tell whether it is needed."""
    return tuple(Flaw(part, "missing") for part in _LOWER if not getattr(said, part))


def places_called(said: str) -> list[Place]:
    """The cities and districts of the country that have this for a full name."""
    found = register().cities.get(said, []) + register().districts.get(said, [])
    return [place for place in found if place.name == said]


def _mended(said: Names, flaws: tuple[Flaw, ...]) -> Names:
    for flaw in flaws:
        said = said._replace(**{k: v for k, v in (flaw.suggestion or {}).items() if k in Names._fields})
    return said


def _province(said: Names) -> tuple[Place | None, tuple[Flaw, ...]]:
    if found := register().provinces.get(said.province):
        return found, ()
    # Perhaps the city stands in the province's place, or the lower names say which province it is.
    cities = register().cities
    guesses = cities.get(said.province) or cities.get(said.city) or places_called(said.district)
    provinces = {id(p): p for p in (chain(place)[0] for place in guesses)}
    meant = next(iter(provinces.values())) if len(provinces) == 1 else None
    if not said.province:
        return meant, (Flaw("province", "missing", _only("province", meant)),)
    meant = meant or _near(said.province, register().provinces)
    suggestion = _only("province", meant)
    if suggestion and said.province in cities and not said.city:
        suggestion["city"] = cities[said.province][0].name
    return meant, (Flaw("province", "unknown", suggestion, {"said": said.province[:MAX_PLACE]}),)


def _city(province: Place, said: Names) -> tuple[Place | None, Place | None, tuple[Flaw, ...]]:
    """The city, the district where the city's name was one already, and the flaws."""
    name = said.city.removeprefix(province.name) or said.city
    if found := province.names.get(name):
        return found, None, ()
    if register().provinces.get(name) is province or name in NO_LEVEL:
        name = ""
    if is_municipality(province) and not name:
        return province.inner[0], None, ()
    if _RIGHT_BELOW.search(name):
        return _right_below(province, said.district)
    if (found := _below(province, name)) and _agrees(found, said.district):
        # The district in the city's place. Where there is no level between it is right so, elsewhere it is plain.
        return found.outer, found, ()
    if found := find(province.names, name):
        return found, None, ()
    return _not_there(province, name, said)


def _right_below(province: Place, name: str) -> tuple[Place | None, Place | None, tuple[Flaw, ...]]:
    """A county right below its province, where the city's place only says so."""
    found = find(province.names, name)
    if found is not None and not has_districts(found):
        return found, None, ()
    flaw = Flaw("district", "unknown", None, {"said": name[:MAX_PLACE]}) if name else Flaw("district", "missing")
    return None, None, (flaw,)


def _not_there(province: Place, name: str, said: Names) -> tuple[Place | None, Place | None, tuple[Flaw, ...]]:
    """No city of this province: it was left out, or lies in another province, or was meant otherwise."""
    lower = _below(province, said.district)
    meant = lower.outer if lower is not None else None
    if not name:
        return meant, None, (Flaw("city", "missing", _only("city", meant)),)
    others = register().cities.get(name) or places_called(name)
    if len(others) == 1:
        other, within = others[0], chain(others[0])[0]
        if find(other.names, said.district) or meant is None:
            suggestion, meant = _suggestion(other, said), other if other.outer is within else other.outer
        else:
            suggestion = {"city": meant.name}
        params = {"said": other.name, "within": province.name, "found": within.name}
        return meant, None, (Flaw("city", "elsewhere", suggestion, params),)
    meant = meant or (province.inner[0] if is_municipality(province) else _near(name, province.names))
    return meant, None, (Flaw("city", "unknown", _only("city", meant), {"said": name[:MAX_PLACE]}),)


def _district(city: Place, said: Names) -> tuple[Place | None, tuple[Flaw, ...]]:
    name = said.district.removeprefix(city.name)
    if found := city.names.get(name):
        return found, ()
    if not name or name in NO_LEVEL or register().provinces.get(name) is chain(city)[0]:
        return None, (Flaw("district", "missing"),)
    if others := places_called(name):
        return None, (_elsewhere(name, city, others, said),)
    if found := find(city.names, name):
        return found, ()
    if _ZONE.search(name):
        return None, ()
    meant = _near(name, city.names)
    return None, (Flaw("district", "unknown", _only("district", meant), {"said": name[:MAX_PLACE]}),)


def _elsewhere(name: str, city: Place, others: list[Place], said: Names) -> Flaw:
    """A district that another city has; of several one in the same province is meant, if there is but one."""
    near_by = [place for place in others if chain(place)[0] is chain(city)[0]]
    meant = (near_by or others)[0] if len(near_by or others) == 1 else None
    found = ["".join(place.name for place in chain(other)[:-1]) for other in near_by or others]
    params = {"said": name, "within": city.name, "found": " / ".join(found)}
    return Flaw("district", "elsewhere", _suggestion(meant, said) if meant else None, params)


def _agrees(place: Place, district: str) -> bool:
    """Whether what stands in the district's place says nothing against the place."""
    if not district or district in NO_LEVEL or place.outer is None:
        return True
    other = find(place.outer.names, district)
    return other is place or (other is None and district not in register().districts)


def _below(province: Place, name: str) -> Place | None:
    """The one district of a province with this name."""
    found = {id(p): p for city in province.inner if (p := city.names.get(name)) is not None}
    return next(iter(found.values())) if len(found) == 1 else None


def _near(said: str, names: dict[str, Place]) -> Place | None:
    """The place whose name is written almost so."""
    close = difflib.get_close_matches(said[:MAX_PLACE], names, n=1, cutoff=0.65)
    return names[close[0]] if close else None


def _only(part: str, meant: Place | None) -> dict[str, str] | None:
    return {part: meant.name} if meant is not None else None


def _suggestion(place: Place, said: Names) -> dict[str, str]:
    """The parts that name a place, as far as they differ from what was said."""
    parts = dict(zip(Names._fields, (one.name for one in chain(place)), strict=False))
    return {part: name for part, name in parts.items() if name != getattr(said, part)}
