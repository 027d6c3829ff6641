"""The house is tidy: every file is written as STYLE.md says, or is forgiven with a reason."""

import re
import subprocess
from collections import Counter
from itertools import chain

import pytest
from tests.architecture.checks import AREA_FILES, CHECKS, Check, Finding, loose_ends, opening_sentences
from tests.architecture.ratchet import FORGIVEN
from tests.architecture.source import ROOT, areas, program, proofs
from tests.architecture.states import state_columns

pytestmark = pytest.mark.requirement("issue 2: fence")

# Put together from halves, so that this file does not find itself.
PLACES = re.compile(
    "|".join(
        [
            "py" + r"pi\.org",
            "python" + r"hosted\.org",
            "npm" + r"js\.org",
            "npm" + r"mirror\.com",
            "yarn" + r"pkg\.com",
            "ghcr" + r"\.io",
            "deb" + r"ian\.org",
            r"(?<![\w.:/~-])/(?:ho" + r"me|r" + r"oot|Us" + r"ers|wo" + r"rk|mn" + r"t)/\w",
            r"(?<![\w.:/~-])/tm" + r"p/\w",
            r"\b[A-Z]:\\Us" + r"ers",
        ]
    )
)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_program_is_tidy(check: Check) -> None:
    found = list(chain.from_iterable(check(file) for file in program()))

    assert unforgiven(check.__name__, found) == [], check.__doc__


@pytest.mark.parametrize("check", [opening_sentences, loose_ends], ids=lambda check: check.__name__)
def test_the_tests_are_tidy(check: Check) -> None:
    found = list(chain.from_iterable(check(file) for file in proofs()))

    assert unforgiven(check.__name__, found, place="tests/") == [], check.__doc__


def test_an_area_stays_small() -> None:
    sizes = Counter(file.area for file in program() if file.area)

    assert {area: sizes[area] for area in areas() if sizes[area] > AREA_FILES} == {}, (
        f"An area has at most {AREA_FILES} files; what has grown out of it is an area of its own."
    )


def test_our_own_code_is_never_mocked() -> None:
    word = "mo" + "ck"
    mocks = re.compile(
        rf"^\s*(from|import)\s+(unittest\.)?{word}\b|^\s*from unittest import.*\b{word}\b"
        r"|\bmocker\b|monkeypatch\.(setattr|delattr|setitem)\(",
        re.M,
    )
    found = [file.name for file in proofs() if mocks.search(file.text)]

    assert found == [], "Give the code what it needs as an argument, or tell the sandbox to fail."


def test_no_file_names_a_place() -> None:
    """A lock file that names a registry, or a path of somebody's machine, works on that machine only."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    names = [name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]
    found = []
    for name in names:
        try:
            text = (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{name}: {place}" for place in PLACES.findall(text)]

    assert names
    assert found == [], "Name no registry and no folder of one machine; use settings, pathlib and tempfile."


def test_state_columns_are_found() -> None:
    """The check of state changes would pass for ever if it knew no state columns."""
    assert state_columns()["orders"] == {"state"}
    assert state_columns()["returns"] == {"decision", "journey", "outcome"}


def test_every_forgiveness_is_for_a_check_and_says_why() -> None:
    known = {check.__name__ for check in CHECKS}

    assert [entry for entry, why in FORGIVEN.items() if entry[0] not in known or len(why) < 20] == []


def unforgiven(check: str, found: list[Finding], *, place: str = "") -> list[str]:
    """What is not on the ratchet's list; and what the list forgives that nobody does any more."""
    forgiven = {where for name, where in FORGIVEN if name == check and where.startswith("tests/") == bool(place)}
    wrong = [f"{finding.where} {finding.what}" for finding in found if not {finding.where, finding.file} & forgiven]
    stale = sorted(forgiven - {finding.where for finding in found} - {finding.file for finding in found})
    return wrong + [f"{where} is forgiven in ratchet.py and no longer guilty; take it out" for where in stale]
