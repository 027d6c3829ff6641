"""Numbers of bank cards in what people write: nobody needs them here, so all but the last four digits are taken out."""

import re
import unicodedata

# Thirteen to nineteen digits, as people write them: together, in groups, with a Chinese keyboard's wide ones.
_RUN = re.compile(r"(?<![\w])(?:\d[ \u3000\u2010-\u2015-]?){12,18}\d(?![\w])")
# How the numbers of the schemes begin that issue cards: UnionPay, Visa, Mastercard, American Express, JCB, Diners, Discover.
_ISSUED = re.compile(r"4|5[1-5]|2[2-7]|3[0-9]|6[02458]")
SHOWN, HIDDEN = 4, "•"


def masked(text: str) -> str:
    """The same text with every number that is one of a card as `••••` and its last four digits."""
    return _RUN.sub(lambda run: _hidden(run.group()), text)


def _hidden(run: str) -> str:
    digits = "".join(str(unicodedata.digit(sign)) for sign in run if sign.isdigit())
    return HIDDEN * 4 + digits[-SHOWN:] if _ISSUED.match(digits) and _sums_up(digits) else run


def _sums_up(digits: str) -> bool:
    """Whether the last digit checks the others (ISO/IEC 7812, Luhn)."""
    doubled = [int(sign) * (1 + place % 2) for place, sign in enumerate(reversed(digits))]
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0
