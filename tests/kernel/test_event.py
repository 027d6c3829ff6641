"""Facts: what a subclass adds is the payload, and a wire name belongs to one event."""

import pytest

from dingdan.kernel import event
from dingdan.kernel.event import Event, Moved, payload


class KettleBoiled(Event, frozen=True, kw_only=True):
    """The water is hot."""

    wire = "kettle.boiled"
    subject = "kettle"

    degrees: int


event.REGISTRY.pop("kettle.boiled")  # Only of this file; the documents list what the program announces.


def test_the_payload_is_what_the_event_adds() -> None:
    fact = KettleBoiled(subject_id=1, merchant_id=2, move=Moved(1, "kettle", "cold", "hot", 2), degrees=100)

    assert payload(fact) == {"degrees": 100}


def test_two_events_cannot_share_a_name() -> None:
    class Taken(Event, frozen=True, kw_only=True):
        """The first of its name."""

        wire = "kettle.taken"

    with pytest.raises(AssertionError, match=r"two events are called kettle\.taken"):
        type(Event)("Again", (Event,), {"wire": "kettle.taken", "__qualname__": "Again"}, frozen=True, kw_only=True)
    event.REGISTRY.pop("kettle.taken")
