"""docs/events.md: every fact, its fields, what it means and what follows."""

from collections.abc import Iterator

import msgspec

from dingdan.cli.docs.markdown import area_of, code, codes, sentence, table
from dingdan.kernel.event import BASE_FIELDS, REGISTRY, Event
from dingdan.reactions import TABLE


def page() -> Iterator[str]:
    """The page, line by line."""
    yield "# Events"
    yield ""
    yield "What happens is written down as facts, in the transaction that makes it happen. Our own reactions and the feed"
    yield "(`GET /v1/events`) read the same facts in one order, each of them once. Besides the fields below, a fact knows"
    yield "its subject, merchant, order, the rule that decided, the lifecycle step that it records, who acted and when."
    yield "It never carries a name, a phone or an address."
    groups: dict[str, list[type[Event]]] = {}
    for cls in sorted(REGISTRY.values(), key=lambda cls: cls.wire):
        groups.setdefault(area_of(cls), []).append(cls)
    for area in sorted(filter(None, groups)):
        yield from ("", f"## {area}", "")
        yield from table(
            ("Event", "What it means", "Subject", "Fields", "What follows"),
            ((code(cls.wire), sentence(cls), cls.subject, _fields(cls), _follows(cls)) for cls in groups[area]),
        )


def _fields(cls: type[Event]) -> str:
    own = (field for field in msgspec.structs.fields(cls) if field.name not in BASE_FIELDS)
    return ", ".join(f"{code(field.name)} {_type(field.type)}" for field in own) or "–"


def _type(annotation: object) -> str:
    return annotation.__name__ if type(annotation) is type else str(annotation)


def _follows(cls: type[Event]) -> str:
    return codes(reaction.__name__ for reaction in TABLE.get(cls, ()))
