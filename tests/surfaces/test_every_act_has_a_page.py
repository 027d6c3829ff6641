"""Nothing that staff may do takes the API: every command behind a door of theirs that writes stands behind a page too."""

import ast
import importlib
import inspect
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

import dingdan
from dingdan.areas import identity

pytestmark = pytest.mark.requirement("issue 6: console")

SURFACES = Path(dingdan.__file__).parent / "surfaces"
AREAS = {one.name for one in (Path(dingdan.__file__).parent / "areas").iterdir() if one.is_dir()}
# Where an area keeps what only reads or decides.
READING = frozenset({"reading", "rules", "model", "previewing", "quoting", "suggesting"})
WRITING = frozenset({"post", "put", "patch", "delete"})
# What no page does, and why that is right.
WITHOUT_A_PAGE: dict[str, str] = {
    "abuse.ask_review": "the buyer's own right, asked with the link of the notice; staff look by themselves",
    "abuse.appeal": "the buyer's own right, as above",
    "channel_orders.acknowledge": "a channel's program says what it has taken in",
    "channels.acknowledge": "a channel's program says what it has taken in",
    "credit.present": "the holder of a card shows it at the shop's checkout",
    "placement.ask_reminders": "asked in the shop, by who wants the goods",
    "policies.publish": "at once and whole is for programs; the editor drafts, tries and announces",
    "policy_desk.try_on": "the editor tries the draft that is open, by the same rule",
    "returns.change": "at the desk a request is withdrawn and asked for anew, which keeps both on record",
    "way_back.take_scans": "carriers' programs tell it; by hand it is the receiving of the parcel",
}


@cache
def _is_command(area: str, name: str) -> bool:
    found = getattr(importlib.import_module(f"dingdan.areas.{area}"), name, None)
    return inspect.iscoroutinefunction(found) and not READING & set(found.__module__.split(".")[3:])


def _commands(node: ast.AST) -> set[str]:
    """The commands of areas that are called somewhere in a piece of code."""
    return {
        f"{one.value.id}.{one.attr}" for one in ast.walk(node)
        if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Name) and one.value.id in AREAS
        and _is_command(one.value.id, one.attr)
    }  # fmt: skip


def _reached(*folders: str) -> set[str]:
    files = [file for folder in folders for file in (SURFACES / folder).rglob("*.py")]
    return set().union(*(_commands(ast.parse(file.read_text())) for file in files))


def _deep(name: str, functions: dict[str, ast.AST], seen: frozenset[str] = frozenset()) -> set[str]:
    """What a handler calls, by itself or through the functions beside it."""
    node = functions[name]
    found = _commands(node)
    named = {one.id for one in ast.walk(node) if isinstance(one, ast.Name)} & functions.keys()
    for other in named - seen - {name}:
        found |= _deep(other, functions, seen | {name})
    return found


def _doors() -> Iterable[tuple[str, str, set[str]]]:
    """Every door that writes and asks for a permission: its name, the permission, and the commands behind it."""
    for file in sorted((SURFACES / "api").glob("*.py")):
        tree = ast.parse(file.read_text())
        functions = {one.name: one for one in tree.body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)}
        for name, node in functions.items():
            for one in node.decorator_list:  # type: ignore[attr-defined]
                if not (isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id in WRITING):
                    continue
                given = {word.arg: word.value for word in one.keywords}
                if isinstance(permission := given.get("permission"), ast.Constant):
                    yield f"{file.stem}.{name}", permission.value, _deep(name, functions)


def _missing() -> dict[str, set[str]]:
    pages, portal = _reached("console", "shared"), _reached("portal", "shared")
    staff = frozenset().union(*(identity.ROLES[role] for role in identity.STAFF_ROLES))
    return {
        name: missing for name, permission, commands in _doors() if permission in staff
        # What is the buyer's to do stands in the portal.
        if (missing := commands - pages - (portal if permission in identity.ROLES["customer"] else set()))
    }  # fmt: skip


def test_every_command_of_a_door_that_staff_may_open_stands_behind_a_page() -> None:
    assert {door: left for door, commands in _missing().items() if (left := commands - WITHOUT_A_PAGE.keys())} == {}


def test_no_exception_is_kept_that_nothing_needs() -> None:
    needed = set().union(*_missing().values())
    assert {one for one in WITHOUT_A_PAGE if one not in needed} == set()
