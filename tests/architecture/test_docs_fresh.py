"""The generated documents say what the code says, and every requirement that a test names is a known one."""

import re

import pytest
from tests.architecture.source import ROOT

from dingdan.cli.docs import stale
from dingdan.cli.docs.requirements import marks, natural, requirements

pytestmark = pytest.mark.requirement("issue 2: documents")

# [text](target) with a target inside the repository.
LINK = re.compile(r"\]\((?!\w+:|#)([^)#\s]+)(?:#[^)]*)?\)")


def test_the_generated_documents_are_fresh() -> None:
    assert stale(ROOT / "docs") == [], "Run make docs."


def test_every_requirement_that_a_test_names_is_known() -> None:
    known = {number for section in requirements(ROOT).values() for number in section}
    strange = {number: proofs for number, proofs in marks(ROOT).items() if number not in known}

    assert strange == {}, "Add the requirement to tests/requirements.ini, or mend the number."


def test_no_requirement_stands_twice() -> None:
    numbers = [number for section in requirements(ROOT).values() for number in section]

    assert len(numbers) == len(set(numbers))


def test_requirements_sort_as_people_count() -> None:
    assert sorted(["W10", "W47b", "W2", "O3.10", "W47", "O3.9"], key=natural) == [
        "O3.9",
        "O3.10",
        "W2",
        "W10",
        "W47",
        "W47b",
    ]


def test_no_link_leads_nowhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    dead = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]

    assert pages
    assert dead == []
