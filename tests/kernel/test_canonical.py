"""One value, one text: the property that every hash of the archive stands on."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingdan.kernel.canonical import LARGEST, canonical

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
pytestmark = pytest.mark.requirement("O5.4")


@given(VALUES)
def test_it_reads_back_as_it_was_and_writes_the_same_again(value: Any) -> None:
    written = canonical(value)
    assert json.loads(written) == value
    assert canonical(json.loads(written)) == written


@given(st.dictionaries(TEXTS, st.integers(0, 9), max_size=6), st.randoms(use_true_random=False))
def test_the_order_of_keys_makes_no_difference(value: dict[str, int], shuffle: Any) -> None:
    keys = list(value)
    shuffle.shuffle(keys)
    assert canonical({key: value[key] for key in keys}) == canonical(value)


def test_it_writes_as_the_standard_says() -> None:
    # RFC 8785, 3.2.3: keys by UTF-16 units, so the smile (a pair beginning with D83D) stands before U+FB33.
    value = {"€": 1, "\r": 2, "\ufb33": 3, "1": 4, "😀": 5, "\u0080": 6, "ö": 7}
    assert list(json.loads(canonical(value))) == ["\r", "1", "\u0080", "ö", "€", "😀", "\ufb33"]
    assert (
        canonical({"b": ['\x0f\n"\\/中', True, None], "a": -1})
        == '{"a":-1,"b":["\\u000f\\n\\"\\\\/中",true,null]}'.encode()
    )


@pytest.mark.parametrize("value", [1.5, LARGEST + 1, -LARGEST - 1, "\ud800", {"\udfff": 1}, {1: 2}, b"x", {1, 2}])
def test_what_has_no_one_text_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"canonical text|too large|keys are texts"):
        canonical([value])
