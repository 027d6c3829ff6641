"""What channels are told: changes in their order, and how far they got."""

from datetime import datetime

import msgspec


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What a channel may sell of a product since a place in the feed."""

    product_id: int
    sku: str
    available: int
    position: int
    changed_at: datetime


class Changes(msgspec.Struct, frozen=True):
    """A piece of the feed; whoever goes on behind `position` misses nothing."""

    items: list[Change]
    position: int
    goes_on: bool


class Sync(msgspec.Struct, frozen=True, kw_only=True):
    """How far a channel is behind: the last place in its feed, the last it acknowledged, and what lies between."""

    head: int
    acknowledged: int
    acknowledged_at: datetime | None
    behind: int
    behind_since: datetime | None
