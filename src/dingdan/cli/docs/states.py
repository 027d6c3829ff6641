"""docs/states.md: every lifecycle, drawn and as a table."""

from collections.abc import Iterator
from enum import StrEnum

from dingdan.cli.docs.markdown import area_of, code, codes, sentence, table
from dingdan.kernel.lifecycle import REGISTRY, Lifecycle


def page() -> Iterator[str]:
    """The page, line by line."""
    yield "# States"
    yield ""
    yield "Each lifecycle is a table in its area's `lifecycle.py`. PostgreSQL is the judge: a row moves only from a state"
    yield "that the move allows, and each move leaves a fact. One thing may stand on several axes (a return is decided,"
    yield "travels and ends); what people see is one headline made from all of them."
    for machine in sorted(REGISTRY.values(), key=lambda machine: machine.name):
        if area_of(type(machine.initial)):
            yield from _section(machine)


def _section(machine: Lifecycle[StrEnum]) -> Iterator[str]:
    labels: dict[tuple[str, str], list[str]] = {}
    for verb, move in machine.moves.items():
        for source in (state for state in machine.states if state in move.sources):
            labels.setdefault((source, move.target), []).append(verb)
    states = type(machine.initial)
    yield from ("", f"## {machine.name}", "", f"Area `{area_of(states)}`. {sentence(states)}", "")
    yield from ("```mermaid", "stateDiagram-v2", f"    [*] --> {machine.initial}")
    yield from (f"    {source} --> {target}: {' / '.join(verbs)}" for (source, target), verbs in labels.items())
    yield from (f"    {state} --> [*]" for state in machine.states if state in machine.final)
    yield from ("```", "")
    yield from table(
        ("Verb", "From", "To"),
        (
            (code(verb), codes(state for state in machine.states if state in move.sources), code(move.target))
            for verb, move in machine.moves.items()
        ),
    )
