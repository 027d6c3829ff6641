"""What one warehouse gives of an order: units of its lines, and the pieces that lie in each."""

from collections.abc import Mapping, Sequence

from dingdan.areas.fulfilment.model import Content
from dingdan.areas.inventory import Part


def contents_of(parts: Sequence[Part], line_skus: Mapping[int, str], skus: Mapping[int, str]) -> list[Content]:
    """The lines of one work, given the parts of one order in one warehouse.

    `line_skus` names lines, `skus` products; they differ where a line is a bundle. A bundle is never torn apart
    between warehouses, so the units of a line are those of any of its products.
    """
    by_line: dict[int, dict[int, list[Part]]] = {}
    for part in parts:
        by_line.setdefault(part.line_no, {}).setdefault(part.product_id, []).append(part)
    return [
        Content(
            line_no,
            line_skus[line_no],
            sum(part.quantity // part.each for part in next(iter(inside.values()))),
            tuple((skus[product_id], held[0].each) for product_id, held in inside.items()),
        )
        for line_no, inside in sorted(by_line.items())
    ]
