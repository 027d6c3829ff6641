"""Cursors go out and come back; what is none of ours is never guessed at."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dingdan.kernel.page import DEFAULT_LIMIT, MAX_LIMIT, Page, decode_cursor, encode_cursor

CURSOR_CHARACTERS = string.ascii_letters + string.digits + "-_"


@given(st.integers(min_value=0, max_value=2**63 - 1))
def test_a_cursor_reads_back(last_id: int) -> None:
    cursor = encode_cursor(last_id)

    assert decode_cursor(cursor) == last_id
    assert set(cursor) <= set(CURSOR_CHARACTERS)


@given(st.text())
def test_any_text_at_all_is_a_place_or_none(text: str) -> None:
    found = decode_cursor(text)

    assert found is None or 0 <= found < 2**63


@pytest.mark.parametrize("text", ["", "AAAA", "____________", "AAAAAAAAAAAA", "漢", "AAAAAAAAAA=A", "A"])
def test_what_is_no_cursor_is_none(text: str) -> None:
    assert decode_cursor(text) is None


def test_a_page_is_never_unbounded() -> None:
    assert Page().limit == DEFAULT_LIMIT <= MAX_LIMIT
