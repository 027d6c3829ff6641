"""Which keys somebody may choose: one each, known, printable, and no two the same."""

import pytest
from hypothesis import given as any_of
from hypothesis import strategies as st

from dingdan.areas.desks import SHORTCUTS, rules
from dingdan.kernel.refusal import Refusal

pytestmark = pytest.mark.requirement("issue 6: console")

NAMES = [one.name for one in SHORTCUTS]


def codes(wanted: dict[str, str]) -> list[tuple[str, str]]:
    with pytest.raises(Refusal) as no:
        rules.own_keys(wanted)
    return [(one.code, one.path) for one in no.value.problems]


def test_only_what_differs_is_kept_and_small_or_wide_letters_are_letters() -> None:
    assert rules.own_keys({"a": "z", "r": "", "o": "O", "before": "，"}) == {"a": "Z", "before": ","}


def test_two_shortcuts_may_change_places() -> None:
    assert rules.own_keys({"a": "R", "r": "A"}) == {"a": "R", "r": "A"}


@pytest.mark.parametrize("key", ["G", "g", "1", "9", "ab", "Ctrl", "\u200b", "ß", "F1", "\x7f"])
def test_what_is_not_one_key_of_a_keyboard_is_refused(key: str) -> None:
    assert codes({"a": key}) == [("desk.key_unusable", "a")]


def test_a_key_that_means_something_already_is_refused_with_both_names() -> None:
    assert codes({"a": "R"}) == [("desk.key_taken", "a")]
    assert codes({"r": "A"}) == [("desk.key_taken", "r")]
    with pytest.raises(Refusal) as no:
        rules.own_keys({"a": "z", "r": "z"})
    assert no.value.params["first"].startswith("Approve")
    assert no.value.params["second_zh"].startswith("驳回")


def test_everything_wrong_is_said_at_once() -> None:
    assert codes({"nonsense": "z", "a": "12", "r": "G"}) == [
        ("desk.shortcut_unknown", "nonsense"), ("desk.key_unusable", "a"), ("desk.key_unusable", "r"),
    ]  # fmt: skip


@any_of(st.dictionaries(st.sampled_from(NAMES), st.text(max_size=2)))
def test_whatever_is_kept_means_one_thing_each(wanted: dict[str, str]) -> None:
    try:
        kept = rules.own_keys(wanted)
    except Refusal:
        return
    pressed = [kept.get(one.name, one.key) for one in SHORTCUTS]
    assert len(set(pressed)) == len(pressed)
    assert all(len(key) == 1 and key not in "G123456789" for key in pressed)
    assert rules.own_keys(kept) == kept
