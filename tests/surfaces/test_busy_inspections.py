"""An order that somebody else holds too long: its inspection is put off, not refused, and the same request again is the one."""

import asyncio

import pytest

from dingdan.areas import orders
from dingdan.kernel import ids
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from tests import given
from tests.areas.returns import road
from tests.surfaces.callers import Caller, good, refused

FOUND = {"line_no": 1, "quantity": 1, "is_original": True, "intact": True, "grade": "A", "disposition": "restock"}


@pytest.mark.requirement("issue 5: races")
async def test_an_inspection_that_waits_too_long_is_asked_again_and_pays_once(
    merchant: Caller, shop: given.Shop, db: Database
) -> None:
    order_id = await given.delivered_order(db, shop, {"MUG": 1})
    held = await road.applied(db, shop, road.returns.ApplyLine(1, order_id=order_id, line_no=1))
    await road.received(db, held)
    path = f"/v1/returns/{ids.encode('return', held.id)}/inspect"
    held_now, let_go = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with db.transaction(SYSTEM) as tx:
            await orders.lock_one(tx, order_id)
            held_now.set()
            await let_go.wait()

    holding = asyncio.create_task(hold())
    await held_now.wait()
    busy = await merchant.post(path, {"lines": [FOUND]}, key="look-1")
    refused(busy, 503, "database.busy")
    let_go.set()
    await holding
    assert int(busy.headers["retry-after"]) >= 1
    done = good(await merchant.post(path, {"lines": [FOUND]}, key="look-1"))
    again = good(await merchant.post(path, {"lines": [FOUND]}, key="look-1"))

    assert (done["outcome"], done) == ("passed", again)
