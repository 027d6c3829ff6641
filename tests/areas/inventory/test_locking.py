"""A row of stock that somebody decides about stands still, however the statement that locks it is planned."""

import asyncio

import asyncpg
import pytest

from dingdan.areas import inventory
from dingdan.areas.inventory import Count, SetPool, store
from dingdan.kernel.actor import SYSTEM
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

MERCHANT, PLACE, MUG, CHANNEL = 1, 10, 100, 31
PLANS = ["nestloop", "hashjoin", "mergejoin"]


@pytest.mark.requirement("O3.7")
@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("is_pooled", [True, False])
async def test_who_takes_from_a_shelf_waits_for_whoever_is_at_it(db: Database, plan: str, *, is_pooled: bool) -> None:
    """Found by a flood at one channel: a plan that looked for what could be given first locked nothing that could not be."""
    await do(db, SYSTEM, inventory.count, [Count(MERCHANT, PLACE, MUG, 40)])
    if is_pooled:
        await do(db, SYSTEM, inventory.set_pools, [SetPool(MERCHANT, PLACE, MUG, CHANNEL, 10)])
    async with db.connection() as first, first.transaction():
        await first.execute("SELECT FROM stock FOR UPDATE")
        with pytest.raises(asyncpg.LockNotAvailableError):
            await take_one(db, plan)


async def take_one(db: Database, plan: str) -> None:
    """Take a unit by a statement that is planned so, and wait a moment for it at most."""
    async with db.transaction(SYSTEM) as tx:
        await tx.execute("SET LOCAL lock_timeout = '50ms'")
        for other in set(PLANS) - {plan}:
            await tx.execute(f"SET LOCAL enable_{other} = off")
        await store.take_all(tx, {(PLACE, MUG): 1})


@pytest.mark.requirement("O3.7")
async def test_the_last_unit_is_taken_once_by_whoever_waited_for_it(db: Database) -> None:
    """Found by a sale that met a split: what one statement asked of a row while it waited was true before it had waited."""
    await do(db, SYSTEM, inventory.count, [Count(MERCHANT, PLACE, MUG, 1), Count(MERCHANT, PLACE, MUG + 1, 1)])
    key, other = (PLACE, MUG), (PLACE, MUG + 1)

    async def come_and_go() -> int:
        had = 0
        for _ in range(40):
            async with db.transaction(SYSTEM) as tx:
                took = await store.take_all(tx, {key: 1}, [other])
            if took:
                had += 1
                async with db.transaction(SYSTEM) as tx:
                    await store.change_reserved(tx, {key: -1})
        return had

    assert sum(await asyncio.gather(*(come_and_go() for _ in range(6)))) > 0
    async with db.transaction(SYSTEM) as tx:
        assert (await store.rows(tx, [key]))[key]["reserved"] == 0
