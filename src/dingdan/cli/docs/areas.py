"""docs/areas.md: the rooms, the areas and who calls whom, from the fence and from the imports themselves."""

import ast
import configparser
import functools
import itertools
from collections.abc import Iterator
from pathlib import Path

from dingdan.cli.docs.markdown import code, codes, table


def page(root: Path) -> Iterator[str]:
    """The page, line by line; `root` is a checkout."""
    fence = configparser.ConfigParser()
    fence.read(root / ".importlinter", encoding="utf-8")
    calls = {folder.name: _calls(folder) for folder in _folders(root)}
    yield "# Rooms and areas"
    yield ""
    yield "## Rooms"
    yield ""
    yield "A room knows the rooms below it. import-linter refuses an import that goes up (`.importlinter`)."
    yield ""
    yield from ("```mermaid", "flowchart TD")
    yield from _chain(_lines(fence["importlinter:contract:floors"]["layers"]))
    yield from ("```", "", "## Areas", "")
    yield "An area calls areas on lines below its own, never its own line and never up. An arrow is a call; a call that"
    yield "another path already shows is left out of the picture and stands in the table. What has to follow in an area"
    yield "above is a fact, answered by a reaction ([events](events.md))."
    yield ""
    yield from ("```mermaid", "flowchart TD")
    # A line in brackets keeps a place for an area that may not be there yet.
    there = [
        [area for area in line if area in calls] for line in _lines(fence["importlinter:contract:areas"]["layers"])
    ]
    for number, line in enumerate(filter(None, there)):
        yield from (f'    subgraph line{number}[" "]', "        direction LR")
        yield from (f"        {area}" for area in line)
        yield "    end"
    yield from (f"    {caller} --> {called}" for caller, called in _picture(calls))
    yield from ("```", "")
    yield from table(
        ("Area", "Its promise", "Calls", "Is called by"),
        (
            (
                code(folder.name),
                _promise(folder),
                codes(sorted(calls[folder.name])),
                codes(_callers(calls, folder.name)),
            )
            for folder in _folders(root)
        ),
    )


def _folders(root: Path) -> list[Path]:
    return sorted(file.parent for file in (root / "src" / "dingdan" / "areas").glob("*/__init__.py"))


def _lines(layers: str) -> list[list[str]]:
    return [[name.strip(" ()") for name in line.split("|")] for line in layers.strip().splitlines()]


def _chain(lines: list[list[str]]) -> Iterator[str]:
    """Each line above the next one."""
    for upper, lower in itertools.pairwise(lines):
        yield f"    {' & '.join(map(_node, upper))} --> {' & '.join(map(_node, lower))}"


def _node(name: str) -> str:
    return f"{name.strip('_')}_[{name}]"


def _calls(folder: Path) -> set[str]:
    """The other areas that any file of this one imports."""
    imported = set()
    for file in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "dingdan.areas":
                imported |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("dingdan.areas."):
                imported.add((node.module or "").split(".")[2])
    return imported - {folder.name}


def _callers(calls: dict[str, set[str]], area: str) -> list[str]:
    return sorted(caller for caller, called in calls.items() if area in called)


def _picture(calls: dict[str, set[str]]) -> list[tuple[str, str]]:
    """The calls without those that a longer path already shows (there are no circles: the fence sees to it)."""

    @functools.cache
    def below(area: str) -> frozenset[str]:
        direct = calls.get(area, set())
        return frozenset(direct).union(*map(below, direct))

    return [
        (caller, called)
        for caller in sorted(calls)
        for called in sorted(calls[caller])
        if not any(called in below(other) for other in calls[caller])
    ]


def _promise(folder: Path) -> str:
    text = ast.get_docstring(ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))) or ""
    return " ".join(text.removeprefix(f"{folder.name}: ").split())
