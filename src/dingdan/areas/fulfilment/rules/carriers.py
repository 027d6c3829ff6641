"""The carriers we know by name, and what their numbers look like."""

import re
from typing import Literal

import msgspec

from dingdan.areas.fulfilment.refusals import CarrierUnknown, NumberUnfit
from dingdan.kernel.refusal import Refusal, Text

CheckDigit = Literal["none", "s10", "luhn"]


class Carrier(msgspec.Struct, frozen=True):
    """A carrier: its code on the wire, its name for people, the form of its numbers and an example of one."""

    code: str
    name: Text
    pattern: str
    example: str
    check: CheckDigit = "none"
    # Whether there is an adapter that can be asked where a parcel is.
    is_connected: bool = False


# A register in code: names and number rules only. Licences, regions and scores are not kept here (O4.1, O4.2).
CARRIERS: dict[str, Carrier] = {
    carrier.code: carrier
    for carrier in (
        Carrier("sandbox", Text("Sandbox carrier", "沙箱快递"), r"SB[A-Z]\d{10}", "SBN0000000018", "luhn", True),
        Carrier("sf", Text("SF Express", "顺丰速运"), r"SF\d{13}|\d{12}", "SF1234567890123"),
        Carrier("yto", Text("YTO Express", "圆通速递"), r"YT\d{13}", "YT1234567890123"),
        # The international form of the Universal Postal Union, S10, with its check digit.
        Carrier("royal_mail", Text("Royal Mail", "英国皇家邮政"), r"[A-Z]{2}\d{9}GB", "RB123456785GB", "s10"),
        # Own drivers, collection in person and carriers without a connection.
        Carrier("manual", Text("Other or own delivery", "其他或自有配送"), r"[0-9A-Z][0-9A-Z-]{3,39}", "VAN-2031"),
    )
}

_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def tidy_number(number: str) -> str:
    """A number as it is stored: capitals, without the blanks that people and labels put in."""
    return "".join(number.replace("\0", "").split()).upper()


def number_problems(carrier: str, number: str, *, path: str = "") -> list[Refusal]:
    """What is wrong with a carrier and its number; nothing ships without both (O4.3)."""
    known = CARRIERS.get(carrier)
    below = f"{path}." if path else ""
    if known is None:
        return [CarrierUnknown(f"{below}carrier", carrier=carrier, known=", ".join(CARRIERS))]
    tidy = tidy_number(number)
    if re.fullmatch(known.pattern, tidy, re.ASCII) and _check_digit_fits(known.check, tidy):
        return []
    return [NumberUnfit(f"{below}tracking_number", number=number[:60], carrier=known.code, example=known.example)]


def s10_digit(serial: str) -> int:
    """The check digit over the eight digits of an S10 number (UPU standard S10)."""
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(serial, _S10_WEIGHTS, strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest)


def luhn_digit(digits: str) -> int:
    """The check digit after these digits by Luhn's rule (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return -total % 10


def sandbox_number(serial: int, script: str = "N") -> str:
    """A number of the sandbox carrier: the letter of the script its parcel plays, nine digits, their check digit."""
    digits = f"{serial % 10**9:09d}"
    return f"SB{script}{digits}{luhn_digit(digits)}"


def _check_digit_fits(check: CheckDigit, number: str) -> bool:
    if check == "s10":
        return int(number[10]) == s10_digit(number[2:10])
    if check == "luhn":
        return int(number[-1]) == luhn_digit(number[3:-1])
    return True
