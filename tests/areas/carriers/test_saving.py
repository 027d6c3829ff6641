"""Carriers and lanes as they are kept: told again, told wrong, told twice."""

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from tests import given

from dingdan.areas import carriers
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do

pytestmark = pytest.mark.requirement("O1.10")

OURS, THEIRS = 1, 2
CARRIER = carriers.SaveCarrier(merchant_id=OURS, code="sf", name={"zh": "顺丰"}, services=("standard", "express"),
                               licences=(given.LICENCE,))  # fmt: skip


async def registered(db: Database, **other: Any) -> int:
    """A carrier's id."""
    (saved,) = await do(db, SYSTEM, carriers.save_carriers, [msgspec.structs.replace(CARRIER, **other)])
    return saved.id


def lane(carrier_id: int, code: str = "east", **other: Any) -> carriers.SaveLane:
    """A lane of ours to Zhejiang."""
    return carriers.SaveLane(
        **{"merchant_id": OURS, "code": code, "carrier_id": carrier_id, "country": "CN", "region": "33"} | other
    )


async def refused(db: Database, command: Any, wanted: Sequence[Any], actor: Actor = SYSTEM) -> list[tuple[str, str]]:
    """What is wrong with it: path and code."""
    with pytest.raises(Refusal) as caught:
        await do(db, actor, command, wanted)
    return [(problem.path, problem.code) for problem in caught.value.problems]


async def found_for(db: Database, *keys: carriers.LaneKey) -> list[list[str]]:
    """The codes of the lanes that touch each destination."""
    async with db.transaction(SYSTEM) as tx:
        found = await carriers.lanes_for(tx, keys)
    return [[one.code for one in found[key].lanes] for key in keys]


async def test_the_same_told_again_changes_nothing(db: Database) -> None:
    carrier = await registered(db)
    first = await do(db, SYSTEM, carriers.save_lanes, [lane(carrier), lane(carrier, "west", region="51")])
    again = await do(db, SYSTEM, carriers.save_lanes, [lane(carrier), lane(carrier, "west", region="50")])

    assert [(one.is_new, one.is_changed) for one in first] == [(True, True), (True, True)]
    assert [(one.is_new, one.is_changed) for one in again] == [(False, False), (False, True)]
    assert await registered(db) == carrier


async def test_lanes_are_found_by_the_beginning_of_a_region(db: Database) -> None:
    carrier = await registered(db)
    await do(db, SYSTEM, carriers.save_lanes, [
        lane(carrier, "all", region=""), lane(carrier, "province"), lane(carrier, "city", region="3301"),
        lane(carrier, "closed", region="330106", active=False), lane(carrier, "abroad", country="HK", region=""),
    ])  # fmt: skip

    found = await found_for(
        db, carriers.LaneKey(OURS, "CN", "330106"), carriers.LaneKey(OURS, "CN", "4419"), carriers.LaneKey(OURS, "HK", ""),
        carriers.LaneKey(THEIRS, "CN", "330106"),
    )  # fmt: skip

    assert found == [["all", "province", "city"], ["all"], ["abroad"], []]


async def test_lanes_of_the_platform_hold_for_everybody(db: Database) -> None:
    carrier = await registered(db, merchant_id=None)
    await do(db, SYSTEM, carriers.save_lanes, [lane(carrier, merchant_id=None), lane(carrier, "own", region="3301")])

    assert await found_for(db, carriers.LaneKey(OURS, "CN", "330106"), carriers.LaneKey(THEIRS, "CN", "330106")) == [
        ["east", "own"], ["east"],
    ]  # fmt: skip


async def test_a_merchant_without_lanes_keeps_none(db: Database) -> None:
    carrier = await registered(db)
    await do(db, SYSTEM, carriers.save_lanes, [lane(carrier)])
    keys = [carriers.LaneKey(OURS, "US", "CA"), carriers.LaneKey(THEIRS, "US", "CA")]
    async with db.transaction(SYSTEM) as tx:
        found = await carriers.lanes_for(tx, keys)

    assert [found[key].are_kept for key in keys] == [True, False]


async def test_a_closed_carrier_moves_nothing(db: Database) -> None:
    carrier = await registered(db)
    await do(db, SYSTEM, carriers.save_lanes, [lane(carrier)])
    await registered(db, active=False)

    assert await found_for(db, carriers.LaneKey(OURS, "CN", "330106")) == [[]]


async def test_everything_that_is_wrong_with_lanes_is_told_at_once(db: Database) -> None:
    carrier = await registered(db, regions=("CN-33", "HK"))
    told = await refused(db, carriers.save_lanes, [
        lane(carrier), lane(carrier, " ", country="China", region="3-3", cut_off=1441, days_min=3, days_max=2),
        lane(4), lane(carrier, "s", region="44", service="freight", surcharge=5),
    ])  # fmt: skip

    assert {path for path, _ in told} == {
        "[1].code", "[1].country", "[1].region", "[1].cut_off", "[1].days_max", "[2].carrier", "[3].surcharge",
        "[3].service", "[3].region",
    }  # fmt: skip
    assert await found_for(db, carriers.LaneKey(OURS, "CN", "33")) == [[]]


async def test_two_lanes_never_say_different_things_about_one_way(db: Database) -> None:
    carrier = await registered(db)
    await do(db, SYSTEM, carriers.save_lanes, [lane(carrier)])

    assert await refused(db, carriers.save_lanes, [lane(carrier, "twin", days_max=9)]) == [
        ("[0]", "carriers.lane_twice")
    ]
    await do(db, SYSTEM, carriers.save_lanes, [lane(carrier, active=False), lane(carrier, "twin")])
    assert await found_for(db, carriers.LaneKey(OURS, "CN", "33")) == [["twin"]]


async def test_a_carrier_cannot_stop_what_lanes_count_on(db: Database) -> None:
    carrier = await registered(db)
    await do(db, SYSTEM, carriers.save_lanes, [lane(carrier, service="express")])

    without = msgspec.structs.replace(CARRIER, services=("standard",), regions=("US",))
    assert await refused(db, carriers.save_carriers, [without]) == [("[0].services", "carriers.still_used")]
    elsewhere = msgspec.structs.replace(CARRIER, regions=("CN-44",))
    assert await refused(db, carriers.save_carriers, [elsewhere]) == [("[0].regions", "carriers.still_used")]


async def test_a_merchant_changes_its_own_only(db: Database) -> None:
    platforms = await registered(db, merchant_id=None)
    theirs = await registered(db, merchant_id=THEIRS)
    us = Actor(ActorKind.KEY, 9, "us", OURS, frozenset({"carrier.write"}))

    assert await refused(db, carriers.save_carriers, [msgspec.structs.replace(CARRIER, merchant_id=None)], us)
    assert await refused(db, carriers.save_lanes, [lane(platforms, merchant_id=None)], us)
    assert await refused(db, carriers.save_lanes, [lane(theirs)], us) == [("[0].carrier", "carriers.carrier_unknown")]
    await do(db, us, carriers.save_lanes, [lane(platforms)])


async def test_a_code_means_ones_own_carrier_before_the_platforms(db: Database) -> None:
    platforms, ours = await registered(db, merchant_id=None), await registered(db)
    keys: list[tuple[int | None, str]] = [(OURS, "sf"), (THEIRS, "sf"), (None, "sf"), (OURS, "none")]
    async with db.transaction(SYSTEM) as tx:
        found = await carriers.carriers_by_code(tx, keys)
        listed = await carriers.carriers_of(tx, OURS)

    assert {key: one.id for key, one in found.items()} == {keys[0]: ours, keys[1]: platforms, keys[2]: platforms}
    assert [one.id for one in listed] == [ours, platforms]


async def test_a_lane_and_the_end_of_its_service_cannot_both_come_true(db: Database) -> None:
    carrier = await registered(db)
    without = msgspec.structs.replace(CARRIER, services=("standard",))

    outcomes = await asyncio.gather(
        do(db, SYSTEM, carriers.save_lanes, [lane(carrier, service="express")]),
        do(db, SYSTEM, carriers.save_carriers, [without]),
        return_exceptions=True,
    )

    assert sum(isinstance(outcome, Refusal) for outcome in outcomes) == 1


async def test_readers_see_their_own_lanes_and_the_platforms(db: Database) -> None:
    for merchant_id in (None, OURS, THEIRS):
        carrier = await registered(db, merchant_id=merchant_id)
        await do(db, SYSTEM, carriers.save_lanes, [lane(carrier, f"of {merchant_id}", merchant_id=merchant_id)])
    us = Actor(ActorKind.KEY, 9, "us", OURS)
    async with db.reading(us) as tx:
        seen = await tx.fetch("SELECT code FROM lanes ORDER BY id")
        listed = await carriers.lanes_of(tx, OURS, Page())

    assert [row["code"] for row in seen] == [one.code for one in listed] == ["of None", "of 1"]


@pytest.mark.requirement("issue 6: console")
async def test_what_somebody_else_changed_is_not_overwritten_unseen(db: Database) -> None:
    first = msgspec.structs.replace(CARRIER, is_first=True)
    await do(db, SYSTEM, carriers.save_carriers, [first])
    assert await refused(db, carriers.save_carriers, [first]) == [("[0].code", "carriers.carrier_there")]
    async with db.reading(SYSTEM) as tx:
        read = (await carriers.carriers_by_code(tx, [(OURS, "sf")]))[OURS, "sf"]
    changes = [msgspec.structs.replace(CARRIER, name={"en": name}, instead_of=read) for name in ("one", "two")]
    told = await asyncio.gather(
        *(do(db, SYSTEM, carriers.save_carriers, [each]) for each in changes), return_exceptions=True
    )
    assert [one.code for one in told if isinstance(one, Refusal)] == ["carriers.carrier_moved"]
