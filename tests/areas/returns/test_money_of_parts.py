"""What a part of an order brings once it is back: what the rest hung on, what was used, each with its rule and clause."""

import random

import pytest
from msgspec.structs import replace
from tests import given
from tests.areas.cases import desk
from tests.areas.pricing import till as prices
from tests.areas.returns import bench, road
from tests.areas.returns.road import fine

from dingdan.areas import cases, ledger, orders, policies, pricing, refunds, returns
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

(LAW,) = (one for one in policies.packs() if one.id == "cn_statutory")
DISCOUNT = LAW.no_reason.partial_discount
Row = tuple[str, int, int, str, str]


async def back(db: Database, shop: given.Shop, order_id: int, *line_nos: int, reason: str = "NO_REASON") -> list[Row]:
    """Send one unit of each of these lines back and have it looked at: (component, line, amount, rule, clause)."""
    asked = [returns.ApplyLine(1, reason, order_id, no) for no in line_nos]
    async with db.reading(SYSTEM) as tx:
        preview = await returns.preview(tx, returns.Apply(shop.merchant_id, "buyer-1", tuple(asked)))
    held = await road.applied(db, shop, *asked)
    if held.decision == "requested":
        held = await do(db, SYSTEM, returns.approve, held.id)
    await road.received(db, held)
    done = await road.inspected(db, held, *(fine(1, line_no=no) for no in line_nos))
    await given.settle(db)

    assert done.refund == preview.returns[0].refund
    return await rows(db, held)


async def rows(db: Database, held: returns.Return) -> list[Row]:
    async with db.reading(SYSTEM) as tx:
        now = await returns.get_one(tx, held.id)
        found = (await refunds.parts(tx, [now.refund_id or 0])).get(now.refund_id or 0, [])
    return [(part.component, part.line_no, part.amount, part.rule, part.clause) for part in found]


@pytest.mark.requirement("W20", "R4.3")
async def test_free_carriage_that_is_lost_is_a_line_of_its_own_and_comes_back_with_the_rest(db: Database) -> None:
    shop = await given.shop(db, prices={"A": 59_00, "B": 49_00}, freight=12_00, free_freight_from=99_00)
    order_id = await given.delivered_order(db, shop, {"A": 1, "B": 1})
    clause = LAW.no_reason.freight.rule

    assert await back(db, shop, order_id, 2) == [
        ("goods", 2, 49_00, "A5.prorate", LAW.no_reason.window.rule),
        ("deduction", 2, -12_00, "A7.lost_free_freight", clause),
    ]  # fmt: skip
    assert [row[2] for row in await back(db, shop, order_id, 1)] == [59_00, 12_00]


@pytest.mark.requirement("W20")
async def test_a_faulty_part_loses_no_carriage(db: Database) -> None:
    shop = await given.shop(db, prices={"A": 59_00, "B": 49_00}, freight=12_00, free_freight_from=99_00)
    order_id = await given.delivered_order(db, shop, {"A": 1, "B": 1})

    assert [row[:3] for row in await back(db, shop, order_id, 2, reason="QUALITY_DEFECT")] == [("goods", 2, 49_00)]


@pytest.mark.requirement("W03", "W05", "A6", "R4.3")
async def test_a_policy_that_reprices_shows_both_figures_and_ends_where_the_other_does(db: Database) -> None:
    shop = await bench.shop(db, prices={"A": 199_00, "B": 89_90, "C": 39_90}, parts={
        "no_reason": replace(LAW.no_reason, partial_discount=replace(DISCOUNT, default="reprice")),
    })  # fmt: skip
    await prices.running(db, shop, pricing.Amount(40_00), code="FORTY", min_spend=300_00, currency="CNY")
    order_id = await given.delivered_order(db, shop, {"A": 1, "B": 2, "C": 1}, coupons=("FORTY",))
    first, second = await back(db, shop, order_id, 3), await back(db, shop, order_id, 1)
    third = [*await back(db, shop, order_id, 2), *await back(db, shop, order_id, 2)]

    assert [row[:4] for row in first] == [("goods", 3, 36_09, "A5.prorate"), ("reprice", 3, 3_81, "A6.reprice")]
    assert first[1][4] == DISCOUNT.rule
    assert sum(row[2] for row in (*first, *second, *third)) == 378_70
    assert sum(row[2] for row in (*first, *second)) == 378_70 - 179_80


EU = next(one for one in policies.packs() if one.id == "eu_crd")


@pytest.mark.requirement("R3.7", "R4.3")
async def test_what_goods_lost_by_use_is_taken_off_where_the_policy_lets_it_count(db: Database) -> None:
    shop = await bench.shop(db, parts={"deductions": EU.deductions, "rules": LAW.rules | EU.rules,
                                       "sources": (*LAW.sources, *EU.sources), "jurisdiction": "other"})  # fmt: skip
    held = await bench.returning(db, shop)
    await road.received(db, held)
    with pytest.raises(Refusal) as caught:
        await road.inspected(db, held, fine(1, intact=False, grade="C", disposition="quarantine", lost=199_01))
    done = await road.inspected(db, held, fine(1, intact=False, grade="C", disposition="quarantine", lost=60_00))

    assert [problem.code for problem in caught.value.problems] == ["inspection.use_not_counted"]
    assert (done.result, done.refund) == ("pass", 139_00)
    assert (await rows(db, held))[1][:4] == ("deduction", 1, -60_00, "R3.7.use")


@pytest.mark.requirement("R3.7")
async def test_where_goods_are_intact_or_not_nothing_is_taken_off_for_use(db: Database) -> None:
    shop = await given.shop(db)
    held = await bench.returning(db, shop)
    await road.received(db, held)
    with pytest.raises(Refusal) as caught:
        await road.inspected(db, held, fine(1, intact=False, grade="C", disposition="quarantine", lost=60_00))

    assert [(problem.code, problem.path) for problem in caught.value.problems] == [
        ("inspection.use_not_counted", "[0].lines[0].lost_value"),
    ]  # fmt: skip


@pytest.mark.requirement("issue 5: partitions", "issue 5: any order")
@pytest.mark.parametrize("seed", range(3))
async def test_by_whatever_path_all_of_an_order_comes_back_its_lines_tenders_and_books_come_to_what_was_paid(
    db: Database, seed: int
) -> None:
    """Returns of some units, cancelled units, faults and a remedy, in an order of the day's own; nothing is left."""
    path = random.Random(seed)
    shop = await given.shop(db, freight=10_00)
    order_id = await given.delivered_order(db, shop, {"MUG": 1, "TEE": 2, "SOCK": 3})
    units = [1, 2, 2, 3, 3, 3]
    path.shuffle(units)
    reduced = path.choice(range(len(units)))
    for n, line_no in enumerate(units):
        if n == reduced:
            case = await desk.trouble(db, order_id, "damage")
            await do(db, desk.MARA, cases.propose, case.id, desk.refund(line_no, amount=path.randrange(1, 10_00)))
            await given.settle(db)
        held = await road.applied(db, shop, returns.ApplyLine(1, "QUALITY_DEFECT", order_id, line_no))
        await do(db, SYSTEM, returns.approve, held.id)
        await road.received(db, held)
        looked = await road.inspected(db, held, fine(1, line_no, fault="seller"))
        await do(db, bench.ANN, refunds.approve, looked.refund_id or 0)
        if path.random() < 0.5:
            await given.settle(db)
    await given.settle(db)

    async with db.reading(SYSTEM) as tx:
        order = await orders.get_one(tx, order_id)
        found = (await refunds.of_orders(tx, [order_id]))[order_id]
        parts = await refunds.parts(tx, [one.id for one in found])
        tenders = await refunds.tenders(tx, [one.id for one in found])
        books = {one.account: one.amount for one in await ledger.balances(tx, shop.merchant_id)}
    assert order.total == order.refunded == sum(one.amount for one in found)
    assert sum(part.amount for some in parts.values() for part in some) == order.total
    assert sum(tender.amount for some in tenders.values() for tender in some) == order.total
    assert (books.get("buyer_funds", 0), books.get("refunds_payable", 0), books.get("psp_clearing", 0)) == (0, 0, 0)
