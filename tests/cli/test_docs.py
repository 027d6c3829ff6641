"""`dingdan docs` writes the same pages every time, and notices the one that is old."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from dingdan.cli.docs import docs, stale, write

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.requirement("issue 2: documents")


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As much of a checkout as the pages are made from, and the pages, written once."""
    checkout = _checkout(tmp_path_factory.mktemp("pages"))
    write(checkout / "docs")
    return checkout / "docs"


def _checkout(folder: Path) -> Path:
    for name in ("src", "tests", ".importlinter"):
        (folder / name).symlink_to(ROOT / name)
    return folder


def test_what_was_written_is_fresh(pages: Path) -> None:
    assert stale(pages) == []
    assert len(list(pages.iterdir())) > 5


def test_an_old_or_missing_page_is_named(pages: Path, tmp_path: Path) -> None:
    folder = _checkout(tmp_path) / "docs"
    shutil.copytree(pages, folder)
    (folder / "states.md").write_text("# States of long ago\n", encoding="utf-8")
    (folder / "events.md").unlink()

    answer = CliRunner().invoke(docs, ["--check", str(folder)])
    assert answer.exit_code == 1
    named = [line.removesuffix(" is stale; run make docs") for line in answer.stderr.splitlines()]
    assert [Path(name).name for name in named] == ["events.md", "states.md"]


def test_only_a_checkout_has_documents_to_write(tmp_path: Path) -> None:
    answer = CliRunner().invoke(docs, [str(tmp_path / "docs")])

    assert answer.exit_code == 2
    assert not (tmp_path / "docs").exists()


def test_pages_are_whole(pages: Path) -> None:
    """Every table has as many cells in each row as in its head, whatever stands in them."""
    shapes = [
        (page.name, line, head) for page in pages.glob("*.md") for head, line in _rows(page.read_text(encoding="utf-8"))
    ]

    assert shapes
    assert [(name, line) for name, line, head in shapes if _bars(line) != _bars(head)] == []


def _rows(text: str) -> list[tuple[str, str]]:
    found, head = [], ""
    for line in text.splitlines():
        head = (head or line) if line.startswith("|") else ""
        if head:
            found.append((head, line))
    return found


def _bars(line: str) -> int:
    return line.replace("\\|", "").count("|")
