"""The program's own files, read and parsed once, for the tests that look at how it is written."""

import ast
import configparser
import functools
import importlib
import pkgutil
from pathlib import Path
from typing import NamedTuple

import dingdan

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "dingdan"
FENCE = ROOT / ".importlinter"


class File(NamedTuple):
    """One Python file: where it stands (from `src/dingdan` or `tests`), its text and its tree."""

    name: str
    text: str
    tree: ast.Module

    @property
    def room(self) -> str:
        """The room of the house it stands in."""
        return self.name.partition("/")[0].removesuffix(".py")

    @property
    def area(self) -> str:
        """The area it belongs to; "" outside the areas."""
        parts = self.name.split("/")
        return parts[1] if parts[0] == "areas" and len(parts) > 2 else ""

    @property
    def stem(self) -> str:
        """Its name without folder and ending."""
        return self.name.rpartition("/")[2].removesuffix(".py")

    def is_in(self, *places: str) -> bool:
        """Whether it is one of these files or stands below one of these folders (written with a final slash)."""
        return any(self.name.startswith(place) if place.endswith("/") else self.name == place for place in places)


@functools.cache
def program() -> tuple[File, ...]:
    """Every Python file of the program."""
    return _files(SRC, SRC)


@functools.cache
def proofs() -> tuple[File, ...]:
    """Every Python file of the tests."""
    return _files(ROOT / "tests", ROOT)


def _files(folder: Path, base: Path) -> tuple[File, ...]:
    found = []
    for path in sorted(folder.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        found.append(File(path.relative_to(base).as_posix(), text, ast.parse(text, str(path))))
    return tuple(found)


@functools.cache
def load_everything() -> None:
    """Import every module of the program, so that its registers are full."""
    for module in pkgutil.walk_packages(dingdan.__path__, "dingdan."):
        if not module.name.startswith(("dingdan.migrations", "dingdan.__main__", "dingdan.asgi")):
            importlib.import_module(module.name)


@functools.cache
def areas() -> tuple[str, ...]:
    """The names of the areas."""
    return tuple(sorted(path.parent.name for path in (SRC / "areas").glob("*/__init__.py")))


@functools.cache
def fence() -> configparser.ConfigParser:
    """What `.importlinter` says."""
    parser = configparser.ConfigParser()
    parser.read(FENCE, encoding="utf-8")
    return parser
