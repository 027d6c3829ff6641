"""The pipes are tried with keys, cursors and deadlines of nothing that exists."""

import pytest


@pytest.fixture
def may_break() -> frozenset[str]:
    """What pipes without a house behind them break."""
    return frozenset({"X1_places_given_once", "X2_keys_answered", "X2_pointers_live", "X2_subjects_live"})
