"""The feed of events: nothing is skipped, nothing comes twice, and whoever waits is woken."""

import asyncio
import time
from typing import Any

import pytest

from dingdan.areas import orders
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import outbox
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from tests import given
from tests.surfaces.callers import Caller, good, refused

pytestmark = pytest.mark.requirement("issue 2: events")


async def read_all(caller: Caller, **query: Any) -> list[dict[str, Any]]:
    """The whole feed, page by page."""
    found: list[dict[str, Any]] = []
    after: dict[str, str] = {}
    while True:
        page = good(await caller.get("/v1/events", params=query | after))
        found += page["items"]
        after = {"after": page["next"]}
        if not page["has_more"]:
            return found


async def test_everything_comes_once_and_in_order(platform: Caller, shop: given.Shop, db: Database) -> None:
    order_ids = [await given.placed_order(db, shop) for _ in range(5)]
    await outbox.sequence(db)
    whole = await read_all(platform, limit=200)
    for limit in (1, 3, 7):
        assert await read_all(platform, limit=limit) == whole
    async with db.connection() as connection:
        rows = await connection.fetch("SELECT wire FROM facts ORDER BY position")
    assert [event["kind"] for event in whole] == [row["wire"] for row in rows]
    placed = await read_all(platform, kinds="order.placed", limit=2)
    assert len(placed) == len(order_ids)
    assert placed[0].keys() >= {"id", "at", "kind", "subject_id", "who", "from", "to", "rule", "correlation", "data"}
    assert placed[0]["data"]["buyer_id"].startswith("buy_")


async def test_a_merchant_reads_its_own_and_gets_past_the_others(
    merchant: Caller, stranger: Caller, shop: given.Shop, db: Database
) -> None:
    order_id = await given.placed_order(db, shop)
    await outbox.sequence(db)
    theirs = await read_all(merchant, limit=3)
    assert {event["merchant"] for event in theirs} == {theirs[0]["merchant"]}
    assert [event["kind"] for event in theirs].count("order.placed") == 1
    others = good(await stranger.get("/v1/events", params={"limit": 200}))
    assert not {event["id"] for event in others["items"]} & {event["id"] for event in theirs}
    # What was not for the reader is behind the cursor all the same: nothing is looked at twice.
    await do(db, SYSTEM, orders.cancel, order_id, reason="x")
    await outbox.sequence(db)
    later = good(await stranger.get("/v1/events", params={"after": others["next"]}))
    assert later["items"] == []
    assert later["next"] != others["next"]


async def test_facts_without_a_place_wait(platform: Caller, shop: given.Shop, db: Database) -> None:
    await outbox.sequence(db)
    before = good(await platform.get("/v1/events", params={"limit": 200}))
    await given.placed_order(db, shop)
    assert good(await platform.get("/v1/events", params={"after": before["next"]}))["items"] == []
    await outbox.sequence(db)
    after = good(await platform.get("/v1/events", params={"after": before["next"]}))
    assert [event["kind"] for event in after["items"]] == ["order.placed"]


async def test_whoever_waits_is_woken(platform: Caller, shop: given.Shop, db: Database) -> None:
    await outbox.sequence(db)
    cursor = good(await platform.get("/v1/events", params={"limit": 200}))["next"]
    began = time.monotonic()
    waiting = asyncio.create_task(platform.get("/v1/events", params={"after": cursor, "wait": 20}))
    await given.placed_order(db, shop)
    await outbox.sequence(db)
    assert [event["kind"] for event in good(await waiting)["items"]] == ["order.placed"]
    assert time.monotonic() - began < 10
    empty = good(await platform.get("/v1/events", params={"after": good(await waiting)["next"], "wait": 1}))
    assert empty["items"] == []


async def test_a_strange_cursor_or_kind_is_refused(platform: Caller) -> None:
    for query in ("after=x", "after=AAAAAAAAAAAAAAAAAAAA", "kinds=order.eaten", "wait=31", "limit=201"):
        refused(await platform.get(f"/v1/events?{query}"), 422, "request.malformed")
