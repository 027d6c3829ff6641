"""A dispute about an order that has neither a return nor a case: a day after its buyer said what is wrong."""

import pytest
from tests import given
from tests.areas.disputes import court
from tests.areas.disputes.court import ANNA

from dingdan.areas import disputes, orders
from dingdan.areas.disputes import DisputeState, Issue, OpenDispute
from dingdan.areas.talks import Side
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at

pytestmark = pytest.mark.requirement("R6.1")


def wanted(order_id: int) -> OpenDispute:
    return OpenDispute(subject="order", subject_id=order_id, issue=Issue.NOT_RECEIVED, side=Side.BUYER, lines=court.REFUND,
                       text="没有收到。")  # fmt: skip


async def test_needs_an_objection_and_a_day(db: Database) -> None:
    order_id = await given.delivered_order(db, await given.shop(db))
    with pytest.raises(disputes.NothingToDispute):
        await do(db, SYSTEM, disputes.open_dispute, wanted(order_id))
    await do(db, SYSTEM, orders.object_as_buyer, order_id, reason="not_received", text="没有人敲门")
    with pytest.raises(disputes.StillNegotiating):
        await do(db, SYSTEM, disputes.open_dispute, wanted(order_id))
    await do(db, SYSTEM, orders.settle_as_buyers, order_id, outcome="withdrawn")
    with pytest.raises(disputes.NothingToDispute):
        await do(db, SYSTEM, disputes.open_dispute, wanted(order_id))
    with pytest.raises(orders.OrderUnknown):
        await do(db, SYSTEM, disputes.open_dispute, wanted(1))


async def test_is_decided_and_carried_out_like_any(db: Database) -> None:
    order_id = await given.delivered_order(db, await given.shop(db))
    await do(db, SYSTEM, orders.object_as_buyer, order_id, reason="not_received")
    # Settled by the shop without the buyer's yes: they need not wait.
    await do(db, SYSTEM, orders.settle_as_buyers, order_id, outcome="settled")
    one = await do(db, SYSTEM, disputes.open_dispute, wanted(order_id))
    with pytest.raises(disputes.DisputeOpenAlready):
        await do(db, SYSTEM, disputes.open_dispute, wanted(order_id))
    proof = await court.picture(db, order_id)
    await do(db, SYSTEM, disputes.show, one.id, side=Side.SELLER, text="已妥投。", files=(proof,))
    one = await do(db, SYSTEM, disputes.show, one.id, side=Side.BUYER, text="不是我签收的。")
    await do_at(db, ANNA, one.opened_at + court.SHORTLY, disputes.rule, one.id, court.ruling())
    done = await court.appeal_days_over(db, one)
    assert (done.state, await court.paid_back(db, order_id)) == (DisputeState.EXECUTED, [199_00])
