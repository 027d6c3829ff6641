"""Numbers of payment cards within what people write: nobody needs them here, so all but the last four digits go."""

import re
import unicodedata

# As somebody writes one: any digits, also wide ones, with at most two blanks, dashes or dots between.
_BETWEEN = r"[\s\-‐-―−－.·•]{0,2}"
_DIGITS = re.compile(rf"(?<![0-9A-Za-z_])\d(?:{_BETWEEN}\d){{13,}}(?![0-9A-Za-z_])")
LONGEST = 19
_GROUP = re.compile(r"\d+")
# First digits and how long numbers are that begin so (ISO/IEC 7812). Thirteen digits are parcels, not old cards.
_SCHEMES = (
    (range(4, 5), 1, (16, 19)), (range(51, 56), 2, (16,)), (range(2221, 2721), 4, (16,)), (range(34, 35), 2, (15,)),
    (range(37, 38), 2, (15,)), (range(62, 63), 2, (16, 17, 18, 19)), (range(81, 82), 2, (16, 17, 18, 19)),
    (range(65, 66), 2, (16, 19)), (range(6011, 6012), 4, (16, 19)), (range(644, 650), 3, (16, 19)),
    (range(3528, 3590), 4, (16, 19)), (range(300, 306), 3, (14, 16, 19)), (range(36, 37), 2, (14, 16, 19)),
    (range(38, 40), 2, (14, 16, 19)),
)  # fmt: skip


def masked(text: str) -> str:
    """The same text with the last four digits of each card's number and a mark in place of the others."""
    return _DIGITS.sub(_without_cards, text)


def _without_cards(found: re.Match[str]) -> str:
    """A stretch of digits may hold a card among others, as "4111 1111 1111 1111 123": groups are taken together."""
    said, kept, begin = found[0], "", 0
    groups = list(_GROUP.finditer(said))
    first = 0
    while first < len(groups):
        # No card has more groups than digits.
        ends = range(min(first + LONGEST, len(groups)), first, -1)
        end = next((n for n in ends if _is_card(groups[first:n])), None)
        if end is None:
            first += 1
            continue
        kept += said[begin : groups[first].start()] + "••••" + _plain(groups[first:end])[-4:]
        first, begin = end, groups[end - 1].end()
    return kept + said[begin:]


def _plain(groups: list[re.Match[str]]) -> str:
    """The digits of groups as narrow ones, whichever keyboard wrote them."""
    return "".join(str(unicodedata.digit(sign)) for group in groups for sign in group[0])


def _is_card(groups: list[re.Match[str]]) -> bool:
    if sum(len(group[0]) for group in groups) > LONGEST:
        return False
    digits = [int(one) for group in groups for one in group[0]]
    return _has_length(digits) and _adds_up(digits)


def _has_length(digits: list[int]) -> bool:
    return any(
        len(digits) in lengths and int("".join(map(str, digits[:shown]))) in firsts
        for firsts, shown, lengths in _SCHEMES
    )


def _adds_up(digits: list[int]) -> bool:
    """The check digit of ISO/IEC 7812 (Luhn)."""
    doubled = [2 * one - 9 * (2 * one > 9) for one in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
