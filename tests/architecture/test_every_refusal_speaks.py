"""Every "no" has a stable code, a kind, words in both languages, and says what to do about it."""

import re
import string

import pytest
from tests.architecture.source import areas, load_everything, program

from dingdan.kernel.refusal import REGISTRY, Kind, Text

pytestmark = pytest.mark.requirement("issue 2: refusals")

load_everything()
REFUSALS = sorted(
    (refusal for refusal in REGISTRY.values() if refusal.__module__.startswith("dingdan.")),
    key=lambda refusal: refusal.code,
)
TEXTS = [(refusal.code, text) for refusal in REFUSALS for text in (refusal.message, refusal.remedy)]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Punctuation of English sentences between Chinese characters reads like a machine's work.
ENGLISH_STOP = re.compile(r"[\u4e00-\u9fff][,;?!][\u4e00-\u9fff]|[\u4e00-\u9fff]\.(\s|$)")


def test_there_are_refusals() -> None:
    assert len(REFUSALS) > 20


def test_a_code_says_where_and_what() -> None:
    form = re.compile(r"[a-z]+(_[a-z]+)*\.[a-z0-9]+(_[a-z0-9]+)*")

    assert [refusal.code for refusal in REFUSALS if not form.fullmatch(refusal.code)] == [], "area.word_word"
    assert [refusal.code for refusal in REFUSALS if not isinstance(refusal.kind, Kind)] == []


def test_every_refusal_speaks_both_languages() -> None:
    assert [code for code, text in TEXTS if not text.en.strip() or CHINESE.search(text.en)] == []
    assert [code for code, text in TEXTS if not CHINESE.search(text.zh)] == []


def test_sentences_are_whole() -> None:
    # What is filled in may be a sentence of its own.
    assert [text.en for _, text in TEXTS if not text.en.endswith((".", "?", "}"))] == []
    assert [text.zh for _, text in TEXTS if not text.zh.endswith(("。", "\uff1f", "}"))] == [], "ends with 。"
    assert [text.en for _, text in TEXTS if not (text.en[0].isupper() or text.en[0] in "{\"'")] == []


def test_english_is_plain() -> None:
    assert [text.en for _, text in TEXTS if re.search(r"\b(please|sorry|oops|invalid)\b", text.en, re.I)] == []


def test_chinese_has_chinese_punctuation() -> None:
    assert [text.zh for _, text in TEXTS if ENGLISH_STOP.search(text.zh)] == [], "use \uff0c \uff1b \uff1f 。"


def test_both_languages_name_the_same_things() -> None:
    assert [code for code, text in TEXTS if params(text.en) != params(text.zh)] == []


def test_every_docstring_says_when() -> None:
    assert [refusal.code for refusal in REFUSALS if not (refusal.__dict__.get("__doc__") or "").strip()] == []


def test_an_area_refuses_in_its_own_file() -> None:
    homes = {f"dingdan.areas.{area}.refusals" for area in areas()}
    strays = [r.__name__ for r in REFUSALS if r.__module__.startswith("dingdan.areas.") and r.__module__ not in homes]

    assert strays == [], "An area keeps every no in its refusals.py."


def test_an_area_refuses_under_its_own_name() -> None:
    """A code's first word belongs to one area: `order.` to orders, `parcel.` to fulfilment."""
    owners: dict[str, set[str]] = {}
    for refusal in REFUSALS:
        if refusal.__module__.startswith("dingdan.areas."):
            owners.setdefault(refusal.code.partition(".")[0], set()).add(refusal.__module__.split(".")[2])

    assert {word: sorted(places) for word, places in owners.items() if len(places) > 1} == {}


def test_every_refusal_is_raised_by_somebody() -> None:
    """A no that nobody says is a promise in the documents that nothing keeps."""
    text = "\n".join(file.text for file in program() if file.stem not in ("__init__", "refusals"))
    said = set(re.findall(r"\b\w+\b(?!\(Refusal\))", text))

    assert [r.__name__ for r in REFUSALS if r.__name__ not in said] == []


def params(text: str) -> set[str]:
    """What stands in braces; `{what_zh}` is the Chinese of `{what}`."""
    return {name.removesuffix("_zh") for _, name, _, _ in string.Formatter().parse(text) if name}


def test_params_are_found() -> None:
    assert params(Text("{left} of {all}.", "").en) == {"left", "all"}
