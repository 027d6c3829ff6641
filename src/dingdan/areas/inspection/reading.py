"""What others may ask about looks, pictures, and what was packed."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from dingdan.areas import catalog, orders, packing
from dingdan.areas.inspection import store
from dingdan.areas.inspection.model import InspectionPicture, Look, PackedOut
from dingdan.areas.inspection.refusals import PictureUnknown
from dingdan.plumbing.tx import Tx


async def looks_of(tx: Tx, return_ids: Iterable[int]) -> dict[int, list[Look]]:
    """The looks at the goods of returns, oldest first."""
    found: dict[int, list[Look]] = {i: [] for i in return_ids}
    for one in await store.looks_of(tx, found):
        if tx.actor.reaches(one.merchant_id):
            found[one.return_id].append(one)
    return found


async def pictures_of(tx: Tx, return_ids: Iterable[int]) -> dict[int, list[InspectionPicture]]:
    """The pictures of returns, oldest first."""
    found: dict[int, list[InspectionPicture]] = {i: [] for i in return_ids}
    for one in await store.pictures_of(tx, found):
        if tx.actor.reaches(one.merchant_id):
            found[one.return_id].append(one)
    return found


async def picture(tx: Tx, picture_id: int) -> InspectionPicture:
    """One picture. Raises PictureUnknown."""
    found = [one for one in await store.pictures(tx, [picture_id]) if tx.actor.reaches(one.merchant_id)]
    if not found:
        raise PictureUnknown
    return found[0]


async def packed_out(
    tx: Tx, lines: Mapping[int, Sequence[orders.OrderLine]], order_ids: Collection[int]
) -> dict[tuple[int, int], PackedOut]:
    """What the packing table knows of lines {(order, line number)}: the last closing of each box counts."""
    last = {box.work_id: box for box in await packing.boxes_of(tx, order_ids)}
    read: dict[tuple[int, str], set[str]] = {}
    for box in last.values():
        for one in box.serials:
            read.setdefault((box.order_id, one.sku), set()).add(one.serial)
    products = await catalog.by_ids(tx, {line.product_id for rows in lines.values() for line in rows})
    return {
        (line.order_id, line.line_no): PackedOut(
            sku=line.sku, serials=frozenset(read.get((line.order_id, line.sku), ())),
            grams=products[line.product_id].weight_grams if line.product_id in products else 0,
        )
        for rows in lines.values() for line in rows
    }  # fmt: skip
