"""Refunds are shown whatever caused them."""

import pytest

from dingdan.areas import refunds
from dingdan.kernel import ids
from dingdan.surfaces.shared import facts


@pytest.mark.parametrize("cause", list(refunds.Cause))
def test_whatever_caused_a_refund_has_a_name(cause: refunds.Cause) -> None:
    assert facts.CAUSES[cause] in ids.PREFIXES
