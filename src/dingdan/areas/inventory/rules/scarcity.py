"""Who gets the last units: orders in the order they came, all of an order or nothing."""

from collections import defaultdict
from collections.abc import Sequence

from dingdan.areas.inventory.model import Part, Shortage

Key = tuple[int, int]


def needs_of(parts: Sequence[Part]) -> dict[Key, int]:
    """How many units of each stock row (warehouse, product) are wanted in all."""
    needs: dict[Key, int] = defaultdict(int)
    for part in parts:
        needs[part.warehouse_id, part.product_id] += part.quantity
    return dict(needs)


def hand_out(parts: Sequence[Part], free: dict[Key, int]) -> tuple[list[Part], list[Shortage]]:
    """Serve orders one after the other from the rows that are scarce; rows not in `free` have enough.

    An order that misses one line takes nothing, and each of its missing lines is told with what was free.
    """
    left = dict(free)
    by_order: dict[int, list[Part]] = {}
    for part in parts:
        by_order.setdefault(part.order_id, []).append(part)
    served: list[Part] = []
    short: list[Shortage] = []
    for lines in by_order.values():
        needs = needs_of(lines)
        missing = {key for key, quantity in needs.items() if key in left and left[key] < quantity}
        if missing:
            short += [
                Shortage(w.order_id, w.line_no, w.product_id, w.quantity, left[w.warehouse_id, w.product_id])
                for w in lines
                if (w.warehouse_id, w.product_id) in missing
            ]
            continue
        for key, quantity in needs.items():
            if key in left:
                left[key] -= quantity
        served += lines
    return served, short
