"""When the money will be there, by the ways that a policy names."""

from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from dingdan.areas import policies
from dingdan.areas.refunds.rules.arriving import Expected, expect

(LAW,) = (one for one in policies.packs() if one.id == "cn_statutory")
CARD = policies.Words("bank card", "银行卡")


@pytest.mark.requirement("R4.5", "R4.10")
def test_days_are_counted_where_the_policy_counts_them() -> None:
    policy = replace(LAW, refund=replace(LAW.refund, arrival=(policies.Arrival(CARD, 0, 3),)))

    # Already the next day in Shanghai.
    assert expect(policy, datetime(2026, 3, 1, 17, tzinfo=UTC)) == (Expected(CARD, date(2026, 3, 2), date(2026, 3, 5)),)


def test_a_policy_that_names_no_way_promises_nothing() -> None:
    assert expect(replace(LAW, refund=replace(LAW.refund, arrival=())), datetime(2026, 3, 1, tzinfo=UTC)) == ()
