"""An address put in order: as the register writes it, or as it was probably meant."""

import re
import unicodedata

import msgspec

from dingdan.areas.addresses.model import Flaw, Part
from dingdan.areas.addresses.rules import countries
from dingdan.areas.addresses.rules.checking import check, spot_of
from dingdan.areas.addresses.rules.places import places_called, plain
from dingdan.areas.addresses.rules.register import (
    Place,
    chain,
    find,
    is_abroad,
    register,
    short_name,
)
from dingdan.kernel.address import Address

MOST_CORRECTIONS = 5
_BLANKS = re.compile(r"\s+")


def tidied(address: Address) -> Address:
    """The same address as the register writes it: names in full, blanks and full-width letters made plain.

    Only what can be read in one way is changed. A name of old stays, since that is what the street still goes by.
    """
    parts = {part: _tidy(getattr(address, part)) for part in address.__struct_fields__}
    at = Address(**parts | {"country": countries.code_of(address.country)})
    if at.country != "CN":
        return at
    spot = spot_of(at)
    if spot.province is None or any(flaw.part in ("province", "city", "district") for flaw in spot.flaws):
        return at
    if is_abroad(spot.province):
        return msgspec.structs.replace(at, province=spot.province.name)
    if spot.city is None or spot.district is None:
        return msgspec.structs.replace(at, province=spot.province.name, city=spot.city.name if spot.city else at.city)
    return _with_district(at, spot.province.name, spot.city, spot.district)


def corrected(address: Address) -> tuple[Address, ...]:
    """What was probably meant, likeliest first; empty where the places are sound or nobody could guess."""
    at = tidied(address)
    flaws = [flaw for flaw in check(at) if flaw.part in ("province", "city", "district")]
    if not flaws:
        return ()
    guesses = [_with(at, flaws), *_from_detail(at)]
    if any(flaw.part == "district" for flaw in flaws):
        guesses += _namesakes(at)
    found: dict[Address, None] = {}
    for guess in guesses:
        guess = tidied(guess)
        if guess != at and not any(flaw.part in ("province", "city", "district") for flaw in check(guess)):
            found.setdefault(guess)
    return tuple(found)[:MOST_CORRECTIONS]


def choices(address: Address, part: Part) -> tuple[str, ...]:
    """What may stand in a part, given those above it; empty where anything may."""
    if (code := countries.code_of(address.country)) != "CN":
        asked = countries.country(code)
        return tuple(dict.fromkeys(key for _, key in asked.regions.values())) if asked and part == "province" else ()
    if part == "province":
        return tuple(dict.fromkeys(place.name for place in register().provinces.values()))
    spot = spot_of(address)
    if part == "city" and spot.province is not None:
        return tuple(place.name for place in spot.province.inner)
    if part == "district" and spot.city is not None:
        return tuple(place.name for place in spot.city.inner)
    return ()


def required(country: str) -> tuple[Part, ...]:
    """The parts that an address in a country cannot do without, in the order in which people fill them in."""
    asked = countries.country(code := countries.code_of(country))
    own: tuple[Part, ...] = ("province", "city", "district", "detail") if code == "CN" else ()
    wanted = {"name", "phone", "country", *(own or (asked.required if asked else ()))}
    order: tuple[Part, ...] = ("name", "phone", "country", "province", "city", "district", "detail", "postcode")
    return tuple(part for part in order if part in wanted)


def _tidy(text: str) -> str:
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", text)).strip()


def _with_district(at: Address, province: str, city: Place, place: Place) -> Address:
    """The three names in full. A town in the district's place moves to the street; a name of old stays."""
    said = plain(at.district)
    named = find(city.names, said)
    detail = at.detail if named is place or not said or plain(at.detail).startswith(said) else said + at.detail
    is_old = named is place and short_name(place.name) not in (said, short_name(said))
    district = at.district if is_old else place.name
    return msgspec.structs.replace(at, province=province, city=city.name, district=district, detail=detail)


def _with(address: Address, flaws: list[Flaw]) -> Address:
    parts: dict[str, str] = {}
    for flaw in flaws:
        parts |= flaw.suggestion or {}
    return msgspec.structs.replace(address, **parts)


def _namesakes(address: Address) -> list[Address]:
    """All districts of the country with this name, those of the same province first."""
    same = spot_of(address).province
    found = sorted(places_called(plain(address.district)), key=lambda place: chain(place)[0] is not same)
    return [_at(address, place) for place in found]


def _from_detail(address: Address) -> list[Address]:
    """The district is missing, and the street begins with its name."""
    spot, detail = spot_of(address), plain(address.detail)
    if spot.city is None or address.district:
        return []
    names = sorted(spot.city.names, key=len, reverse=True)
    named = next((name for name in names if len(name) > 1 and detail.startswith(name)), None)
    return [_at(address, spot.city.names[named])] if named else []


def _at(address: Address, place: Place) -> Address:
    parts = dict(zip(("province", "city", "district"), (one.name for one in chain(place)), strict=False))
    return msgspec.structs.replace(address, **parts)
