"""The days that customs leave are told of before they are over, and what was missed when they are."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from tests import given
from tests.areas.customs.test_noting import bought, released
from tests.areas.returns import road

from dingdan.areas import customs
from dingdan.areas.customs import ReturnLine
from dingdan.areas.returns import ApplyLine
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import clock, deadlines
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("W73")


async def clocks(db: Database, subject_id: int) -> dict[str, datetime | None]:
    async with db.reading(SYSTEM) as tx:
        return {
            one.kind: one.at for one in await deadlines.of_subjects(tx, [subject_id]) if one.kind.startswith("customs")
        }


async def told(db: Database) -> list[tuple[Any, ...]]:
    """What was told of days that are nearly over, or are."""
    async with db.reading(SYSTEM) as tx:
        rows = await tx.fetch(
            "SELECT wire, data FROM facts WHERE wire IN ('customs.due', 'customs.missed') ORDER BY id"
        )
    return [(row["wire"].removeprefix("customs."), row["data"]["what"], row["data"].get("rung", "")) for row in rows]


async def later(db: Database, **span: int) -> None:
    await do(db, SYSTEM, clock.advance, timedelta(**span))
    await given.settle(db, with_deadlines=True)


def end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), ZoneInfo("Asia/Shanghai"))


async def asked_back(db: Database) -> tuple[int, date]:
    """Goods that were released today, and that their buyer wants to send back."""
    shop, order_id = await bought(db)
    day = await released(db, order_id)
    await road.applied(db, shop, ApplyLine(1, order_id=order_id, line_no=2))
    await given.settle(db)
    return order_id, day


async def test_whoever_has_to_ask_customs_hears_of_it_in_time_and_when_it_is_too_late(db: Database) -> None:
    order_id, day = await asked_back(db)
    assert await clocks(db, order_id) == {"customs.apply_by": end_of(customs.last_days(day)[0])}
    await later(db, days=21)
    await later(db, days=7)
    assert await told(db) == [("due", "apply", "days_left"), ("due", "apply", "last_days")]
    await later(db, days=4)
    assert (await told(db))[2:] == [("missed", "apply", "")]


async def test_what_was_asked_for_waits_for_the_goods(db: Database) -> None:
    order_id, day = await asked_back(db)
    made = await do(db, SYSTEM, customs.apply, order_id, [ReturnLine(2, 1)], applied_on=day)
    assert (await clocks(db, order_id), await clocks(db, made.id)) == (
        {}, {"customs.back_by": end_of(customs.last_days(day)[1])},
    )  # fmt: skip
    await later(db, days=40)
    await later(db, days=4)
    assert [one[:2] for one in await told(db)] == [("due", "back"), ("due", "back")]
    await do(db, SYSTEM, customs.note_return, made.id, back_on=day + timedelta(days=44))
    assert await clocks(db, made.id) == {}
    await later(db, days=5)
    assert len(await told(db)) == 2


async def test_an_application_that_was_taken_back_can_be_made_again_as_long_as_there_are_days(db: Database) -> None:
    order_id, day = await asked_back(db)
    made = await do(db, SYSTEM, customs.apply, order_id, [ReturnLine(2, 1)], applied_on=day)
    await do(db, SYSTEM, customs.withdraw, made.id)
    assert (await clocks(db, made.id), list(await clocks(db, order_id))) == ({}, ["customs.apply_by"])
    await later(db, days=47)
    assert [one[:2] for one in await told(db)][-1] == ("missed", "apply")
    second = await do(db, SYSTEM, customs.apply, order_id, [ReturnLine(2, 1)], applied_on=day + timedelta(days=47))
    assert await clocks(db, second.id) == {"customs.back_by": end_of(customs.last_days(day)[1])}
    await given.settle(db, with_deadlines=True)
    assert [one[:2] for one in await told(db)][-1] == ("missed", "back")


async def test_other_goods_have_no_such_days(db: Database) -> None:
    shop = await given.shop(db)
    order_id = await given.delivered_order(db, shop)
    await road.applied(db, shop, ApplyLine(1, order_id=order_id, line_no=1))
    await given.settle(db)
    await do(db, SYSTEM, customs.expect_back, [order_id, 12345])
    assert await clocks(db, order_id) == {}
