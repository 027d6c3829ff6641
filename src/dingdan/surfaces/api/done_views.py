"""What stands against completing an order, and where it lies when it is over."""

from datetime import datetime

from dingdan.areas import archive, identity, orders
from dingdan.kernel import ids
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.wire import View, ref


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
