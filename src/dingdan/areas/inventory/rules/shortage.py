"""Whom a loss meets: orders hold units in the order they came, so the last ones go without."""

from collections.abc import Sequence

from dingdan.areas.inventory.model import Part


def unserved(parts: Sequence[Part], missing: int) -> list[int]:
    """The orders that cannot be served when so many units are missing, last come first."""
    found: list[int] = []
    for part in sorted(parts, key=lambda p: (p.order_id, p.line_no, p.part_no), reverse=True):
        if missing <= 0:
            break
        if part.order_id not in found:
            found.append(part.order_id)
        missing -= part.quantity
    return found
