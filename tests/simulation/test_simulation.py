"""The simulation's runs: small ones always, big ones when somebody wants proof."""

import os

import pytest

from dingdan.plumbing.database import Database
from tests.simulation.world import World

SMALL, BIG = 400, 5_000


async def live(db: Database, seed: int, acts: int) -> World:
    """A life of so many acts; the laws hold all the way and at rest. The seed in the name replays it."""
    world = World(db, seed)
    await world.open()
    for n in range(acts):
        await world.act()
        if n % 100 == 99:
            assert await world.violations() == [], f"seed {seed}, after {n + 1} acts"
    await world.come_to_rest()
    assert await world.violations(settled=True) == [], f"seed {seed}, at rest"
    return world


@pytest.mark.requirement("issue 2: simulation")
@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_a_short_life_keeps_every_law(db: Database, seed: int) -> None:
    world = await live(db, seed, SMALL)
    assert world.done["place"] > 10, world.done


@pytest.mark.prove
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", [int(os.environ.get("DINGDAN_SEED", "0")) + n for n in range(100, 106)])
async def test_a_long_life_keeps_every_law(db: Database, seed: int) -> None:
    world = await live(db, seed, BIG)
    for act in ("place", "pay", "notify", "cancel", "pack_and_ship", "scan", "apply", "inspect"):
        assert world.done[act] > 10, world.done
