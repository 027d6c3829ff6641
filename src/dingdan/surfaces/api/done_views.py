"""Where an order goes, what stands against completing it, and where it lies when it is over."""

from datetime import datetime

from dingdan.areas import archive, identity, orders
from dingdan.kernel import ids
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.wire import View, ref


class RecipientView(View, frozen=True, kw_only=True):
    """Where the order goes; masked for whoever may not see people in full, empty once the person was erased."""

    name: str
    phone: str
    email: str | None
    country: str
    province: str
    city: str
    district: str
    detail: str
    postcode: str
    remark: str
    is_masked: bool
    is_erased: bool


class ObjectionView(View, frozen=True, kw_only=True):
    """What was said against completing the order: by the buyer, by a return, by a case. Open while `settled_at` is null.

    `text` is what the buyer wrote, for whoever may see people.
    """

    cause: str
    about: str
    reason: str
    text: str | None
    opened_at: datetime
    settled_at: datetime | None
    outcome: str | None


class ArchivedOrder(View, frozen=True, kw_only=True):
    """Since when the order lies in the archive (`/v1/archive/{order}`), and since when its people are read from there."""

    kept_at: datetime
    put_away_at: datetime | None
    erased_at: datetime | None


def archived(kept: archive.Kept | None) -> ArchivedOrder | None:
    """What an order's page says of its archive."""
    if kept is None:
        return None
    return ArchivedOrder(kept_at=kept.kept_at, put_away_at=kept.put_away_at, erased_at=kept.erased_at)


async def objections(tx: Tx, order: orders.Order) -> list[ObjectionView]:
    """What was said against completing an order, oldest first."""
    found = (await orders.objections(tx, [order.id]))[order.id]
    may_read = tx.actor.may("order.read_contact")
    words = await identity.unseal(tx, [(order.buyer_id, one.sealed if may_read else None) for one in found])
    return [
        ObjectionView(cause=one.cause, about=_about(one), reason=one.reason, text=text.decode() if text else None,
                      opened_at=one.opened_at, settled_at=one.settled_at, outcome=one.outcome)
        for one, text in zip(found, words, strict=True)
    ]  # fmt: skip


def _about(one: orders.Objected) -> str:
    kind = "order" if one.cause == "buyer" else one.cause
    return ref(kind, one.subject_id) if kind in ids.PREFIXES else str(one.subject_id)


async def recipient(tx: Tx, order: orders.Order, kept: archive.Kept | None) -> RecipientView | None:
    """Where an order goes; once it was put away, as its archive has it."""
    found = await identity.contact(tx, order.contact_id)
    if found is not None and found.is_erased and kept is not None and kept.put_away_at is not None:
        found = await archive.contact(tx, kept, found)
    if found is None:
        return None
    is_masked = not tx.actor.may("order.read_contact")
    shown = identity.mask(found) if is_masked else found
    at = shown.address
    return RecipientView(
        name=at.name if at else "", phone=at.phone if at else "", email=shown.email, country=shown.country,
        province=shown.province, city=shown.city, district=at.district if at else "", detail=at.detail if at else "",
        postcode=at.postcode if at else "", remark=shown.remark, is_masked=is_masked, is_erased=shown.is_erased,
    )  # fmt: skip
