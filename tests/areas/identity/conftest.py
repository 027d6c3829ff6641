"""Staff, keys and buyers of merchants that these tests invent."""

import pytest


@pytest.fixture
def may_break() -> frozenset[str]:
    """Merchants are another area's rows."""
    return frozenset({"X2_pointers_live"})
