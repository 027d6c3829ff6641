"""A shop of a few lines, where every figure can be seen."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from dingdan.areas import orders
from dingdan.cli.replay.replaying import Outcome, Source, replay
from dingdan.cli.replay.store import known_orders
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from tests.replay.shops import HEAD, PLAN_HEAD, SECOND, claim, row, write

pytestmark = pytest.mark.requirement("issue 2: replay")

Rows = Sequence[Sequence[str]]


@pytest.fixture
def run(db: Database, tmp_path: Path):
    """Replays these lines and these claims."""

    async def running(lines: Rows, claims: Rows = (), **more) -> Outcome:
        source = Source(
            write(tmp_path / "lines.csv.xz", HEAD, lines), write(tmp_path / "plan.csv.xz", PLAN_HEAD, claims)
        )
        return await replay(db, Source(source.lines_file, source.plan_file, **more))

    return running


async def test_one_order_goes_the_whole_road(run, db: Database) -> None:
    result = (await run([row(), row(code="79323P", quantity=2, price="6.75", source_row=3)])).result

    assert (result.orders, result.lines, result.gross, result.net) == (1, 2, "96.90", "96.90")
    order = await _order(db, "489434")
    assert order.state == "completed"
    assert {order.placed_at, order.paid_at, order.shipped_at, order.delivered_at} == {order.placed_at}
    assert order.placed_at.isoformat() == "2009-12-01T07:45:00+00:00"


async def test_an_invoice_of_both_sheets_is_one_order_by_its_number(run) -> None:
    first = [row(source_row=2), row(code="22041", source_row=3)]
    again = [row(code="22041", sheet=SECOND, source_row=8), row(sheet=SECOND, source_row=9)]

    outcome = await run([*first, *again], [claim("2:30", "22041", -5, allocations="2:8x5")])

    assert (outcome.result.orders, outcome.result.lines) == (1, 2)
    assert outcome.refused == {orders.ReferenceTaken.code: 1}
    assert (outcome.result.accepted_return_lines, outcome.result.refunds) == (1, "34.75")


async def test_a_number_that_comes_back_with_other_lines_is_another_matter(run) -> None:
    await run([row()])
    outcome = await run([row(quantity=13)])

    assert outcome.refused == {"differs_from_its_order": 1}
    assert outcome.result.gross == "83.40"


async def test_each_refusal_is_the_systems_own(run) -> None:
    lines = [row(quantity=5), row("489500", "22041", 3, at="2009-12-02 09:00:00", source_row=3)]
    claims = [
        claim("1:10", quantity=-2, allocations="1:2x2"),
        claim("1:11", quantity=-4),
        claim("1:12", "22041"),
        claim("1:13", "22086"),
        claim("1:14", customer="99999"),
    ]

    result = (await run(lines, claims)).result

    assert (result.accepted_return_lines, result.refunds) == (1, "13.90")
    assert (result.refused_over_return, result.refused_before_purchase, result.refused_no_order) == (1, 1, 2)


async def test_a_claim_at_another_price_waits_for_a_person_whatever_its_units_cost(run) -> None:
    lines = [row(quantity=5), row("489500", quantity=5, price="5.95", source_row=3)]
    wrong = claim("1:10", quantity=-1, price="5.95", allocations="1:2x1")
    partly = claim("1:11", quantity=-2, price="5.95", allocations="1:3x1|1:2x1")

    for _ in range(2):
        result = (await run(lines, [wrong, partly])).result
        assert (result.review_price_mismatch, result.accepted_return_lines, result.refunds) == (2, 0, "0.00")


async def test_what_is_under_review_in_part_takes_its_units_until_somebody_decides(run) -> None:
    """The part at the right price neither lapses nor goes back alone, so its units are nobody else's."""
    lines = [row(quantity=1), row("489500", quantity=1, price="5.95", source_row=3)]
    partly = claim("1:11", quantity=-2, price="5.95", allocations="1:3x1|1:2x1")
    later = claim("1:12", price="5.95", at="2010-12-01 10:00:00")

    for _ in range(2):
        assert (await run(lines, [partly, later])).result.refused_over_return == 1


async def test_a_claim_without_a_purchase_in_the_plan_finds_its_own_at_any_price(run) -> None:
    lines = [row(quantity=5), row("489500", quantity=1, price="5.95", source_row=3)]

    for _ in range(2):
        result = (await run(lines, [claim("1:10", quantity=-3, price="6.95")])).result
        assert (result.accepted_return_lines, result.refunds) == (1, "20.85")
    assert (await run(lines, [claim("1:11", quantity=-3, price="5.95")])).result.refused_over_return == 1


async def test_equal_claims_of_one_moment_are_as_many_as_there_are(run) -> None:
    claims = [claim("1:10", allocations="1:2x1"), claim("1:11", allocations="1:2x1")]

    for _ in range(2):
        result = (await run([row()], claims)).result
        assert (result.accepted_return_lines, result.refunds) == (2, "13.90")


async def test_what_is_bought_again_on_the_day_of_the_return_is_not_given_back_before(run) -> None:
    lines = [
        row("489434", "22041", quantity=9),
        row("C489435", quantity=-1, at="2009-12-01 09:00:00"),
        row("489436", at="2009-12-01 10:00:00", source_row=4),
    ]

    result = (await run(lines, [claim("1:3", at="2009-12-01 09:00:00")])).result

    assert (result.orders, result.refused_before_purchase) == (2, 1)


async def test_a_purchase_of_the_minute_of_the_return_counts_as_earlier(run) -> None:
    result = (await run([row()], [claim("1:3", at="2009-12-01 07:45:00", allocations="1:2x1")])).result

    assert result.accepted_return_lines == 1


async def test_a_claim_on_a_line_that_is_no_order_line_is_told(run) -> None:
    outcome = await run([row()], [claim("1:9", allocations="1:77x1")])

    assert outcome.refused == {"plan_names_no_line": 1}
    assert outcome.result.accepted_return_lines == 0


async def test_months_can_be_replayed_one_after_the_other(run) -> None:
    lines = [row(), row("500000", at="2010-01-05 10:00:00", source_row=3)]
    claims = [claim("1:9", at="2010-01-06 10:00:00", allocations="1:2x1")]

    one = (await run(lines, claims, months=1)).result
    assert (one.orders, one.accepted_return_lines) == (1, 0)
    both = (await run(lines, claims)).result
    assert (both.orders, both.accepted_return_lines) == (2, 1)


async def test_stock_is_what_was_sold_and_what_came_back(run, db: Database) -> None:
    await run([row(quantity=12), row(price="5.95", quantity=3, source_row=3)], [claim("1:9", allocations="1:2x1")])

    async with db.reading(SYSTEM) as tx:
        levels = await tx.fetch("SELECT on_hand, reserved, quarantine FROM stock ORDER BY on_hand")
    assert [tuple(level) for level in levels] == [(0, 0, 0), (1, 0, 0)]


async def _order(db: Database, reference: str) -> orders.Order:
    async with db.reading(SYSTEM) as tx:
        merchant_id = await tx.fetchval("SELECT id FROM merchants WHERE code = 'online-retail'")
        return await orders.get_one(tx, (await known_orders(tx, merchant_id))[reference].order_id)
