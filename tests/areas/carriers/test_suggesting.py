"""Which carrier a parcel is best given to: the same answer for the same parcel, and a reason for everybody."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given as over
from hypothesis import strategies as st
from tests.areas.carriers.test_promising import ASK, KEY, LANE

from dingdan.areas import carriers
from dingdan.areas.carriers import Assigned, Option, Parcelled, Standing, Trait, choose

pytestmark = pytest.mark.requirement("O4.1")

NOW = datetime(2026, 11, 25, 2, tzinfo=UTC)
RIGHT = Assigned(carrier_id=5, ground="licensed", licence="L")
EXPIRED = carriers.LicenceRunOut("carrier", code="yto", until="2026-01-01")


def lane(carrier: str, carrier_id: int, **other: Any) -> carriers.Lane:
    return msgspec.structs.replace(
        LANE, **{"id": carrier_id, "code": carrier, "carrier": carrier, "carrier_id": carrier_id} | other
    )


SF, YTO = lane("sf", 1), lane("yto", 2)


def chosen(*lanes: carriers.Lane, traits: dict[int, Trait] | None = None, key: int = 1, **want: Any) -> list[Option]:
    known = {one.carrier_id: Trait(RIGHT) for one in lanes} | (traits or {})
    return choose(carriers.Lanes(KEY, lanes, are_kept=True), known, Parcelled(key=key, **{"ask": ASK} | want), NOW)


def names(options: list[Option]) -> list[tuple[str, bool]]:
    return [(one.carrier, one.is_out) for one in options]


@pytest.mark.parametrize(
    ("lanes", "first"),
    [
        ([SF, YTO], "sf"),
        ([lane("sf", 1, priority=200), YTO], "yto"),
        ([lane("sf", 1, cost=900), lane("yto", 2, cost=800)], "yto"),
        ([lane("sf", 1), lane("yto", 2, cost=800)], "yto"),
        ([lane("sf", 1, days_max=9), YTO], "yto"),
        # In time comes before priority.
        ([lane("sf", 1, days_min=1, days_max=30, priority=1), YTO], "yto"),
    ],
)
def test_the_best_is_in_time_then_by_priority_grade_cost_and_days(lanes: list[carriers.Lane], first: str) -> None:
    options = chosen(*lanes, arrive_by=NOW + timedelta(days=14))

    assert [one.carrier for one in options if one.is_chosen] == [first] == [options[0].carrier]
    assert all(text.zh and text.en for one in options for text in one.reasons)


def test_a_better_grade_comes_first_and_a_cost_that_is_known_overrides_the_lanes() -> None:
    graded = {1: Trait(RIGHT, Standing("C")), 2: Trait(RIGHT, Standing("A"))}

    assert chosen(SF, YTO, traits=graded)[0].carrier == "yto"
    assert chosen(SF, YTO, costs={"yto": 1})[0].carrier == "yto"
    assert "graded A" in " ".join(text.en for text in chosen(SF, YTO, traits=graded)[0].reasons)


@pytest.mark.parametrize(
    ("change", "trait", "why"),
    [
        ({"deliverable": False}, Trait(RIGHT), "does not go there"),
        ({"service": "express"}, Trait(RIGHT), "It is express; promised was standard."),
        ({"max_grams": 1000}, Trait(RIGHT), "It takes up to 1000 g; the parcel weighs 1001 g."),
        ({}, Trait(EXPIRED), "valid until 2026-01-01"),
        ({}, Trait(carriers.CarrierHeld("carrier", code="yto")), "suspended"),
    ],
)
def test_who_is_out_is_told_why_and_never_chosen(change: dict[str, Any], trait: Trait, why: str) -> None:
    ask = msgspec.structs.replace(ASK, service="standard")
    options = chosen(lane("yto", 2, priority=1, **change), SF, traits={2: trait}, grams=1001, ask=ask)
    alone = chosen(lane("yto", 2, **change), traits={2: trait}, grams=1001, ask=ask)

    assert names(options) == [("sf", False), ("yto", True)]
    assert why in options[1].reasons[0].en
    assert [one.is_chosen for one in alone] == [False]


@over(st.integers(0, 2**60))
def test_the_same_parcel_always_gets_the_same_answer(key: int) -> None:
    poor = {1: Trait(RIGHT, Standing("D", share=50))}

    assert chosen(SF, YTO, traits=poor, key=key) == chosen(YTO, SF, traits=poor, key=key)


@pytest.mark.requirement("O4.2")
@pytest.mark.parametrize("share", [0, 10, 50, 100])
def test_a_smaller_share_is_kept_over_many_parcels(share: int) -> None:
    poor = {1: Trait(RIGHT, Standing("E", share=share))}
    got = [chosen(lane("sf", 1, priority=1), YTO, traits=poor, key=key)[0].carrier for key in range(2000)]

    assert abs(got.count("sf") / 20 - share) < 4


def test_a_share_keeps_no_parcel_from_leaving() -> None:
    (only,) = chosen(SF, traits={1: Trait(RIGHT, Standing("E", share=0))})

    assert (only.is_chosen, only.is_out) == (True, False)
    assert "别无其他承运商" in "".join(text.zh for text in only.reasons)


def test_nobody_is_suggested_where_nobody_keeps_lanes() -> None:
    assert chosen() == []
