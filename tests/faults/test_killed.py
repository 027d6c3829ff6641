"""kill -9 of everything in turn, under load: what was acknowledged is there, once, and the house goes on by itself."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.faults import aftermath
from tests.faults.clients import Clients, Ledger
from tests.faults.house import House

Fault = Callable[[House], Awaitable[None]]


async def a_server_process(house: House) -> None:
    """One that answers requests; its parent puts another in its place."""
    house.kill_answering()


async def the_whole_server(house: House) -> None:
    """With everybody in it; the supervisor, here the test, starts it again."""
    house.kill("serve")
    house.again("serve")


async def the_worker(house: House) -> None:
    """In the middle of whatever it does."""
    house.kill("work")
    async with house.database() as db:
        await aftermath.lose_leases(db)
    house.again("work")


async def a_backend(house: House) -> None:
    """One session of PostgreSQL: the others are ended too, and it recovers from its log."""
    os.kill(await house.backend(), signal.SIGKILL)


async def the_postmaster(house: House) -> None:
    """PostgreSQL with all its processes; for a while there is no database at all."""
    await asyncio.to_thread(house.kill_postgres)
    await asyncio.sleep(1.5)
    await asyncio.to_thread(house.start_postgres)


async def run(house: House, faults: list[Fault], ledger: Ledger, *, seed: int, pause: float) -> Clients:
    """Shop, break one thing after the other, and let everything come to rest."""
    clients = Clients(house, ledger, seed=seed)
    shopping = asyncio.create_task(clients.run())
    try:
        for fault in faults:
            await asyncio.sleep(pause)
            if shopping.done():
                shopping.result()
            await fault(house)
            await asyncio.to_thread(house.wait_ready)
        await asyncio.sleep(pause)
        clients.stop()
        await shopping
    finally:
        clients.stop()
        shopping.cancel()
    return clients


@pytest.mark.requirement("R11.5")
@pytest.mark.requirement("D1")
@pytest.mark.requirement("F-01")
@pytest.mark.requirement("F-04")
async def test_what_was_acknowledged_survives_the_death_of_each_process(house: House, tmp_path: Path) -> None:
    house.start("serve", "work")
    faults: list[Fault] = [a_backend, a_server_process, the_worker, a_server_process, a_server_process]
    await survive(house, faults, tmp_path, seed=1, pause=0.7)


@pytest.mark.prove
@pytest.mark.timeout(600)
@pytest.mark.requirement("D1")
@pytest.mark.requirement("F-01")
@pytest.mark.requirement("F-03")
@pytest.mark.requirement("F-04")
async def test_what_was_acknowledged_survives_all_of_them_many_times(house: House, tmp_path: Path) -> None:
    house.start("serve", "work", workers=2)
    faults: list[Fault] = [
        *[a_backend] * 10, *[a_server_process] * 10, *[the_worker] * 5, *[the_postmaster] * 5, *[the_whole_server] * 3,
    ]  # fmt: skip
    await survive(house, faults, tmp_path, seed=2, pause=2.0)


async def survive(house: House, faults: list[Fault], folder: Path, *, seed: int, pause: float) -> None:
    """Go through all of it; then count."""
    ledger = Ledger(folder / "ledger")
    clients = await run(house, faults, ledger, seed=seed, pause=pause)
    assert house.is_up("serve"), house.log("serve")
    assert house.is_up("work"), house.log("work")
    async with house.database() as db:
        seconds = await aftermath.drained(db)
        counts = await aftermath.kept(db, ledger)
        await aftermath.lawful(db)
    print(counts, dict(clients.answers), f"longest {clients.longest:.1f} s, drained in {seconds:.1f} s")  # noqa: T201
    assert counts["acknowledged"] == counts["paid"] == counts["intended"] > 20
