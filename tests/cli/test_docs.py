"""`dingdan docs` writes the same pages every time, and notices the one that is old."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from dingdan.cli.docs import docs, stale, write

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.requirement("issue 2: documents")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """As much of a checkout as the pages are made from."""
    for name in ("src", "tests", ".importlinter"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


def test_what_was_written_is_fresh(checkout: Path) -> None:
    written = write(checkout / "docs")

    assert stale(checkout / "docs") == []
    assert written == sorted(path.name for path in (checkout / "docs").iterdir())


def test_an_old_or_missing_page_is_named(checkout: Path) -> None:
    folder = checkout / "docs"
    write(folder)
    (folder / "states.md").write_text("# States of long ago\n", encoding="utf-8")
    (folder / "events.md").unlink()

    assert stale(folder) == ["events.md", "states.md"]
    answer = CliRunner().invoke(docs, ["--check", str(folder)])
    assert answer.exit_code == 1
    assert "run make docs" in answer.stderr


def test_only_a_checkout_has_documents_to_write(tmp_path: Path) -> None:
    answer = CliRunner().invoke(docs, [str(tmp_path / "docs")])

    assert answer.exit_code == 2
    assert not (tmp_path / "docs").exists()


def test_pages_are_whole(checkout: Path) -> None:
    """Every table has as many cells in each row as in its head, whatever stands in them."""
    write(checkout / "docs")
    shapes = [
        (page.name, line, head)
        for page in (checkout / "docs").glob("*.md")
        for head, line in _rows(page.read_text(encoding="utf-8"))
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
