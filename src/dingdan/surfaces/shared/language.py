"""Which language somebody asked for, and the words in it."""

from typing import Literal

from dingdan.kernel.refusal import Text

Tongue = Literal["en", "zh"]


def asked(accept_language: str) -> Tongue:
    """The better liked of our two languages in an Accept-Language header; English where none is named."""
    weights = {"en": 0.0, "zh": 0.0}
    for part in accept_language[:200].split(","):
        tag, _, parameter = part.strip().lower().partition(";")
        tongue = tag.strip().partition("-")[0]
        if tongue in weights:
            weights[tongue] = max(weights[tongue], _weight(parameter))
    return "zh" if weights["zh"] > weights["en"] else "en"


def pick(text: Text, tongue: Tongue) -> str:
    """The words in one language."""
    return text.zh if tongue == "zh" else text.en


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0
