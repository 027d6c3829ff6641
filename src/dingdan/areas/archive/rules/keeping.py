"""When an order is archived, put away and erased."""

from datetime import datetime

from dingdan.areas import orders
from dingdan.areas.archive.model import KEEP_AFTER, KEEP_ENDED_AFTER, LEAST_YEARS, LONG_AGO


def over_since(order: orders.Order) -> datetime | None:
    """Since when an order is over: completed, cancelled or expired."""
    if order.state is orders.OrderState.COMPLETED:
        return order.completed_at
    return order.cancelled_at if order.state in (orders.OrderState.CANCELLED, orders.OrderState.EXPIRED) else None


def keep_at(order: orders.Order, now: datetime) -> datetime | None:
    """When an order that is not in the archive yet goes there; None while it is not over."""
    since = over_since(order)
    if since is None:
        return None
    return max(now, since + (KEEP_AFTER if order.completed_at else KEEP_ENDED_AFTER))


def counts_from(since: datetime, today: datetime) -> datetime:
    """From when the times of the archive run: what comes to it long after it was over counts from the day that it comes.

    Else a shop that moves in would have its old orders put away and its buyers forgotten at once.
    """
    return today if today - since > LONG_AGO else since


def erase_after(since: datetime, years: int | None) -> datetime:
    """Until when people are kept: the years of the order's policy, three at least, from when it was over."""
    whole = max(years or 0, LEAST_YEARS)
    try:
        return since.replace(year=since.year + whole)
    except ValueError:  # The 29th of February.
        return since.replace(year=since.year + whole, month=3, day=1)
