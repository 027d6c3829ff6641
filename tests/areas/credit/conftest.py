"""Credit alone: orders and buyers are numbers that these tests invent."""

import pytest


@pytest.fixture
def may_break() -> frozenset[str]:
    """The orders, buyers and payments that credit is kept for belong to areas beside and above."""
    return frozenset({"X2_pointers_live", "X2_subjects_live", "B4_kept_for_somebody"})
