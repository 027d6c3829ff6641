"""docs/refusals.md: every expected "no", its HTTP status, and its words in both languages."""

from collections.abc import Iterator

from dingdan.cli.docs.markdown import code, table
from dingdan.kernel.refusal import REGISTRY, Kind, Refusal


def page() -> Iterator[str]:
    """The page, line by line."""
    yield "# Refusals"
    yield ""
    yield 'Every expected "no", answered as `application/problem+json` (RFC 9457). A `code` never changes its meaning;'
    yield "`path` is the JSON path of what is wrong. Where several things are wrong with one request, all of them are"
    yield "listed. Words in braces are filled in. 每一种拒绝都有固定的代码、中英文说明和补救办法。"
    groups: dict[str, list[type[Refusal]]] = {}
    for cls in sorted(REGISTRY.values(), key=lambda cls: cls.code):
        if cls.__module__.startswith("dingdan."):
            groups.setdefault(cls.code.partition(".")[0], []).append(cls)
    for subject, members in groups.items():
        yield from ("", f"## {subject}", "")
        yield from table(
            ("Code", "HTTP", "What it says", "说明", "What to do", "怎么办"),
            (
                (code(cls.code), _status(cls.kind), cls.message.en, cls.message.zh, cls.remedy.en, cls.remedy.zh)
                for cls in members
            ),
        )


def _status(kind: Kind) -> str:
    return f"{kind.value} {kind.name.lower().replace('_', ' ')}"
