"""Money that somebody let go of waits a moment: taken back in time it never went, and it goes exactly once."""

import asyncio
from datetime import timedelta

import pytest
from tests import given
from tests.areas.payments import till
from tests.areas.refunds.test_following import calls, under_way
from tests.areas.refunds.test_requesting import ANN, BEN, EVE, A, ask, refund_of, request

from dingdan import worker
from dingdan.areas import payments, refunds
from dingdan.areas.payments.providers import sandbox
from dingdan.areas.refunds import AskedLine, RefundState
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("issue 6: held")

WAIT = timedelta(seconds=10)


async def asked_for(db: Database, **settings: int) -> refunds.Refund:
    order_id = await given.paid_order(db, await given.shop(db, **settings), A)
    return await request(db, ask(order_id, AskedLine(1, 1)), ANN)


async def time_is_up(db: Database) -> None:
    await till.pass_time(db, WAIT)
    await given.settle(db, with_deadlines=True)


async def test_what_waits_is_not_owed_and_goes_out_by_itself(db: Database) -> None:
    refund = await asked_for(db)
    held = await do(db, BEN, refunds.approve, refund.id, wait=WAIT)
    await given.settle(db, with_deadlines=True)
    assert (held.state, held.approved_by, held.approved_at) == ("held", BEN.id, None)
    assert await till.balances(db) == {"psp_clearing": 418_70, "buyer_funds": -418_70}
    for command in (refunds.approve, refunds.retry, refunds.take_offline):
        with pytest.raises(refunds.StateForbids):
            await do(db, EVE, command, refund.id)

    await time_is_up(db)
    settled = await refund_of(db, refund.id)
    assert (settled.state, settled.approved_by, settled.approved_by_kind) == ("settled", BEN.id, "staff")
    assert await till.wires(db, refund.id) == [
        "refund.requested", "refund.held", "refund.approved", "refund.sent", "refund.settled",
    ]  # fmt: skip
    assert await till.keeps(db) == 219_70


async def test_taken_back_it_stands_where_it_stood_and_sent_anew_it_goes_once(db: Database) -> None:
    refund = await asked_for(db)
    await do(db, BEN, refunds.approve, refund.id, wait=WAIT)
    back = await do(db, EVE, refunds.take_back, refund.id)
    assert (back.state, back.approved_by_kind, back.approved_by) == ("requested", None, None)
    await time_is_up(db)
    assert (await refund_of(db, refund.id)).state == "requested"
    assert await till.keeps(db) == 418_70
    with pytest.raises(refunds.GoneAlready):
        await do(db, BEN, refunds.take_back, refund.id)

    for _ in range(2):
        await do(db, BEN, refunds.approve, refund.id, wait=WAIT)
        await do(db, BEN, refunds.take_back, refund.id)
    await do(db, BEN, refunds.approve, refund.id, wait=WAIT)
    await time_is_up(db)
    with pytest.raises(refunds.GoneAlready):
        await do(db, BEN, refunds.take_back, refund.id)
    assert (await refund_of(db, refund.id)).state == "settled"
    assert await till.keeps(db) == 219_70


async def test_four_eyes_hold_after_the_second_signature_was_taken_back(db: Database) -> None:
    order_id = await given.paid_order(db, await given.shop(db, refund_approval_limit=100_00), A)
    refund = await request(db, ask(order_id, AskedLine(1, 1), is_policy_decided=True))
    first = await do(db, ANN, refunds.approve, refund.id, wait=WAIT)
    held = await do(db, BEN, refunds.approve, refund.id, wait=WAIT)
    await do(db, ANN, refunds.take_back, refund.id)
    with pytest.raises(refunds.SameHand):
        await do(db, ANN, refunds.approve, refund.id, wait=WAIT)
    again = await do(db, EVE, refunds.approve, refund.id, wait=WAIT)
    await time_is_up(db)
    assert (first.state, held.state, again.state) == ("requested", "held", "held")
    settled = await refund_of(db, refund.id)
    assert (settled.state, settled.approved_by) == ("settled", EVE.id)


async def failed(db: Database) -> refunds.Refund:
    """A refund that the provider said no to, and may be tried again."""
    refund = await under_way(db)
    await sandbox.order_fault(db, "refund", sandbox.Fault.DECLINED)
    await given.settle(db)
    found = await refund_of(db, refund.id)
    assert found.state is RefundState.FAILED
    return found


async def test_the_next_try_of_a_failed_one_waits_too(db: Database) -> None:
    refund = await failed(db)
    held = await do(db, BEN, refunds.retry, refund.id, wait=WAIT)
    back = await do(db, BEN, refunds.take_back, refund.id)
    await time_is_up(db)
    assert (held.state, back.state, back.approved_at) == ("held", "failed", refund.approved_at)
    assert (await refund_of(db, refund.id)).state == "failed"

    await do(db, BEN, refunds.retry, refund.id, wait=WAIT)
    await time_is_up(db)
    assert (await refund_of(db, refund.id)).state == "settled"
    assert await till.balances(db) == {"psp_clearing": 179_80, "buyer_funds": -179_80}


async def test_a_late_yes_of_the_provider_ends_the_wait(db: Database) -> None:
    refund = await under_way(db)
    await sandbox.order_fault(db, "refund", sandbox.Fault.DECLINED)
    no, yes = await calls(db, refund, 2)
    await do(db, SYSTEM, payments.take_in, [no])
    await given.settle(db)
    held = await do(db, BEN, refunds.retry, refund.id, wait=WAIT)
    await do(db, SYSTEM, payments.take_in, [yes])
    await given.settle(db)
    with pytest.raises(refunds.GoneAlready):
        await do(db, BEN, refunds.take_back, refund.id)
    await time_is_up(db)
    assert (held.state, (await refund_of(db, refund.id)).state) == ("held", "settled")
    assert await till.balances(db) == {"psp_clearing": 179_80, "buyer_funds": -179_80}
    assert await till.clocks(db, refund.id) == []


@pytest.mark.requirement("issue 2: races")
async def test_of_taking_back_and_sending_exactly_one_wins(db: Database) -> None:
    refund = await asked_for(db)
    for _ in range(8):
        await do(db, BEN, refunds.approve, refund.id, wait=WAIT)
        await till.pass_time(db, WAIT)
        taken, _ = await asyncio.gather(
            do(db, EVE, refunds.take_back, refund.id), worker.run_deadlines(db), return_exceptions=True
        )
        await given.settle(db, with_deadlines=True)
        found = await refund_of(db, refund.id)
        if isinstance(taken, Refusal):
            assert taken.code == "refund.gone_already"
            assert (found.state, await till.keeps(db)) == ("settled", 219_70)
            return
        assert (found.state, await till.keeps(db)) == ("requested", 418_70)
