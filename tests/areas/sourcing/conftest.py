"""Orders that these tests call paid without anybody paying."""

import pytest


@pytest.fixture
def may_break() -> frozenset[str]:
    """Money is another area's business."""
    return frozenset({"M2_captured_is_owed", "T3_only_paid_orders_go_on"})
