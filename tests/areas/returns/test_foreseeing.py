"""What an inspection would come to is what it comes to."""

import pytest
from msgspec.structs import replace
from tests.areas.returns import bench, road

from dingdan.areas import disposition, refunds, returns
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database

pytestmark = pytest.mark.requirement("issue 6: console")


async def test_what_is_foreseen_is_what_is_paid(db: Database) -> None:
    shop = await bench.shop(db)
    held = await bench.returning(db, shop, {"MUG": 2})
    lines = (road.fine(1), road.fine(1, intact=False, grade="C", disposition="quarantine"))
    async with db.reading(SYSTEM) as tx:
        part, all_of_it, none = await returns.foresee(
            tx, held.id, [lines, (road.fine(2),), (replace(lines[1], quantity=2),)]
        )
    assert (part.accepted, part.rejected, none.amount) == (1, 1, 0)
    assert all_of_it.amount is not None
    assert part.amount is not None
    assert part.amount < all_of_it.amount
    await road.received(db, held)
    done = await road.inspected(db, held, *lines)
    async with db.reading(SYSTEM) as tx:
        assert done.refund_id is not None
        assert (await refunds.get_one(tx, done.refund_id)).amount == part.amount == done.refund


async def test_what_speaks_against_it_is_said_and_nothing_changes(db: Database) -> None:
    shop = await bench.shop(db)
    held = await bench.returning(db, shop)
    await road.received(db, held)
    async with db.reading(SYSTEM) as tx:
        (found,) = await returns.foresee(tx, held.id, [(road.fine(2),)])
    assert [problem.code for problem in found.problems] == ["return.inspection_sums"]
    assert (await road.now_is(db, held)).outcome == "open"


async def test_grades_go_where_nothing_forbids(db: Database) -> None:
    shop = await bench.shop(db)
    held = await bench.returning(db, shop)
    async with db.reading(SYSTEM) as tx:
        desk = (await returns.desks(tx, [held.id]))[held.id]
    said = [road.fine(1, grade=grade, disposition="quarantine") for grade in "ABCD"]
    said.append(road.fine(1, intact=False, grade="B", disposition="restock"))
    found = [line.disposition for line in returns.sorted_out(said, desk)]
    assert found == ["restock", "repack", "open_box", "refurbish", "quarantine"]
    ware = disposition.Ware(1, "food", (), desk.document.dispositions)
    assert disposition.usual(is_ours=True, grade="A", tags=(), ware=ware) is None
