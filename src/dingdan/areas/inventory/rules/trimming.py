"""Which of an order's held parts are let go when it wants fewer units."""

from collections.abc import Mapping, Sequence

from dingdan.areas.inventory.model import Part

PartKey = tuple[int, int, int]
LineKey = tuple[int, int]


def trim(parts: Sequence[Part], units: Mapping[LineKey, int]) -> dict[PartKey, int]:
    """Pieces to let go by (order, line, part), for units to let go by (order, line).

    The warehouse that came last gives first, so that parcels fall away before they get lighter; of a bundle all that
    lies in it goes together.
    """
    off: dict[PartKey, int] = {}
    for key, wanted in units.items():
        own = [part for part in parts if (part.order_id, part.line_no) == key]
        left = wanted
        for place in dict.fromkeys(part.warehouse_id for part in reversed(own)):
            inside: dict[int, list[Part]] = {}
            for part in reversed([part for part in own if part.warehouse_id == place]):
                inside.setdefault(part.product_id, []).append(part)
            there = min(sum(part.quantity // part.each for part in held) for held in inside.values())
            going = min(left, there)
            left -= going
            for held in inside.values():
                off |= _from(held, going)
        assert left == 0, "more units are let go than are held"
    return off


def _from(held: Sequence[Part], units: int) -> dict[PartKey, int]:
    off: dict[PartKey, int] = {}
    for part in held:
        going = min(units, part.quantity // part.each)
        units -= going
        if going:
            off[part.order_id, part.line_no, part.part_no] = going * part.each
    return off
