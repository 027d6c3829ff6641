"""What lies in the box is what the order says, and what the parcels hold is what lies in the boxes."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Protocol

from dingdan.areas.fulfilment.model import PackedLine, Ship
from dingdan.areas.fulfilment.refusals import LinesDoNotFit, NotInOrder, QuantityDiffers
from dingdan.kernel.refusal import Refusal


class Line(Protocol):
    """What packing needs to know of an order line."""

    @property
    def line_no(self) -> int:
        """Its place in the order."""

    @property
    def sku(self) -> str:
        """The product as it is scanned."""

    @property
    def quantity(self) -> int:
        """How many were sold."""


def decide_packed(scanned: Sequence[PackedLine], lines: Sequence[Line]) -> list[Refusal]:
    """Every difference between what was scanned and what the order holds, piece by piece.

    A product that stands in several lines or was scanned in several goes is counted together. Pieces may be named by
    line, by product, or by both, which must then agree.
    """
    wanted: Counter[str] = Counter()
    for line in lines:
        wanted[line.sku] += line.quantity
    skus = {line.line_no: line.sku for line in lines}
    found: Counter[str] = Counter()
    first: dict[str, int] = {}
    problems: list[Refusal] = []
    wrong: set[str] = set()
    for place, piece in enumerate(scanned):
        by_line = skus.get(piece.line_no) if piece.line_no is not None else None
        sku = (piece.sku or by_line or "").strip()
        if sku not in wanted or (piece.line_no is not None and by_line != sku):
            path = f"lines[{place}].{'line_no' if piece.sku is None else 'sku'}"
            problems.append(NotInOrder(path, sku=sku[:60] or piece.line_no))
        elif piece.quantity < 1:
            wrong.add(sku)
            problems.append(QuantityDiffers(f"lines[{place}].quantity", sku=sku, scanned=piece.quantity,
                                            wanted=wanted[sku]))  # fmt: skip
        else:
            first.setdefault(sku, place)
            found[sku] += piece.quantity
    for sku, count in wanted.items():
        if found[sku] != count and sku not in wrong:
            path = f"lines[{first[sku]}].quantity" if sku in first else "lines"
            problems.append(QuantityDiffers(path, sku=sku, scanned=found[sku], wanted=count))
    return problems


def decide_parcelled(ships: Sequence[tuple[int, Ship]], packed: Mapping[int, int]) -> list[Refusal]:
    """Whether the parcels of one work (each with its place in the request) hold exactly what was packed.

    `packed` is {line number: quantity}. A parcel without lines stands for everything, so it is then the only one.
    """
    if len(ships) == 1 and not ships[0][1].lines:
        return []
    held: Counter[int] = Counter()
    path: dict[int, str] = {}
    for place, ship in ships:
        for n, line in enumerate(ship.lines):
            held[line.line_no] += line.quantity
            path.setdefault(line.line_no, f"[{place}].lines[{n}].quantity")
            if line.quantity < 1:
                return [LinesDoNotFit(f"[{place}].lines[{n}].quantity", line_no=line.line_no, shipped=line.quantity,
                                      packed=packed.get(line.line_no, 0))]  # fmt: skip
    return [
        LinesDoNotFit(path.get(line_no, f"[{ships[-1][0]}].lines"), line_no=line_no, shipped=held[line_no],
                      packed=packed.get(line_no, 0))
        for line_no in sorted({*held, *packed})
        if held[line_no] != packed.get(line_no, 0)
    ]  # fmt: skip
