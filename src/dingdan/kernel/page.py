"""Cursors: where a list goes on, as a word that nobody needs to read."""

import base64
import binascii
from typing import TypeVar

import msgspec

P = TypeVar("P")

MAX_LIMIT = 200
DEFAULT_LIMIT = 50


class Page(msgspec.Struct, frozen=True):
    """Which slice of a list is wanted: at most `limit` rows after the one that `after` names."""

    limit: int = DEFAULT_LIMIT
    after: int | None = None


def encode_cursor(last_id: int) -> str:
    """The cursor behind a row."""
    return base64.urlsafe_b64encode(last_id.to_bytes(8, "big")).decode().rstrip("=")


def decode_cursor(text: str) -> int | None:
    """The row behind a cursor; None where it is not one of ours."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return None
    return int.from_bytes(raw, "big") if len(raw) == 8 and raw[0] < 128 else None


def encode_place(place: msgspec.Struct) -> str:
    """A cursor behind a row of a list that is ordered by more than its id."""
    return base64.urlsafe_b64encode(msgspec.json.encode(place)).decode().rstrip("=")


def decode_place(text: str, shape: type[P]) -> P | None:
    """The place that such a cursor names; None where it is not one of ours."""
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=shape)
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        return None
