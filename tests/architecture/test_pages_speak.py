"""Pages speak both languages: no bare word in a template, no state without words, nothing that only one reader can read."""

import ast
import re
from pathlib import Path

import pytest
from tests.architecture.source import ROOT, program

from dingdan.kernel.lifecycle import REGISTRY
from dingdan.surfaces.shared.pages import rendering, vocabulary

pytestmark = pytest.mark.requirement("issue 6: words")

TEMPLATES = sorted(path for folder in rendering.FOLDERS for path in folder.rglob("*.html"))
HAN = re.compile(r"[\u4e00-\u9fff]")
# What stands between tags is for people; what stands in braces is the templates' own.
_CODE = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}|<script.*?</script>|<!--.*?-->", re.S)
_TAG = re.compile(r"<[^>]*>")
# Attributes that people read or hear.
_SPOKEN = re.compile(r"\b(?:aria-label|title|alt|placeholder)=\"([^\"{]*[A-Za-z\u4e00-\u9fff][^\"{]*)\"")
_CALL = re.compile(r"\bt\(\s*(\"(?:[^\"\\]|\\.)*\")\s*,\s*(\"(?:[^\"\\]|\\.)*\")")
_ANY_CALL = re.compile(r"(?<![\w.])t\(")
# The same in every language: keys, the house's mark, the names of the two languages, and of a kind of file.
SAME = {"CSV", "XLSX", "English", "简体中文", "订", "Ctrl K", "Ctrl", "Esc", "PDF", "JSON", "JSONL", "QR"}


def bare_words(text: str) -> list[str]:
    """Words of a template that are not in two languages."""
    plain = _TAG.sub("\n", re.sub(r"<kbd>.*?</kbd>", "", _CODE.sub("", text), flags=re.S))
    # Attributes that are put together before the tag they go into.
    plain = re.sub(r'[\w-]+="[^"]*"|\brequired\b', "", plain)
    found = [
        line.strip() for line in plain.splitlines() if re.search(r"[A-Za-z\u4e00-\u9fff]{2,}|[\u4e00-\u9fff]", line)
    ]
    return [word for word in found if word not in SAME]


def test_there_are_templates() -> None:
    assert len(TEMPLATES) > 10


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT / "src/dingdan/surfaces").as_posix())
def test_a_template_has_no_bare_word(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert bare_words(text) == [], 'Say it as t("English", "中文").'
    spoken = [word for word in _SPOKEN.findall(re.sub(r"{%.*?%}", "", text)) if word not in SAME]
    assert spoken == []
    assert " style=" not in text, "The policy of our pages lets no style attribute through; use a class."
    assert not re.search(r"\son\w+=", text), "The policy of our pages lets no script in a page run."


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.relative_to(ROOT / "src/dingdan/surfaces").as_posix())
def test_what_a_template_says_is_said_in_each_language(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    pairs = [tuple(map(ast.literal_eval, pair)) for pair in _CALL.findall(text)]
    assert len(pairs) == len(_ANY_CALL.findall(text)), "t() takes two texts in quotes."
    assert [en for en, _ in pairs if HAN.search(en)] == []
    assert [zh for en, zh in pairs if not HAN.search(zh) and re.search(r"[A-Za-z]{3}", en) and en not in SAME] == []
    fields = re.compile(r"{(\w+)}")
    assert [pair for pair in pairs if set(fields.findall(pair[0])) != set(fields.findall(pair[1]))] == []


def test_a_gate_that_finds_nothing_would_be_none() -> None:
    assert bare_words("<p>Hello {{ name }}</p>") == ["Hello"]
    assert bare_words('<p>{{ t("Hello", "你好") }}</p><kbd>Ctrl K</kbd> CSV') == []
    assert bare_words("<p>你好</p>") == ["你好"]


def test_screens_say_everything_in_each_language() -> None:
    wrong = []
    for file in program():
        if not file.is_in("surfaces/console/", "surfaces/portal/", "surfaces/shared/pages/"):
            continue
        for node in ast.walk(file.tree):
            if not (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id == "Text"
                and len(node.args) == 2
            ):
                continue
            words = [one.value if isinstance(one, ast.Constant) else None for one in node.args]
            if any(word is None for word in words):
                continue
            en, zh = map(str, words)
            is_word = re.search(r"[A-Za-z]{3}", en) and en not in SAME
            if HAN.search(en) or (is_word and not HAN.search(zh)):
                wrong.append(f"{file.name}:{node.lineno} {en!r} {zh!r}")
    assert wrong == []


def test_every_state_has_words_and_a_turn() -> None:
    known = vocabulary.known()
    missing = {name: set(map(str, machine.states)) - known.get(name, frozenset()) for name, machine in REGISTRY.items()}
    assert {name: states for name, states in missing.items() if states} == {}
    stale = {name: words - set(map(str, REGISTRY[name].states)) for name, words in known.items() if name in REGISTRY}
    assert {name: words for name, words in stale.items() if words} == {}
