"""Small pieces of Markdown, and what the pages say of a class."""

from collections.abc import Iterable, Iterator, Sequence


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table; bars inside cells are escaped."""
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


def code(word: str) -> str:
    """A word of the program."""
    return f"`{word}`"


def codes(words: Iterable[str]) -> str:
    """Words of the program in a row; a dash for none."""
    return ", ".join(code(word) for word in words) or "–"


def sentence(cls: type) -> str:
    """What a class says of itself, on one line."""
    return " ".join((cls.__doc__ or "").split())


def area_of(cls: type) -> str:
    """The area that declares a class; "" for what none does."""
    parts = cls.__module__.split(".")
    return parts[2] if parts[:2] == ["dingdan", "areas"] else ""
