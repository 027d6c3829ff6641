"""Looks that do not decide, second looks, and pictures are kept."""

from dingdan.areas.inspection import store
from dingdan.areas.inspection.events import DeviationPictured, LookFollowed, LookTaken
from dingdan.areas.inspection.model import MAX_PICTURES, InspectionPicture, Look, LookKind, NewLook, NewPicture
from dingdan.areas.inspection.reading import pictures_of
from dingdan.areas.inspection.refusals import SamePerson, TooManyPictures
from dingdan.areas.inspection.rules.assessing import do_agree
from dingdan.plumbing.tx import Tx


async def record(tx: Tx, new: NewLook) -> Look:
    """Write a look at the goods of a locked order down. Raises SamePerson for a second look by the first one's hand."""
    first = new.first
    by = (str(tx.actor.kind), tx.actor.id or 0)
    if first is not None and by == (first.taken_by_kind, first.taken_by):
        raise SamePerson
    look = Look(
        id=tx.mint(), merchant_id=new.merchant_id, order_id=new.order_id, return_id=new.return_id, kind=new.kind,
        findings=list(new.findings), reasons=list(new.reasons), at=tx.now, taken_by_kind=by[0], taken_by=by[1],
        first_id=first.id if first else None, agrees=do_agree(first.findings, new.findings) if first else None,
    )  # fmt: skip
    # The order is locked and whoever calls has read what is there, so that nothing can be in the way.
    is_new = await store.add_look(tx, look, first)
    assert is_new, f"return {new.return_id} has a {new.kind} look already"
    if new.kind is LookKind.SECOND:
        assert look.first_id is not None
        tx.announce(LookFollowed(subject_id=look.id, merchant_id=look.merchant_id, order_id=look.order_id,
                                 return_id=look.return_id, first_id=look.first_id,
                                 agrees=bool(look.agrees)))  # fmt: skip
    else:
        tx.announce(LookTaken(subject_id=look.id, merchant_id=look.merchant_id, order_id=look.order_id,
                              return_id=look.return_id, kind=str(look.kind), reasons=",".join(look.reasons)))  # fmt: skip
    return look


async def take_picture(tx: Tx, new: NewPicture) -> InspectionPicture:
    """Keep a picture of goods of a locked order; the same one twice is one. Raises TooManyPictures."""
    there = (await pictures_of(tx, [new.return_id]))[new.return_id]
    known = next((one for one in there if one.sha256 == new.sha256), None)
    if known is not None:
        return known
    if len(there) >= MAX_PICTURES:
        raise TooManyPictures(most=MAX_PICTURES)
    picture_id = tx.mint()
    await store.add_picture(tx, picture_id, new)
    tx.announce(DeviationPictured(subject_id=picture_id, merchant_id=new.merchant_id, order_id=new.order_id,
                                  return_id=new.return_id, shows=new.shows))  # fmt: skip
    return InspectionPicture(
        id=picture_id, merchant_id=new.merchant_id, order_id=new.order_id, return_id=new.return_id,
        line_no=new.line_no, shows=new.shows, sha256=new.sha256, size=new.size, width=new.width, height=new.height,
        taken_by_kind=str(tx.actor.kind), taken_by=tx.actor.id, at=tx.now,
    )  # fmt: skip
