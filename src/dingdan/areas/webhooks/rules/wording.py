"""The body of a webhook, in the one form that every message has."""

from datetime import datetime
from typing import Any

import msgspec


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """A webhook's body: what happened (`event`, as the feed shows it), what was before, and the object as it is.

    `data` is the object that `object` names, whole, as its own address in the API shows it, read at `data_at`.
    `cursor` goes on behind this event in the feed.
    """

    type: str
    timestamp: datetime
    id: str
    cursor: str | None
    event: Any
    previous: dict[str, str]
    object: str | None
    data: Any
    data_at: datetime | None


def encoded(message: Message) -> bytes:
    """The very bytes that are signed and sent."""
    return msgspec.json.encode(message)
