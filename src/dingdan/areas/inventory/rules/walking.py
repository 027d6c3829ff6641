"""Shelf places: what they are called, and in which order a picker passes them."""

import re

# Zone, aisle, shelf and perhaps level: A-02-10.
_BIN = re.compile(r"[A-Z0-9]{1,8}(?:-[A-Z0-9]{1,8}){0,4}", re.ASCII)
_RUN = re.compile(r"\d+|\D+")

# Where on the way a place comes: what has none comes last.
Way = tuple[bool, tuple[tuple[bool, int, str], ...]]


def tidy_bin(said: str) -> str:
    """A place as it is kept, in capitals and without blanks; "" where it is none."""
    place = "".join(said.split()).upper()
    return place if _BIN.fullmatch(place) else ""


def way(place: str | None) -> Way:
    """The key that sorts places as people walk: A-2 before A-10, numbers before letters."""
    runs = _RUN.findall(place or "")
    return place is None, tuple((not run.isdigit(), int(run) if run.isdigit() else 0, run) for run in runs)
