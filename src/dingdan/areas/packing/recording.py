"""Boxes are closed and opened, pieces get their numbers, pictures are kept."""

from collections.abc import Iterable, Sequence

from dingdan.areas.packing import store
from dingdan.areas.packing.events import PictureTaken
from dingdan.areas.packing.model import MAX_PICTURES, NewBox, NewPicture, Picture
from dingdan.areas.packing.refusals import SerialTaken, TooManyPictures
from dingdan.kernel.refusal import refuse_all
from dingdan.plumbing.tx import Tx


async def record(tx: Tx, boxes: Sequence[NewBox]) -> None:
    """Write down closed boxes of locked orders. Raises SerialTaken, with the place of the box and of the serial."""
    free = await store.claim_serials(tx, boxes)
    refuse_all([
        SerialTaken(f"[{place}].serials[{n}].serial", sku=sku, serial=serial)
        for place, box in enumerate(boxes)
        for n, (product_id, sku, serial) in enumerate(box.serials)
        if (box.work_id, product_id, serial) not in free
    ])  # fmt: skip
    await store.add_boxes(tx, boxes)


async def open_again(tx: Tx, work_ids: Iterable[int]) -> None:
    """Boxes were opened: their numbered pieces may go into others. What was recorded stays."""
    await store.drop_serials(tx, work_ids)


async def take_picture(tx: Tx, new: NewPicture) -> Picture:
    """Keep a picture of the box of a locked order; the same one twice is one. Raises TooManyPictures."""
    known = await store.picture_like(tx, new.work_id, new.sha256)
    if known is not None:
        return known
    if await store.count_pictures(tx, new.work_id) >= MAX_PICTURES:
        raise TooManyPictures(most=MAX_PICTURES)
    picture_id = tx.mint()
    await store.add_picture(tx, picture_id, new)
    tx.announce(PictureTaken(subject_id=picture_id, merchant_id=new.merchant_id, order_id=new.order_id,
                             work_id=new.work_id))  # fmt: skip
    return Picture(
        id=picture_id, merchant_id=new.merchant_id, order_id=new.order_id, work_id=new.work_id, sha256=new.sha256,
        size=new.size, width=new.width, height=new.height, taken_by_kind=str(tx.actor.kind), taken_by=tx.actor.id,
        at=tx.now,
    )  # fmt: skip
