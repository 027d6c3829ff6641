"""Lifecycles: state machines as data, checked when they are made."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Generic, TypeVar

S = TypeVar("S", bound=StrEnum)

REGISTRY: dict[str, "Lifecycle[StrEnum]"] = {}


class Move(Generic[S]):
    """One verb: the states it may start from and the one it ends in."""

    def __init__(self, verb: str, sources: frozenset[S], target: S) -> None:
        self.verb, self.sources, self.target = verb, sources, target


class Lifecycle(Generic[S]):
    """A table of moves. The database guard, the CHECK constraint, the drawing and the walk tests come from it.

    Raises ValueError at import when a state cannot be reached or a move leaves from nowhere.
    """

    def __init__(self, name: str, *, initial: S, moves: Mapping[str, tuple[Iterable[S], S]]) -> None:
        self.name = name
        self.initial = initial
        self.states: tuple[S, ...] = tuple(type(initial))
        self.moves = {verb: Move(verb, frozenset(sources), target) for verb, (sources, target) in moves.items()}
        reached = {initial} | {move.target for move in self.moves.values()}
        if reached != set(self.states):
            raise ValueError(f"{name}: nothing leads to {sorted(set(self.states) - reached)}")
        if any(not move.sources for move in self.moves.values()):
            raise ValueError(f"{name}: a move leaves from nowhere")
        if name in REGISTRY:
            raise ValueError(f"two lifecycles are called {name}")
        REGISTRY[name] = self  # type: ignore[assignment]

    @property
    def final(self) -> frozenset[S]:
        """The states that nothing leaves."""
        return frozenset(self.states) - {source for move in self.moves.values() for source in move.sources}

    def edges(self) -> set[tuple[str, str]]:
        """Every (from, to) that a move allows."""
        return {(str(s), str(m.target)) for m in self.moves.values() for s in m.sources}

    def verbs(self, state: S) -> list[str]:
        """What may be done from this state."""
        return [verb for verb, move in self.moves.items() if state in move.sources]
