"""A final ruling always comes to an end: what was made good is done, and where nothing can be sent money is paid."""

import pytest
from tests import given
from tests.areas.cases import desk as trouble
from tests.areas.disputes import court
from tests.areas.disputes.court import ANNA, BO
from tests.areas.disputes.test_doing import final
from tests.areas.payments import till

from dingdan.areas import cases, disputes
from dingdan.areas.disputes import Dispute, DisputeState, Outcome, Wish
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at

pytestmark = pytest.mark.requirement("R6.3")


async def told(db: Database, one: Dispute) -> tuple[int, list[int]]:
    async with db.reading(SYSTEM) as tx:
        row = await tx.fetchrow("SELECT data FROM facts WHERE wire = 'dispute.executed' AND subject_id = $1", one.id)
    return row["data"]["made_good"], row["data"]["paid_lines"]


async def made_good(db: Database, order_id: int) -> None:
    case = await trouble.trouble(db, order_id)
    await do(db, trouble.MARA, cases.propose, case.id, trouble.refund())
    await given.settle(db)


async def test_what_was_made_good_since_is_done(db: Database) -> None:
    held = await court.refused(db)
    one = await final(db, held)
    await made_good(db, held.order_id)
    done = await court.carried_out(db, one)
    assert (done.state, await court.remedies(db, done)) == (DisputeState.EXECUTED, [])
    assert (await court.paid_back(db, held.order_id), await told(db, one)) == ([199_00], (1, []))


async def test_a_reduction_takes_no_units(db: Database) -> None:
    held = await court.refused(db, prices={"MUG": 199_00})
    one, _ = await court.ruled(db, held, lines=(Wish(1, 1, Outcome.REDUCE, 50_00),))
    case = await trouble.trouble(db, held.order_id)
    await do(db, trouble.MARA, cases.propose, case.id, trouble.reship())
    done = await court.appeal_days_over(db, one)
    assert (done.state, await court.remedies(db, done)) == (DisputeState.EXECUTED, [("refund", "executed")])
    assert await court.paid_back(db, held.order_id) == [50_00]


async def test_where_nothing_can_be_sent_another_arbitrator_has_it_paid(db: Database) -> None:
    held = await court.refused(db, stock=1)
    one, _ = await court.ruled(db, held, lines=(Wish(1, 1, Outcome.REPLACE),))
    waiting = await court.appeal_days_over(db, one)
    assert waiting.do_by is not None
    with pytest.raises(disputes.NotImpartial):
        await do_at(db, ANNA, waiting.do_by, disputes.execute, one.id, is_paid=True)
    done = await do_at(db, BO, waiting.do_by, disputes.execute, one.id, is_paid=True)
    await given.settle(db)
    assert (done.state, await court.paid_back(db, held.order_id)) == (DisputeState.EXECUTED, [199_00])
    assert await told(db, one) == (0, [1])


async def test_what_is_there_is_sent(db: Database) -> None:
    held = await court.refused(db)
    one, _ = await court.ruled(db, held, lines=(Wish(1, 1, Outcome.REPLACE),))
    waiting = await court.final(db, one)
    assert waiting.do_by is not None
    with pytest.raises(disputes.GoodsAreThere):
        await do_at(db, BO, waiting.do_by, disputes.execute, one.id, is_paid=True)
    assert "dispute.executed" not in await till.wires(db, one.id)
