"""Carriers evaluated: graded once for a moment, with consequences, a memory, and a person's word above it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests import given
from tests.areas.carriers.test_saving import OURS, registered

from dingdan import worker
from dingdan.areas import carriers
from dingdan.areas.carriers import LaneCounts, Tally
from dingdan.areas.carriers.rules.evaluating import month_began, next_evaluation
from dingdan.kernel.actor import SYSTEM, Actor, ActorKind
from dingdan.kernel.page import Page
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.database import Database
from dingdan.plumbing.doing import do, do_at

pytestmark = pytest.mark.requirement("O4.2")

UNTIL = datetime(2026, 11, 30, 16, tzinfo=UTC)
DAY = timedelta(days=1)
LANE = ("CN-33", "CN-11")


def lane(carrier_id: int, late: int, of: int = 1000, to: str = "CN-11") -> LaneCounts:
    return LaneCounts(carrier_id, "CN-33", to, {"late": Tally(of, late), "lost": Tally(of, 0)})


async def evaluated(db: Database, *counted: LaneCounts, until: datetime = UNTIL, **more: Any) -> list[str]:
    """The grades of the scorecards that are new."""
    cards = await do_at(db, SYSTEM, until, carriers.record_scores, list(counted), until=until, **more)
    return [card.grade for card in cards]


async def state_of(db: Database, carrier_id: int) -> str:
    async with db.transaction(SYSTEM) as tx:
        return next(str(one.state) for one in await carriers.carriers_of(tx, OURS) if one.id == carrier_id)


async def told(db: Database) -> list[str]:
    async with db.transaction(SYSTEM) as tx:
        rows = await tx.fetch("SELECT wire FROM facts WHERE wire NOT LIKE '%saved' ORDER BY id")
    return [row["wire"].removeprefix("carrier.") for row in rows]


def test_an_evaluation_is_on_the_first_of_a_month_in_china() -> None:
    assert month_began(UNTIL) == UNTIL
    assert next_evaluation(UNTIL) == UNTIL + timedelta(hours=2)
    assert next_evaluation(UNTIL + timedelta(hours=2)) == datetime(2026, 12, 31, 18, tzinfo=UTC)


async def test_a_carrier_and_its_lanes_are_graded_once_for_a_moment(db: Database) -> None:
    sf = await registered(db)
    first = await evaluated(db, lane(sf, 10), lane(sf, 150, to="CN-54"))
    again = await evaluated(db, lane(sf, 900), lane(sf, 900, to="CN-54"))
    async with db.transaction(SYSTEM) as tx:
        whole = await carriers.scorecard(tx, sf)
        far = await carriers.scorecard(tx, sf, "CN-33", "CN-54")
        history = await carriers.scorecards(tx, sf, Page(2))
        rest = await carriers.scorecards(tx, sf, Page(2, history[-1].id))

    assert (first, again) == (["B", "A", "C"], [])
    assert whole is not None
    assert far is not None
    assert (whole.samples, far.grade, far.inputs["own"]["late"]) == (2000, "C", [1000, 150])
    assert [one.grade for one in history + rest] == first
    assert await told(db) == ["graded"]


async def test_a_bad_grade_warns_a_good_one_restores_and_the_worst_asks_a_person(db: Database) -> None:
    sf = await registered(db)
    steps = []
    for n, late in enumerate((10, 500, 500, 10)):
        await evaluated(db, lane(sf, late), until=UNTIL + n * 30 * DAY)
        steps.append(await state_of(db, sf))
    async with db.transaction(SYSTEM) as tx:
        rows = await tx.fetch("SELECT data FROM facts WHERE wire = 'carrier.graded' ORDER BY id")

    assert steps == ["active", "warned", "warned", "active"]
    assert [(row["data"]["grade"], row["data"]["was"], row["data"]["proposal"]) for row in rows] == [
        ("A", None, None), ("E", "A", "suspend"), ("E", "E", "suspend"), ("A", "E", None),
    ]  # fmt: skip
    assert await told(db) == ["graded", "graded", "warned", "graded", "graded", "restored"]


async def test_a_carrier_that_is_set_so_is_suspended_by_its_grade_and_restored_by_a_person(db: Database) -> None:
    sf = await registered(db, auto_suspend=True)
    await evaluated(db, lane(sf, 500))
    suspended = await state_of(db, sf)
    await evaluated(db, lane(sf, 0), until=UNTIL + 30 * DAY)
    still = await state_of(db, sf)
    await do(db, SYSTEM, carriers.restore, sf, reason="new_manager")

    assert (suspended, still, await state_of(db, sf)) == ("suspended", "suspended", "active")


async def test_a_carrier_is_steadied_by_the_others_and_only_the_one_that_was_meant_is_graded(db: Database) -> None:
    sf, yto = await registered(db), await registered(db, code="yto")
    grades = await evaluated(db, lane(sf, 1, of=1), lane(yto, 900), only=[sf])

    async with db.transaction(SYSTEM) as tx:
        card = await carriers.scorecard(tx, sf)
        assert await carriers.scorecard(tx, yto) is None
    assert card is not None
    assert card.figures[0].prior > 800_000
    # One late parcel of one, among carriers that are always late, is not more than a warning.
    assert grades == ["C", "C"]


async def test_a_grade_by_hand_counts_until_it_ends(db: Database) -> None:
    sf = await registered(db)
    await evaluated(db, lane(sf, 250))
    wanted = carriers.SetGrade(carrier_id=sf, grade="B", reason="snow", ends_at=UNTIL + 9 * DAY)
    await do_at(db, SYSTEM, UNTIL, carriers.set_grade, wanted)

    async def standing(at: datetime) -> carriers.Standing:
        async with db.transaction(SYSTEM, at=at) as tx:
            return (await carriers.standings(tx, [sf], *LANE))[sf]

    assert await standing(UNTIL + 8 * DAY) == carriers.Standing("B", is_by_hand=True, share=100)
    assert await standing(UNTIL + 9 * DAY) == carriers.Standing("D", is_by_hand=False, share=50)
    await evaluated(db, lane(sf, 250), until=UNTIL + 8 * DAY)
    assert await state_of(db, sf) == "active"


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"grade": "F"}, "grade"), ({"origin": "CN-33"}, "destination"), ({"origin": "?", "destination": "CN-11"}, "origin"),
        ({"ends_at": UNTIL}, "ends_at"), ({"ends_at": UNTIL + 400 * DAY}, "ends_at"),
    ],
)  # fmt: skip
async def test_a_grade_that_cannot_be_is_refused(db: Database, change: dict[str, Any], path: str) -> None:
    sf = await registered(db)
    wanted = {"carrier_id": sf, "grade": "A", "reason": "snow", "ends_at": UNTIL + DAY} | change
    with pytest.raises(Refusal) as caught:
        await do_at(db, SYSTEM, UNTIL, carriers.set_grade, carriers.SetGrade(**wanted))

    assert [problem.path for problem in caught.value.problems] == [path]


def complaint(n: int, filed: int, answered: int | None = None, **other: Any) -> carriers.Complaint:
    answer = None if answered is None else UNTIL - answered * DAY
    return carriers.Complaint(**{
        "merchant_id": OURS, "carrier": "sf", "complaint": f"c{n}", "filed_at": UNTIL - filed * DAY, "answered_at": answer,
    } | other)  # fmt: skip


async def test_complaints_are_answered_in_seven_days_or_count_against_the_carrier(db: Database) -> None:
    sf = await registered(db)
    noted = [
        complaint(1, 20, 14), complaint(2, 20, 12), complaint(3, 20), complaint(4, 3), complaint(5, 3, 2), complaint(6, 90),
    ]  # fmt: skip
    for each in (noted, list(reversed(noted)), [complaint(1, 20, 1), complaint(2, 20)], []):
        await do_at(db, SYSTEM, UNTIL, carriers.note_complaints, each)
    await evaluated(db)
    async with db.transaction(SYSTEM) as tx:
        card = await carriers.scorecard(tx, sf)

    assert card is not None
    assert card.inputs["own"]["unanswered"] == [4, 2]


async def test_an_answer_is_taken_whichever_of_one_set_tells_it(db: Database) -> None:
    sf = await registered(db)
    await do_at(
        db, SYSTEM, UNTIL, carriers.note_complaints, [complaint(1, 20), complaint(1, 20, 19), complaint(1, 20, 15)]
    )
    async with db.transaction(SYSTEM) as tx:
        rows = await tx.fetch("SELECT carrier_id, answered_at FROM carrier_complaints")

    assert [tuple(row) for row in rows] == [(sf, UNTIL - 19 * DAY)]


async def test_a_complaint_to_our_own_delivery_is_passed_over(db: Database) -> None:
    await registered(db)
    noted = [complaint(1, 2), complaint(2, 2, carrier="manual"), complaint(3, 2, carrier="pigeon")]

    assert await do(db, SYSTEM, carriers.note_complaints, noted) == 1
    assert await do(db, SYSTEM, carriers.note_complaints, []) == 0
    async with db.transaction(SYSTEM) as tx:
        assert await tx.fetchval("SELECT count(*) FROM carrier_complaints") == 1


async def test_every_carrier_is_evaluated_when_the_month_is_over_and_has_a_next_time(db: Database) -> None:
    await do_at(db, SYSTEM, UNTIL - 9 * DAY, carriers.save_carriers, [
        carriers.SaveCarrier(merchant_id=OURS, code=code, name={"en": code}, licences=(given.LICENCE,)) for code in ("sf", "yto")
    ])  # fmt: skip
    await do_at(db, SYSTEM, UNTIL - 9 * DAY, carriers.note_complaints, [complaint(1, 9)])
    for _ in range(2):
        await worker.run_deadlines(db, at=UNTIL + timedelta(hours=3))
        await worker.settle(db, with_deadlines=False)
    async with db.transaction(SYSTEM) as tx:
        made = await tx.fetch("SELECT until, since FROM carrier_scorecards")
        due = await tx.fetch("SELECT due_at FROM deadlines WHERE kind = 'carrier.evaluate'")

    assert [tuple(row) for row in made] == [(UNTIL, UNTIL - 30 * DAY)]
    assert {row["due_at"] for row in due} == {next_evaluation(UNTIL + timedelta(hours=3))}
    assert len(due) == 2


async def test_somebody_elses_carrier_is_not_evaluated(db: Database) -> None:
    platforms = await registered(db, merchant_id=None)
    with pytest.raises(carriers.CarrierUnknown):
        await do(db, Actor(ActorKind.KEY, 1, "key", OURS, frozenset()), carriers.evaluate, platforms)
