"""Goods from abroad go back: in time they bring their tax and the buyer's quota, too late they bring their price alone."""

import asyncio
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from tests import given
from tests.areas.returns import road
from tests.areas.returns.road import fine

from dingdan.areas import addresses, customs, pricing, refunds, returns
from dingdan.areas.customs import ReturnLine, rules
from dingdan.areas.refunds import AskedLine, Basis
from dingdan.areas.refunds.rules import amount
from dingdan.areas.returns import ApplyLine
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.refusal import Refusal
from dingdan.kernel.times import local_date
from dingdan.plumbing import clock
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

PAPERS = addresses.Identity("王小明", "11010519491231002X")
TAX = pricing.TaxRate(name={"zh": "跨境综合税"}, country="CN", rate=910, inclusive=False, cross_border=True)
JUNE = date(2026, 6, 1)


@pytest.mark.requirement("W73")
def test_the_days_are_counted_from_the_release() -> None:
    assert customs.last_days(JUNE) == (date(2026, 7, 1), date(2026, 7, 16))
    for applied, back, is_in_time in (
        (date(2026, 7, 1), date(2026, 7, 16), True), (date(2026, 7, 2), date(2026, 7, 16), False),
        (date(2026, 7, 1), date(2026, 7, 17), False),
    ):  # fmt: skip
        assert rules.is_in_time(JUNE, applied, back) is is_in_time


@pytest.mark.requirement("W48", "W49")
@for_all(steps=st.lists(st.sampled_from(["loose", "fault", "cleared"]), max_size=9))
def test_the_tax_that_is_back_depends_on_what_is_back_and_not_on_what_came_first(steps: list[str]) -> None:
    """Three units with a tax of 1.00; what customs have back and what was paid back come in any order."""
    earlier, cleared, given_ = amount.Earlier(), 0, 0
    for step in steps:
        if step == "cleared":
            cleared = min(3, cleared + 1)
        line = amount.Line(1, 3, 10_00, 1_00, cleared)
        gone = earlier.units.get(1, 0)
        if step == "cleared" or gone == 3:
            parts = amount.import_tax(amount.Sold((line,)), earlier)
        else:
            basis = Basis.NO_REASON if step == "loose" else Basis.FAULT
            parts = amount.quote(amount.Sold((line,)), earlier, [AskedLine(1, 1, basis)])
            loose = earlier.loose.get(1, 0) + (basis is Basis.NO_REASON)
            earlier = amount.Earlier({1: gone + 1}, loose={1: loose}, tax=earlier.tax)
        given_ += sum(part.amount for part in parts if part.component == "tax")
        earlier = amount.Earlier(earlier.units, loose=earlier.loose, tax={1: given_})
    loose, gone = earlier.loose.get(1, 0), earlier.units.get(1, 0)
    # Thirds of 1.00, rounded half up.
    assert given_ == (0, 33, 67, 1_00)[gone - loose + min(loose, cleared)]


async def bought(db: Database) -> tuple[given.Shop, int]:
    """200.00 and 100.00 from abroad, with 9.1 % tax on top, in the buyer's hands."""
    shop = await given.shop(db, prices={"MILK": 200_00, "SOAP": 100_00}, flags=("cross_border",))
    await do(db, SYSTEM, pricing.save_taxes, shop.merchant_id, [TAX])
    return shop, await given.delivered_order(db, shop, {"MILK": 1, "SOAP": 1}, identity=PAPERS)


async def today(db: Database) -> date:
    async with db.reading(SYSTEM) as tx:
        return local_date(tx.now, rules.ZONE)


async def turn(db: Database, days: int) -> date:
    await do(db, SYSTEM, clock.advance, timedelta(days=days))
    return await today(db)


async def released(db: Database, order_id: int, day: date | None = None) -> date:
    day = day or await today(db)
    await do(db, SYSTEM, customs.note_release, order_id, declaration="D-1", released_on=day)
    return day


async def soap_back(db: Database, order_id: int, *, applied: int = 20, back: int = 40) -> customs.CustomsReturn:
    """The second line goes back through customs, on these days after its release."""
    await released(db, order_id)
    day = await turn(db, applied)
    asked = await do(db, SYSTEM, customs.apply, order_id, [ReturnLine(2, 1)], applied_on=day)
    day = await turn(db, back - applied)
    return await do(db, SYSTEM, customs.note_return, asked.id, back_on=day)


async def paid(db: Database, order_id: int) -> dict[str, list[tuple[str, int]]]:
    """What went back, by cause: component and amount."""
    await given.settle(db)
    async with db.reading(SYSTEM) as tx:
        found = (await refunds.of_orders(tx, [order_id]))[order_id]
        parts = await refunds.parts(tx, [one.id for one in found])
    assert {str(one.state) for one in found} <= {"settled"}
    return {str(one.cause): [(part.component, part.amount) for part in parts[one.id]] for one in found}


async def looked_at(db: Database, held: returns.Return) -> None:
    await road.received(db, held)
    await road.inspected(db, held, fine(1, 2))


@pytest.mark.requirement("W48")
@pytest.mark.parametrize("is_first", [True, False])
async def test_in_time_the_tax_comes_back_and_the_quota_too_whichever_is_noted_first(
    db: Database, is_first: bool
) -> None:
    shop, order_id = await bought(db)
    held = await road.applied(db, shop, ApplyLine(1, order_id=order_id, line_no=2))
    if not is_first:
        await looked_at(db, held)
        assert await paid(db, order_id) == {"return": [("goods", 100_00)]}
    done = await soap_back(db, order_id)
    if is_first:
        await looked_at(db, held)

    assert (str(done.state), done.quota) == ("cleared", 100_00)
    goods, tax = ("goods", 100_00), ("tax", 9_10)
    assert await paid(db, order_id) == ({"return": [goods, tax]} if is_first else {"return": [goods], "customs": [tax]})
    async with db.reading(SYSTEM) as tx:
        fact = await tx.fetchval("SELECT data::text FROM facts WHERE wire = 'customs_return.cleared'")
        clauses = await tx.fetch("SELECT rule, clause FROM refund_lines WHERE component = 'tax'")
    assert '"quota": 10000' in fact
    assert [tuple(row) for row in clauses] == [("GAC45.import_tax", "CN_CROSS_BORDER")]


@pytest.mark.requirement("W49")
@pytest.mark.parametrize(("applied", "back"), [(20, 50), (31, 40)])
async def test_too_late_the_price_comes_back_and_the_tax_stays_due(db: Database, applied: int, back: int) -> None:
    shop, order_id = await bought(db)
    held = await road.applied(db, shop, ApplyLine(1, order_id=order_id, line_no=2))
    done = await soap_back(db, order_id, applied=applied, back=back)
    await looked_at(db, held)

    assert (str(done.state), done.quota) == ("late", 0)
    assert await paid(db, order_id) == {"return": [("goods", 100_00)]}


@pytest.mark.requirement("W49")
async def test_what_is_our_fault_or_never_left_brings_its_tax_whatever_customs_do(db: Database) -> None:
    _, order_id = await bought(db)
    async with db.reading(SYSTEM) as tx:
        for basis, tax in ((Basis.FAULT, 9_10), (Basis.CANCELLED, 9_10), (Basis.NO_REASON, 0)):
            quoted = await refunds.quote(tx, order_id, [AskedLine(2, 1, basis)])
            assert sum(part.amount for part in quoted.parts if part.component == "tax") == tax


async def refused(db: Database, command: Any, *args: Any, **more: Any) -> list[tuple[str, str]]:
    try:
        await do(db, SYSTEM, command, *args, **more)
    except Refusal as refusal:
        return [(one.code, one.path) for one in refusal.problems]
    return []


async def test_what_cannot_be_so_is_refused_and_changes_nothing(db: Database) -> None:
    shop, order_id = await bought(db)
    day = await today(db)
    tomorrow, yesterday = day + timedelta(days=1), day - timedelta(days=1)
    note = {"declaration": "D-1", "released_on": day}

    assert await refused(db, customs.apply, order_id, [ReturnLine(1, 1)], applied_on=day) == [
        ("customs.release_missing", "")
    ]
    for wrong in (tomorrow, yesterday, date.max, date.min):
        assert await refused(db, customs.note_release, order_id, declaration="a\0", released_on=wrong) == [
            ("customs.declaration_unfit", "declaration"), ("customs.date_unfit", "released_on"),
        ]  # fmt: skip
    assert await refused(db, customs.note_release, 7, **note) == [("order.unknown", "")]
    plain = await given.paid_order(db, await given.shop(db))
    assert await refused(db, customs.note_release, plain, **note) == [("customs.not_cross_border", "")]
    await released(db, order_id)
    asked = [ReturnLine(9, 1), ReturnLine(1, 2), ReturnLine(2, 1), ReturnLine(2, 1), ReturnLine(1, 0)]
    assert await refused(db, customs.apply, order_id, asked, applied_on=tomorrow) == [
        ("customs.not_cross_border", "lines[0].line_no"), ("customs.units_unfit", "lines[1].quantity"),
        ("customs.units_unfit", "lines[3].quantity"), ("customs.units_unfit", "lines[4].quantity"),
        ("customs.date_unfit", "applied_on"),
    ]  # fmt: skip
    assert await refused(db, customs.apply, order_id, [], applied_on=day) == [("customs.units_unfit", "lines")]
    async with db.reading(SYSTEM) as tx:
        assert await customs.returns_of(tx, order_id) == []
    assert shop.merchant_id


async def test_a_day_is_decided_by_once_and_a_mistake_is_withdrawn(db: Database) -> None:
    _, order_id = await bought(db)
    day = await released(db, order_id)
    assert await released(db, order_id, day) == day
    later = await turn(db, 3)
    await released(db, order_id, later)
    one = await do(db, SYSTEM, customs.apply, order_id, [ReturnLine(1, 1), ReturnLine(2, 1)], applied_on=later)
    assert await refused(db, customs.note_release, order_id, declaration="D-1", released_on=day) == [
        ("customs.stands", "")
    ]
    assert (await do(db, SYSTEM, customs.withdraw, one.id)).state == "withdrawn"
    assert await refused(db, customs.withdraw, one.id) == [("customs.stands", "")]
    assert await refused(db, customs.note_return, one.id, back_on=later) == [("customs.stands", "")]
    again = await do(db, SYSTEM, customs.apply, order_id, [ReturnLine(1, 1), ReturnLine(2, 1)], applied_on=later)
    done = await do(db, SYSTEM, customs.note_return, again.id, back_on=later)
    assert (done.state, done.quota) == ("cleared", 300_00)
    assert await do(db, SYSTEM, customs.note_return, again.id, back_on=later) == done
    next_day = await turn(db, 1)
    assert await refused(db, customs.note_return, again.id, back_on=next_day) == [("customs.stands", "")]


async def test_two_who_take_the_same_unit_back_do_it_once(db: Database) -> None:
    _, order_id = await bought(db)
    day = await released(db, order_id)
    got = await asyncio.gather(
        *(do(db, SYSTEM, customs.apply, order_id, [ReturnLine(2, 1)], applied_on=day) for _ in range(3)),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in got) == ["CustomsReturn", "UnitsUnfit", "UnitsUnfit"]
    (one,) = [each for each in got if isinstance(each, customs.CustomsReturn)]
    ended = await asyncio.gather(
        do(db, SYSTEM, customs.note_return, one.id, back_on=day), do(db, SYSTEM, customs.withdraw, one.id),
        return_exceptions=True,
    )  # fmt: skip
    assert sorted(type(each).__name__ for each in ended) == ["CustomsReturn", "CustomsStands"]
