"""What every part of a policy document is made of: words in two languages, the rules they rest on, where those stand."""

from collections.abc import Iterator
from typing import Any, Literal

import msgspec

Fault = Literal["buyer", "seller", "none", "review"]
ReasonKind = Literal[
    "no_reason", "quality", "description", "fulfilment", "transport", "legal", "price", "gift", "invoice", "refusal",
    "other",
]  # fmt: skip


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The base of every part. What is at its default is not written, so a new optional field changes no old hash.

    A field called `rule`, or whose name ends in `_rule`, names a rule of the document; a part's words stand in both
    languages. Both are looked at wherever a part stands.
    """


class Words(Part, frozen=True):
    """The same words in English and Chinese."""

    en: str
    zh: str


class Source(Part, frozen=True):
    """A text that rules cite by its short name, and when somebody last looked at it."""

    short: str
    title: str
    checked_on: str
    url: str = ""


class Rule(Part, frozen=True):
    """One rule: where it stands and what it says. Verdicts name rules by id."""

    article: str
    en: str
    zh: str


def parts_of(value: object, path: str = "") -> Iterator[tuple[str, Part]]:
    """The part itself and every part below it, each with the JSON path where it stands."""
    if isinstance(value, Part):
        yield path, value
        for name, field in zip(value.__struct_encode_fields__, value.__struct_fields__, strict=True):
            yield from parts_of(getattr(value, field), f"{path}.{name}" if path else name)
    elif isinstance(value, dict):
        for key, below in value.items():
            yield from parts_of(below, f"{path}.{key}")
    elif isinstance(value, tuple):
        for i, below in enumerate(value):
            yield from parts_of(below, f"{path}[{i}]")


def fields_of(part: Part) -> Iterator[tuple[str, Any]]:
    """The fields of a part by the names that JSON has for them."""
    for name, field in zip(part.__struct_encode_fields__, part.__struct_fields__, strict=True):
        yield name, getattr(part, field)


def is_rule_name(name: str) -> bool:
    """Whether a field names a rule."""
    return name == "rule" or name.endswith("_rule")


def below(path: str, name: str) -> str:
    """The path of a field of a part."""
    return f"{path}.{name}" if path else name
