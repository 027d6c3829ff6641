"""Payments with words put into the provider's mouth, and a provider without anybody who pays."""

import pytest


@pytest.fixture
def may_break() -> frozenset[str]:
    """The provider's log and our books agree where the two really talked to each other."""
    return frozenset({"L5_provider_logged_the_same"})
