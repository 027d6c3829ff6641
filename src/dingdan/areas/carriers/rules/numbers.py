"""Whether a tracking number is one of its carrier's; if not, what is wrong with it and whose it looks like."""

import re
from functools import cache
from typing import Literal

import msgspec

from dingdan.areas.carriers.refusals import NumbersUnknown, NumberUnfit
from dingdan.areas.carriers.rules.checking import RULES, luhn_digit
from dingdan.areas.carriers.rules.forms import COUNTRIES, KNOWN, Form, Known
from dingdan.kernel.refusal import Refusal, Text

MOST_DETECTED = 5
# Longer than any number; longer ones are not looked at.
LONGEST = 60

Sureness = Literal["check_digit", "letters", "length"]

_SHAPE = Text("it has another length or other letters", "长度或字母不符")
_DIGIT = Text("its check digit should be {digit}", "校验位应为 {digit}")
_COUNTRY = Text("{country} is no country", "{country} 不是国家或地区代码")
_LOOKS = Text(" This looks like a number of {fits}.", "该单号更像 {fits} 的单号。")


class Detected(msgspec.Struct, frozen=True):
    """A carrier that a number fits, the form it fits, and what that rests on."""

    carrier: str
    name: Text
    form: str
    sureness: Sureness


def tidy_number(number: str) -> str:
    """A number as it is stored: capitals, without the blanks that people and labels put in."""
    return "".join(number.replace("\0", "").split()).upper()


def number_problems(carrier: str, number: str, *, path: str = "") -> list[Refusal]:
    """What is wrong with a carrier and its number; nothing ships without both (O4.3)."""
    known = KNOWN.get(carrier)
    below = f"{path}." if path else ""
    if known is None:
        return [NumbersUnknown(f"{below}carrier", carrier=carrier[:LONGEST], known=", ".join(KNOWN))]
    tidy = tidy_number(number)
    why = _why_not(known, tidy)
    if why is None:
        return []
    others = [one for one in detect(tidy) if one.carrier != carrier and one.sureness != "length"]
    fits = _LOOKS.filled({"fits": others[0].name.en}) if others else Text("", "")
    return [NumberUnfit(
        f"{below}tracking_number", number=number.replace("\0", "")[:LONGEST], carrier=known.code, example=known.example,
        why=why.en, why_zh=why.zh, looks_like=[one.carrier for one in others], fits=fits.en,
        fits_zh=_LOOKS.filled({"fits": others[0].name.zh}).zh if others else "",
    )]  # fmt: skip


def detect(number: str) -> list[Detected]:
    """The carriers whose numbers look like this one, the surest first; few, and none for what fits everything."""
    tidy = tidy_number(number)
    found = []
    for known in KNOWN.values():
        fitting = [form for form in known.forms if form_fits(form, tidy)]
        if fitting and known.code != "manual":
            sure, form = min(((_sureness(form, tidy), form.name) for form in fitting), key=lambda one: _RANK[one[0]])
            found.append(Detected(known.code, known.name, form, sure))
    found.sort(key=lambda one: _RANK[one.sureness])
    return found[:MOST_DETECTED]


def form_fits(form: Form, tidy: str) -> bool:
    """Whether a tidy number is of a form, check digit and country included."""
    match = _read(form.pattern, tidy)
    return match is not None and _flaw(form, match) is None


def sandbox_number(serial: int, script: str = "N") -> str:
    """A number of the sandbox carrier: the letter of the script its parcel plays, nine digits, their check digit."""
    digits = f"{serial % 10**9:09d}"
    return f"SB{script}{digits}{luhn_digit(digits)}"


_RANK: dict[Sureness, int] = {"check_digit": 0, "letters": 1, "length": 2}


def _sureness(form: Form, tidy: str) -> Sureness:
    """Ten digits of which one in seven fits by chance say less than letters do."""
    has_letters = any(sign.isalpha() for sign in tidy)
    if form.rule and (has_letters or form.rule != "mod7"):
        return "check_digit"
    return "letters" if has_letters else "length"


def _why_not(known: Known, tidy: str) -> Text | None:
    """None where a form fits; else the flaw of the form that comes nearest: one with the right shape, if there is any."""
    flaws = []
    for form in known.forms:
        match = _read(form.pattern, tidy)
        if match is not None:
            flaw = _flaw(form, match)
            if flaw is None:
                return None
            flaws.append(flaw)
    return flaws[0] if flaws else _SHAPE


def _flaw(form: Form, match: re.Match[str]) -> Text | None:
    groups = match.groupdict()
    if form.rule and (wanted := RULES[form.rule](form.lead + groups["b"])) != groups["c"]:
        return _DIGIT.filled({"digit": wanted})
    if "country" in groups and groups["country"] not in COUNTRIES:
        return _COUNTRY.filled({"country": groups["country"]})
    return None


def _read(pattern: str, tidy: str) -> re.Match[str] | None:
    return _compiled(pattern).fullmatch(tidy) if len(tidy) <= LONGEST else None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.ASCII)
