"""Text as what it means: query parameters and CSV cells are words, and the fields they fill are numbers and yeses."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect

_WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_BOOLEANS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


class _Reading(msgspec.Struct, frozen=True):
    """What a field takes besides text."""

    is_whole: bool
    is_boolean: bool
    below: Any


def as_fields(kind: Any, texts: Mapping[str, Any]) -> dict[str, Any]:
    """The same mapping with numbers and yeses where the struct has them; what does not look like one stays text.

    Only what the type asks for is read: a word that looks like a number, a date or nothing stays a word elsewhere.
    """
    readings = _readings(kind)
    return {name: _read(readings[name], text) if name in readings else text for name, text in texts.items()}


def _read(how: _Reading, text: Any) -> Any:
    if isinstance(text, dict):
        return text if how.below is None else as_fields(how.below, text)
    if how.is_whole and isinstance(text, str) and _WHOLE.fullmatch(text):
        return int(text)
    if how.is_boolean and isinstance(text, str):
        return _BOOLEANS.get(text.lower(), text)
    return text


@cache
def _readings(kind: Any) -> dict[str, _Reading]:
    found = {}
    for field in msgspec.structs.fields(kind):
        described = inspect.type_info(field.type)
        options = described.types if isinstance(described, inspect.UnionType) else (described,)
        found[field.encode_name] = _Reading(
            is_whole=any(isinstance(option, inspect.IntType) for option in options),
            is_boolean=any(isinstance(option, inspect.BoolType) for option in options),
            below=next((option.cls for option in options if isinstance(option, inspect.StructType)), None),
        )
    return found
