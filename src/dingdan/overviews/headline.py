"""One word for where an order stands, from all its axes: what people read first."""

from datetime import datetime
from typing import Protocol


class Standing(Protocol):
    """What the word depends on."""

    @property
    def state(self) -> str:
        """The order's own state."""

    @property
    def under_review_since(self) -> datetime | None:
        """Since when a second look is taken."""

    @property
    def dispatch_locked_at(self) -> datetime | None:
        """Since when it is picked."""

    @property
    def shipped_at(self) -> datetime | None:
        """When it left."""

    @property
    def delivered_at(self) -> datetime | None:
        """When it arrived."""


def of(order: Standing) -> str:
    """The word: a state of the order where it is over or stands still, else how far its goods have come."""
    if order.state == "held":
        return "review" if order.under_review_since is not None else "on_hold"
    if order.state != "confirmed":
        return str(order.state)
    if order.delivered_at is not None:
        return "delivered"
    if order.shipped_at is not None:
        return "in_transit"
    return "picking" if order.dispatch_locked_at is not None else "to_pick"
