"""Canonical JSON (RFC 8785): one value has one text, byte for byte, so that its hash can be computed by anybody."""

from json.encoder import encode_basestring
from typing import Any

# Larger whole numbers are not the same in every reader of JSON (RFC 8785 leaves them to strings).
LARGEST = 2**53 - 1


def canonical(value: Any) -> bytes:
    """The one text of a value of dicts, lists, texts, whole numbers, booleans and None, in UTF-8.

    Raises ValueError for anything that has no one text: fractions, numbers beyond 2^53 - 1, broken text, other types.
    """
    parts: list[str] = []
    _write(value, parts)
    try:
        return "".join(parts).encode()
    except UnicodeEncodeError as error:
        raise ValueError("half a character has no canonical text") from error


def _write(value: Any, parts: list[str]) -> None:
    if value is None or isinstance(value, bool):
        parts.append({None: "null", True: "true", False: "false"}[value])
    elif isinstance(value, str):
        # Python escapes what RFC 8785 escapes, in the same way, and nothing else.
        parts.append(encode_basestring(value))
    elif isinstance(value, int):
        if not -LARGEST <= value <= LARGEST:
            raise ValueError(f"{value} is too large for a number; write it as text")
        parts.append(str(int(value)))
    elif isinstance(value, dict):
        _write_all("{", [(f"{encode_basestring(key)}:", value[key]) for key in _in_order(value)], "}", parts)
    elif isinstance(value, list | tuple):
        _write_all("[", [("", one) for one in value], "]", parts)
    else:
        raise ValueError(f"{type(value).__name__} has no canonical text")


def _write_all(begin: str, members: list[tuple[str, Any]], end: str, parts: list[str]) -> None:
    parts.append(begin)
    for place, (name, member) in enumerate(members):
        parts.append(f",{name}" if place else name)
        _write(member, parts)
    parts.append(end)


def _in_order(value: dict[Any, Any]) -> list[str]:
    """Keys stand in the order of their UTF-16 units, which is that of their characters where all are ASCII."""
    if not all(isinstance(key, str) for key in value):
        raise ValueError("keys are texts")
    if all(map(str.isascii, value)):
        return sorted(value)
    # Half a character is refused at the end, wherever it stands.
    return sorted(value, key=lambda key: key.encode("utf-16-be", "surrogatepass"))
