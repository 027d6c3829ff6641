"""Clocks through the doors: what is due, calendars, and many deadlines made later."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from tests import given
from tests.surfaces.callers import Caller, good, refused

pytestmark = pytest.mark.requirement("issue 4: clocks")

OFFICE = {"zone": "Asia/Shanghai", "weekdays": [1, 2, 3, 4, 5], "opens": "09:00", "closes": "18:00", "holidays": "CN"}


async def period(db: Database, **more: Any) -> dict[str, Any]:
    async with db.transaction(SYSTEM) as tx:
        start: datetime = tx.now
    return {
        "kinds": ["order.pay_by"], "due_from": start.isoformat(), "due_before": (start + timedelta(days=9)).isoformat(),
        "by_hours": 72, "reason": "holiday", **more,
    }  # fmt: skip


async def test_an_extension_is_counted_ordered_carried_out_and_shown(
    merchant: Caller, shop: given.Shop, db: Database
) -> None:
    await given.placed_order(db, shop)
    (before,) = good(await merchant.get("/v1/deadlines?kind=order.pay_by"))["items"]
    wanted = await period(db)
    seen = good(await merchant.post("/v1/deadlines/extensions/preview", wanted))
    assert seen == {"deadlines": {"order.pay_by": 1}, "total": 1}
    ordered = await merchant.post("/v1/deadlines/extensions", wanted, key="once")
    again = await merchant.post("/v1/deadlines/extensions", wanted, key="once")
    assert (ordered.status_code, ordered.json()) == (202, again.json())
    await given.settle(db)
    made = good(await merchant.get(f"/v1/deadlines/extensions/{ordered.json()['id']}"))
    assert (made["extended"], made["is_finished"], made["by_hours"]) == ({"order.pay_by": 1}, True, 72)
    assert [one["id"] for one in good(await merchant.get("/v1/deadlines/extensions"))["items"]] == [made["id"]]
    page = good(await merchant.get(f"/v1/orders/{before['order']}"))
    moved = datetime.fromisoformat(before["deadline_at"]) + timedelta(hours=72)
    assert datetime.fromisoformat(page["order"]["deadline_at"]) == moved
    assert page["order"]["deadline_at"] == page["order"]["pay_by"]
    (clock,) = page["order"]["deadlines"]
    assert (clock["waiting_for"], clock["paused_at"], clock["is_over"]) == ("buyer", None, False)
    timeline = good(await merchant.get(f"/v1/orders/{before['order']}/timeline"))["items"]
    assert [entry["kind"] for entry in timeline].count("deadline.extended") == 1


async def test_what_is_overdue_stands_first_and_the_list_goes_on_where_it_ended(
    merchant: Caller, platform: Caller, shop: given.Shop, db: Database
) -> None:
    for _ in range(5):
        await given.placed_order(db, shop)
    async with db.transaction(SYSTEM) as tx:
        first = await tx.fetchval("SELECT max(subject_id) FROM deadlines")
        await tx.execute(
            """
            UPDATE deadlines SET due_at = due_at - interval '1 day', error = 'KeyError: 1', attempts = 3
            WHERE subject_id = $1
            """,
            first,
        )
    for caller in (merchant, platform):
        found: list[dict[str, Any]] = []
        after = ""
        while after is not None:
            slice_ = good(await caller.get(f"/v1/deadlines?limit=2{after and f'&after={after}'}"))
            found += slice_["items"]
            after = slice_["next"]
        assert [(one["is_overdue"], one["is_failing"]) for one in found] == [(True, True)] + [(False, False)] * 4
        assert len({one["subject_id"] for one in found}) == 5
        assert found[0]["error"] == (None if caller is merchant else "KeyError: 1")
    soon = (await period(db))["due_from"]
    late = good(await merchant.get("/v1/deadlines", params={"due_before": soon}))["items"]
    assert [one["is_overdue"] for one in late] == [True]
    refused(await merchant.get("/v1/deadlines?after=nonsense"), 422, "request.malformed")
    async with db.transaction(SYSTEM) as tx:
        await tx.execute(
            """
            UPDATE deadlines SET due_at = due_at + interval '1 day', error = NULL, attempts = 0 WHERE subject_id = $1
            """,
            first,
        )


async def test_a_calendar_is_tried_written_and_keeps_its_history(merchant: Caller, shop: given.Shop) -> None:
    draft = {"calendar": OFFICE, "start": "2026-02-14T17:00:00+08:00", "hours": 2, "days": 1}
    seen = good(await merchant.post("/v1/calendars/preview", draft))
    assert seen == {
        "next_open": "2026-02-14T09:00:00Z", "after_hours": "2026-02-24T02:00:00Z", "after_days": "2026-02-24T10:00:00Z",
    }  # fmt: skip
    assert good(await merchant.put("/v1/calendars", OFFICE | {"kinds": ["return.review"]}))["version"] == 1
    assert good(await merchant.put("/v1/calendars", OFFICE))["version"] == 2
    assert good(await merchant.put("/v1/calendars", OFFICE))["version"] == 2
    assert [one["version"] for one in good(await merchant.get("/v1/calendars"))["items"]] == [2, 1]


async def test_hostile_words_change_nothing(merchant: Caller, platform: Caller, db: Database, shop: given.Shop) -> None:
    refused(await merchant.put("/v1/calendars", OFFICE | {"kinds": ["order.pay_by"]}), 422, "clocks.counts_every_hour")
    refused(await merchant.put("/v1/calendars", OFFICE | {"zone": "../etc"}), 422, "clocks.calendar_unfit")
    refused(await merchant.put("/v1/calendars", OFFICE | {"weekdays": []}), 422, "request.malformed")
    nonsense = await period(db, kinds=["order.nonsense", "payment.check"])
    told = refused(await merchant.post("/v1/deadlines/extensions", nonsense), 422, "clocks.not_extendable")
    assert [one["path"] for one in told["problems"]] == ["kinds[0]", "kinds[1]"]
    refused(
        await merchant.post("/v1/deadlines/extensions", await period(db, by_hours=None)), 422, "clocks.extension_unfit"
    )
    refused(
        await merchant.post("/v1/deadlines/extensions", await period(db, merchant="nobody")), 404, "merchant.unknown"
    )
    theirs = good(await platform.post("/v1/deadlines/extensions", await period(db)))
    refused(await merchant.get(f"/v1/deadlines/extensions/{theirs['id']}"), 404, "clocks.extension_unknown")
    assert good(await merchant.get("/v1/deadlines/extensions"))["items"] == []
    assert good(await merchant.get("/v1/calendars"))["items"] == []
