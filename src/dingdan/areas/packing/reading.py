"""What others may ask about boxes, pictures and consents."""

from collections.abc import Collection, Iterable

from dingdan.areas import identity, orders
from dingdan.areas.packing import store
from dingdan.areas.packing.model import Box, Consent, Picture
from dingdan.areas.packing.refusals import PictureUnknown
from dingdan.plumbing.tx import Tx


async def boxes_of(tx: Tx, order_ids: Iterable[int]) -> list[Box]:
    """Every closing of a box of these orders, oldest first: the evidence of what was sent."""
    return [box for box in await store.boxes_of(tx, order_ids) if tx.actor.reaches(box.merchant_id)]


async def pictures_of(tx: Tx, order_ids: Iterable[int]) -> list[Picture]:
    """The pictures of the boxes of these orders."""
    return [one for one in await store.pictures_of(tx, order_ids) if tx.actor.reaches(one.merchant_id)]


async def picture(tx: Tx, picture_id: int) -> Picture:
    """One picture. Raises PictureUnknown."""
    found = await store.picture(tx, picture_id)
    if found is None or not tx.actor.reaches(found.merchant_id):
        raise PictureUnknown
    return found


async def consents_of(tx: Tx, order_ids: Iterable[int]) -> list[Consent]:
    """The consents that name any of these orders, withdrawn ones too."""
    found = await store.consents(tx, await store.consents_about(tx, order_ids))
    return [one for one in found if tx.actor.reaches(one.merchant_id)]


async def consented(tx: Tx, groups: Iterable[Collection[int]]) -> set[frozenset[int]]:
    """Those of these groups of orders that somebody agreed to send together, and did not think again."""
    wanted = {frozenset(group) for group in groups}
    about = {order_id for group in wanted for order_id in group}
    standing = [
        frozenset(one.order_ids)
        for one in await store.consents(tx, await store.consents_about(tx, about))
        if one.withdrawn_at is None
    ]
    return {group for group in wanted if any(group <= agreed for agreed in standing)}


async def recipients_of(tx: Tx, found: Iterable[orders.Order]) -> dict[int, bytes]:
    """Orders by a mark of name, phone and address together; those of erased people have none."""
    known = list(found)
    marks = await identity.recipients(tx, {order.contact_id for order in known})
    return {order.id: marks[order.contact_id] for order in known if order.contact_id in marks}
