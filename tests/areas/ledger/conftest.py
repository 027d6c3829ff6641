"""The ledger alone: postings whose causes are made up."""

import pytest


@pytest.fixture
def may_break() -> frozenset[str]:
    return frozenset({"L3_posted_once", "L3_postings_fit_their_cause", "L5_clearing_is_what_moved", "X2_pointers_live"})
