"""Canonical JSON (RFC 8785): one value has one text, byte for byte, so that its hash can be computed by anybody."""

from typing import Any

# Larger whole numbers are not the same in every reader of JSON (RFC 8785 leaves them to strings).
LARGEST = 2**53 - 1

_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_ESCAPES = {code: _SHORT.get(chr(code), f"\\u{code:04x}") for code in (*range(32), ord('"'), ord("\\"))}


def canonical(value: Any) -> bytes:
    """The one text of a value of dicts, lists, texts, whole numbers, booleans and None, in UTF-8.

    Raises ValueError for anything that has no one text: fractions, numbers beyond 2^53 - 1, broken text, other types.
    """
    parts: list[str] = []
    _write(value, parts)
    return "".join(parts).encode()


def _write(value: Any, parts: list[str]) -> None:
    if value is None or isinstance(value, bool):
        parts.append({None: "null", True: "true", False: "false"}[value])
    elif isinstance(value, str):
        parts.append(_text(value))
    elif isinstance(value, int):
        if not -LARGEST <= value <= LARGEST:
            raise ValueError(f"{value} is too large for a number; write it as text")
        parts.append(str(int(value)))
    elif isinstance(value, dict):
        _write_all("{", [(f"{_text(key)}:", value[key]) for key in sorted(value, key=_place)], "}", parts)
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


def _place(key: Any) -> bytes:
    """Keys stand in the order of their UTF-16 units."""
    if not isinstance(key, str):
        raise ValueError("keys are texts")
    try:
        return key.encode("utf-16-be")
    except UnicodeEncodeError as error:
        raise ValueError("half a character has no canonical text") from error


def _text(text: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("half a character has no canonical text")
    return f'"{text.translate(_ESCAPES)}"'
