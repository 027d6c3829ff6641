"""Who is picked first, and why. Priority moves work, never a price or a term (PIPL 24).

What is promised to leave within six hours goes before all lanes, the most urgent first; then lane by lane, by payment.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from enum import IntEnum

from dingdan.areas.fulfilment.model import Position, Work
from dingdan.kernel.refusal import Text


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

# Where nothing was promised, goods leave within 48 hours of payment. Six hours before a promise ends, lanes no longer count.
SHIP_WITHIN = timedelta(hours=48)
AGEING = timedelta(hours=6)
AGED = -1

WHY: dict[int, Text] = {
    AGED: Text("It must leave by {ship_by}, so it goes before every lane, the most urgent first.",
               "须在 {ship_by} 前发出，优先于所有通道，最紧急的在前。"),
    Lane.FRESH_VIP: Text("Fresh goods of a preferred buyer go first; among them by payment, here {paid_at}.",
                         "VIP 用户的生鲜商品最先处理；同类按支付时间，本单为 {paid_at}。"),
    Lane.FRESH: Text("Fresh goods go before others; among them by payment, here {paid_at}.",
                     "生鲜商品优先处理；同类按支付时间，本单为 {paid_at}。"),
    Lane.VIP: Text("Preferred buyers go before others; among them by payment, here {paid_at}.",
                   "VIP 用户优先处理；同类按支付时间，本单为 {paid_at}。"),
    Lane.ORDINARY: Text("Whoever paid first goes first, here {paid_at}.", "先支付先处理，本单支付时间为 {paid_at}。"),
}  # fmt: skip


def lane_of(flags: Iterable[str], *, is_vip: bool) -> Lane:
    """The lane of an order by the flags of all its goods: one fresh thing makes the order fresh."""
    is_fresh = not FRESH_FLAGS.isdisjoint(flags)
    if is_fresh:
        return Lane.FRESH_VIP if is_vip else Lane.FRESH
    return Lane.VIP if is_vip else Lane.ORDINARY


def leaves_by(promised: Iterable[datetime | None], *, paid_at: datetime) -> datetime:
    """By when an order leaves: the first promise among its lines, else the usual time after payment."""
    return min((one for one in promised if one is not None), default=paid_at + SHIP_WITHIN)


def is_aged(ship_by: datetime, now: datetime) -> bool:
    """Whether a promise is so near that lanes no longer count."""
    return ship_by < now + AGEING


def turn(*, lane: int, paid_at: datetime, ship_by: datetime, order_id: int, now: datetime) -> tuple[int, datetime, int]:
    """The key of an order in the queue; what must leave soon comes before every lane, by its promise (O2.8)."""
    return (AGED, ship_by, order_id) if is_aged(ship_by, now) else (lane, paid_at, order_id)


def positions(works: Sequence[Work], ahead: dict[int, int], *, now: datetime) -> list[Position]:
    """Works that follow each other in the queue with their places; `ahead` counts those before the first, by lane."""
    counts = dict(ahead)
    found = []
    for work in works:
        kind = AGED if is_aged(work.ship_by, now) else work.lane
        by_lane = {lane: n for lane, n in sorted(counts.items()) if lane != AGED and n}
        found.append(Position(
            place=sum(counts.values()) + 1, work=work, is_aged=kind == AGED, ahead_aged=counts.get(AGED, 0),
            ahead_by_lane=by_lane,
        ))  # fmt: skip
        counts[kind] = counts.get(kind, 0) + 1
    return found


def why(position: Position, zone: tzinfo) -> Text:
    """Why an order stands where it does, in words, with times as the warehouse's clocks show them."""
    words = WHY[AGED if position.is_aged else Lane(position.work.lane)]
    times = {"paid_at": position.work.paid_at, "ship_by": position.work.ship_by}
    return words.filled({name: f"{at.astimezone(zone):%Y-%m-%d %H:%M}" for name, at in times.items()})
