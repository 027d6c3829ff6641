"""A lifecycle is checked when it is made: a table that makes no sense never runs."""

from collections.abc import Iterator
from enum import StrEnum

import pytest

from dingdan.kernel import lifecycle
from dingdan.kernel.lifecycle import Lifecycle


class Light(StrEnum):
    """A lamp."""

    OFF = "off"
    ON = "on"
    BROKEN = "broken"


SWITCH = ({Light.OFF}, Light.ON)
BREAK = ({Light.OFF, Light.ON}, Light.BROKEN)


@pytest.fixture(autouse=True)
def _keep_the_register() -> Iterator[None]:
    before = dict(lifecycle.REGISTRY)
    yield
    lifecycle.REGISTRY.clear()
    lifecycle.REGISTRY.update(before)


def test_a_table_knows_its_states_its_ends_and_its_verbs() -> None:
    lamp = Lifecycle("lamp", initial=Light.OFF, moves={"switch": SWITCH, "break": BREAK})

    assert lamp.states == (Light.OFF, Light.ON, Light.BROKEN)
    assert lamp.final == {Light.BROKEN}
    assert lamp.verbs(Light.OFF) == ["switch", "break"]
    assert lamp.verbs(Light.BROKEN) == []
    assert lamp.edges() == {("off", "on"), ("off", "broken"), ("on", "broken")}


def test_a_state_that_nothing_leads_to_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"nothing leads to.*BROKEN"):
        Lifecycle("dim lamp", initial=Light.OFF, moves={"switch": SWITCH})


def test_a_move_that_leaves_from_nowhere_is_an_error() -> None:
    with pytest.raises(ValueError, match="leaves from nowhere"):
        Lifecycle("idle lamp", initial=Light.OFF, moves={"switch": SWITCH, "break": (set(), Light.BROKEN)})


def test_two_lifecycles_of_one_name_are_an_error() -> None:
    Lifecycle("twin lamp", initial=Light.OFF, moves={"switch": SWITCH, "break": BREAK})

    with pytest.raises(ValueError, match="two lifecycles are called twin lamp"):
        Lifecycle("twin lamp", initial=Light.OFF, moves={"switch": SWITCH, "break": BREAK})
