"""Everything that is wrong with an address, all at once, and the region it lies in."""

import re
from functools import lru_cache

import msgspec

from dingdan.areas.addresses.model import Flaw, Identity, Region
from dingdan.areas.addresses.rules import countries, identities, phones
from dingdan.areas.addresses.rules.places import Names, Spot, plain, spot
from dingdan.areas.addresses.rules.register import ABROAD, chain, register
from dingdan.kernel.address import Address

_LETTER = re.compile(r"[^\W\d_]")
_POSTCODE = re.compile(r"\d{6}")
MIN_DETAIL = 2


def check(address: Address, *, cross_border: bool = False, identity: Identity | None = None) -> list[Flaw]:
    """The flaws of an address; none means that a parcel would find its door.

    What can be read in one way only is right, however it is written: 广东 or 广东省, 昆山市 in the city's place.
    """
    code = countries.code_of(address.country)
    at = address if code == address.country else msgspec.structs.replace(address, country=code)
    flaws = [] if at.name.strip() else [Flaw("name", "missing")]
    if not at.country:
        return [*flaws, Flaw("country", "missing"), *_identity(cross_border, identity)]
    if countries.country(at.country) is not None and (flaw := phones.flaw_of(at.phone, phone_country(at))):
        flaws.append(flaw)
    flaws += _in_china(at) if at.country == "CN" else countries.flaws_of(at)
    if at.detail.strip() and is_stub(at):
        flaws.append(Flaw("detail", "stub"))
    return [*flaws, *_identity(cross_border, identity)]


def region_of(address: Address) -> Region:
    """The region of an address, as deep as it can be told; an address with flaws may give only its country."""
    code = countries.code_of(address.country)
    if code != "CN":
        return Region(code, countries.region_code(code, address.province))
    deepest = spot_of(address).deepest
    if deepest is None:
        return Region(code)
    return Region(ABROAD[deepest.code]) if deepest.code in ABROAD else Region(code, deepest.code)


def name_of(region: Region) -> str | None:
    """A region's name from the widest part on ("" for a whole country); None where there is no such region."""
    asked = countries.country(region.country)
    if asked is None:
        return None
    if not region.code:
        return ""
    if region.country != "CN":
        return next((name for code, name in asked.regions.values() if code == region.code), None)
    place = register().by_code.get(region.code)
    if place is None or place.code in ABROAD:
        return None
    return "".join(dict.fromkeys(one.name for one in chain(place)))


def spot_of(address: Address) -> Spot:
    """The places that an address in China names."""
    return _spot(address.province, address.city, address.district)


# An order's address is looked at in many ways, and every one begins here.
@lru_cache(maxsize=4096)
def _spot(province: str, city: str, district: str) -> Spot:
    return spot(Names(plain(province), plain(city), plain(district)))


def phone_country(address: Address) -> str:
    """Where a number without a country's code is one of: Hong Kong has its own numbers, however it is written."""
    return region_of(address).country if address.country == "CN" else address.country


def is_stub(address: Address) -> bool:
    """Whether the detail says less than a street: no letter at all, a single one, or only the places over again."""
    rest = plain(address.detail)
    for part in (address.province, address.city, address.district):
        rest = rest.removeprefix(plain(part))
    return len(rest) < MIN_DETAIL or not _LETTER.search(rest)


def _in_china(address: Address) -> list[Flaw]:
    flaws = list(spot_of(address).flaws)
    if not address.detail.strip():
        flaws.append(Flaw("detail", "missing"))
    postcode = plain(address.postcode)
    if postcode and not _POSTCODE.fullmatch(postcode):
        words = {"reason": "one has six digits", "reason_zh": "应为 6 位数字"}
        flaws.append(Flaw("postcode", "malformed", None, words))
    return flaws


def _identity(cross_border: bool, identity: Identity | None) -> list[Flaw]:
    """Whoever gives an identity has it looked at; who ships across the border must."""
    return identities.flaws_of(identity) if cross_border or identity else []
