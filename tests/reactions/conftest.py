"""Facts of these tests are about orders that nobody placed."""

import pytest


@pytest.fixture
def may_break() -> frozenset[str]:
    """What facts about nothing and cursors of nobody break."""
    return frozenset({"X2_subjects_live", "X2_pointers_live", "X1_places_given_once"})
