"""Licences: how far they reach, who may be given parcels, and what is told before they end."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given as over
from hypothesis import strategies as st
from tests import given
from tests.areas.carriers.test_saving import CARRIER, OURS, THEIRS, found_for, lane, refused, registered

from dingdan import worker
from dingdan.areas import carriers
from dingdan.areas.carriers.rules.licensing import covered_until, next_look, notice, span
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at

pytestmark = pytest.mark.requirement("O4.1")

DAY = timedelta(days=1)
NOW = datetime(2026, 11, 25, 4, tzinfo=UTC)
TODAY = date(2026, 11, 25)
EAST = carriers.LaneKey(OURS, "CN", "330106")


def licence(start: int, end: int, number: str = "L") -> carriers.Licence:
    """One that holds from so many days after today until so many, both included."""
    return carriers.Licence(
        number=number, issuer="国家邮政局", valid_from=TODAY + start * DAY, valid_until=TODAY + end * DAY
    )


def carrier(code: str = "sf", **other: Any) -> carriers.Carrier:
    return carriers.Carrier(5, OURS, code, {}, ("standard",), (), **{"active": True} | other)


def test_a_licence_holds_from_the_first_midnight_to_the_last_of_its_zone() -> None:
    start, end = span(licence(0, 0))

    assert (start, end) == (datetime(2026, 11, 24, 16, tzinfo=UTC), datetime(2026, 11, 25, 16, tzinfo=UTC))
    assert carriers.covered_until([licence(0, 0)], end - timedelta(microseconds=1)) == end
    assert carriers.covered_until([licence(0, 0)], end) is None


def test_licences_that_follow_each_other_are_one() -> None:
    ends = span(licence(0, 40))[1]

    assert covered_until([licence(11, 40, "B"), licence(-9, 10, "A")], NOW) == ends
    assert covered_until([licence(12, 40, "B"), licence(-9, 10, "A")], NOW) == span(licence(0, 10))[1]


@pytest.mark.parametrize(
    ("one", "licences", "answer"),
    [
        (carrier(), [licence(-9, 10)], "licensed"),
        (carrier("manual"), [], "own"),
        (carrier("sandbox"), [], "own"),
        (carrier(), [], "carriers.licence_missing"),
        (carrier(), [licence(-9, -1)], "carriers.licence_run_out"),
        (carrier(), [licence(1, 9)], "carriers.licence_not_yet_valid"),
        (carrier(active=False), [licence(-9, 10)], "carriers.closed"),
        (carrier(state=carriers.Contract.WARNED), [licence(-9, 10)], "licensed"),
        (carrier(state=carriers.Contract.SUSPENDED), [licence(-9, 10)], "carriers.suspended"),
        (carrier("manual", state=carriers.Contract.SUSPENDED), [], "carriers.suspended"),
        (None, [], "carriers.not_registered"),
    ],
)
def test_who_may_be_given_parcels(one: carriers.Carrier | None, licences: list[carriers.Licence], answer: str) -> None:
    got = carriers.assignment(one.code if one else "sf", one, licences, NOW)

    assert (got.code if isinstance(got, Refusal) else got.ground) == answer
    if isinstance(got, Refusal):
        assert all((got.message.filled(got.params).zh, got.remedy.filled(got.params).en))


@over(st.lists(st.tuples(st.integers(-60, 60), st.integers(0, 60)), max_size=6), st.integers(0, 90))
def test_whoever_may_be_given_parcels_is_covered_and_the_next_look_lies_ahead(
    spans: list[tuple[int, int]], later: int
) -> None:
    held = [licence(start, start + days, str(n)) for n, (start, days) in enumerate(spans)]
    now = NOW + later * DAY
    right = carriers.assignment("sf", carrier(), held, now)
    at = next_look(held, now)

    assert isinstance(right, carriers.Assigned) == (covered_until(held, now) is not None)
    assert at is None or at > now
    assert (notice(held, now) == 0) == isinstance(right, Refusal)
    # Nothing changes between now and the next look, except that a later licence joins in.
    if at is not None and isinstance(right, carriers.Assigned):
        assert covered_until(held, at - timedelta(microseconds=1)) is not None


async def test_quotes_stop_offering_a_carrier_without_a_licence_or_suspended(db: Database) -> None:
    sf = await registered(db)
    old = await registered(db, code="yto", licences=(licence(-900, -800),))
    await do(db, SYSTEM, carriers.save_lanes, [lane(sf), lane(old, "old", region="3301")])

    assert await found_for(db, EAST) == [["east"]]
    await do(db, SYSTEM, carriers.suspend, sf, reason="losses")
    assert await found_for(db, EAST) == [[]]
    async with db.transaction(SYSTEM) as tx:
        every = (await carriers.lanes_for(tx, [EAST], all_carriers=True))[EAST]
    assert {one.code for one in every.lanes} == {"east", "old"}
    assert every.are_kept


async def test_a_suspended_carrier_gets_no_new_lanes_and_keeps_those_it_has(db: Database) -> None:
    sf = await registered(db)
    await do(db, SYSTEM, carriers.save_lanes, [lane(sf)])
    await do(db, SYSTEM, carriers.suspend, sf, reason="losses")

    assert await refused(db, carriers.save_lanes, [lane(sf, days_max=9), lane(sf, "west", region="51")]) == [
        ("[1].carrier", "carriers.suspended")
    ]
    await do(db, SYSTEM, carriers.save_lanes, [lane(sf, days_max=9)])
    await do(db, SYSTEM, carriers.restore, sf, reason="mended")
    assert await found_for(db, EAST) == [["east"]]


async def test_the_platforms_carrier_serves_all_and_a_merchants_own_comes_first(db: Database) -> None:
    await registered(db, merchant_id=None)
    await registered(db, licences=(licence(-900, -800),))
    async with db.transaction(SYSTEM) as tx:
        got = await carriers.assignable(tx, {(OURS, "sf"), (THEIRS, "sf"), (THEIRS, "zto"), (THEIRS, "manual")})

    assert isinstance(got[THEIRS, "sf"], carriers.Assigned)
    assert isinstance(got[OURS, "sf"], carriers.LicenceRunOut)
    assert isinstance(got[THEIRS, "zto"], carriers.NotRegistered)
    assert got[THEIRS, "manual"] == carriers.Assigned(carrier_id=None, ground="own")


async def test_only_whose_it_is_decides_about_a_carrier(db: Database) -> None:
    theirs = Actor(ActorKind.KEY, 1, "key", THEIRS, frozenset())
    platforms = await registered(db, merchant_id=None)
    for one in (platforms, await registered(db), 404):
        with pytest.raises(carriers.CarrierUnknown):
            await do(db, theirs, carriers.suspend, one, reason="envy")
    await do(db, SYSTEM, carriers.suspend, platforms, reason="losses")
    with pytest.raises(carriers.StandingForbids):
        await do(db, SYSTEM, carriers.suspend, platforms, reason="losses")


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"valid_until": date(2019, 1, 1)}, "valid_until"), ({"valid_from": date(1, 1, 1)}, "valid_until"),
        ({"number": " "}, "number"), ({"number": "x" * 65}, "number"), ({"number": "\0"}, "number"), ({"issuer": ""}, "issuer"),
        ({"zone": "Mars/Olympus"}, "zone"), ({"zone": "../etc"}, "zone"),
    ],
)  # fmt: skip
async def test_a_licence_that_cannot_be_is_refused_at_its_place(
    db: Database, change: dict[str, Any], path: str
) -> None:
    wrong = msgspec.structs.replace(given.LICENCE, **change)
    wanted = msgspec.structs.replace(CARRIER, licences=(given.LICENCE, wrong))

    found = await refused(db, carriers.save_carriers, [wanted])
    assert (f"[0].licences[1].{path}", "carriers.field_unfit") in found


async def test_licences_are_added_and_changed_and_the_same_again_changes_nothing(db: Database) -> None:
    renewed = msgspec.structs.replace(given.LICENCE, number="2")
    longer = msgspec.structs.replace(given.LICENCE, valid_until=date(2098, 1, 1))
    told = [
        (await do(db, SYSTEM, carriers.save_carriers, [msgspec.structs.replace(CARRIER, licences=licences)]))[0]
        for licences in ((given.LICENCE,), (given.LICENCE,), (renewed,), (longer,), ())
    ]
    async with db.transaction(SYSTEM) as tx:
        held = (await carriers.licences_of(tx, [told[0].id]))[told[0].id]

    assert [one.is_changed for one in told] == [True, False, True, True, False]
    assert held == [longer, renewed]


async def facts(db: Database) -> list[tuple[str, Any]]:
    """What was told of licences."""
    async with db.transaction(SYSTEM) as tx:
        rows = await tx.fetch("SELECT wire, data FROM facts WHERE wire LIKE 'carrier.licence%' ORDER BY id")
    return [(row["wire"].removeprefix("carrier.licence_"), row["data"].get("within_days")) for row in rows]


async def test_a_licence_that_ends_is_told_a_month_and_a_week_before_and_when_it_is_over(db: Database) -> None:
    wanted = msgspec.structs.replace(CARRIER, licences=(licence(-100, 100),))
    await do_at(db, SYSTEM, NOW, carriers.save_carriers, [wanted])
    ends = span(licence(0, 100))[1]
    story = []
    for before in (31, 30, 29, 7, 6, 0, -1):
        await worker.run_deadlines(db, at=ends - before * DAY)
        story.append(len(await facts(db)))

    assert await facts(db) == [("expiring", 30), ("expiring", 7), ("expired", None)]
    assert story == [0, 1, 1, 2, 2, 3, 3]


async def test_a_renewed_licence_moves_the_notices_and_one_that_is_short_is_told_at_once(db: Database) -> None:
    for licences in ((licence(-100, 20, "A"),), (licence(21, 400, "B"),)):
        await do_at(db, SYSTEM, NOW, carriers.save_carriers, [msgspec.structs.replace(CARRIER, licences=licences)])
        await worker.run_deadlines(db, at=NOW)
    await worker.run_deadlines(db, at=NOW + 100 * DAY)

    assert await facts(db) == [("expiring", 30)]


async def test_after_a_long_sleep_only_what_is_true_now_is_told(db: Database) -> None:
    await do_at(db, SYSTEM, NOW, carriers.save_carriers, [msgspec.structs.replace(CARRIER, licences=(licence(0, 50),))])
    await worker.run_deadlines(db, at=NOW + 60 * DAY)

    assert await facts(db) == [("expired", None)]
