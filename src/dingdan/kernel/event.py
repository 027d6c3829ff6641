"""Facts: what happened, in the past participle, with a stable name on the wire."""

from typing import Any, ClassVar

import msgspec

REGISTRY: dict[str, type["Event"]] = {}


class Moved(msgspec.Struct, frozen=True):
    """One step of one lifecycle, as the database made it."""

    id: int
    machine: str
    was: str | None
    now: str
    version: int


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """The base of every fact. `subject` names the kind of thing it is about (a key of `ids.PREFIXES`).

    `rule` is the id of the policy or law rule that decided; `move` is the lifecycle step that it records.
    Fields of a subclass are its payload: ids, amounts and codes only, never a name, phone or address.
    """

    wire: ClassVar[str]
    subject: ClassVar[str]

    subject_id: int
    merchant_id: int | None
    order_id: int | None = None
    rule: str = ""
    move: Moved | None = None

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "wire" in cls.__dict__:
            known = REGISTRY.setdefault(cls.wire, cls)
            assert known.__qualname__ == cls.__qualname__, f"two events are called {cls.wire}"


BASE_FIELDS = frozenset(Event.__struct_fields__)


def payload(event: Event) -> dict[str, object]:
    """The fields that a subclass adds, ready for JSON."""
    return {name: getattr(event, name) for name in event.__struct_fields__ if name not in BASE_FIELDS}
