"""kill -9 inside a transfer, a stocktake, a basket of several merchants, a channel's bulk: all of it or nothing, once."""

import asyncio
import itertools
import os
import random
import signal
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import httpx
import msgspec
import pytest

from dingdan.areas import identity, inventory
from dingdan.kernel.actor import SYSTEM
from dingdan.kernel.ids import encode
from dingdan.plumbing.database import NOT_REACHED, Database
from dingdan.plumbing.doing import do
from tests import given
from tests.faults import aftermath
from tests.faults.clients import ADDRESS, PATIENCE_SECONDS
from tests.faults.house import House

_numbers = itertools.count(1)


# The moment is no accident: the test holds the table that is written to next, waits until the command waits for it, and
# kills whoever works on it. Then the same is asked again, as a caller would.
class Act(msgspec.Struct, frozen=True):
    """Something to be interrupted: the request, and how to count what it did; `whole` is all of it."""

    path: str
    body: Any
    count: str
    subject: int
    whole: int
    # What it writes to before it commits.
    tables: tuple[str, ...]


async def a_transfer(db: Database, shop: given.Shop) -> Act:
    """Goods leave one warehouse for another."""
    body = {
        "merchant": encode("merchant", shop.merchant_id), "from_warehouse": "HZ", "to_warehouse": "SH",
        "lines": [{"sku": sku, "quantity": 3} for sku in shop.products],
    }  # fmt: skip
    count = """
    SELECT (SELECT coalesce(sum(in_transit), 0)::bigint FROM stock WHERE merchant_id = $1)
        + (SELECT count(*) FROM transfers WHERE merchant_id = $1)
        + (SELECT count(*) FROM movements WHERE merchant_id = $1 AND reason = 'transfer_out')
    """
    whole = len(shop.products) * 3 + 1 + 2 * len(shop.products)
    return Act("/v1/transfers", body, count, shop.merchant_id, whole, ("movements", "transfers", "facts"))


async def a_stocktake(db: Database, shop: given.Shop) -> Act:
    """A second person signs for a count that differs."""
    counted = tuple((product_id, 90) for product_id in shop.products.values())
    take = await do(db, SYSTEM, inventory.take_stock, inventory.TakeStock(
        merchant_id=shop.merchant_id, warehouse_id=shop.warehouse_id, counts=counted, why="daily", alone_up_to=0))  # fmt: skip
    count = """
    SELECT (SELECT count(*) FROM stock WHERE merchant_id = $1 AND on_hand = 90)
        + (SELECT count(*) FROM movements WHERE merchant_id = $1 AND reason = 'adjust')
        + (SELECT count(*) FROM stocktakes WHERE merchant_id = $1 AND state = 'approved')
    """
    path = f"/v1/stocktakes/{encode('stocktake', take.id)}/approve"
    whole = 2 * len(counted) + 1
    return Act(path, None, count, shop.merchant_id, whole, ("movements", "stocktakes", "facts"))


async def a_basket_of_two_merchants(db: Database, shop: given.Shop) -> Act:
    """One checkout, two orders."""
    other = await given.shop(db)
    names = [encode("merchant", one.merchant_id) for one in (shop, other)]
    body = {
        "merchant": names[0], "channel": "web", "buyer": {"ref": "inside"}, "ship_to": ADDRESS,
        "lines": [{"merchant": name, "sku": sku, "quantity": 2} for name in names for sku in ("MUG", "TEE")],
    }  # fmt: skip
    count = """
    WITH mine AS (SELECT checkout_id FROM orders WHERE merchant_id = $1),
        found AS (SELECT id FROM orders WHERE checkout_id IN (SELECT checkout_id FROM mine))
    SELECT (SELECT count(*) FROM found) + (SELECT count(*) FROM reservations WHERE order_id IN (SELECT id FROM found))
    """
    return Act("/v1/orders", body, count, shop.merchant_id, 6, ("order_lines", "idempotency_keys", "facts"))


async def a_channels_bulk(db: Database, shop: given.Shop) -> Act:
    """Twenty orders of a channel in one call."""
    told = [
        {
            "number": f"T-{n}", "updated_at": "2026-03-01T08:00:00Z", "placed_at": "2026-03-01T07:00:00Z",
            "currency": "CNY", "buyer": {"ref": "there", "name": "王小明"}, "ship_to": ADDRESS, "total": 19900,
            "lines": [{"ref": "1", "sku": "MUG", "quantity": 1, "unit_price": 19900}],
            "payments": [{"ref": "p", "amount": 19900, "at": "2026-03-01T07:30:00Z"}],
        }
        for n in range(20)
    ]  # fmt: skip
    count = """
    SELECT (SELECT count(*) FROM orders WHERE merchant_id = $1)
        + (SELECT count(*) FROM channel_orders WHERE merchant_id = $1)
        + (SELECT count(*) FROM captures WHERE merchant_id = $1)
    """
    body = {"merchant": encode("merchant", shop.merchant_id), "orders": told}
    where = "/v1/channels/web/orders/bulk"
    return Act(where, body, count, shop.merchant_id, 60, ("order_lines", "channel_orders", "facts"))


ACTS = (a_transfer, a_stocktake, a_basket_of_two_merchants, a_channels_bulk)
Fault = Callable[[House, int], Awaitable[None]]


async def the_process(house: House, session: int) -> None:
    """The process that answers."""
    house.kill_answering()


async def the_server(house: House, session: int) -> None:
    """The server with all its processes."""
    house.kill("serve")
    house.again("serve")


async def the_session(house: House, session: int) -> None:
    """The very session of PostgreSQL that was at work."""
    os.kill(session, signal.SIGKILL)


async def the_database(house: House, session: int) -> None:
    """PostgreSQL with all its processes."""
    await asyncio.to_thread(house.kill_postgres)
    await asyncio.to_thread(house.start_postgres)


@pytest.mark.requirement("R11.5")
@pytest.mark.requirement("F-04")
async def test_whatever_is_killed_in_the_middle_happened_wholly_or_not_and_then_once(house: House) -> None:
    await interrupt(house, [(act, the_process, "facts") for act in (a_stocktake, a_basket_of_two_merchants)])


@pytest.mark.prove
@pytest.mark.timeout(900)
@pytest.mark.requirement("R11.5")
@pytest.mark.requirement("F-04")
async def test_whatever_is_killed_at_any_table_by_any_death(house: House) -> None:
    chance = random.Random(3)
    faults = (the_process, the_server, the_session, the_database)
    every = [(act, fault, place) for act in ACTS for fault in faults for place in range(3)]
    chance.shuffle(every)
    await interrupt(house, every)


async def interrupt(house: House, rounds: Any) -> None:
    """Begin each act, kill in the middle of it, ask again; at the end the house is at rest and lawful."""
    async with house.database() as db:
        platform = await do(db, SYSTEM, identity.issue_key, identity.IssueKey(
            merchant_id=None, staff_id=None, name="inside", scopes=tuple(sorted(identity.PERMISSIONS))))  # fmt: skip
    house.start("serve")
    headers = {"Authorization": f"Bearer {platform.secret}"}
    async with httpx.AsyncClient(base_url=house.base, timeout=20, headers=headers) as http:
        for act, fault, place in rounds:
            await in_the_middle(house, http, act, fault, place)
    house.start("work")
    async with house.database() as db:
        await aftermath.drained(db)
        await aftermath.lawful(db)


async def in_the_middle(house: House, http: httpx.AsyncClient, make: Any, fault: Fault, place: str | int) -> None:
    """One act, killed once."""
    async with house.database() as db:
        shop = await given.shop(db)
        await do(db, SYSTEM, inventory.save_warehouse, inventory.SaveWarehouse(
            shop.merchant_id, "SH", {"en": "Shanghai"}, "Asia/Shanghai", given.ADDRESS))  # fmt: skip
        act = await make(db, shop)
    key = {"Idempotency-Key": f"inside-{next(_numbers)}-{os.getpid()}"}
    holder = await asyncpg.connect(house.url)
    try:
        table = place if isinstance(place, str) else act.tables[place]
        await holder.execute(f"BEGIN; LOCK TABLE {table} IN SHARE MODE")
        asking, session = await until_inside(house, http, act, key, holder.get_server_pid())
        assert await done(house, act) == 0
        await fault(house, session)
    finally:
        holder.terminate()
    (told,) = await asyncio.gather(asking, return_exceptions=True)
    assert isinstance(told, httpx.TransportError) or told.status_code == 503, told
    await asyncio.to_thread(house.wait_ready)
    assert await done(house, act) == 0, f"half of {act.path} is there"
    first = await insist(http, act, key)
    assert await done(house, act) == act.whole
    again = await insist(http, act, key)
    assert (again.status_code, await done(house, act)) == (first.status_code, act.whole)


async def until_inside(
    house: House, http: httpx.AsyncClient, act: Act, key: dict[str, str], holder: int
) -> tuple[asyncio.Task[httpx.Response], int]:
    """Ask until it waits for what is held; gives the request on its way and the session of PostgreSQL that waits.

    A process that was just put in another's place may not answer yet, and whoever waits too long is sent away.
    """
    watching = await asyncpg.connect(house.url)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                asking = asyncio.create_task(http.post(act.path, json=act.body, headers=key))
                while not asking.done():
                    found = await watching.fetchval(
                        "SELECT pid FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid)) LIMIT 1", holder
                    )
                    if found is not None:
                        return asking, int(found)
                    await asyncio.sleep(0.02)
                if asking.exception() is None:
                    assert asking.result().status_code == 503, asking.result().text
    finally:
        await watching.close()


async def done(house: House, act: Act) -> int:
    """How much of an act is in the database; asked again while that recovers."""
    for _ in range(100):
        try:
            connection = await asyncpg.connect(house.url)
            try:
                return int(await connection.fetchval(act.count, act.subject))
            finally:
                await connection.close()
        except NOT_REACHED:
            await asyncio.sleep(0.1)
    raise AssertionError("no database")


async def insist(http: httpx.AsyncClient, act: Act, key: dict[str, str]) -> httpx.Response:
    """Ask with one key until there is a final answer."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                answer = await http.post(act.path, json=act.body, headers=key)
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code != 503:
                assert answer.is_success, answer.text
                return answer
            await asyncio.sleep(0.1)
