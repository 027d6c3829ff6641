"""The lock files say what exactly is installed, and leave open where from."""

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYTHON_LOCKS = ("requirements/runtime.txt", "requirements/dev.txt")


@pytest.mark.parametrize("name", [*PYTHON_LOCKS, "package-lock.json"])
def test_a_lock_file_names_no_address_and_no_place(name: str) -> None:
    found = re.findall(r"\w+://\S*|--\S*(?:index|find-links|host)\S*|(?<=\s)[./]?/\S+", read(name))

    assert found == []


@pytest.mark.parametrize("name", PYTHON_LOCKS)
def test_every_python_package_is_pinned_by_hash(name: str) -> None:
    entries = re.split(r"\n(?=\S)", read(name))
    packages = [entry for entry in entries if not entry.startswith("#")]

    assert packages
    assert [entry for entry in packages if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_every_npm_package_is_pinned_by_hash() -> None:
    packages = json.loads(read("package-lock.json"))["packages"]

    assert [name for name, package in packages.items() if name and "integrity" not in package] == []


def test_the_locks_hold_what_the_project_asks_for() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]

    assert names(project["dependencies"]) <= names(read(PYTHON_LOCKS[0]).splitlines())
    assert names(project["optional-dependencies"]["dev"]) <= names(read(PYTHON_LOCKS[1]).splitlines())


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def names(requirements: list[str]) -> set[str]:
    return {found[0] for line in requirements if (found := re.match(r"[a-z0-9-]+", line))}
