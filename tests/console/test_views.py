"""Views that people keep: their own, those of their house, and nobody else's."""

import re

import pytest
from tests import given
from tests.console.conftest import Seat

pytestmark = pytest.mark.requirement("issue 6: console")

HELD = {"path": "/orders", "query": "?state=held", "name": "My holds"}


async def test_a_view_is_kept_opened_and_dropped(seat: Seat) -> None:
    desk = await seat("lead")
    assert "dialog-keep-view" not in await desk.open("/orders")
    assert "dialog-keep-view" in await desk.open("/orders?state=held")
    kept = await desk.send("/views/keep", **HELD)
    assert kept.headers["location"] == "/orders?state=held"
    await desk.send("/views/keep", **HELD)
    html = await desk.open("/orders?state=held")
    assert html.count('<a href="/orders?state=held" aria-current="true">My holds</a>') == 1
    view = re.findall(r'name="view" value="(\d+)"', html)[0]
    other = await seat("reviewer")
    assert "My holds" not in await other.open("/orders")
    assert "desk.view_unknown" in (await other.send("/views/drop", status=404, path="/orders", view=view)).text
    await desk.send("/views/drop", path="/orders", view=view)
    assert "My holds" not in await desk.open("/orders?state=held")


async def test_a_shared_view_is_seen_in_its_own_house_only(seat: Seat, shop: given.Shop) -> None:
    desk = await seat("lead")
    await desk.send("/views/keep", **HELD, is_shared="true")
    assert "My holds" in await (await seat("reviewer")).open("/orders")
    assert "My holds" not in await (await seat("merchant", merchant_id=shop.merchant_id)).open("/orders")


@pytest.mark.parametrize("wrong", [
    {"name": ""}, {"name": "x" * 41}, {"path": "//evil.example"}, {"path": "https://evil.example"}, {"query": "?a=" + "b" * 1500},
])  # fmt: skip
async def test_a_view_that_cannot_be_kept_is_refused(seat: Seat, wrong: dict[str, str]) -> None:
    desk = await seat("lead")
    assert (await desk.send("/views/keep", status=422, **(HELD | wrong))).text
    assert "My holds" not in await desk.open("/orders?state=held")


async def test_there_is_room_for_twenty(seat: Seat) -> None:
    desk = await seat("lead")
    for n in range(20):
        await desk.send("/views/keep", **(HELD | {"name": f"View {n}"}))
    assert "desk.too_many_views" in (await desk.send("/views/keep", status=409, **HELD)).text
