"""Canonical JSON (RFC 8785): one value has one text, byte for byte, so that its hash can be computed by anybody."""

from typing import Any

import msgspec

# Larger whole numbers are not the same in every reader of JSON (RFC 8785 leaves them to strings).
LARGEST = 2**53 - 1


def canonical(value: Any) -> bytes:
    """The one text of a value of dicts, lists, texts, whole numbers, booleans and None, in UTF-8.

    Raises ValueError for anything that has no one text: fractions, numbers beyond 2^53 - 1, broken text, other types.
    """
    try:
        # msgspec escapes what RFC 8785 escapes, in the same way, and nothing else; its order of keys is the standard's
        # where all of them are ASCII.
        if _is_plain(value):
            return msgspec.json.encode(value, order="sorted")
        return msgspec.json.encode(_in_order(value))
    except UnicodeEncodeError as error:
        raise ValueError("half a character has no canonical text") from error


def _is_plain(value: Any) -> bool:
    """Whether a value is of the very types that JSON has, with ASCII keys. Raises ValueError for a number too large."""
    kind = type(value)
    if kind is str or value is None or kind is bool:
        return True
    if kind is int:
        return _fits(value)
    if kind is dict:
        return all(type(key) is str and key.isascii() and _is_plain(inner) for key, inner in value.items())
    if kind is list:
        return all(_is_plain(inner) for inner in value)
    return False


def _fits(value: int) -> bool:
    if not -LARGEST <= value <= LARGEST:
        raise ValueError(f"{value} is too large for a number; write it as text")
    return True


def _in_order(value: Any) -> Any:
    """The same in plain types, keys in the order of their UTF-16 units. Raises ValueError, see above."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int) and _fits(value):
        return int(value)
    if isinstance(value, list | tuple):
        return [_in_order(inner) for inner in value]
    if not isinstance(value, dict):
        raise ValueError(f"{type(value).__name__} has no canonical text")
    if not all(isinstance(key, str) for key in value):
        raise ValueError("keys are texts")
    # Half a character is refused at the end, wherever it stands.
    keys = sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
    return {str(key): _in_order(value[key]) for key in keys}
