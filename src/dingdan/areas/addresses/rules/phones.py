"""Whether a phone number exists where it is said to."""

import re
import unicodedata
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, ValidationResult

from dingdan.areas.addresses.model import Flaw

MAX_PHONE, _CHINA = 60, 86
# What stands behind a number: 0571-88001234-801, 13812345678转1234, ext. 12.
_EXTENSION = re.compile(r"\s*(?:[-,#*转]|分机|ext\.?|x)\s*[-:]?\s*(\d{1,6})$", re.I)
_MOBILE = re.compile(r"(?:\+?86 ?)?(1\d{6})\d{4}", re.ASCII)
_REASONS = {
    ValidationResult.TOO_SHORT: {"reason": "it has too few digits", "reason_zh": "位数不足"},
    ValidationResult.TOO_LONG: {"reason": "it has too many digits", "reason_zh": "位数过多"},
    ValidationResult.INVALID_COUNTRY_CODE: {"reason": "no country has its code", "reason_zh": "国家区号不存在"},
    ValidationResult.IS_POSSIBLE_LOCAL_ONLY: {"reason": "the area code is missing", "reason_zh": "缺少区号"},
}
_NEAR_BY = frozenset({"HK", "MO", "TW"})
_NO_RANGE = {"reason": "no network has such numbers", "reason_zh": "该号段不存在"}
_NO_DIGITS = {"reason": "it is not made of digits", "reason_zh": "应由数字组成"}


def flaw_of(said: str, country: str) -> Flaw | None:
    """What is wrong with a number; without + or 00 it is one of this country. Mobile, landline and 400 are all right."""
    text = unicodedata.normalize("NFKC", said).strip()
    if not text:
        return Flaw("phone", "missing")
    if (mobile := _MOBILE.fullmatch(text)) and country == "CN" and _has_range(mobile[1]):
        return None
    # Who lives in Hong Kong, Macau or Taiwan may well have a number of the mainland.
    plans = (country, "CN") if country in _NEAR_BY else (country,)
    if any(_exists(text, plan) for plan in plans):
        return None
    without = _EXTENSION.sub("", text)
    if without != text and any(_exists(without, plan) for plan in plans):
        return None
    return Flaw("phone", "malformed", None, _reason(_read(without, country)))


@lru_cache(maxsize=4096)
def _has_range(beginning: str) -> bool:
    """Whether mobile numbers with these first seven digits exist; the last four may be any. Nearly all numbers are

    such ones, and the library takes 20 µs for each.
    """
    return _exists(f"{beginning}0000", "CN")


def _reason(number: PhoneNumber | None) -> dict[str, str]:
    if number is None:
        return _NO_DIGITS
    if number.country_code == _CHINA and (digits := str(number.national_number)).startswith("1") and len(digits) > 6:
        too = ValidationResult.TOO_SHORT if len(digits) < 11 else ValidationResult.TOO_LONG
        return _NO_RANGE if len(digits) == 11 else _REASONS[too]
    return _REASONS.get(phonenumbers.is_possible_number_with_reason(number), _NO_RANGE)


def _exists(text: str, country: str) -> bool:
    number = _read(text, country)
    return number is not None and phonenumbers.is_valid_number(number)


def _read(text: str, country: str) -> PhoneNumber | None:
    if len(text) > MAX_PHONE:
        return None
    # Abroad the two zeros of an international call are not known to every plan of numbers.
    text = "+" + text[2:] if text.startswith("00") else text
    try:
        return phonenumbers.parse(text, country)
    except NumberParseException:
        return None
