"""What one warehouse gives of an order, what lies in its boxes, and that parcels hold what lies in them."""

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from dingdan.areas.fulfilment.model import Content, PackedLine, Ship, ShortLine
from dingdan.areas.fulfilment.refusals import LinesDoNotFit, NotInOrder, QuantityDiffers, ShortUnfit
from dingdan.areas.inventory import Part
from dingdan.kernel.refusal import Refusal


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


def decide_packed(scanned: Sequence[PackedLine], lines: Sequence[Content]) -> list[Refusal]:
    """Every difference between what was scanned and what the work holds, piece by piece.

    A product that stands in several lines or was scanned in several goes is counted together. Pieces may be named by
    line, by product, or by both, which must then agree. A bundle may be named itself or piece by piece.
    """
    wanted = pieces_of(lines)
    whole: dict[str, Content] = {}
    for line in lines:
        whole.setdefault(line.sku, line)
    by_no = {line.line_no: line for line in lines}
    found: Counter[str] = Counter()
    first: dict[str, int] = {}
    problems: list[Refusal] = []
    wrong: set[str] = set()
    for place, piece in enumerate(scanned):
        pieces = _pieces(piece, by_no, whole, wanted)
        if pieces is None:
            named = "gtin" if piece.gtin is not None else "line_no" if piece.sku is None else "sku"
            path = f"lines[{place}].{named}"
            seen = (piece.sku or piece.gtin or "").strip()[:60] or piece.line_no
            problems.append(NotInOrder(path, sku=seen, expected=_named(wanted)))
            continue
        for sku, each in pieces:
            if piece.quantity < 1:
                wrong.add(sku)
                problems.append(QuantityDiffers(f"lines[{place}].quantity", sku=sku, scanned=piece.quantity,
                                                wanted=wanted[sku]))  # fmt: skip
            else:
                first.setdefault(sku, place)
                found[sku] += piece.quantity * each
    for sku, count in wanted.items():
        if found[sku] != count and sku not in wrong:
            path = f"lines[{first[sku]}].quantity" if sku in first else "lines"
            problems.append(QuantityDiffers(path, sku=sku, scanned=found[sku], wanted=count))
    return problems


def with_skus(scanned: Sequence[PackedLine], skus: Mapping[str, str]) -> list[PackedLine]:
    """Pieces that were named by the number below their bars, by their SKU; {number: SKU} of what the work holds."""
    return [
        piece if piece.gtin is None or piece.sku is not None or tidy_gtin(piece.gtin) not in skus
        else msgspec.structs.replace(piece, sku=skus[tidy_gtin(piece.gtin)], gtin=None)
        for piece in scanned
    ]  # fmt: skip


def tidy_gtin(gtin: str) -> str:
    """A trade item number in its long form: 12 digits of an American product are 13 of a Chinese scanner."""
    return "".join(gtin.split()).zfill(14)


def pieces_of(lines: Sequence[Content]) -> Counter[str]:
    """How many of each product a work gives in all."""
    found: Counter[str] = Counter()
    for line in lines:
        for sku, each in line.pieces:
            found[sku] += line.quantity * each
    return found


def decide_short(reported: Sequence[ShortLine], lines: Sequence[Content]) -> list[Refusal]:
    """Whether a work gives what is reported as missing or unfit."""
    given = {line.line_no: line for line in lines}
    problems: list[Refusal] = []
    total: Counter[tuple[int, str]] = Counter()
    for place, one in enumerate(reported):
        line = given.get(one.line_no)
        inside = dict(line.pieces) if line else {}
        sku = one.sku or (line.sku if line else "")
        pieces = one.missing + one.damaged
        each = inside.get(sku, 1 if line and sku == line.sku else 0)
        most = line.quantity * each if line else 0
        total[one.line_no, sku] += pieces
        if one.missing < 0 or one.damaged < 0 or not 1 <= total[one.line_no, sku] <= most or pieces < 1:
            problems.append(ShortUnfit(f"lines[{place}]", line_no=one.line_no, reported=pieces, wanted=most))
    return problems if reported else [ShortUnfit("lines", line_no="-", reported=0, wanted="-")]


def _named(wanted: Mapping[str, int]) -> str:
    return ", ".join(f"{count} x {sku}" for sku, count in list(wanted.items())[:20])


def _pieces(
    piece: PackedLine, by_no: Mapping[int, Content], whole: Mapping[str, Content], wanted: Mapping[str, int]
) -> tuple[tuple[str, int], ...] | None:
    """What a scanned piece counts as: one product, all that lies in a bundle, or None where it is not wanted."""
    line = by_no.get(piece.line_no) if piece.line_no is not None else None
    sku = (piece.sku or (line.sku if line else "")).strip()
    if piece.line_no is not None and (line is None or sku not in {line.sku, *(name for name, _ in line.pieces)}):
        return None
    if line is not None and sku == line.sku:
        return line.pieces
    if sku in wanted:
        return ((sku, 1),)
    return whole[sku].pieces if sku in whole else None


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
