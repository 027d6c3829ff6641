"""Which parcels a channel sent, and whether they hold the whole order."""

from collections.abc import Sequence

import msgspec

from dingdan.areas.channel_orders.model import ChannelOrder, Part, PartKind
from dingdan.areas.fulfilment import ParcelElsewhere, number_problems, tidy_number

UNKNOWN = "manual"


class Shipping(msgspec.Struct, frozen=True):
    """The parcels of an order; `is_whole` when nothing is left, `odd` are the carriers or numbers that we do not know."""

    parcels: tuple[ParcelElsewhere, ...]
    is_whole: bool
    odd: tuple[str, ...]


def shipping(source: ChannelOrder, parts: Sequence[Part]) -> Shipping:
    """What of an order its channel sent, parcel by parcel as they left; one without lines holds all the others leave.

    A carrier that we do not know, or a number that is not one of its, is kept as another carrier's.
    """
    left = {line_no: line.quantity for line_no, line in enumerate(source.deal.lines, start=1)}
    numbers: dict[str, int] = {}
    for line_no, line in enumerate(source.deal.lines, start=1):
        numbers.setdefault(line.ref, line_no)
    sent = [part for part in parts if part.kind is PartKind.SHIPMENT]
    held = {part.id: _take(left, [(numbers.get(li["ref"]), li["quantity"]) for li in part.document["lines"]])
            for part in sent if part.document["lines"]}  # fmt: skip
    for part in sent:
        if not part.document["lines"]:
            held[part.id] = _take(left, list(left.items()))
    parcels, odd = [], []
    for part in sent:
        carrier, number = part.document["carrier"], part.document["tracking_number"]
        if number_problems(carrier, number):
            odd.append(carrier)
            carrier = UNKNOWN
        if held[part.id]:
            parcels.append(ParcelElsewhere(carrier, tidy_number(number) or part.ref, tuple(held[part.id].items())))
    return Shipping(tuple(parcels), is_whole=bool(sent) and not any(left.values()), odd=tuple(sorted(set(odd))))


def _take(left: dict[int, int], wanted: Sequence[tuple[int | None, int]]) -> dict[int, int]:
    taken: dict[int, int] = {}
    for line_no, quantity in wanted:
        units = min(quantity, left.get(line_no, 0)) if line_no is not None else 0
        if line_no is not None and units:
            left[line_no] -= units
            taken[line_no] = taken.get(line_no, 0) + units
    return taken
