"""How much of a product somebody may keep without paying, so that nobody empties a shop by placing orders."""

from collections.abc import Mapping, Sequence

from dingdan.areas.inventory.model import Shortage, Want
from dingdan.areas.inventory.rules.allocation import by_order

# (holder, product, order, merchant): units.
Rows = dict[tuple[bytes, int, int, int], int]


def over_cap(wants: Sequence[Want], kept: Mapping[tuple[bytes, int], int]) -> list[Shortage]:
    """Lines of orders that would exceed a cap, given the units that holders keep; their orders hold nothing.

    Orders count in the order they came. One that is refused here or later for want of stock does not set its buyer
    back for longer than this batch.
    """
    now_kept = dict(kept)
    short: list[Shortage] = []
    for lines in by_order(wants).values():
        trial = dict(now_kept)
        refused = [one for want in lines for one in _over(want, trial)]
        short += refused
        if not refused:
            now_kept = trial
    return short


def rows_of(wants: Sequence[Want]) -> Rows:
    """What is written down for wishes that were met."""
    rows: Rows = {}
    for want in wants:
        for holder in want.holders:
            key = (holder.hash, want.product_id, want.order_id, want.merchant_id)
            rows[key] = rows.get(key, 0) + want.quantity
    return rows


def _over(want: Want, kept: dict[tuple[bytes, int], int]) -> list[Shortage]:
    """The shortage of one line, if it goes beyond the tightest cap; otherwise its units are counted."""
    free = min((one.most - kept.get((one.hash, want.product_id), 0) for one in want.holders), default=want.quantity)
    if free < want.quantity:
        return [Shortage(want.order_id, want.line_no, want.product_id, want.quantity, max(0, free), "cap")]
    for one in want.holders:
        kept[one.hash, want.product_id] = kept.get((one.hash, want.product_id), 0) + want.quantity
    return []
