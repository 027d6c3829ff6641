"""Check digits of tracking numbers: each rule says which character must follow the others, or None where it says nothing."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

Digit = Callable[[str], str]

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
# What FedEx weighs its digits with, from the last one backwards.
_FEDEX = (1, 3, 7)


def luhn_digit(digits: str) -> int:
    """The check digit after these digits by Luhn's rule (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return -total % 10


def s10_digit(serial: str) -> int:
    """The check digit over the eight digits of an S10 number (UPU standard S10)."""
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(serial, _S10_WEIGHTS, strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest)


def mod10_digit(body: str, first: int, second: int) -> int:
    """What makes the sum a multiple of ten; two weights take turns from the left, letters count 2 to 9, 0, 1 and so on."""
    total = sum(_value(sign) * (second if place % 2 else first) for place, sign in enumerate(body))
    return -total % 10


def weighted_digit(body: str, weights: Sequence[int]) -> int:
    """The weighted sum modulo 11, of which ten is written as nought; the weights are told from the last digit on."""
    turns = [weights[place % len(weights)] for place in range(len(body))]
    return sum(int(digit) * weight for digit, weight in zip(reversed(body), turns, strict=True)) % 11 % 10


def mod7_digit(body: str) -> int:
    """The number itself modulo seven, as on air waybills."""
    return int(body) % 7


def mod37_36_sign(body: str) -> str:
    """ISO/IEC 7064 MOD 37,36: the check character of letters and digits."""
    rest = 36
    for sign in body:
        rest = (rest + ALPHABET.index(sign)) % 36 or 36
        rest = rest * 2 % 37
    return ALPHABET[(37 - rest) % 36]


def _value(sign: str) -> int:
    """A digit counts as it is; A counts 2, B 3 and so on, the tens left out."""
    return int(sign) if sign.isdigit() else (ord(sign) - 3) % 10


def _told(rule: Callable[[str], int]) -> Digit:
    return lambda body: str(rule(body))


# {name in the table of forms: rule}
RULES: Mapping[str, Digit] = {
    "luhn": _told(luhn_digit),
    "s10": _told(s10_digit),
    "mod7": _told(mod7_digit),
    "mod37_36": mod37_36_sign,
    "fedex": _told(partial(weighted_digit, weights=_FEDEX)),
    "mod10_12": _told(partial(mod10_digit, first=1, second=2)),
    "mod10_13": _told(partial(mod10_digit, first=1, second=3)),
    "mod10_31": _told(partial(mod10_digit, first=3, second=1)),
}
