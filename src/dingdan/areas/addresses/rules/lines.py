"""One line of free text, as people paste it, read into the parts of an address."""

import re
import unicodedata
from typing import NamedTuple

from dingdan.areas.addresses.model import Mark, Parsed
from dingdan.areas.addresses.rules import phones
from dingdan.areas.addresses.rules.checking import is_stub, region_of
from dingdan.areas.addresses.rules.register import (
    Place,
    chain,
    has_districts,
    is_abroad,
    is_municipality,
    register,
)
from dingdan.kernel.address import Address

MAX_LINE, MAX_DETAIL, STUB = 1000, 500, 6
_LOOK_AHEAD = 12

_PHONE = re.compile(
    r"(?<![\d-])(?:\+?86[- ]?)?(1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}[- ]?\d{7,8}(?:-\d{1,6})?)(?![\d-])"
)
_POSTCODE = re.compile(r"(?:邮编|邮政编码)[:：]?\s*(\d{6})(?!\d)|(?<!\d)(\d{6})\s*$")
_LABEL = re.compile(
    r"(收货人|收件人|姓名|联系人|手机号码|手机号|手机|联系电话|电话|收货地址|详细地址|所在地区|地址)\s*[:：]"
)
_BETWEEN = re.compile(r"[\s,，;；、|]+")
_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,6}·[\u4e00-\u9fff]{1,6}")
_NO_NAME = re.compile(r"[省市区县镇乡村路街道号楼栋幢室层厦园城弄巷苑里座店场]$")
_HAN = re.compile(r"[\u4e00-\u9fff]")
# A short name before one of these is the name of a road: 香港中路, 台北一路, 北京大街.
_ROAD = re.compile(
    r"(?:[东西南北中内外上下前后]|[一二三四五六七八九十\d]+)?(?:环?路|大?街|大?道|大路|巷|弄|胡同|桥|门|站|支路)"
)
_KIND = re.compile(r"(?:自治[州县旗]|特别行政区|地区|新区|[省市州盟县区旗])")
_SKIP = re.compile(r"[\s,，.。;；:：、/|()（）\-—_*#]+")
_FULL = re.compile(r"[省市州盟县区旗]$")


class Match(NamedTuple):
    """A name that stands at a place of the text."""

    place: Place
    end: int
    is_short: bool


class Read(NamedTuple):
    """The places that a text begins with, and where the rest begins."""

    places: tuple[Place, ...] = ()
    end: int = 0
    is_guess: bool = False


def read_line(text: str) -> Parsed:
    """Name, phone, postcode and the parts of a Chinese address from one line. Never refuses; the marks tell."""
    line = unicodedata.normalize("NFKC", text[:MAX_LINE]).strip()
    line, phone = _phone(line)
    line, postcode = _postcode(line)
    name, line = _name(line) if phone else ("", line)
    line = _LABEL.sub(" ", line)
    rest = "".join(line.split())
    read = _places(rest)
    province, city, district = _levels(read.places)
    detail = rest[_skipped(rest, read.end) :].rstrip(",;、|")
    address = Address(name, phone, "CN", city, detail[:MAX_DETAIL], province, district, postcode)
    return Parsed(address, region_of(address), _marks(rest, read, address))


def _marks(rest: str, read: Read, address: Address) -> tuple[Mark, ...]:
    if not rest:
        return ("empty",)
    marks: list[Mark] = []
    if len(rest) <= STUB or is_stub(address):
        marks.append("stub")
    if not read.places:
        marks.append("unplaced" if _HAN.search(rest) else "foreign")
    elif not address.district and not is_abroad(read.places[0]) and has_districts(read.places[-1]):
        marks.append("partial")
    if read.is_guess:
        marks.append("guessed")
    return tuple(marks)


def _phone(line: str) -> tuple[str, str]:
    for found in _PHONE.finditer(line):
        if phones.flaw_of(found[1], "CN") is None:
            return f"{line[: found.start()]} {line[found.end() :]}", found[1]
    return line, ""


def _postcode(line: str) -> tuple[str, str]:
    """Six digits after their label, or alone at the end of the line."""
    found = _POSTCODE.search(line)
    if found is None or (found[1] is None and not line[: found.start()].endswith((" ", ",", "，"))):
        return line, ""
    return f"{line[: found.start()]} {line[found.end() :]}", found[1] or found[2]


def _name(line: str) -> tuple[str, str]:
    """The recipient, where a phone shows that this is more than a place: a short word that names no place."""
    words = [word for word in _BETWEEN.split(_LABEL.sub(" ", line)) if word]
    for word in words:
        if len(words) > 1 and _NAME.fullmatch(word) and not _NO_NAME.search(word) and not _places(word).places:
            return word, line.replace(word, " ", 1)
    return "", line


def _places(text: str) -> Read:
    """The places at the beginning of a text; a full name of a province or city may also come a little later."""
    start = 2 if text.startswith("中国") else 0
    if (read := _places_at(text, start)).places:
        return read
    if _full_somewhere(register().districts, text, start):
        return read
    for at in range(1, min(_LOOK_AHEAD, len(text))):
        first = _match(register().provinces, text, at) or _match_only(register().cities, text, at)
        if first and not first.is_short and (found := _places_at(text, at)).places:
            return found
    return read


def _places_at(text: str, at: int) -> Read:
    at = _skipped(text, at)
    if first := _match(register().provinces, text, at):
        return _inside(first.place, text, first)
    city, district = _match_only(register().cities, text, at), _match_only(register().districts, text, at)
    if city and (district is None or not city.is_short or (district.is_short and city.end >= district.end)):
        is_ambiguous = city.is_short and _full_somewhere(register().districts, text, at)
        return Read() if is_ambiguous else _below_city(city.place, text, city)
    if district and not district.is_short:
        return Read(tuple(chain(district.place)), _again(text, district))
    return Read()


def _inside(province: Place, text: str, before: Match) -> Read:
    at = _again(text, before)
    if is_abroad(province):
        return Read((province,), at)
    if is_municipality(province):
        return _below_city(province.inner[0], text, before, at)
    at = _no_level(text, at)
    if city := _match(province.names, text, at):
        lower = _lower(province, text, at)
        if lower is None or lower.is_short or lower.end <= city.end:
            return _below_city(city.place, text, city)
    if lower := _lower(province, text, at):
        return Read(tuple(chain(lower.place)), _again(text, lower), lower.is_short)
    return Read((province,), at)


def _below_city(city: Place, text: str, before: Match, at: int | None = None) -> Read:
    at = _no_level(text, _again(text, before) if at is None else at)
    if has_districts(city) and (district := _match(city.names, text, at)):
        return Read(tuple(chain(district.place)), _again(text, district), district.is_short)
    is_guess = before.is_short and before.place is city
    return Read(tuple(chain(city)), at, is_guess and city.outer is not None and not is_municipality(city.outer))


def _lower(province: Place, text: str, at: int) -> Match | None:
    """The one district of a province whose name stands here."""
    found = [match for city in province.inner if (match := _match(city.names, text, at))]
    longest = max((match.end for match in found), default=0)
    places = {id(match.place): match for match in found if match.end == longest}
    return next(iter(places.values())) if len(places) == 1 else None


def _match(names: dict[str, Place], text: str, at: int) -> Match | None:
    """The longest of these names that stands here."""
    for length in range(min(15, len(text) - at), 1, -1):
        name = text[at : at + length]
        if (place := names.get(name)) is not None:
            return _whole(place, name, text, at + length)
    return None


def _match_only(names: dict[str, list[Place]], text: str, at: int) -> Match | None:
    """The same where a name may mean several places: then it means none."""
    for length in range(min(15, len(text) - at), 1, -1):
        name = text[at : at + length]
        if places := names.get(name):
            return _whole(places[0], name, text, at + length) if len({id(p) for p in places}) == 1 else None
    return None


def _full_somewhere(names: dict[str, list[Place]], text: str, at: int) -> bool:
    """Whether a full name stands here, though it may mean several places."""
    return any(
        _FULL.search(text[at : at + length]) and text[at : at + length] in names
        for length in range(min(15, len(text) - at), 2, -1)
    )


def _whole(place: Place, name: str, text: str, end: int) -> Match | None:
    """A match with the kind that follows a short name; none where the name is that of a road."""
    if name == place.name or (_FULL.search(name) and len(name) > 2):
        return Match(place, end, is_short=False)
    if _ROAD.match(text, end):
        return None
    if kind := _KIND.match(text, end):
        return Match(place, kind.end(), is_short=False)
    return Match(place, end, is_short=True)


def _again(text: str, match: Match) -> int:
    """Behind a place, and behind its name where it is said twice (上海市上海市)."""
    at = _skipped(text, match.end)
    while text.startswith(match.place.name, at):
        at = _skipped(text, at + len(match.place.name))
    return at


def _no_level(text: str, at: int) -> int:
    for word in ("市辖区", "省直辖县级行政区划", "自治区直辖县级行政区划", "直辖县级"):
        at = at + len(word) if text.startswith(word, at) else at
    return _skipped(text, at)


def _skipped(text: str, at: int) -> int:
    found = _SKIP.match(text, at)
    return found.end() if found else at


def _levels(places: tuple[Place, ...]) -> tuple[str, str, str]:
    names = [place.name for place in places]
    province, city, district = (*names, "", "", "")[:3]
    return province, city, district
