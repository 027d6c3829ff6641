"""Who did what: found by person, act, thing and sort, by whoever may, and taken away as lines of JSON."""

import json

import pytest
from tests import given
from tests.console.conftest import Seat

from dingdan.kernel.ids import encode, spoken
from dingdan.plumbing.database import Database

pytestmark = pytest.mark.requirement("issue 6: console")


async def test_an_act_is_found_by_who_did_it_what_it_was_and_to_what(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    order_id = await given.paid_order(db, shop)
    lead = await seat("lead", login="lin")
    await lead.send(f"/orders/{encode('order', order_id)}/hold", reason="other")
    auditor = await seat("auditor")
    for query in (
        "",
        "?by=lin",
        "?what=order.held",
        f"?about={spoken(order_id)}",
        f"?about={encode('order', order_id)}",
        "?sort=by_hand",
    ):
        html = await auditor.open(f"/audit{query}")
        assert "Put on hold: something else" in html, query
        assert "林晚" in html
    assert "已挂起：其他" in await auditor.open("/audit", tongue="zh")
    assert "Put on hold" not in await auditor.open("/audit?by=nobody")
    assert "Put on hold" not in await auditor.open("/audit?sort=policy")
    assert "Put on hold" not in await auditor.open("/audit?until=2020-01-01")


async def test_it_is_taken_away_as_lines_and_that_is_a_line(db: Database, seat: Seat, shop: given.Shop) -> None:
    await given.paid_order(db, shop)
    auditor = await seat("auditor")
    lines = [json.loads(line) for line in (await auditor.open("/audit.jsonl?what=order.")).splitlines()]
    assert {line["wire"] for line in lines} >= {"order.placed", "order.paid"}
    assert lines[0]["subject_id"].startswith("ord_")
    assert "Took away" in await auditor.open("/audit?sort=exported")


async def test_looking_at_a_buyer_is_a_line_of_its_own(db: Database, seat: Seat, shop: given.Shop) -> None:
    order_id = await given.paid_order(db, shop)
    page = f"/orders/{encode('order', order_id)}"
    lead = await seat("lead")
    shown = await lead.send(f"{page}/reveal", status=200)
    assert "13812345678" in shown.text
    assert "13812345678" not in await lead.open(page)
    assert "Looked at the buyer" in await (await seat("auditor")).open("/audit?sort=personal_data")
    await (await seat("finance")).send(f"{page}/reveal", status=403)
    assert "Show contact" not in await (await seat("finance")).open(page)


async def test_only_who_may_read_it_reads_it_and_of_its_own_only(db: Database, seat: Seat, shop: given.Shop) -> None:
    await (await seat("lead")).open("/audit", status=403)
    await given.placed_order(db, shop)
    other = await given.shop(db)
    theirs = await (await seat("merchant", merchant_id=other.merchant_id)).open("/audit?what=order.")
    assert "Order placed" not in theirs


@pytest.mark.parametrize(
    "query", ["?about=%00", "?about=nothing", "?since=2026-13-45", "?since=x", "?sort=all", "?what=DROP", "?after=x"]
)
async def test_nonsense_is_refused(seat: Seat, query: str) -> None:
    await (await seat("auditor")).open(f"/audit?{query}", status=422)
