"""Carriers by themselves: merchants and warehouses are numbers that these tests invent."""

import pytest


@pytest.fixture
def may_break() -> frozenset[str]:
    """Merchants and warehouses are other areas' rows."""
    return frozenset({"X2_pointers_live"})
