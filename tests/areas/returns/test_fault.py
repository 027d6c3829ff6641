"""Whose fault it is, what of the freight follows, second looks, and money that went back early."""

import asyncio
from datetime import timedelta

import pytest
from tests import given
from tests.areas.returns import bench, road
from tests.areas.returns.bench import ANN, BEN
from tests.areas.returns.road import fine

from dingdan.areas import cases, inspection, policies, refunds, returns
from dingdan.areas.inspection import Missing
from dingdan.areas.returns import Inspect, Outcome, Send
from dingdan.kernel.actor import SYSTEM, Actor
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

STORED = fine(1, disposition="quarantine")


async def parts_of(db: Database, held: returns.Return) -> dict[str, int]:
    """What the refund of a return is made of."""
    found: dict[str, int] = {}
    async with db.transaction(SYSTEM) as tx:
        now = await returns.get_one(tx, held.id)
        assert now.refund_id is not None
        for part in (await refunds.parts(tx, [now.refund_id]))[now.refund_id]:
            found[part.component] = found.get(part.component, 0) + part.amount
    return found


async def codes(db: Database, by: Actor, command: object, *args: object) -> list[str]:
    try:
        await do(db, by, command, *args)  # type: ignore[arg-type]
    except Refusal as refusal:
        return [p.code for p in refusal.problems]
    return []


@pytest.mark.requirement("W29")
async def test_the_buyers_postage_goes_back_where_the_seller_was_at_fault(db: Database) -> None:
    # More than was paid for the order cannot go back this way; a person sees to the rest.
    shop = await given.shop(db, prices={"TEE": 8990, "SOCK": 3990}, freight=600)
    whole = await bench.returning(db, shop, {"TEE": 1}, reason="WRONG_ITEM")
    part = await bench.returning(db, shop, {"TEE": 1, "SOCK": 1}, reason="WRONG_ITEM")
    for held, number, lines in ((whole, "PAID-1", (fine(1),)), (part, "PAID-2", (fine(1), fine(1, line_no=2)))):
        await do(db, SYSTEM, returns.send, [Send((held.id,), "manual", number, 1200)])
        await do(db, SYSTEM, returns.send, [Send((held.id,), "manual", number, 1200)])
        await road.received(db, held)
        await road.inspected(db, held, *lines)
    await given.settle(db)

    assert await parts_of(db, whole) == {"goods": 8990, "freight_out": 600}
    assert (await road.now_is(db, whole)).postage_owed == 1200
    async with db.transaction(SYSTEM) as tx:
        (case, _) = await cases.of_orders(tx, [whole.order_id, part.order_id])
    assert case.kind == "postage_owed"


@pytest.mark.requirement("W19")
async def test_of_one_parcel_each_line_bears_its_part_of_the_way(db: Database) -> None:
    shop = await given.shop(db, prices={"MUG": 17999, "TEE": 16262, "SOCK": 3609}, freight=1000)
    order_id = await given.delivered_order(db, shop, {"MUG": 1, "TEE": 1, "SOCK": 1})
    held = await road.applied(db, shop, returns.ApplyLine(1, "NO_REASON", order_id, 1),
                              returns.ApplyLine(1, "QUALITY_DEFECT", order_id, 2))  # fmt: skip
    held = await do(db, SYSTEM, returns.approve, held.id)
    await do(db, SYSTEM, returns.send, [Send((held.id,), "manual", "PAID-19", 1200)])
    await road.received(db, held)
    done = await road.inspected(db, held, fine(1), fine(1, line_no=2, disposition="quarantine"))

    assert await parts_of(db, held) == {"goods": 34261, "freight_out": 430, "freight_return": 570}
    assert done.refund == 35261


@pytest.mark.requirement("W19")
async def test_postage_that_went_back_never_takes_the_money_of_goods_that_come_later(db: Database) -> None:
    shop = await given.shop(db, prices={"MUG": 10000, "TEE": 2000})
    order_id = await given.delivered_order(db, shop, {"MUG": 1, "TEE": 1})
    made = []
    for line_no in (1, 2):
        held = await road.applied(db, shop, returns.ApplyLine(1, "WRONG_ITEM", order_id, line_no))
        held = await do(db, SYSTEM, returns.approve, held.id)
        await do(db, SYSTEM, returns.send, [Send((held.id,), "manual", f"LATER-{line_no}", 1500)])
        await road.received(db, held)
        await road.inspected(db, held, fine(1, line_no=line_no, disposition="quarantine"))
        made.append(held)

    assert await parts_of(db, made[0]) == {"goods": 10000, "freight_return": 1500}
    # All that is left of 120.00 is 5.00: 15.00 of before and 15.00 of now are owed otherwise.
    assert await parts_of(db, made[1]) == {"goods": 2000, "freight_return": -1500}
    assert [(await road.now_is(db, held)).postage_owed for held in made] == [0, 3000]


@pytest.mark.requirement("W33")
@pytest.mark.requirement("R3.9")
async def test_what_turns_out_not_to_be_the_sellers_fault_becomes_a_return_without_a_reason(db: Database) -> None:
    shop = await given.shop(db, prices={"MUG": 17999, "TEE": 16262}, freight=1000)
    order_id = await given.delivered_order(db, shop, {"MUG": 1, "TEE": 1})
    held = await road.applied(db, shop, returns.ApplyLine(1, "QUALITY_DEFECT", order_id, 1))
    held = await do(db, SYSTEM, returns.approve, held.id)
    await do(db, SYSTEM, returns.send, [Send((held.id,), "manual", "PAID-33", 1200)])
    await road.received(db, held)
    done = await road.inspected(db, held, fine(1, fault="buyer"))

    assert (await parts_of(db, held), done.refund) == ({"goods": 17999}, 17999)
    assert "fault_changed" in await road.wires(db, held)
    async with db.transaction(SYSTEM) as tx:
        (line,) = (await returns.lines(tx, [held]))[held.id]
    assert line.fault == "buyer"


@pytest.mark.requirement("W33")
async def test_without_the_fault_and_after_the_window_there_is_no_right_and_the_goods_stay_the_buyers(
    db: Database,
) -> None:
    shop = await given.shop(db)
    order_id = await given.delivered_order(db, shop)
    await bench.later(db, timedelta(days=30))
    held = await road.applied(db, shop, returns.ApplyLine(1, "QUALITY_DEFECT", order_id, 1))
    held = await do(db, SYSTEM, returns.approve, held.id)
    await road.received(db, held)
    done = await road.inspected(db, held, fine(1, fault="buyer", disposition="quarantine"))

    assert (done.result, done.refund_id, len(done.choices)) == ("fail", None, 3)


@pytest.mark.requirement("W23")
@pytest.mark.requirement("R3.6")
async def test_a_gift_that_did_not_come_back_is_deducted_and_refuses_nothing(db: Database) -> None:
    shop = await given.shop(db, prices={"MUG": 29900})
    held = await bench.returning(db, shop)
    await road.received(db, held)
    done = await road.inspected(db, held, fine(1, missing=(Missing("gift", "pen", 2990),)))

    assert (done.result, done.refund, await parts_of(db, held)) == ("pass", 26910, {"goods": 29900, "deduction": -2990})
    async with db.transaction(SYSTEM) as tx:
        (finding,) = await returns.findings(tx, held.id)
    assert finding.missing == (Missing("gift", "pen", 2990),)


@pytest.mark.requirement("R3.8")
async def test_above_a_value_two_people_look_and_never_the_same(db: Database) -> None:
    shop = await bench.shop(db, parts={"inspection": policies.Inspection(second_above=10_000)}, stock=10)
    held = await bench.returning(db, shop)
    await road.received(db, held)
    (first,) = await do(db, ANN, returns.inspect, [Inspect(held.id, (STORED,))])

    assert (first.result, first.needs, first.refund_id) == ("needs_second", ("value",), None)
    assert (await road.now_is(db, held)).outcome is Outcome.OPEN
    assert await codes(db, ANN, returns.confirm, held.id) == ["inspection.same_person"]
    assert await codes(db, ANN, returns.inspect, [Inspect(held.id, (STORED,))]) == ["inspection.same_person"]
    done = await do(db, BEN, returns.confirm, held.id)
    assert (done.result, done.refund) == ("pass", 19900)
    async with db.transaction(SYSTEM) as tx:
        looks = (await inspection.looks_of(tx, [held.id]))[held.id]
        assert [(look.kind, look.taken_by, look.agrees) for look in looks] == [
            ("first", 71, None),
            ("second", 72, True),
        ]


@pytest.mark.requirement("R3.8")
async def test_of_two_who_confirm_at_once_one_does(db: Database) -> None:
    shop = await bench.shop(db, parts={"inspection": policies.Inspection(second_per_thousand=1000)})
    held = await bench.returning(db, shop)
    await road.received(db, held)
    assert await codes(db, BEN, returns.confirm, held.id) == ["inspection.no_look"]
    await do(db, ANN, returns.inspect, [Inspect(held.id, (STORED,))])
    said = await asyncio.gather(*(codes(db, by, returns.confirm, held.id) for by in (BEN, SYSTEM)))

    assert sorted(said) == [[], ["return.state_forbids"]]


@pytest.mark.requirement("R3.9")
async def test_a_laboratory_decides_later_and_the_clock_waits(db: Database) -> None:
    held = await bench.returning(db, await given.shop(db))
    await road.received(db, held)
    (asked,) = await do(db, ANN, returns.inspect, [Inspect(held.id, (STORED,), needs_lab=True)])
    await bench.later(db, timedelta(days=4))
    done = await road.inspected(db, held, STORED)

    assert (asked.result, done.result) == ("needs_lab", "pass")
    assert "overdue" not in await road.wires(db, held)


@pytest.mark.requirement("R3.8")
async def test_whoever_does_not_look_in_two_days_hears_of_it(db: Database) -> None:
    held = await bench.returning(db, await given.shop(db))
    await road.received(db, held)
    await bench.later(db, timedelta(hours=25))
    await bench.later(db, timedelta(hours=24))

    assert [wire for wire in await road.wires(db, held) if wire in ("due_soon", "overdue")] == ["due_soon", "overdue"]


@pytest.mark.requirement("R3.8")
async def test_what_is_not_as_it_should_be_is_shown(db: Database) -> None:
    shop = await bench.shop(db, category="books", parts={"inspection": policies.Inspection(pictures=1)})
    held = await bench.returning(db, shop)
    await road.received(db, held)
    checks = {check.code: check.code != "unused" for check in policies.GENERAL.checks}
    used = Inspect(
        held.id, (fine(1, is_original=None, intact=None, grade="C", disposition="quarantine", checks=checks),)
    )

    assert await codes(db, SYSTEM, returns.inspect, [used]) == ["inspection.pictures_missing"]
    file = inspection.Drawn("a" * 64, 9, 3, 3)
    shot = await do(db, ANN, returns.take_picture, held.id, line_no=1, shows="deviation", drawn=file)
    again = await do(db, BEN, returns.take_picture, held.id, line_no=1, shows="deviation", drawn=file)
    (done,) = await do(db, SYSTEM, returns.inspect, [used])
    assert (shot.id == again.id, done.result) == (True, "fail")


EARLY = {"early_refund": policies.EarlyRefund(most=20_000, completed_orders=0)}


@pytest.mark.requirement("R3.13")
async def test_a_trusted_buyer_has_the_money_before_anybody_has_looked(db: Database) -> None:
    shop = await bench.shop(db, parts=EARLY, stock=10)
    cheap, dear = await bench.returning(db, shop), await bench.returning(db, shop, {"MUG": 2})
    for n, held in enumerate((cheap, dear)):
        await road.sent(db, held, f"EARLY-{n}")
    await given.settle(db)

    early = await road.now_is(db, cheap)
    assert (early.paid_early_at is not None, early.outcome, (await road.now_is(db, dear)).refund_id) == (
        True,
        "open",
        None,
    )
    assert await parts_of(db, cheap) == {"goods": 19900}
    await road.received(db, cheap)
    done = await road.inspected(db, cheap, fine(1))
    assert (done.refund_id, (await road.now_is(db, cheap)).outcome) == (early.refund_id, Outcome.SETTLED)


@pytest.mark.requirement("R3.13", "A7", "W29")
async def test_what_went_early_and_proves_too_small_is_made_up_with_the_freight_and_the_postage(db: Database) -> None:
    shop = await bench.shop(db, parts=EARLY, freight=6_00)
    held = await bench.returning(db, shop)
    await do(db, SYSTEM, returns.add_costs, {held.id: (0, 12_00)})
    await road.sent(db, held, "EARLY-7")
    await given.settle(db)
    assert await parts_of(db, held) == {"goods": 199_00}
    await road.received(db, held)
    # A defect: the freight out and the postage are the seller's.
    await road.inspected(db, held, fine(1, fault="seller"))
    await given.settle(db)

    async with db.transaction(SYSTEM) as tx:
        found = (await refunds.of_orders(tx, [held.order_id]))[held.order_id]
        parts = (await refunds.parts(tx, [found[1].id]))[found[1].id]
    assert [(str(one.cause), one.amount, str(one.state)) for one in found] == [
        ("return", 199_00, "settled"), ("rest", 6_00, "settled"),
    ]  # fmt: skip
    assert [(part.component, part.amount, str(part.basis)) for part in parts] == [("freight_out", 6_00, "fault")]
    # There is no money of the order left for the postage: somebody sees to it.
    assert (await road.now_is(db, held)).postage_owed == 12_00
    assert await due_back(db, held) == []


@pytest.mark.requirement("R3.13")
async def test_what_was_paid_early_and_not_accepted_is_had_back_by_a_case(db: Database) -> None:
    shop = await bench.shop(db, parts=EARLY)
    held = await bench.returning(db, shop)
    await road.sent(db, held, "EARLY-9")
    await given.settle(db)
    await road.received(db, held)
    done = await road.inspected(db, held, fine(1, intact=False, disposition="quarantine"))
    await given.settle(db)

    assert done.result == "fail"
    async with db.transaction(SYSTEM) as tx:
        found = await cases.of_orders(tx, [held.order_id])
    assert [case.kind for case in found] == ["refund_recovery"]
    assert "recovery_due" in await road.wires(db, held)


async def due_back(db: Database, held: returns.Return) -> list[int]:
    """What is to be had back of the buyer for a return."""
    await given.settle(db)
    async with db.reading(SYSTEM) as tx:
        rows = await tx.fetch(
            "SELECT data ->> 'amount' AS amount FROM facts WHERE wire = 'return.recovery_due' AND subject_id = $1",
            held.id,
        )
    return [int(row["amount"]) for row in rows]


@pytest.mark.requirement("R3.13", "W23", "W33")
async def test_what_went_early_beyond_what_the_goods_bring_is_had_back_too(db: Database) -> None:
    shop = await bench.shop(db, parts=EARLY)
    held = await bench.returning(db, shop)
    await road.sent(db, held, "EARLY-8")
    await given.settle(db)
    await road.received(db, held)
    await road.inspected(db, held, fine(1, missing=(Missing("gift", "pen", 29_90),)))

    assert await due_back(db, held) == [29_90]


@pytest.mark.requirement("R3.2", "R3.13")
@pytest.mark.parametrize(("fault", "due"), [("buyer", [8_00]), ("none", [8_00]), ("seller", [])])
async def test_our_label_is_the_buyers_also_where_nothing_is_accepted_unless_the_fault_is_ours(
    db: Database, fault: str, due: list[int]
) -> None:
    held = await bench.returning(db, await given.shop(db), reason="WRONG_ITEM")
    await road.sent(db, held, "LABEL-1")
    await do(db, SYSTEM, returns.add_costs, {held.id: (8_00, 0)})
    await road.received(db, held)
    done = await road.inspected(db, held, fine(1, intact=False, disposition="quarantine", fault=fault))

    assert (done.result, await due_back(db, held)) == ("fail", due)


@pytest.mark.requirement("R3.13")
async def test_a_buyer_without_a_history_waits_for_the_inspection(db: Database) -> None:
    shop = await bench.shop(db, parts={"early_refund": policies.EarlyRefund(most=20_000)})
    held = await bench.returning(db, shop)
    await road.sent(db, held, "EARLY-3")
    await given.settle(db)

    assert (await road.now_is(db, held)).paid_early_at is None
