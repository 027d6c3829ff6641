"""What the sandbox carrier says about its parcels."""

from datetime import UTC, datetime, timedelta

import pytest

from dingdan.areas.carriers import sandbox_number
from dingdan.areas.fulfilment.carriers import CONNECTED, Asked
from dingdan.areas.fulfilment.carriers.sandbox import make_push, story
from dingdan.areas.fulfilment.lifecycle import ParcelState
from dingdan.areas.fulfilment.refusals import PushUnreadable
from dingdan.areas.fulfilment.rules.scans import CODES, Seen, standing
from dingdan.plumbing.secrets import Sealer

LEFT = datetime(2026, 3, 3, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("script", "state"),
    [("N", "delivered"), ("O", "delivered"), ("D", "delivered"), ("A", "delivered"), ("K", "delivered"),
     ("L", "lost"), ("B", "damaged"), ("R", "returning"), ("S", "moving")],
)  # fmt: skip
def test_the_letter_of_a_number_is_the_story_of_its_parcel(script: str, state: str) -> None:
    events = story(Asked(sandbox_number(1, script), LEFT), now=LEFT + timedelta(days=30))

    assert all(event.code in CODES for event in events)
    assert standing(Seen(e.at, e.code, e.event_id) for e in events).state is ParcelState(state)


def test_the_sandbox_tells_nothing_that_has_not_happened() -> None:
    assert story(Asked(sandbox_number(1), LEFT), now=LEFT + timedelta(hours=1)) == []


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


@pytest.mark.parametrize("body", [b"", b"[]", b'{"events": [{}]}', b'{"events": [], "more": 1}', b"\xff"])
def test_a_push_of_another_form_is_refused(body: bytes) -> None:
    with pytest.raises(PushUnreadable):
        CONNECTED["sandbox"].read_push(body)
