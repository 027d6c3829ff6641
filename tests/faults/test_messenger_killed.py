"""kill -9 of the worker while it is out with letters: each arrives, twice at most, and what happened is on record."""

import asyncio
from datetime import timedelta

import pytest

from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing import clock
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do
from tests import given
from tests.areas.notifications import told
from tests.areas.notifications.conftest import MailServer
from tests.faults import aftermath
from tests.faults.house import House

COUNT, KILLS = 12, 2

STATES = "SELECT state, lost FROM messages ORDER BY id"


@pytest.mark.requirement("F-02")
async def test_letters_arrive_although_the_worker_dies_in_the_middle(house: House) -> None:
    server = MailServer().start()
    server.box.hangs = 0.4
    try:
        async with house.database() as db:
            shop = await given.shop(db, message_channels=("email",), pay_within_minutes=24 * 60)
            addresses = [f"n{n}@mail.example" for n in range(COUNT)]
            for address in addresses:
                await told.put(db, shop, email=address)
            house.start("work", smtp_url=server.url)
            for n in range(KILLS):
                await letters(server, 2 * n + 1)
                house.kill("work")
                await aftermath.lose_leases(db)
                house.again("work")
            await all_ended(db)
            await aftermath.lawful(db)
            got = [mail["To"] for mail in server.box.mails]
        assert set(got) == set(addresses)
        assert max(got.count(address) for address in addresses) <= 2
    finally:
        server.stop()


async def letters(server: MailServer, count: int) -> None:
    """Wait until so many letters have arrived; the next one is on its way then."""
    for _ in range(400):
        if len(server.box.mails) >= count:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("no letters")


async def all_ended(db: Database) -> None:
    """Let the minutes pass that the worker leaves between two attempts, until nothing waits."""
    async with asyncio.timeout(60):
        while True:
            async with db.connection() as connection:
                rows = await connection.fetch(STATES)
            if len(rows) == COUNT and all(row["state"] != "queued" for row in rows):
                assert {row["state"] for row in rows} == {"sent"}
                assert sum(row["lost"] for row in rows) > 0
                return
            await do(db, SYSTEM, clock.advance, timedelta(minutes=1))
            await asyncio.sleep(0.5)
