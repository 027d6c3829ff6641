"""What is in the box, and what is in the parcels."""

import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st

from dingdan.areas.fulfilment.model import Content, PackedLine, Ship, ShipLine
from dingdan.areas.fulfilment.rules.packing import decide_packed, decide_parcelled


def Line(line_no: int, sku: str, quantity: int) -> Content:  # noqa: N802 - reads as what it makes
    """A line that is no bundle."""
    return Content(line_no, sku, quantity, ((sku, 1),))


ORDER = [Line(1, "MUG", 2), Line(2, "TEE", 1), Line(3, "MUG", 1)]


@pytest.mark.parametrize(
    "scanned",
    [
        [PackedLine(1, 2), PackedLine(2, 1), PackedLine(3, 1)],
        [PackedLine(None, 3, "MUG"), PackedLine(None, 1, "TEE")],
        [PackedLine(None, 1, "TEE"), *[PackedLine(None, 1, " MUG ")] * 3],
        [PackedLine(1, 2, "MUG"), PackedLine(2, 1, "TEE"), PackedLine(None, 1, "MUG")],
    ],
)
def test_a_box_with_exactly_the_order_is_closed(scanned: list[PackedLine]) -> None:
    assert decide_packed(scanned, ORDER) == []


def test_all_mismatches_are_told_at_once() -> None:
    scanned = [PackedLine(None, 5, "MUG"), PackedLine(None, 1, "SOCK"), PackedLine(9, 1), PackedLine(2, 1, "MUG")]

    assert [(p.code, p.path) for p in decide_packed(scanned, ORDER)] == [
        ("pack.not_in_order", "lines[1].sku"),
        ("pack.not_in_order", "lines[2].line_no"),
        ("pack.not_in_order", "lines[3].sku"),
        ("pack.quantity_differs", "lines[0].quantity"),
        ("pack.quantity_differs", "lines"),
    ]


def test_pieces_cannot_be_taken_out_by_scanning_less_than_none() -> None:
    scanned = [PackedLine(None, 4, "MUG"), PackedLine(None, -1, "MUG"), PackedLine(None, 1, "TEE")]

    assert [(p.code, p.path) for p in decide_packed(scanned, ORDER)] == [("pack.quantity_differs", "lines[1].quantity")]


@pytest.mark.requirement("O4.9")
@settings(deadline=None)
@over(st.dictionaries(st.integers(1, 5), st.integers(1, 9), min_size=1), st.data())
def test_any_split_of_what_was_packed_may_ship(packed: dict[int, int], data: st.DataObject) -> None:
    first = {line_no: data.draw(st.integers(0, quantity)) for line_no, quantity in packed.items()}
    parts = [first, {line_no: packed[line_no] - count for line_no, count in first.items()}]
    ships = [
        (place, Ship(1, "manual", f"VAN-{place}", tuple(ShipLine(no, count) for no, count in part.items() if count)))
        for place, part in enumerate(parts)
        if any(part.values())
    ]

    assert decide_parcelled(ships, packed) == []


@pytest.mark.requirement("O4.9")
def test_parcels_that_hold_more_or_less_than_was_packed_are_refused_line_by_line() -> None:
    ships = [
        (0, Ship(1, "manual", "VAN-1", (ShipLine(1, 2),))),
        (1, Ship(1, "manual", "VAN-2", (ShipLine(1, 1), ShipLine(7, 1)))),
    ]

    assert [(p.path, p.params["shipped"], p.params["packed"]) for p in decide_parcelled(ships, {1: 2, 2: 1})] == [
        ("[0].lines[0].quantity", 3, 2),
        ("[1].lines", 0, 1),
        ("[1].lines[1].quantity", 1, 0),
    ]


def test_a_parcel_without_lines_holds_everything() -> None:
    assert decide_parcelled([(0, Ship(1, "manual", "VAN-1"))], {1: 2, 2: 1}) == []
