"""Analytics: each question answered from facts of the period, with its sample, its file and the cases behind it."""

import re

import pytest
from tests import given
from tests.console.conftest import Seat

from dingdan.areas import returns
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.ids import spoken
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("issue 6: console")


async def returned(db: Database, shop: given.Shop, buyer: str) -> int:
    """A return that was paid back."""
    await given.delivered_order(db, shop, {"MUG": 2}, buyer=buyer)
    wish = returns.Apply(shop.merchant_id, buyer, (returns.ApplyLine(2, sku="MUG"),))
    (one,) = (await do(db, SYSTEM, returns.apply, wish)).returns
    await do(db, SYSTEM, returns.send, [returns.Send((one.id,), "manual", f"BACK-{buyer}")])
    await do(db, SYSTEM, returns.receive, [returns.Receive(one.id)])
    fine = returns.InspectedLine(1, 2, is_original=True, intact=True, grade="A", disposition="restock")
    await do(db, SYSTEM, returns.inspect, [returns.Inspect(one.id, (fine,))])
    await given.settle(db)
    return one.id


async def test_every_chart_answers_its_question_and_leads_to_its_cases(
    db: Database, seat: Seat, shop: given.Shop
) -> None:
    one = await returned(db, shop, "buyer-1")
    desk = await seat("manager")
    html = await desk.open("/analytics")
    for words in ("1 returns; the period before: 0", "Changed my mind", "Why do goods come back?", "of 1 returns",
                  "From request to money", "Refunds: goods returned", "Goods inspected"):  # fmt: skip
        assert words in html, words
    chinese = await desk.open("/analytics", tongue="zh")
    for words in ("为什么退货？", "七天无理由", "申请到到账", "退款：退货"):
        assert words in chinese, words
    behind = re.search(r'href="(/analytics/cases\?[^"]*by=reason[^"]*)"', html)
    assert behind is not None
    assert spoken(one) in await desk.open(behind[1].replace("&amp;", "&"))
    sku = await desk.open("/analytics/sku?file=csv")
    assert "MUG" in sku
    assert "100.0%" in sku
    for chart in ("reason", "merchant", "channel", "promises", "refund_time", "loss"):
        assert "Nothing of this happened" not in await desk.open(f"/analytics/{chart}"), chart


async def test_a_merchant_sees_its_own_and_a_period_has_bounds(db: Database, seat: Seat, shop: given.Shop) -> None:
    one = await returned(db, shop, "buyer-1")
    other = await given.shop(db)
    theirs = await seat("merchant", merchant_id=other.merchant_id)
    assert "0 returns" in await theirs.open("/analytics")
    assert spoken(one) not in await theirs.open("/analytics/cases?by=reason&key=no_reason")
    desk = await seat("manager")
    assert "0 returns" in await desk.open("/analytics?since=2020-01-01&until=2020-01-31")
    for query in (
        "since=2020-01-01",
        "since=2026-13-01",
        "since=x",
        "until=0001-01-01",
        "since=2026-02-01&until=2026-01-01",
    ):
        await desk.open(f"/analytics?{query}", status=422)
    await desk.open("/analytics/weather", status=422)
    await desk.open("/analytics?merchant=nobody", status=404)
    await (await seat("warehouse")).open("/analytics", status=403)
