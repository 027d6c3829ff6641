"""Nothing happens unheard: every fact stands in the table of reactions, or among those that nothing follows."""

import inspect
import re
from typing import Any

import pytest
from tests.architecture.source import areas, load_everything

from dingdan import reactions
from dingdan.kernel.event import REGISTRY, Event
from dingdan.kernel.ids import PREFIXES
from dingdan.reactions.nothing_follows import NOTHING_FOLLOWS

pytestmark = pytest.mark.requirement("issue 2: events")

# Fields with one of these words in their name would carry people into the facts.
PERSONAL = {"name", "phone", "email", "address", "recipient", "street", "postcode", "birthday"}


@pytest.fixture(scope="module")
def events() -> dict[str, type[Event]]:
    load_everything()
    return {wire: cls for wire, cls in REGISTRY.items() if cls.__module__.startswith("dingdan.")}


def test_every_event_stands_in_the_table(events: dict[str, type[Event]]) -> None:
    unheard = sorted(cls.__name__ for cls in events.values() if cls not in reactions.TABLE)

    assert unheard == [], "Add it to TABLE in dingdan/reactions/table.py, or to dingdan/reactions/nothing_follows.py."


def test_what_nothing_follows_is_named_once_and_answered_nowhere() -> None:
    assert len(set(NOTHING_FOLLOWS)) == len(NOTHING_FOLLOWS)
    assert [cls.__name__ for cls in NOTHING_FOLLOWS if reactions.TABLE[cls]] == []


def test_the_table_answers_only_what_can_happen(events: dict[str, type[Event]]) -> None:
    assert set(reactions.TABLE) <= set(events.values())


def test_a_reaction_has_a_name_of_its_own() -> None:
    """The name is the key of the reaction's cursor in the database; two of one name would share it."""
    answers = {answer for row in reactions.TABLE.values() for answer in row}

    assert len({(answer.__module__, answer.__name__) for answer in answers}) == len(answers)
    assert all(inspect.iscoroutinefunction(answer) and answer.__doc__ for answer in answers)


def test_a_reaction_stands_in_the_file_of_the_area_whose_facts_it_answers() -> None:
    answered: dict[Any, set[str]] = {}
    for cls, row in reactions.TABLE.items():
        for answer in row:
            answered.setdefault(answer, set()).add(cls.__module__.split(".")[2])
    home = {answer: answer.__module__.removeprefix("dingdan.reactions.") for answer in answered}

    # One that answers facts of several areas stands in the file of the area that it calls.
    strays = [a for a, areas_ in answered.items() if len(areas_) == 1 and home[a] not in areas_]
    assert [f"{home[a]}.{a.__name__}" for a in strays] == []


def test_wire_names_and_subjects_are_well_formed(events: dict[str, type[Event]]) -> None:
    assert [wire for wire in events if not re.fullmatch(r"[a-z_]+\.[a-z_]+", wire)] == []
    assert [cls.__name__ for cls in events.values() if cls.subject not in PREFIXES] == []
    assert [cls.__name__ for cls in events.values() if not (cls.__doc__ or "").strip().endswith((".", ";"))] == []


def test_every_event_is_declared_in_an_events_file(events: dict[str, type[Event]]) -> None:
    homes = {f"dingdan.areas.{area}.events" for area in areas()}

    assert [cls.__name__ for cls in events.values() if cls.__module__ not in homes] == []


def test_facts_carry_no_people(events: dict[str, type[Event]]) -> None:
    fields = [(cls.__name__, field) for cls in events.values() for field in cls.__struct_fields__]

    assert [f"{name}.{field}" for name, field in fields if PERSONAL & set(field.split("_"))] == []
