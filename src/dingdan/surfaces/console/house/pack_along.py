"""What travels along: boxes of other orders that the buyer agreed to have in one parcel, under one number."""

from collections.abc import Sequence
from typing import NamedTuple

from dingdan.areas import fulfilment, packing
from dingdan.kernel import ids
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.pages import naming, vocabulary
from dingdan.surfaces.shared.pages.screens import Chip

# Whose box can still go with this one.
HERE = ("queued", "picking", "packed")


class Along(NamedTuple):
    """A box of another order: its key, the order's number, where it stands, and whether it can go now."""

    key: str
    order: str
    stands: Chip
    is_ready: bool


async def along(tx: Tx, work: fulfilment.Work) -> list[Along]:
    """The boxes that may go in one parcel with this one, from the same warehouse, that have not left yet."""
    agreed = {
        number for one in await packing.consents_of(tx, [work.order_id]) if one.withdrawn_at is None for number in one.order_ids
    } - {work.order_id}  # fmt: skip
    found = await fulfilment.works_of(tx, agreed) if agreed else []
    return [
        Along(naming.ref("work", one.id), ids.spoken(one.order_id), vocabulary.chip("work", one.state), str(one.state) == "packed")
        for one in found if one.warehouse_id == work.warehouse_id and str(one.state) in HERE
    ]  # fmt: skip


async def chosen(tx: Tx, work: fulfilment.Work, keys: Sequence[str]) -> list[int]:
    """The works of the boxes that were ticked: only such as may go along. Raises WorkUnknown."""
    ready = {one.key: ids.decode("work", one.key) for one in await along(tx, work) if one.is_ready}
    numbers = [ready.get(key) for key in dict.fromkeys(keys)]
    if None in numbers:
        raise fulfilment.WorkUnknown("along")
    return [number for number in numbers if number is not None]
