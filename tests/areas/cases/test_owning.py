"""Exactly one owner at any time: chosen by role, skill and load, handed over, sent up, and silence is noticed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from tests import given
from tests.areas.cases import desk

from dingdan.areas import cases, orders
from dingdan.areas.cases.rules.assigning import Candidate, choose
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import clock
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("O6.2")

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)


def one(staff_id: int, load: int = 0, *, own: bool = True, last: datetime | None = None) -> Candidate:
    return Candidate(staff_id, own, load, last)


def test_whoever_has_least_to_do_gets_it() -> None:
    assert choose([one(1, 2), one(2, 1), one(3, 1, last=NOON)], "loss", {}) == 2
    assert choose([one(1, 0, own=False), one(2, 5)], "loss", {}) == 2
    assert choose([one(1), one(2)], "loss", {1: ["delay"]}) == 2
    assert choose([one(1)], "loss", {}, but_not=1) is None
    assert choose([], "loss", {}) is None


@for_all(st.permutations([one(1, 1), one(2, 1, last=NOON), one(3, 0, own=False), one(4, 1)]))
def test_the_same_picture_gives_the_same_answer(people: list[Candidate]) -> None:
    assert choose(people, "loss", {}) == 1


async def test_cases_go_round_among_those_who_know_the_kind(db: Database) -> None:
    shop = await given.shop(db)
    people = [await desk.hire(db, shop, f"cs-{n}", "customer_service") for n in range(3)]
    await do(db, SYSTEM, cases.set_skills, people[2], ["damage"])
    orders = [await given.paid_order(db, shop) for _ in range(4)]
    got = [(await desk.owner(db, (await desk.trouble(db, i)).id)).staff_id for i in orders]
    assert got == [people[0], people[1], people[0], people[1]]
    knows = await desk.owner(db, (await desk.trouble(db, orders[0], "damage")).id)
    assert knows.staff_id == people[2]


async def test_where_nobody_is_there_the_queue_of_the_role_has_it_until_somebody_takes_it(db: Database) -> None:
    shop = await given.shop(db)
    case = await desk.trouble(db, await given.paid_order(db, shop))
    waiting = await desk.owner(db, case.id)
    assert (waiting.role, waiting.staff_id) == ("customer_service", None)
    with pytest.raises(cases.NeedsStaff):
        await do(db, SYSTEM, cases.take, case.id)
    who = await desk.hire(db, shop, "late", "customer_service")
    actor = desk.Actor(desk.ActorKind.STAFF, who, "Late", shop.merchant_id, desk.AGENT_MAY)
    await do(db, actor, cases.take, case.id)
    taken = await desk.owner(db, case.id)
    assert (taken.staff_id, taken.n, taken.reason) == (who, 2, "taken")


async def test_a_case_is_handed_to_somebody_who_is_there_and_reaches_it(db: Database) -> None:
    shop, other = await given.shop(db), await given.shop(db)
    first = await desk.hire(db, shop, "first", "customer_service")
    second = await desk.hire(db, None, "second", "logistics")
    gone = await desk.hire(db, shop, "gone", "customer_service", active=False)
    stranger = await desk.hire(db, other, "stranger", "customer_service")
    case = await desk.trouble(db, await given.paid_order(db, shop))
    for nobody in (gone, stranger, 1):
        with pytest.raises(cases.OwnerUnfit):
            await do(db, desk.ANNA, cases.hand_over, case.id, staff_id=nobody, reason="holiday")
    await do(db, desk.ANNA, cases.hand_over, case.id, staff_id=second, reason="holiday")
    async with db.reading(SYSTEM) as tx:
        history = (await cases.owners(tx, [case.id]))[case.id]
        wires = [row["wire"] for row in await tx.fetch(
            "SELECT wire FROM facts WHERE subject_id = $1 ORDER BY id", case.id)]  # fmt: skip
    assert [(o.staff_id, o.until is None, o.reason) for o in history] == [
        (first, False, "opened"), (second, True, "holiday"),
    ]  # fmt: skip
    assert wires == ["case.opened", "case.assigned", "case.handed_over"]


async def test_what_is_missed_goes_one_level_up_each_time_and_the_top_is_warned(db: Database) -> None:
    shop = await given.shop(db)
    lead = await desk.hire(db, shop, "lead", "lead")
    case = await desk.trouble(db, await given.paid_order(db, shop))
    await later(db, hours=2, minutes=1)
    up = await desk.as_it_stands(db, case.id)
    assert (up.level, (await desk.owner(db, case.id)).staff_id) == (1, lead)
    for _ in range(3):
        await later(db, hours=25)
    top = await desk.as_it_stands(db, case.id)
    assert (top.level, (await desk.owner(db, case.id)).role, top.due_at) == (2, "manager", case.due_at)
    async with db.reading(SYSTEM) as tx:
        said = await cases.log(tx, top, with_words=False)
    reasons = [s.entry.data["reason"] for s in said if s.entry.kind == "escalated"]
    assert reasons[:2] == ["not_contacted", "not_planned"]
    assert "silent" in reasons[2:]


@pytest.mark.requirement("O4.5")
async def test_who_keeps_the_promised_times_is_left_alone(db: Database) -> None:
    shop = await given.shop(db)
    case = await desk.trouble(db, await given.paid_order(db, shop), "delay")
    assert case.contact_by == case.opened_at + timedelta(hours=2)
    assert case.plan_by == case.opened_at + timedelta(hours=24)
    told = await do(db, desk.ANNA, cases.update, case.id, text="正在查件", plan="ask_carrier")
    assert (told.state, told.contacted_at is not None, told.planned_at is not None) == ("investigating", True, True)
    await later(db, hours=23)
    await do(db, desk.ANNA, cases.update, case.id, text="还在查")
    await later(db, hours=23)
    assert (await desk.as_it_stands(db, case.id)).level == 0
    await later(db, hours=2)
    assert (await desk.as_it_stands(db, case.id)).level == 1


async def test_while_the_buyer_is_asked_our_clocks_stand_still(db: Database) -> None:
    shop = await given.shop(db)
    case = await desk.trouble(db, await given.paid_order(db, shop), "damage")
    asked = await do(db, desk.ANNA, cases.ask, case.id, text="请提供照片")
    assert (asked.whose_turn, asked.due_at) == ("buyer", asked.answer_by)
    with pytest.raises(cases.CaseStateForbids):
        await do(db, desk.ANNA, cases.ask, case.id, text="请提供照片")
    await later(db, hours=47)
    assert (await desk.as_it_stands(db, case.id)).level == 0
    await later(db, hours=2)
    went_on = await desk.as_it_stands(db, case.id)
    assert (went_on.whose_turn, went_on.answer_by, went_on.level) == ("us", None, 0)
    with pytest.raises(cases.BuyerNotAsked):
        await do(db, SYSTEM, cases.answer, case.id, text="来了")


async def test_the_same_trouble_told_again_is_added_to_its_case(db: Database) -> None:
    order_id = await given.shipped_order(db, await given.shop(db))
    await desk.scan(db, order_id, "turned_away")
    await desk.scan(db, order_id, "returning")
    async with db.reading(SYSTEM) as tx:
        (case,) = await cases.of_orders(tx, [order_id])
    assert (case.kind, case.repeats) == ("turned_away", 1)


async def later(db: Database, **span: int) -> None:
    """Turn the clock, and let everything follow."""
    async with db.transaction(SYSTEM) as tx:
        await clock.advance(tx, timedelta(**span))
    await given.settle(db, with_deadlines=True)


@pytest.mark.requirement("O5.1")
async def test_an_order_is_not_completed_while_something_about_it_is_open(db: Database) -> None:
    order_id = await given.delivered_order(db, await given.shop(db))
    case = await desk.trouble(db, order_id)
    with pytest.raises(orders.ObjectionOpen):
        await do(db, SYSTEM, orders.receive, order_id)
    await do(db, desk.ANNA, cases.close, case.id, closure="unfounded")
    await do(db, SYSTEM, orders.receive, order_id)
    async with db.reading(SYSTEM) as tx:
        assert (await orders.get_one(tx, order_id)).state == "completed"
