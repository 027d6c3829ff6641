"""Which language somebody asked for, and the words in it."""

import re
from typing import Literal

from dingdan.kernel.refusal import Text

Tongue = Literal["en", "zh"]

_TAG = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}")


def asked(accept_language: str) -> Tongue:
    """The better liked of our two languages in an Accept-Language header; English where none is named."""
    weights = {"en": 0.0, "zh": 0.0}
    for part in accept_language[:200].split(","):
        tag, _, parameter = part.strip().lower().partition(";")
        tongue = tag.strip().partition("-")[0]
        if tongue in weights:
            weights[tongue] = max(weights[tongue], _weight(parameter))
    return "zh" if weights["zh"] > weights["en"] else "en"


def tags(accept_language: str) -> list[str]:
    """The language tags of an Accept-Language header, best liked first; what is no tag is left out."""
    liked: list[tuple[float, str]] = []
    for part in accept_language[:200].split(","):
        tag, _, parameter = part.strip().partition(";")
        if _TAG.fullmatch(tag.strip()) and _weight(parameter):
            liked.append((-_weight(parameter), tag.strip()))
    return [tag for _, tag in sorted(liked, key=lambda one: one[0])]


def pick(text: Text, tongue: Tongue) -> str:
    """The words in one language."""
    return text.zh if tongue == "zh" else text.en


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
