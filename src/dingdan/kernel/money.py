"""Money as integers: amounts in minor units, and splits that never lose one."""

from collections.abc import Sequence

import msgspec

# ISO 4217 minor units; a currency that is not here is not accepted anywhere.
_TWO_PLACES = """
    AED AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF IDR ILS INR MOP MXN MYR NOK NZD PHP PLN RON RUB SAR SEK SGD THB
    TRY TWD UAH USD ZAR
"""
EXPONENTS: dict[str, int] = (
    dict.fromkeys(_TWO_PLACES.split(), 2)
    | dict.fromkeys(("CLP", "ISK", "JPY", "KRW", "VND"), 0)
    | dict.fromkeys(("BHD", "JOD", "KWD", "OMR", "TND"), 3)
)

# Amounts live in a bigint column; sums of many must still fit.
MAX_AMOUNT = 10**15


class Money(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An amount in minor units of one currency (`38870`, `CNY` is 388.70 yuan)."""

    amount: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other), self.currency)

    def _same(self, other: "Money") -> int:
        if other.currency != self.currency:
            raise ValueError(f"cannot mix {self.currency} and {other.currency}")
        return other.amount

    def __str__(self) -> str:
        return f"{decimal_string(self.amount, self.currency)} {self.currency}"


def is_currency(code: str) -> bool:
    """Whether we keep accounts in this currency."""
    return code in EXPONENTS


def decimal_string(amount: int, currency: str) -> str:
    """Write minor units as a decimal string: 38870 CNY is "388.70", 5 JPY is "5"."""
    exponent = EXPONENTS[currency]
    if exponent == 0:
        return str(amount)
    sign = "-" if amount < 0 else ""
    whole, part = divmod(abs(amount), 10**exponent)
    return f"{sign}{whole}.{part:0{exponent}d}"


def from_decimal_string(text: str, currency: str) -> int:
    """Read a decimal string exactly; more places than the currency has is a ValueError, never a rounding."""
    exponent = EXPONENTS[currency]
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text)
    whole, _, part = digits.partition(".")
    kept, dropped = part[:exponent], part[exponent:]
    if not (whole or part) or not (whole + part).isascii() or not (whole + part).isdigit() or dropped.strip("0"):
        raise ValueError(f"{text!r} is not an amount in {currency}")
    scale: int = 10**exponent
    return sign * (int(whole or 0) * scale + int(kept.ljust(exponent, "0") or 0))


def split(amount: int, weights: Sequence[int]) -> list[int]:
    """Split an amount over weights by largest remainder; the parts always sum to the amount.

    Ties go to the earlier weight (arithmetic A2 in docs/money.md). All weights zero: the first takes everything.
    """
    if not weights or any(weight < 0 for weight in weights):
        raise ValueError("weights must be a non-empty list of non-negative integers")
    total = sum(weights)
    if total == 0:
        return [amount] + [0] * (len(weights) - 1)
    sign, size = (-1, -amount) if amount < 0 else (1, amount)
    floors = [size * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(size * weights[i] % total), i))
    for i in by_remainder[: size - sum(floors)]:
        floors[i] += 1
    return [sign * part for part in floors]


def part_of_units(payable: int, units: int, *, before: int, taken: int) -> int:
    """What `taken` of `units` cost when `before` of them are already gone, by cumulative rounding (A3).

    Taken one by one or all at once, the parts sum to `payable`; no part is off by half a minor unit or more.
    """
    if not (before >= 0 and taken >= 0 and before + taken <= units and units > 0):
        raise ValueError("more units taken than there are")

    def due(count: int) -> int:
        return (2 * payable * count + units) // (2 * units)

    return due(before + taken) - due(before)


def percent(amount: int, basis_points: int) -> int:
    """A share in hundredths of a percent, rounded half up to the minor unit (A8)."""
    sign, size = (-1, -amount) if amount < 0 else (1, amount)
    return sign * ((size * basis_points * 2 + 10_000) // 20_000)
