"""Confirmations in words: templates and words are files, one of words for each language."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, select_autoescape

from dingdan.areas import identity
from dingdan.areas.notifications.model import HIDDEN, Confirmation, Facts, Keys, Rendered
from dingdan.areas.notifications.occasions import Occasion
from dingdan.areas.notifications.rules import wording

FOLDER = Path(__file__).parent / "templates"
LAST_RESORT = "en"


@cache
def languages() -> frozenset[str]:
    """The languages that have their words."""
    return frozenset(path.stem for path in (FOLDER / "words").glob("*.toml"))


def known_language(tag: str | None) -> str | None:
    """The language that has words for a tag, by itself or by its tongue; None where there is none."""
    forms = (tag or "", (tag or "").partition("-")[0].lower())
    return next((form for form in forms if form in languages()), None)


def language_of(*wanted: str | None) -> str:
    """The first of these tags that has words; English where none has."""
    return next((known for tag in wanted if (known := known_language(tag))), LAST_RESORT)


def render(
    confirmation: Confirmation, contact: identity.Contact | None, language: str, keys: Keys | None = None
) -> Rendered:
    """A confirmation in one language. Shown to whoever may not see people in full, the contact comes masked.

    Only a letter has `keys` that let its reader in.
    """
    return render_facts(confirmation.facts, contact, language, mark=confirmation.hash.hex(), keys=keys)


def render_facts(
    facts: Facts, contact: identity.Contact | None, language: str, *, mark: str, keys: Keys | None = None
) -> Rendered:
    """The same from its facts and their hash."""
    words = words_of(language)
    said = wording.spoken(facts, contact, words, language, mark=mark)
    occasion = words["occasions"][str(facts.occasion)]
    values = {
        "said": said, "words": words, "language": language, "link": keys.link if keys else "",
        "code": ((keys.code if keys else "") or HIDDEN) if facts.occasion is Occasion.CODE_ASKED else "",
        "subject": occasion["subject"].format(number=said.number, seller=said.seller),
        "intro": occasion["intro"].format(number=said.number, seller=said.seller),
    }  # fmt: skip
    return Rendered(
        language=language,
        seller=said.seller,
        subject=values["subject"],
        text=_template("message.txt").render(values),
        html=_template("message.html").render(values),
        short=_template("short.txt").render(values).strip(),
    )


@cache
def words_of(language: str) -> dict[str, Any]:
    """The words of a language, as its file has them."""
    return tomllib.loads((FOLDER / "words" / f"{language}.toml").read_text(encoding="utf-8"))


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER), autoescape=select_autoescape(["html"]), undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, auto_reload=False,
    )  # fmt: skip


@cache
def _template(name: str) -> Template:
    return _environment().get_template(name)
