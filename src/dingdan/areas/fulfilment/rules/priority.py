"""Who is picked first: the lane, then who paid first. Priority moves work, never a price or a term (PIPL 24)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import IntEnum


class Lane(IntEnum):
    """Lower lanes go first (example W75)."""

    FRESH_VIP = 0
    FRESH = 1
    VIP = 2
    ORDINARY = 3

    @property
    def rule(self) -> str:
        """The id of the rule that put an order here; facts carry it."""
        return f"lane.{self.name.lower()}"


FRESH_FLAGS = frozenset({"perishable"})

# Goods leave within 48 hours of payment; six hours before that is up, lanes no longer count.
SHIP_WITHIN = timedelta(hours=48)
AGEING = SHIP_WITHIN - timedelta(hours=6)


def lane_of(flags: Iterable[str], *, is_vip: bool) -> Lane:
    """The lane of an order by the flags of all its goods: one fresh thing makes the order fresh."""
    is_fresh = not FRESH_FLAGS.isdisjoint(flags)
    if is_fresh:
        return Lane.FRESH_VIP if is_vip else Lane.FRESH
    return Lane.VIP if is_vip else Lane.ORDINARY


def turn(*, lane: int, paid_at: datetime, order_id: int, now: datetime) -> tuple[int, datetime, int]:
    """The key of an order in the queue; whoever waited too long comes before every lane (O2.8)."""
    return (-1 if paid_at < now - AGEING else lane, paid_at, order_id)
