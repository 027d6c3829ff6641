"""The sandbox carrier: scripts, fates by seed, pushes; the same parcel has the same story whoever asks when."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from dingdan.areas.fulfilment import CODES, ParcelState, Seen, receipt, sandbox_number, standing
from dingdan.areas.transit.carriers import CONNECTED
from dingdan.areas.transit.carriers.plan import FATES, brought_back, comes_back, plan
from dingdan.areas.transit.carriers.sandbox import make_push, next_told, story
from dingdan.areas.transit.model import Asked
from dingdan.areas.transit.refusals import PushUnreadable
from dingdan.areas.transit.rules.asking import LIMITS
from dingdan.plumbing.secrets import Sealer

LEFT = datetime(2026, 3, 3, 8, tzinfo=UTC)
MONTH = timedelta(days=30)


@pytest.mark.parametrize(
    ("script", "state"),
    [("N", "delivered"), ("O", "delivered"), ("D", "delivered"), ("A", "delivered"), ("K", "delivered"),
     ("C", "delivered"), ("G", "delivered"), ("P", "delivered"), ("L", "lost"), ("B", "damaged"), ("R", "returning"),
     ("S", "moving"), ("U", "dispatched")],
)  # fmt: skip
def test_the_letter_of_a_number_is_the_story_of_its_parcel(script: str, state: str) -> None:
    events = story(Asked(sandbox_number(1, script), LEFT), now=LEFT + MONTH)

    assert all(event.code in CODES for event in events)
    assert standing(Seen(e.at, e.code, e.event_id) for e in events).state is ParcelState(state)


def test_what_is_ordered_goes_before_the_number() -> None:
    events = story(Asked(sandbox_number(1, "N"), LEFT, script="L"), now=LEFT + MONTH)

    assert events[-1].code == "lost"


def test_the_sandbox_tells_nothing_that_has_not_happened() -> None:
    assert story(Asked(sandbox_number(1), LEFT), now=LEFT + timedelta(hours=1)) == []


@settings(deadline=None, max_examples=60)
@over(st.integers(0, 10**6), st.integers(0, 999), st.integers(0, 400))
def test_a_fate_is_the_same_each_time_and_grows_with_time_only(serial: int, seed: int, hours: int) -> None:
    parcel = Asked(sandbox_number(serial, "Z"), LEFT, seed=seed)
    told = story(parcel, now=LEFT + timedelta(hours=hours))

    assert plan(seed, parcel) == plan(seed, parcel)
    assert {e.event_id for e in told} <= {e.event_id for e in story(parcel, now=LEFT + timedelta(hours=hours + 9))}
    assert all(one.at >= one.scan.at >= LEFT for one in plan(seed, parcel))
    assert all(e.at <= LEFT + timedelta(hours=hours) for e in told)
    after = next_told(parcel, after=LEFT + timedelta(hours=hours))
    assert after is None or after > LEFT + timedelta(hours=hours)


def test_of_many_parcels_some_meet_each_fate() -> None:
    ends: dict[str, int] = {}
    events = 0
    repeated = late = 0
    for serial in range(3_000):
        told = plan(0, Asked(sandbox_number(serial, "Z"), LEFT))
        events += len(told)
        repeated += sum(one.times > 1 for one in told)
        late += sum(a.at > b.at for a, b in pairwise(told))
        last = told[-1].scan.code if told else "never seen"
        ends[last] = ends.get(last, 0) + 1

    assert set(ends) == {"delivered", "agent_signed", "left_as_agreed", "lost", "damaged", "returned", "picked_up",
                         "never seen"}  # fmt: skip
    assert ends["delivered"] > 3_000 - 3 * sum(share for _, share in FATES)
    assert events / 20 < repeated < events / 5
    assert late > 100


def test_a_parcel_that_is_called_back_comes_back_and_tells_nothing_more_of_its_way() -> None:
    parcel = Asked(sandbox_number(1), LEFT)
    assert comes_back(0, parcel, now=LEFT + timedelta(hours=20)) == ""
    assert comes_back(0, parcel, now=LEFT + timedelta(hours=40)) == "delivered"
    assert comes_back(0, Asked(sandbox_number(1, "V"), LEFT), now=LEFT) == "declined"

    called = Asked(sandbox_number(1), LEFT, brought_back_at=LEFT + timedelta(hours=20))
    codes = [one.scan.code for one in brought_back(plan(0, called), called)]
    assert codes == ["picked_up", "in_transit", "returning", "returned"]


def test_a_push_is_believed_only_with_its_own_signature() -> None:
    sealer, other = Sealer(bytes(32)), Sealer(bytes([1] * 32))
    events = story(Asked(sandbox_number(1), LEFT), now=LEFT + timedelta(days=3))
    headers, body = make_push(sealer, events)
    sandbox = CONNECTED["sandbox"]

    assert sandbox.is_signed(sealer, headers, body)
    assert sandbox.read_push(body) == events
    assert not sandbox.is_signed(sealer, headers, body + b" ")
    assert not sandbox.is_signed(sealer, {}, body)
    assert not sandbox.is_signed(other, headers, body)


@pytest.mark.parametrize("body", [b"", b"[]", b'{"events": [{}]}', b'{"events": [], "more": 1}', b"\xff", b"[" * 9_999])
def test_a_push_of_another_form_is_refused(body: bytes) -> None:
    with pytest.raises(PushUnreadable):
        CONNECTED["sandbox"].read_push(body)


def test_each_connected_carrier_says_how_it_wants_to_be_asked() -> None:
    assert LIMITS.keys() == CONNECTED.keys()


@pytest.mark.requirement("O4.8")
@pytest.mark.parametrize(
    ("script", "evidence", "counts"),
    [("N", "recipient", True), ("G", "named_agent", True), ("C", "station_as_agreed", True)],
)
def test_a_receipt_is_graded(script: str, evidence: str, counts: bool) -> None:
    events = story(Asked(sandbox_number(1, script), LEFT), now=LEFT + MONTH)
    found = receipt(Seen(e.at, e.code, e.event_id) for e in events)

    assert found is not None
    assert (found.evidence, found.counts) == (evidence, counts)


@pytest.mark.requirement("O4.8")
def test_a_locker_that_nobody_agreed_to_is_no_receipt_until_somebody_signs() -> None:
    parcel = Asked(sandbox_number(1, "K"), LEFT)
    waiting = [Seen(e.at, e.code, e.event_id) for e in story(parcel, now=LEFT + timedelta(hours=35))]
    taken = [Seen(e.at, e.code, e.event_id) for e in story(parcel, now=LEFT + MONTH)]

    at_station, signed = receipt(waiting), receipt(taken)
    assert at_station is not None
    assert not at_station.counts
    assert standing(waiting).state is ParcelState.OUT_FOR_DELIVERY
    assert signed is not None
    assert (signed.evidence, signed.counts) == ("recipient", True)
    assert receipt([]) is None
