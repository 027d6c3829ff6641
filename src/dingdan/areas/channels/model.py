"""What channels are told: changes in their order, how far they got, and who waits for goods."""

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


class AskNotice(msgspec.Struct, frozen=True):
    """A buyer who wants to be told when so many units can be bought; `buyer_id` where the buyer is known."""

    merchant_id: int
    channel_id: int
    product_id: int
    ref: str
    buyer_id: int | None
    quantity: int = 1


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A wish to be told."""

    id: int
    merchant_id: int
    channel_id: int
    product_id: int
    buyer_id: int | None
    quantity: int
    asked_at: datetime
    told_at: datetime | None
