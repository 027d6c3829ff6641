"""Carriers tell a parcel's story in any order; it ends the same."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from dingdan.areas.fulfilment.lifecycle import PARCEL, ParcelState
from dingdan.areas.fulfilment.rules.scans import CODES, VERBS, Seen, meaning, standing

START = datetime(2026, 3, 3, 8, tzinfo=UTC)
P = ParcelState


def at(hours: int, code: str, event_id: str = "") -> Seen:
    return Seen(START + timedelta(hours=hours), code, event_id or f"{hours}-{code}")


scans = st.lists(
    st.builds(at, st.integers(0, 12), st.sampled_from([*CODES, "code of another century"])),
    max_size=12,
    unique_by=lambda seen: seen.event_id,
)


@pytest.mark.requirement("O4.4")
@settings(deadline=None)
@over(scans, st.randoms(use_true_random=False))
def test_the_same_scans_end_the_same_in_any_order(story: list[Seen], random: object) -> None:
    shuffled = list(story)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert standing(shuffled) == standing(story)


@pytest.mark.requirement("O4.4")
@settings(deadline=None)
@over(scans, st.randoms(use_true_random=False))
def test_every_scan_that_comes_late_moves_the_parcel_along_its_lifecycle_only(
    story: list[Seen], random: object
) -> None:
    random.shuffle(story)  # type: ignore[attr-defined]
    state = P.DISPATCHED
    for count in range(1, len(story) + 1):
        now = standing(story[:count]).state
        assert now is state or (str(state), str(now)) in PARCEL.edges()
        state = now


@settings(deadline=None)
@over(scans)
def test_a_delivery_is_never_taken_back(story: list[Seen]) -> None:
    delivered = at(5, "delivered")

    assert standing([*story, delivered]).state is P.DELIVERED


@settings(deadline=None)
@over(scans)
def test_a_parcel_that_was_sent_back_is_out_for_nobody(story: list[Seen]) -> None:
    assert standing([*story, at(3, "returning")]).state not in (
        P.MOVING,
        P.OUT_FOR_DELIVERY,
        P.TURNED_AWAY,
        P.DISPATCHED,
    )


def test_an_older_scan_that_comes_late_moves_nothing_back() -> None:
    known = [at(9, "out_for_delivery")]

    assert standing([*known, at(2, "picked_up")]).state is P.OUT_FOR_DELIVERY


def test_hubs_on_the_way_back_are_part_of_it() -> None:
    assert standing([at(3, "returning"), at(5, "in_transit")]).state is P.RETURNING


def test_a_lost_parcel_that_is_seen_again_is_found() -> None:
    assert standing([at(3, "lost"), at(5, "in_transit")]).state is P.MOVING


def test_the_first_signature_is_the_time_of_delivery() -> None:
    assert standing([at(7, "delivered"), at(4, "agent_signed")]).delivered_at == START + timedelta(hours=4)


@pytest.mark.requirement("O4.8")
def test_a_parcel_in_a_locker_is_not_received() -> None:
    assert standing([at(3, "awaiting_collection")]).state is P.OUT_FOR_DELIVERY


def test_a_code_that_nobody_knows_is_only_news() -> None:
    assert meaning("teleported") is None
    assert standing([at(3, "picked_up"), at(5, "teleported")]).state is P.MOVING


def test_every_state_a_scan_can_lead_to_has_its_verb() -> None:
    states = {code.state for code in CODES.values() if code.state}

    assert states == set(VERBS)
    assert {PARCEL.moves[verb].target for verb in VERBS.values()} == states


def test_every_code_reads_in_both_languages() -> None:
    assert all(code.text.en and code.text.zh for code in CODES.values())
