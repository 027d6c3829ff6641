"""`dingdan docs`: write the generated documents of a checkout, or say which ones are stale."""

import importlib
import json
import pkgutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click

from dingdan.cli.docs import areas, events, permissions, refusals, requirements, states

# Rooms whose registers (lifecycles, events, refusals) fill up when their modules are imported.
ROOMS = ("areas", "plumbing", "reactions", "surfaces")
NOTE = "<!-- Made by `make docs`. Change the code, not this page. -->"

PAGES: dict[str, Callable[[Path], Iterator[str]]] = {
    "areas.md": areas.page,
    "events.md": lambda _root: events.page(),
    "permissions.md": lambda _root: permissions.page(),
    "refusals.md": lambda _root: refusals.page(),
    "requirements.md": requirements.page,
    "states.md": lambda _root: states.page(),
}


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; name what is stale and exit with 1.")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path("docs"))
def docs(*, check: bool, folder: Path) -> None:
    """Write the generated documents of a checkout into its FOLDER (docs)."""
    if not (folder.resolve().parent / "src" / "dingdan").is_dir():
        raise click.UsageError(f"{folder} is not the docs folder of a checkout")
    if check:
        old = stale(folder)
        for name in old:
            click.echo(f"{folder / name} is stale; run make docs", err=True)
        sys.exit(1 if old else 0)
    click.echo(f"Written to {folder}: {', '.join(write(folder))}")


def write(folder: Path) -> list[str]:
    """Write every generated document into a checkout's docs folder; says which ones."""
    folder.mkdir(parents=True, exist_ok=True)
    made = _made(folder)
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")
    return sorted(made)


def stale(folder: Path) -> list[str]:
    """The names of the documents that are missing, or say something else than the code does."""
    return sorted(name for name, text in _made(folder).items() if _read(folder / name) != text)


def _made(folder: Path) -> dict[str, str]:
    root = folder.resolve().parent
    _load()
    made = {name: "\n".join([NOTE, "", *page(root)]) + "\n" for name, page in PAGES.items()}
    return made | {"openapi.json": _openapi()}


def _openapi() -> str:
    from dingdan.surfaces.api.app import openapi  # Late: no other command of the line needs the whole web.

    return json.dumps(openapi(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _load() -> None:
    """Import every module of the rooms, so that the registers are full."""
    for room in ROOMS:
        package = importlib.import_module(f"dingdan.{room}")
        for module in pkgutil.walk_packages(package.__path__, f"dingdan.{room}."):
            importlib.import_module(module.name)


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
