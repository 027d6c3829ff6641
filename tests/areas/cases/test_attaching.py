"""What came without an order finds the one it is about: once, for its buyer, its clocks and its archive."""

import asyncio

import pytest
from tests import given
from tests.areas.archive import kept
from tests.areas.cases import desk

from dingdan.areas import cases, orders
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("O6.1")


async def by_telephone(db: Database, shop: given.Shop, kind: str = "missing_item") -> cases.Case:
    """Somebody rang up and does not know the number of the order."""
    told = cases.OpenCase(kind=kind, order_id=None, merchant_id=shop.merchant_id, text="王女士来电，少了一双袜子")
    return await do(db, desk.ANNA, cases.open_by_hand, told, source="staff")


async def test_the_order_its_buyer_and_its_archive_know_of_it_from_then_on(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.delivered_order(db, shop, {"SOCK": 2})
    case = await by_telephone(db, shop)
    assert (case.order_id, case.subject) == (None, "case")
    attached = await do(db, desk.ANNA, cases.attach, case.id, order_id)
    await given.settle(db)

    async with db.reading(SYSTEM) as tx:
        order = await orders.get_one(tx, order_id)
        (seen,) = await cases.of_orders(tx, [order_id])
        log = await cases.log(tx, attached, with_words=True)
        told = await tx.fetch("SELECT occasion FROM confirmations WHERE order_id = $1", order_id)
        (fact,) = await tx.fetch("SELECT order_id, data FROM facts WHERE wire = 'case.attached'")
        against = await tx.fetchval("SELECT count(*) FROM objections WHERE order_id = $1 AND cause = 'case'", order_id)
    assert (seen.id, seen.buyer_id, seen.subject, seen.subject_id) == (case.id, order.buyer_id, "order", order_id)
    assert [(one.text) for one in log if one.entry.kind == "attached"] == ["王女士来电，少了一双袜子"]
    assert "case_opened" in [row["occasion"] for row in told]
    assert (fact["order_id"], fact["data"]["kind"], against) == (order_id, "missing_item", 1)
    # It is made good like any other, and what is told again is added to it.
    await do(db, desk.LEA, cases.propose, case.id, desk.refund())
    again = await desk.trouble(db, order_id)
    assert (again.id, again.repeats) == (case.id, 1)
    await do(db, desk.ANNA, cases.close, case.id, closure="paid_back")
    await given.settle(db, with_deadlines=True)


async def test_an_order_in_the_archive_gets_it_as_a_supplement(db: Database) -> None:
    shop = await given.shop(db)
    over = await kept.completed_order(db, shop)
    assert (await kept.archived(db, over)).facts["cases"] == []
    case = await by_telephone(db, shop)
    await do(db, desk.ANNA, cases.attach, case.id, over)
    await given.settle(db)
    whole = await kept.archived(db, over)
    assert [one["kind"] for one in whole.facts["case_entries"]][:1] == ["opened"]
    assert "note" not in whole.facts["case_entries"][0]["data"]
    assert "王女士来电，少了一双袜子" in whole.people["case_entries"].values()


async def test_two_who_attach_it_at_once_to_two_orders_attach_it_to_one(db: Database) -> None:
    shop = await given.shop(db)
    one, two = [await given.delivered_order(db, shop, buyer=f"b{n}") for n in range(2)]
    case = await by_telephone(db, shop)
    both = (do(db, desk.ANNA, cases.attach, case.id, order_id) for order_id in (one, two))
    done = await asyncio.gather(*both, return_exceptions=True)
    (no,) = [result for result in done if isinstance(result, Refusal)]
    (yes,) = [result for result in done if isinstance(result, cases.Case)]
    assert no.code == "case.has_order"
    assert (await desk.as_it_stands(db, case.id)).order_id == yes.order_id


async def test_an_order_of_somebody_else_one_that_has_such_a_case_and_an_ended_case_are_refused(db: Database) -> None:
    shop, other = await given.shop(db), await given.shop(db)
    theirs, mine = await given.delivered_order(db, other), await given.delivered_order(db, shop)
    case = await by_telephone(db, shop)
    with pytest.raises(orders.OrderUnknown):
        await do(db, SYSTEM, cases.attach, case.id, theirs)
    known = await desk.trouble(db, mine)
    with pytest.raises(cases.CaseOpenAlready) as found:
        await do(db, SYSTEM, cases.attach, case.id, mine)
    assert (found.value.path, (await desk.as_it_stands(db, case.id)).order_id) == ("order", None)
    await do(db, desk.ANNA, cases.withdraw, known.id, reason="mistake")
    await do(db, desk.ANNA, cases.withdraw, case.id, reason="mistake")
    with pytest.raises(cases.CaseStateForbids):
        await do(db, SYSTEM, cases.attach, case.id, mine)
