"""Which events an endpoint is told of: all (*), those of a subject (order.*), or one by its name."""

from collections.abc import Collection, Iterable


def unknown(events: Iterable[str], wires: Collection[str]) -> list[int]:
    """The places of filters that no event will ever match."""
    known = {*wires, *(f"{wire.partition('.')[0]}.*" for wire in wires), "*"}
    return [place for place, event in enumerate(events) if event not in known]
