"""Each word stands in the glossary once, in both languages, and no word of the code is missing."""

import re

import pytest
from tests.architecture.source import ROOT, load_everything

from dingdan.kernel.ids import PREFIXES
from dingdan.kernel.lifecycle import REGISTRY

pytestmark = pytest.mark.requirement("issue 2: documents")

TEXT = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
SECTIONS = {head.split()[0]: body for head, _, body in (part.partition("\n") for part in TEXT.split("\n## ")[1:])}
# Kinds of ids that go by another word of the glossary.
OTHER_WORDS = {
    "channel_order": "channel order", "channel_part": "channel part", "channel_problem": "channel problem",
    "channel_update": "channel update", "return_parcel": "return parcel", "review_rule": "review rule", "send_back": "send-back",
    "webhook_delivery": "webhook delivery", "webhook_endpoint": "webhook endpoint", "settlement_line": "settlement line",
    "deposit_movement": "deposit movement", "payout_run": "payout run", "invoice_request": "invoice request",
    "inspection_picture": "inspection picture", "return_label": "return label", "stray_picture": "stray picture",
    "hand_payout": "hand payout", "abuse_flag": "abuse flag", "abuse_handover": "handover of evidence",
    "abuse_measure": "abuse measure", "caught_webhook": "caught webhook", "abuse_signal": "sign of abuse",
}  # fmt: skip


def rows(section: str) -> list[list[str]]:
    """The rows of a section's table, without its head."""
    lines = [line for line in SECTIONS[section].splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def words(section: str) -> list[str]:
    """The first column of a section."""
    return [row[0].strip("`") for row in rows(section)]


def test_the_states_are_those_of_the_lifecycles() -> None:
    load_everything()
    states = {str(state) for machine in REGISTRY.values() for state in machine.states if is_ours(machine.initial)}

    assert words("States") == sorted(states)


def test_the_verbs_are_those_of_the_lifecycles() -> None:
    load_everything()
    verbs = {verb for machine in REGISTRY.values() for verb in machine.moves if is_ours(machine.initial)}

    assert words("Verbs") == sorted(verbs)


def test_everything_that_has_an_id_has_a_word() -> None:
    nouns = {noun for section in SECTIONS if section not in ("States", "Verbs") for noun in words(section)}

    assert {OTHER_WORDS.get(kind, kind) for kind in PREFIXES} - nouns == set()


def test_every_word_stands_once_and_has_its_chinese() -> None:
    nouns = [noun for section in SECTIONS if section not in ("States", "Verbs") for noun in words(section)]

    assert sorted({noun for noun in nouns if nouns.count(noun) > 1}) == []
    assert [row for section in SECTIONS for row in rows(section) if not re.search(r"[\u4e00-\u9fff]", row[1])] == []


def is_ours(state: object) -> bool:
    """Whether a state belongs to the program and not to a test."""
    return type(state).__module__.startswith("dingdan.")
