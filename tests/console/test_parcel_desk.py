"""A parcel on a page: its way, the promise, what was noticed, and calling it back."""

import pytest
from tests import given
from tests.areas.transit import sent
from tests.console.conftest import Seat

from dingdan.areas.fulfilment import sandbox_number
from dingdan.kernel.ids import encode
from dingdan.plumbing.database import Database

pytestmark = pytest.mark.requirement("issue 6: console")


async def test_a_parcels_way_is_seen_and_it_is_called_back_once(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk = await seat("manager", "logistics")
    parcel = await sent.parcel(db, shop, sandbox_number(1))
    page = f"/tracking/{encode('parcel', parcel.id)}"
    shown = await desk.open(page)
    for words in (parcel.tracking_number, "Promised by", "What we noticed", "Call it back"):
        assert words in shown, words
    assert "承诺与实际" in await desk.open(page, tongue="zh")
    await desk.send(f"{page}/scan", code="moving", place="<b>Hangzhou</b>")
    assert "&lt;b&gt;Hangzhou" in await desk.open(page)
    await desk.send(f"{page}/intercept", reason="buyer_request")
    assert "Waits for the carrier" in await desk.open(page)
    assert "intercept.open" in (await desk.send(f"{page}/intercept", status=409, reason="buyer_request")).text
    await given.settle(db)
    assert "Comes back" in await desk.open(page)
    await desk.send(f"{page}/scan", status=422, code="")
    auditor = await seat("auditor")
    assert f"{page}/intercept" not in await auditor.open(page)
    await auditor.send(f"{page}/intercept", status=403, reason="other")
    stranger = await seat("merchant", merchant_id=(await given.shop(db)).merchant_id)
    await stranger.open(page, status=404)
    await stranger.send(f"{page}/intercept", status=404, reason="other")


async def test_an_issue_is_raised_where_the_parcel_is_seen(db: Database, seat: Seat, shop: given.Shop) -> None:
    desk, reader = await seat("logistics"), await seat("auditor")
    page = f"/tracking/{encode('parcel', (await sent.parcel(db, shop, sandbox_number(2))).id)}"
    assert "Raise an issue" in await desk.open(page)
    opened = await desk.send(f"{page}/case", kind="damage", text="box crushed")
    assert opened.headers["location"].startswith("/cases/cas_")
    await reader.send(f"{page}/case", status=403, kind="damage")
