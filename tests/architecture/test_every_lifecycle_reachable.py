"""Every lifecycle can be walked from its beginning to everywhere, and no walk gets stuck in between."""

from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.architecture.source import load_everything
from tests.architecture.states import state_columns

from dingdan.kernel.lifecycle import REGISTRY, Lifecycle

pytestmark = pytest.mark.requirement("issue 2: lifecycles")

load_everything()
MACHINES = [machine for machine in REGISTRY.values() if type(machine.initial).__module__.startswith("dingdan.")]
every_machine = pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)


@every_machine
def test_every_state_is_reached_from_the_beginning(machine: Lifecycle[StrEnum]) -> None:
    assert reach(machine, machine.initial) == set(machine.states)


@every_machine
def test_from_everywhere_an_end_can_be_reached(machine: Lifecycle[StrEnum]) -> None:
    """A machine without an end (a reservation may be held again) at least comes back to where it began."""
    ends = machine.final or {machine.initial}

    assert [state for state in machine.states if not reach(machine, state) & ends] == []


@every_machine
@given(data=st.data())
def test_a_walk_of_allowed_moves_stays_inside(machine: Lifecycle[StrEnum], data: st.DataObject) -> None:
    state, steps = machine.initial, data.draw(st.integers(min_value=1, max_value=20))

    for _ in range(steps):
        verbs = machine.verbs(state)
        assert bool(verbs) != (state in machine.final)
        if not verbs:
            break
        move = machine.moves[data.draw(st.sampled_from(verbs))]
        assert (state, move.target) in machine.edges()
        state = move.target
        assert state in machine.states


@every_machine
def test_no_move_leads_to_where_it_starts(machine: Lifecycle[StrEnum]) -> None:
    """A move that changes nothing would leave a fact about nothing."""
    assert [verb for verb, move in machine.moves.items() if move.target in move.sources] == []


@every_machine
def test_states_are_words_for_people(machine: Lifecycle[StrEnum]) -> None:
    assert [state for state in machine.states if state != state.lower() or not state.replace("_", "").isalpha()] == []
    assert (type(machine.initial).__doc__ or "").strip()


def test_every_state_column_belongs_to_a_machine_and_every_machine_to_a_column() -> None:
    columns = sum(len(names) for names in state_columns().values())

    assert len(MACHINES) == columns


def test_there_is_something_to_walk() -> None:
    assert len(MACHINES) >= 8


def reach(machine: Lifecycle[StrEnum], start: StrEnum) -> set[StrEnum]:
    """Every state that some walk from `start` comes to, itself included."""
    seen, edge = {start}, [start]
    while edge:
        state = edge.pop()
        found = {machine.moves[verb].target for verb in machine.verbs(state)} - seen
        seen |= found
        edge += found
    return seen
