"""docs/requirements.md: what is asked, which tests prove it, and the command that runs them."""

import ast
import configparser
import re
from collections.abc import Iterator
from pathlib import Path

from dingdan.cli.docs.markdown import code

# The words of each requirement, and the headings they stand under.
WORDS = Path("tests") / "requirements.ini"


def page(root: Path) -> Iterator[str]:
    """The page, line by line; `root` is a checkout."""
    words = requirements(root)
    proofs = marks(root)
    proved = sum(number in proofs for section in words.values() for number in section)
    yield "# Requirements"
    yield ""
    yield "What this project is asked to do, in our words, and the tests that prove it, collected from their"
    yield "`@pytest.mark.requirement` marks. The commands run in a checkout after `make install`."
    yield f"{proved} are proved by tests; those that are not yet stand at the end of their part."
    for title, section in words.items():
        yield from ("", f"## {title}")
        for number, text in section.items():
            if number in proofs:
                yield from ("", f"### {number}", "", text, "")
                yield from (f"- {_spoken(name)} ({code(file)})" for file, name in proofs[number])
                yield from ("", "```sh", _command(proofs[number]), "```")
        waiting = [f"{number} ({text.rstrip('.')})" for number, text in section.items() if number not in proofs]
        if waiting:
            yield from ("", f"Not yet proved: {'; '.join(waiting)}.")


def requirements(root: Path) -> dict[str, dict[str, str]]:
    """Heading -> number -> what is asked, in their natural order."""
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign] # numbers keep their capitals
    parser.read(root / WORDS, encoding="utf-8")
    return {
        title: {number: parser[title][number] for number in sorted(parser[title], key=natural)}
        for title in parser.sections()
    }


def marks(root: Path) -> dict[str, list[tuple[str, str]]]:
    """Number -> (file, test) of every test that says it proves it; a mark on a module stands for all its tests."""
    found: dict[str, list[tuple[str, str]]] = {}
    for path in sorted((root / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        whole = [number for node in tree.body if _is_pytestmark(node) for number in _numbers(node)]
        for node, owner in _tests(tree):
            name = f"{owner.name}::{node.name}" if owner else node.name
            above = owner.decorator_list if owner else []
            own = [number for decorator in (*above, *node.decorator_list) for number in _numbers(decorator)]
            for number in dict.fromkeys([*whole, *own]):
                found.setdefault(number, []).append((path.relative_to(root).as_posix(), name))
    return found


def natural(number: str) -> list[tuple[int, str]]:
    """Sorts W2 before W10, and W47a after W47."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", number)]


def _tests(tree: ast.Module) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, ast.ClassDef | None]]:
    for node in tree.body:
        members = node.body if isinstance(node, ast.ClassDef) else [node]
        for member in members:
            if isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef) and member.name.startswith("test"):
                yield member, node if isinstance(node, ast.ClassDef) else None


def _is_pytestmark(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and any(
        isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets
    )


def _numbers(node: ast.AST) -> Iterator[str]:
    """The numbers in every `pytest.mark.requirement(...)` of this piece of code."""
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "requirement":
            yield from (str(arg.value) for arg in call.args if isinstance(arg, ast.Constant))


def _spoken(name: str) -> str:
    words = name.rpartition("::")[2].removeprefix("test_").replace("_", " ")
    return words[:1].upper() + words[1:]


def _command(tests: list[tuple[str, str]]) -> str:
    return " ".join([".venv/bin/pytest", *dict.fromkeys(f"{file}::{name}" for file, name in tests)])
