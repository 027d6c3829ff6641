"""Pictures of parcels that nobody announced: who looks for an owner sees what came without opening the box again."""

from dingdan.areas.way_back import store
from dingdan.areas.way_back.events import StrayPictured
from dingdan.areas.way_back.model import NewStrayPicture, StrayPicture
from dingdan.areas.way_back.refusals import StrayPictureUnknown, StrayUnknown, TooManyStrayPictures
from dingdan.plumbing.tx import Tx

MOST_PICTURES = 12


async def take_picture(tx: Tx, stray_id: int, new: NewStrayPicture) -> StrayPicture:
    """Keep a picture of a parcel, in whatever state it is; the same one twice is one.

    Raises StrayUnknown or TooManyStrayPictures.
    """
    known = await store.lock_stray(tx, stray_id)
    if known is None or not tx.actor.reaches(known.merchant_id):
        raise StrayUnknown
    there = await store.stray_pictures(tx, stray_id)
    same = next((one for one in there if one.sha256 == new.sha256), None)
    if same is not None:
        return same
    if len(there) >= MOST_PICTURES:
        raise TooManyStrayPictures(most=MOST_PICTURES)
    made = StrayPicture(
        id=tx.mint(), merchant_id=known.merchant_id, stray_id=stray_id, sha256=new.sha256, size=new.size, width=new.width,
        height=new.height, taken_by_kind=str(tx.actor.kind), taken_by=tx.actor.id, at=tx.now,
    )  # fmt: skip
    await store.add_stray_picture(tx, made)
    tx.announce(StrayPictured(subject_id=stray_id, merchant_id=known.merchant_id, order_id=known.order_id,
                              pictures=len(there) + 1))  # fmt: skip
    return made


async def pictures_of(tx: Tx, stray_id: int) -> list[StrayPicture]:
    """The pictures of a parcel within reach, oldest first."""
    return await store.stray_pictures(tx, stray_id)


async def picture(tx: Tx, picture_id: int) -> StrayPicture:
    """One picture. Raises StrayPictureUnknown."""
    found = await store.stray_picture(tx, picture_id)
    if found is None or not tx.actor.reaches(found.merchant_id):
        raise StrayPictureUnknown
    return found
