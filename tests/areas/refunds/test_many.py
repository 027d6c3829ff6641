"""Many refunds at once: each finds what the ones before it in the set have left."""

import pytest
from tests import given

from dingdan.areas import orders, refunds
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do


@pytest.fixture
def may_break() -> frozenset[str]:
    """The returns that these refunds name do not exist."""
    return frozenset({"X2_subjects_live", "R2_refunded_as_accepted", "X2_pointers_live"})


def asked(order_id: int, cause_id: int, units: int) -> refunds.RequestRefund:
    line = refunds.AskedLine(1, units, refunds.Basis.NO_REASON)
    return refunds.RequestRefund(
        order_id=order_id, cause=refunds.Cause.RETURN, cause_id=cause_id, lines=(line,), is_policy_decided=True
    )


@pytest.mark.requirement("W11")
async def test_units_taken_one_by_one_in_a_set_sum_to_the_whole(db: Database) -> None:
    shop = await given.shop(db, prices={"MUG": 667})
    order_id = await given.paid_order(db, shop, {"MUG": 3})
    made = await do(db, SYSTEM, refunds.request_many, [asked(order_id, cause, 1) for cause in (1, 2, 3)])
    assert [refund.amount for refund in made.values() if refund] == [667, 667, 667]
    again = await do(db, SYSTEM, refunds.request_many, [asked(order_id, 2, 1)])
    assert again[2] is not None
    assert made[2] is not None
    assert again[2].id == made[2].id


async def test_what_one_takes_is_gone_for_the_next_and_the_set_is_refused(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.paid_order(db, shop, {"MUG": 2})
    with pytest.raises(Refusal):
        await do(db, SYSTEM, refunds.request_many, [asked(order_id, 1, 2), asked(order_id, 2, 1)])
    with pytest.raises(orders.OrderUnknown):
        await do(db, SYSTEM, refunds.request_many, [asked(12345, 1, 1)])
