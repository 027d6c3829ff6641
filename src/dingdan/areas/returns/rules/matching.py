"""Which purchases are meant when a buyer names only a product: the paid price first, then quantity, then the latest."""

from collections.abc import Sequence
from datetime import datetime

import msgspec


class Lot(msgspec.Struct, frozen=True):
    """Units of one order line that can still come back; `net` is what all `units` of the line cost."""

    order_id: int
    line_no: int
    placed_at: datetime
    left: int
    net: int
    units: int


def is_price_paid(claimed: int, lot: Lot) -> bool:
    """Whether a claimed unit price is what a unit of this line cost, allowing for the fraction no coin can pay."""
    return abs(claimed * lot.units - lot.net) < lot.units


def choose(lots: Sequence[Lot], wanted: int, claimed: int | None) -> list[tuple[Lot, int]] | None:
    """The lots to take units from, and how many of each; None where there are not enough.

    At the claimed price, if any: a lot of exactly this many, else one with enough, else several; the latest purchase
    first in each. Only then at any price. Lots of different prices are mixed last.
    """
    latest = sorted((lot for lot in lots if lot.left > 0), key=_age, reverse=True)
    pools = [latest] if claimed is None else [[lot for lot in latest if is_price_paid(claimed, lot)], latest]
    for pool in pools:
        exact = next((lot for lot in pool if lot.left == wanted), None)
        found = exact or next((lot for lot in pool if lot.left >= wanted), None)
        if found is not None:
            return [(found, wanted)]
        if sum(lot.left for lot in pool) >= wanted:
            return _several(pool, wanted)
    return None


def _several(pool: Sequence[Lot], wanted: int) -> list[tuple[Lot, int]]:
    taken = []
    for lot in pool:
        part = min(lot.left, wanted)
        taken.append((lot, part))
        wanted -= part
        if wanted == 0:
            break
    return taken


def _age(lot: Lot) -> tuple[datetime, int, int]:
    return lot.placed_at, lot.order_id, lot.line_no
