"""Closing boxes: what was scanned is what the order gets, and the record of it is the proof."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from dingdan.areas import catalog, packing
from dingdan.areas.fulfilment import store
from dingdan.areas.fulfilment.events import WorkPacked
from dingdan.areas.fulfilment.lifecycle import WorkState
from dingdan.areas.fulfilment.model import Content, Pack, PackedLine, Work
from dingdan.areas.fulfilment.picking import standing_problems
from dingdan.areas.fulfilment.promises import CLAIM
from dingdan.areas.fulfilment.reading import contents_and_goods, lock_works
from dingdan.areas.fulfilment.refusals import UnscannedNotYours, WorkStateForbids, WorkUnknown
from dingdan.areas.fulfilment.rules.packing import decide_packed, pieces_of, tidy_gtin, with_skus
from dingdan.kernel.refusal import Refusal, Refusals, refuse_all
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx


async def pack(tx: Tx, work_id: int, lines: Sequence[PackedLine]) -> Work:
    """Close the box of one work. Raises as `pack_many`, with paths that begin at the lines."""
    return await pack_one(tx, Pack(work_id, tuple(lines)))


async def pack_one(tx: Tx, one: Pack) -> Work:
    """Close the box of one work, weighed and with its serials. Raises as `pack_many`, with paths of one box."""
    return (await _close(tx, [one], [""]))[0]


async def pack_many(tx: Tx, packs: Sequence[Pack]) -> list[Work]:
    """Close the boxes of works whose scanned pieces are exactly what the orders get from this warehouse.

    The parts of a bundle are packed instead of it.

    Raises WorkUnknown, WorkStateForbids, NotInOrder, QuantityDiffers, WeightDiffers, SerialsDiffer, SerialTwice or
    SerialTaken: every mismatch of every box at once.
    """
    return await _close(tx, packs, [f"[{place}]" for place in range(len(packs))])


async def _close(tx: Tx, packs: Sequence[Pack], paths: Sequence[str]) -> list[Work]:
    works = await lock_works(tx, [p.work_id for p in packs])
    refuse_all(standing_problems(works, dict(zip(paths, [p.work_id for p in packs], strict=True)), "pack"))
    lines, goods = await contents_and_goods(tx, works.values())
    may_trust = tx.actor.may("parcel.override")
    refuse_all([UnscannedNotYours(path) for path, p in zip(paths, packs, strict=True) if p.unscanned and not may_trust])
    packs = [_on_trust(p, lines[p.work_id]) for p in packs]
    boxes: list[packing.NewBox] = []
    problems: list[Refusal] = []
    for path, p in zip(paths, packs, strict=True):
        box, wrong = _box(works[p.work_id], p, lines[p.work_id], goods)
        boxes.append(box)
        problems += [problem.at(path) for problem in wrong]
    refuse_all(problems)
    moved = await store.move_works(tx, "pack", works)
    packed = {i: [(line.line_no, line.quantity) for line in lines[i]] for i in works}
    await store.note_packed(tx, packed)
    try:
        await packing.record(tx, boxes)
    except Refusal as refusal:
        raise _told(refusal, paths) from None
    await deadlines.call_off(tx, CLAIM, works)
    tx.announce(*(
        WorkPacked(subject_id=p.work_id, merchant_id=works[p.work_id].merchant_id, order_id=works[p.work_id].order_id,
                   move=moved[p.work_id], unscanned=p.unscanned)
        for p in sorted(packs, key=lambda p: p.work_id)
    ))  # fmt: skip
    closed = {
        i: replace(w, state=WorkState.PACKED, version=moved[i].version, packed=packed[i]) for i, w in works.items()
    }
    return [closed[p.work_id] for p in packs]


def _on_trust(p: Pack, lines: Sequence[Content]) -> Pack:
    """A box that somebody answers for holds what it should; its record says that nothing was read."""
    if p.unscanned is None:
        return p
    return replace(p, lines=tuple(PackedLine(line.line_no, line.quantity) for line in lines))


async def take_picture(tx: Tx, work_id: int, *, sha256: str, size: int, width: int, height: int) -> packing.Picture:
    """Keep a picture of the box of a work that is in hand. Raises WorkUnknown, WorkStateForbids or TooManyPictures."""
    work = (await lock_works(tx, [work_id])).get(work_id)
    if work is None:
        raise WorkUnknown
    if work.state not in (WorkState.PICKING, WorkState.PACKED):
        raise WorkStateForbids(state=str(work.state), verb="photograph")
    new = packing.NewPicture(
        merchant_id=work.merchant_id, order_id=work.order_id, work_id=work.id, sha256=sha256, size=size, width=width,
        height=height,
    )  # fmt: skip
    return await packing.take_picture(tx, new)


def _box(
    work: Work, p: Pack, lines: Sequence[Content], goods: Mapping[tuple[int, str], catalog.Offer]
) -> tuple[packing.NewBox, list[Refusal]]:
    pieces = pieces_of(lines)
    own = {
        sku: offer for (merchant_id, sku), offer in goods.items() if merchant_id == work.merchant_id and sku in pieces
    }
    scanned = with_skus(p.lines, {tidy_gtin(offer.gtin): sku for sku, offer in own.items() if offer.gtin})
    problems = decide_packed(scanned, lines)
    expected = packing.expected_grams(pieces, {sku: offer.weight_grams for sku, offer in own.items()})
    problems += packing.problems_of_box(
        pieces, {sku for sku, offer in own.items() if packing.NUMBERED in offer.flags}, p.serials, expected=expected,
        grams=p.grams, is_weight_confirmed=p.is_weight_confirmed,
    )  # fmt: skip
    box = packing.NewBox(
        merchant_id=work.merchant_id, warehouse_id=work.warehouse_id, order_id=work.order_id, work_id=work.id,
        lines=[(line.line_no, line.quantity) for line in lines],
        scanned=[packing.BoxLine(piece.sku or "", piece.quantity, piece.line_no) for piece in scanned],
        serials=[
            (own[one.sku].product_id, one.sku, packing.tidy_serial(one.serial)) for one in p.serials if one.sku in own
        ],
        expected_grams=expected, grams=p.grams, is_weight_confirmed=p.is_weight_confirmed,
    )  # fmt: skip
    return box, problems


def _told(refusal: Refusal, paths: Sequence[str]) -> Refusal:
    """What packing says about a set of boxes, where the caller spoke of one and named none."""
    if paths != [""]:
        return refusal
    ours = [type(one)(one.path.removeprefix("[0]."), **one.params) for one in refusal.problems]
    return ours[0] if len(ours) == 1 else Refusals(ours)
