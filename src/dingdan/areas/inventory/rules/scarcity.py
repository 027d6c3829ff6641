"""Who gets the last units: orders in the order they came, all of an order or nothing."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from dingdan.areas.inventory.model import Shortage, Want

Key = tuple[int, int]

NOBODY: Mapping[int, int] = {}


def needs_of(wants: Sequence[Want]) -> dict[Key, int]:
    """How many units of each stock row (warehouse, product) are wanted in all."""
    needs: dict[Key, int] = defaultdict(int)
    for want in wants:
        needs[want.warehouse_id, want.product_id] += want.quantity
    return dict(needs)


def hand_out(
    wants: Sequence[Want], free: dict[Key, int], together: Mapping[int, int] = NOBODY
) -> tuple[list[Want], list[Shortage]]:
    """Serve orders one after the other from the rows that are scarce; rows not in `free` have enough.

    An order that misses one line takes nothing, and each of its missing lines is told with what was free. Orders that
    share a number in `together` are served like one.
    """
    left = dict(free)
    by_order: dict[int, list[Want]] = {}
    for want in wants:
        by_order.setdefault(together.get(want.order_id, want.order_id), []).append(want)
    served: list[Want] = []
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
