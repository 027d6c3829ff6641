"""Calendars: versions that stay, promises that are counted by them, and kinds that no calendar touches."""

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest
from tests import given
from tests.areas.returns import road
from tests.areas.returns.road import applied

from dingdan.areas import clocks, returns
from dingdan.areas.returns import ApplyLine, Decision
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.kernel.working import CalendarTerms
from dingdan.plumbing import deadlines
from dingdan.plumbing.calendars import counting
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from dingdan.reactions.deadlines import RUNGS

pytestmark = pytest.mark.requirement("issue 4: clocks")

OFFICE = CalendarTerms(zone="Asia/Shanghai", weekdays=(1, 2, 3, 4, 5), opens="09:00", closes="18:00", holidays="CN",
                       kinds=("return.review",))  # fmt: skip
FRIDAY = datetime(2026, 3, 6, 9, tzinfo=UTC)
TWO_HOURS = timedelta(hours=2)


async def test_a_merchant_s_own_calendar_counts_before_the_platform_s(db: Database) -> None:
    own, plain = (await given.shop(db)).merchant_id, (await given.shop(db)).merchant_id
    await do(db, SYSTEM, clocks.save_calendar, None, OFFICE)
    await do(db, SYSTEM, clocks.save_calendar, own, CalendarTerms(zone="Asia/Shanghai"))
    async with db.transaction(SYSTEM) as tx:
        review = await counting(tx, returns.REVIEW, {own, plain})
        send_by = await counting(tx, returns.SEND_BY, {own, plain})
    assert review[own].add(FRIDAY, TWO_HOURS) == FRIDAY + TWO_HOURS
    assert review[plain].add(FRIDAY, TWO_HOURS) == datetime(2026, 3, 9, 2, tzinfo=UTC)
    assert send_by[plain].add(FRIDAY, TWO_HOURS) == FRIDAY + TWO_HOURS


async def test_every_change_is_a_version_and_the_same_again_is_none(db: Database) -> None:
    merchant_id = (await given.shop(db)).merchant_id
    longer = CalendarTerms(zone="Asia/Shanghai", opens="08:00", closes="20:00", days_off=(date(2026, 2, 17),))
    both = await asyncio.gather(*(do(db, SYSTEM, clocks.save_calendar, merchant_id, OFFICE) for _ in range(2)))
    assert both[0] == both[1]
    assert (await do(db, SYSTEM, clocks.save_calendar, merchant_id, longer)).version == 2
    async with db.transaction(SYSTEM) as tx:
        found = await clocks.calendar_versions(tx, merchant_id)
    assert [(one.version, one.terms) for one in found] == [(2, longer), (1, OFFICE)]


async def test_no_calendar_touches_what_the_law_counts(db: Database) -> None:
    wrong = CalendarTerms(
        zone="Asia/Atlantis", weekdays=(0,), opens="18:00", closes="09:00", holidays="XX",
        days_on=(date(2026, 1, 1),), days_off=(date(2026, 1, 1),), kinds=("return.review", "return.send_by"),
    )  # fmt: skip
    with pytest.raises(Refusal) as no:
        await do(db, SYSTEM, clocks.save_calendar, None, wrong)
    assert [(problem.code, problem.path) for problem in no.value.problems] == [
        ("clocks.calendar_unfit", "zone"), ("clocks.calendar_unfit", "weekdays"), ("clocks.calendar_unfit", "closes"),
        ("clocks.calendar_unfit", "holidays"), ("clocks.calendar_unfit", "days_off"),
        ("clocks.counts_every_hour", "kinds[1]"),
    ]  # fmt: skip


@pytest.mark.requirement("R2.2")
async def test_an_answer_is_promised_in_the_merchant_s_working_time_and_asked_for_until_it_is_there(
    db: Database,
) -> None:
    shop = await given.shop(db, silence_approves=False, review_limit_hours=9)
    await do(db, SYSTEM, clocks.save_calendar, shop.merchant_id, OFFICE)
    held = await applied(db, shop, ApplyLine(1, "QUALITY_DEFECT", await given.delivered_order(db, shop), 1))
    async with db.transaction(SYSTEM) as tx:
        (due,) = await deadlines.of_subjects(tx, [held.id])
    assert due.at == OFFICE.calendar().add(held.requested_at, timedelta(hours=9))
    assert (due.waiting_for, due.is_over) == ("merchant", False)
    span = due.at - held.requested_at
    moments = [held.requested_at + span * 0.6, held.requested_at + span * 0.9, due.at]
    moments += [due.at + timedelta(hours=hours) for hours in (25, 73)]
    for moment in moments:
        for _ in range(2):
            await deadlines.run_due(db, returns.REVIEW, returns.time_out_review, at=moment,
                                    on_rung=RUNGS[returns.REVIEW.name])  # fmt: skip
    assert await road.wires(db, held) == ["requested", "due_soon", "due_soon", "escalated", "overdue", "overdue"]
    async with db.transaction(SYSTEM, at=moments[-1]) as tx:
        (over,) = await deadlines.of_subjects(tx, [held.id])
    assert (over.at, over.is_over) == (due.at, True)
    assert (await do(db, SYSTEM, returns.approve, held.id)).decision is Decision.APPROVED
    async with db.transaction(SYSTEM) as tx:
        assert [one.kind for one in await deadlines.of_subjects(tx, [held.id])] == ["return.send_by"]
