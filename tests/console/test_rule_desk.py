"""Rules and limits on pages: tried before they hold, switched, and deadlines that move only after a dry run."""

from datetime import timedelta

import pytest
from tests import given
from tests.console.conftest import Seat

from dingdan.areas import cases, clocks, review
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.page import Page
from dingdan.plumbing.database import Database

pytestmark = pytest.mark.requirement("issue 6: console")

CHANGED = {
    "title_en": "Very large", "title_zh": "超大额", "at_least": "2,000",
    "owner": "lead", "limit_minutes": "60", "on_timeout": "cancel",
    "merchants": "true", "checklist": "looked | Is it fine? | 是否正常？\npaid | Is it paid? | 是否已付？",
}  # fmt: skip


async def rule(db: Database, code: str = "large") -> review.Rule:
    async with db.reading(SYSTEM) as tx:
        return await review.get_rule(tx, None, code)


async def test_a_rule_is_tried_on_the_past_changed_and_switched(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("risk")
    await given.review_rule(db, review.LargeAmount(at_least={"CNY": 100_00, "USD": 7}), code="large", is_active=False)
    await given.paid_order(db, shop, {"MUG": 1})
    assert "Large amount (from CN¥100.00" in await desk.open("/rules")
    page = "/rules/review/large"
    tried = (await desk.send(f"{page}/try", status=200, at_least="150", days="30")).text
    assert "it would have stopped 1" in tried
    assert "it would have stopped 1" in await desk.open(f"{page}/try?at_least=150&days=30&more_than=")
    assert "would have stopped 0" in (await desk.send(f"{page}/try", status=200, at_least="9000", days="30")).text
    await desk.send(f"{page}/save", **CHANGED)
    made = await rule(db)
    assert (made.number, made.document.owner, made.document.trigger) == (
        2, "lead", review.LargeAmount(at_least={"CNY": 200000, "USD": 7}),
    )  # fmt: skip
    await desk.send(f"{page}/switch", on="true")
    assert (await rule(db)).is_active
    assert "超大额" in await desk.open(page, tongue="zh")
    for hostile in (
        {"checklist": "only words"},
        {"owner": "king"},
        {"limit_minutes": "0"},
        {"at_least": "much"},
        {"title_en": ""},
    ):
        await desk.send(f"{page}/save", status=422, **(CHANGED | hostile))
    assert (await rule(db)).document == made.document
    await desk.open("/rules/review/unknown", status=404)


async def test_a_merchant_switches_the_platforms_rule_for_itself(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    await given.review_rule(db, review.Presale(), code="large", merchants_may_switch=True)
    await given.review_rule(db, review.Presale(), code="fixed")
    await desk.send("/rules/review/large/switch", on="false")
    async with db.reading(SYSTEM) as tx:
        assert await review.switched(tx, shop.merchant_id) == {"large": False}
    await desk.send("/rules/review/fixed/switch", status=409, on="false")
    assert (await rule(db)).is_active
    auditor = await seat("auditor")
    assert "/switch" not in await auditor.open("/rules/review/large")
    await auditor.send("/rules/review/large/switch", status=403, on="false")
    await (await seat("warehouse", merchant_id=shop.merchant_id)).open("/rules", status=403)


async def test_clocks_of_kinds_limits_terms_and_the_calendar_are_saved(db: Database, seat: Seat) -> None:
    desk = await seat("admin")
    await desk.send("/rules/cases/delay/save", is_active="true", owner="lead", contact_minutes="30", plan_minutes="90",
                    resolve_minutes="600", update_minutes="60", answer_minutes="60")  # fmt: skip
    await desk.send("/rules/case-terms", agent="60", lead="600", manager="6000", budget_percent="40", claim_days="20")
    await desk.send(
        "/rules/review-terms", second_above="40000", from_hour="8", to_hour="22", answer_hours="12", warn_percent="80"
    )
    await desk.send("/rules/calendar", zone="Asia/Shanghai", weekdays=["1", "2"], opens="09:00", closes="18:00",
                    days_off="2027-02-06\n2027-02-07", kinds=["return.review"])  # fmt: skip
    async with db.reading(SYSTEM) as tx:
        kind = await cases.get_kind(tx, None, "delay")
        limits, terms = await cases.terms(tx), await review.terms(tx)
        (calendar,) = await clocks.calendar_versions(tx, None)
    assert (kind.document.owner, kind.document.contact_minutes, kind.document.resolve_minutes) == ("lead", 30, 600)
    assert (limits.agent["CNY"], limits.agent["USD"], terms.second_above["CNY"]) == (6000, 700, 4000000)
    assert (calendar.terms.weekdays, len(calendar.terms.days_off)) == ((1, 2), 2)
    assert "Calendar, version 1" in await desk.open("/rules")
    assert "首次联系" in await desk.open("/rules/cases/delay", tongue="zh")
    await desk.send("/rules/calendar", status=422, zone="Mars", weekdays=["1"], opens="09:00", closes="18:00")
    await desk.send(
        "/rules/calendar", status=422, zone="Asia/Shanghai", weekdays=["1"], opens="9", closes="18:00", days_on="x"
    )


async def test_deadlines_move_only_after_somebody_saw_how_many(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("merchant", merchant_id=shop.merchant_id)
    await given.placed_order(db, shop)
    async with db.reading(SYSTEM) as tx:
        today = tx.now.date()
    wanted = {
        "kinds": ["order.pay_by"], "due_from": str(today - timedelta(days=1)), "due_before": str(today + timedelta(days=3)),
        "by_hours": "48", "reason": "holiday",
    }  # fmt: skip
    dry = (await desk.send("/rules/extensions/check", status=200, **wanted)).text
    assert "1 deadlines would move." in dry
    async with db.reading(SYSTEM) as tx:
        assert await clocks.list_extensions(tx, shop.merchant_id, Page()) == []
    await desk.send("/rules/extensions", **wanted)
    await given.settle(db)
    assert "1 / 1" in await desk.open("/rules")
    for hostile in ({"kinds": []}, {"kinds": ["case.plan"]}, {"by_hours": "0"}, {"due_from": "x"}, {"reason": "a b"}):
        await desk.send("/rules/extensions/check", status=422, **(wanted | hostile))
    await (await seat("auditor")).send("/rules/extensions", status=403, **wanted)
