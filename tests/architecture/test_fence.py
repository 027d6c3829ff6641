"""The fence between rooms and areas, which `make lint` looks at, would catch whoever climbs over."""

import ast
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import is_dataclass
from typing import Any

import grimp
import pytest
from importlinter import configuration
from importlinter.application.use_cases import read_user_options
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.layers import LayersContract
from importlinter.contracts.protected import ProtectedContract
from tests.architecture.source import FENCE, File, areas, fence, program

pytestmark = pytest.mark.requirement("issue 2: fence")

TYPES = {"forbidden": ForbiddenContract, "layers": LayersContract, "protected": ProtectedContract}

# One import for each contract that must never pass, and another where one contract forbids several things.
CLIMBERS = [
    ("floors", "dingdan.plumbing.tx", "dingdan.areas.orders"),
    ("floors", "dingdan.reactions", "dingdan.surfaces.shared"),
    ("floors", "dingdan.areas.orders", "dingdan.overviews"),
    ("areas", "dingdan.areas.orders", "dingdan.areas.payments"),
    ("areas", "dingdan.areas.refunds", "dingdan.areas.fulfilment"),
    ("doors", "dingdan.surfaces.api", "dingdan.surfaces.console"),
    ("doors", "dingdan.surfaces.shared", "dingdan.surfaces.api"),
    ("faces", "dingdan.areas.returns", "dingdan.areas.orders.lifecycle"),
    ("faces", "dingdan.areas.payments.lifecycle", "dingdan.areas.orders.tables"),
    ("faces", "dingdan.surfaces.api", "dingdan.areas.orders.tables"),
    ("faces", "dingdan.overviews", "dingdan.areas.orders.lifecycle"),
    ("pure", "dingdan.kernel.money", "dingdan.plumbing.tx"),
    ("pure", "dingdan.areas.orders.events", "dingdan.plumbing.tx"),
    ("pure", "dingdan.areas.orders.lifecycle", "time"),
    ("outside-world", "dingdan.areas.payments", "dingdan.areas.payments.providers"),
    ("web", "dingdan.areas.orders", "litestar"),
    ("web", "dingdan.plumbing.http", "granian"),
    ("schema", "dingdan.areas.orders.events", "sqlalchemy"),
    ("schema", "dingdan.surfaces.api", "alembic"),
]


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("dingdan", include_external_packages=True, cache_dir=None)


@pytest.mark.parametrize("contract", sorted({contract for contract, _, _ in CLIMBERS}))
def test_climbers_are_caught(contract: str, graph: grimp.ImportGraph) -> None:
    planted, climbs = deepcopy(graph), {(one, other) for at, one, other in CLIMBERS if at == contract}
    for importer, imported in climbs:
        for module in (importer, imported):
            if module not in planted.modules:
                planted.add_module(module)
        planted.add_import(importer=importer, imported=imported, line_number=1, line_contents="(planted)")

    found = check(contract, planted)

    assert not found.kept
    assert climbs <= imports_in(found.metadata)


def test_every_contract_has_a_climber() -> None:
    contracts = {name.rpartition(":")[2] for name in fence().sections() if ":contract:" in name}

    assert contracts == {contract for contract, _, _ in CLIMBERS}


def test_areas_call_only_whom_their_list_names(graph: grimp.ImportGraph) -> None:
    allowed = {area: set(names.split()) for area, names in fence()["may-call"].items()}
    called = {area: calls(graph, area) for area in areas()}

    climbs = {area: sorted(called[area] - allowed[area]) for area in called if called[area] - allowed[area]}
    unused = {area: sorted(allowed[area] - called[area]) for area in called if allowed[area] - called[area]}

    assert climbs == {}, "Not in [may-call] of .importlinter. Knowing one more area is a decision: name it there."
    assert unused == {}, "In [may-call] of .importlinter, and no longer called: take it out."


def test_an_area_is_used_only_as_its_face_says() -> None:
    strangers = [stranger for file in program() for stranger in strange_uses(file)]

    assert strangers == [], "Only what `__all__` of an area's __init__.py names is for others."


def calls(graph: grimp.ImportGraph, area: str) -> set[str]:
    """The other areas that any file of this one imports."""
    own = f"dingdan.areas.{area}"
    imported = {
        module
        for importer in {own, *graph.find_descendants(own)}
        for module in graph.find_modules_directly_imported_by(importer)
        if module.startswith("dingdan.areas.") and module != own and not module.startswith(f"{own}.")
    }
    return {module.split(".")[2] for module in imported}


def strange_uses(file: File) -> list[str]:
    """Uses of another area's inner words through its face, such as `orders.store`, which no import shows."""
    known = {
        alias.asname or alias.name: alias.name
        for node in ast.walk(file.tree)
        if isinstance(node, ast.ImportFrom) and node.module == "dingdan.areas"
        for alias in node.names
        if alias.name != file.area
    }
    return [
        f"{file.name}:{node.lineno} uses {node.value.id}.{node.attr}"
        for node in ast.walk(file.tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in known
        and node.attr not in face(known[node.value.id])
    ]


def face(area: str) -> set[str]:
    """What an area's `__all__` offers."""
    (file,) = (file for file in program() if file.name == f"areas/{area}/__init__.py")
    for node in file.tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "__all__":
            return set(ast.literal_eval(node.value))
    return set()


def imports_in(told: Any) -> set[tuple[str, str]]:
    """Every import {importer, imported} that a contract complains of, wherever it says so."""
    if isinstance(told, Mapping):
        own = {(told["importer"], told["imported"])} if {"importer", "imported"} <= set(told) else set()
        return own.union(*map(imports_in, told.values()))
    if is_dataclass(told):
        return imports_in(vars(told))
    return set().union(*map(imports_in, told)) if isinstance(told, list | tuple | set) else set()


def check(contract_id: str, graph: grimp.ImportGraph) -> Any:
    """One contract of the fence against another graph than that of the files."""
    configuration.configure()
    options = read_user_options(str(FENCE))
    (wanted,) = (given for given in options.contracts_options if given["id"] == contract_id)
    contract = TYPES[wanted["type"]](wanted["name"], options.session_options, wanted)
    return contract.check(graph, verbose=False)
