"""Who bears what a case cost, where nobody says so: what was found of the goods does."""

import pytest
from tests import given
from tests.areas.cases import desk
from tests.areas.returns import bench, road

from dingdan.areas import cases, ledger, returns
from dingdan.areas.cases.rules.remedying import liable_by
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("W29")


def test_only_the_sellers_fault_says_who_bears_it() -> None:
    assert liable_by(["seller", "seller"]) is cases.Liable.MERCHANT
    assert [liable_by(["seller", fault]) for fault in ("buyer", "none", "review")] == [None] * 3
    assert liable_by([]) is None


@pytest.mark.parametrize("said", [None, cases.Liable.PLATFORM])
async def test_postage_for_the_sellers_fault_is_the_merchants_unless_somebody_says_otherwise(
    db: Database, said: cases.Liable | None
) -> None:
    shop = await given.shop(db, prices={"TEE": 8990}, freight=600)
    held = await bench.returning(db, shop, {"TEE": 1}, reason="WRONG_ITEM")
    await do(db, SYSTEM, returns.send, [returns.Send((held.id,), "manual", "PAID-1", 1200)])
    await road.received(db, held)
    await road.inspected(db, held, road.fine(1))
    await given.settle(db)
    async with db.reading(SYSTEM) as tx:
        (case,) = await cases.of_orders(tx, [held.order_id])
    remedy = await do(db, desk.MARA, cases.propose, case.id, desk.compensation(12_00, "money"))
    await do(db, desk.MARA, cases.pay, remedy.id, receipt="T-1")

    closed = await do(db, desk.MARA, cases.close, case.id, closure="paid_back", liable=said)

    bearer = said or cases.Liable.MERCHANT
    async with db.reading(SYSTEM) as tx:
        found = {one.account: one.amount for one in await ledger.balances(tx, shop.merchant_id)}
    assert (closed.liable, found[f"borne_by_{bearer}"]) == (bearer, 12_00)
