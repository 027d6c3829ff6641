"""Returns whose refunds are told to have settled, in the tests named here, without any money moving."""

import pytest

TOLD = {"test_refunds_for_other_things_and_repeated_facts_close_nothing_more": {"R2_outcomes_fit"}}


@pytest.fixture
def may_break(request: pytest.FixtureRequest) -> frozenset[str]:
    """Where money really moves, everything holds."""
    return frozenset(TOLD.get(request.node.originalname, set()))
