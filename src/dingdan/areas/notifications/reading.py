"""What others may ask about confirmations and messages."""

from collections.abc import Iterable

import msgspec

from dingdan.areas import identity, merchants, orders
from dingdan.areas.notifications import store
from dingdan.areas.notifications.model import Confirmation, Copy, Message, Rendered
from dingdan.areas.notifications.occasions import TO_SELLER
from dingdan.areas.notifications.refusals import ConfirmationIncomplete, ConfirmationUnknown, MessageUnknown
from dingdan.areas.notifications.rendering import language_of, render
from dingdan.plumbing.tx import Tx


async def confirmations(tx: Tx, order_id: int) -> list[Confirmation]:
    """All versions of an order's confirmation, oldest first; sellers' own for their staff only. Raises OrderUnknown."""
    await orders.get_one(tx, order_id)
    return [one for one in await store.confirmations_of(tx, order_id) if _is_for(tx, one)]


async def confirmation(tx: Tx, order_id: int, version: int) -> Confirmation:
    """One version. Raises OrderUnknown or ConfirmationUnknown."""
    await orders.get_one(tx, order_id)
    found = await store.confirmations(tx, [(order_id, version)]) if 0 < version < 1 << 15 else {}
    if (order_id, version) not in found or not _is_for(tx, found[order_id, version]):
        raise ConfirmationUnknown("path.version", version=version)
    return found[order_id, version]


async def contact_of(tx: Tx, one: Confirmation) -> identity.Contact | None:
    """Which buyer a confirmation is for, masked unless the actor may see people in full; None of a seller's."""
    found = await identity.contact(tx, one.contact_id) if one.occasion not in TO_SELLER else None
    return identity.mask(found) if found is not None and not tx.actor.may("order.read_contact") else found


async def rendered(tx: Tx, one: Confirmation, language: str | None = None) -> Rendered:
    """A confirmation in words: in the language asked for, or else the buyer's, or else the merchant's.

    People are masked unless the actor may see them. Raises ConfirmationIncomplete: half a voucher is none.
    """
    if one.missing:
        raise ConfirmationIncomplete(fields=", ".join(one.missing))
    contact = await contact_of(tx, one)
    merchant = (await merchants.by_ids(tx, [one.merchant_id]))[one.merchant_id]
    own = contact.language if contact else None
    return render(one, contact, language_of(language, own, merchant.settings.language))


async def messages(tx: Tx, order_id: int) -> list[Message]:
    """The messages of an order that went, go or did not go out, oldest first. Raises OrderUnknown."""
    shown = {one.version for one in await confirmations(tx, order_id)}
    return [one for one in await store.messages_of(tx, order_id) if one.confirmation in shown]


async def message(tx: Tx, message_id: int) -> Message:
    """One message. Raises MessageUnknown."""
    found = [one for one in await store.messages(tx, [message_id]) if tx.actor.reaches(one.merchant_id)]
    said = await store.confirmations(tx, [(one.order_id, one.confirmation) for one in found])
    if not found or not _is_for(tx, said[found[0].order_id, found[0].confirmation]):
        raise MessageUnknown
    return found[0]


def _is_for(tx: Tx, one: Confirmation) -> bool:
    """Whether the actor is told this: what a seller hears is not for whoever speaks for its buyers."""
    return one.occasion not in TO_SELLER or tx.actor.may("return.decide")


async def copy(tx: Tx, one: Message) -> Copy | None:
    """A message as it was sent, for whoever may see people in full; None where nothing was sent or is left."""
    if one.sealed is None or not tx.actor.may("order.read_contact"):
        return None
    order = await orders.get_one(tx, one.order_id)
    (plain,) = await identity.unseal(tx, [(order.buyer_id, one.sealed)])
    return msgspec.json.decode(plain, type=Copy) if plain is not None else None


async def drop_copies(tx: Tx, order_ids: Iterable[int]) -> None:
    """Let go of the copies of what was sent about orders; the archive has them."""
    await store.drop_copies(tx, order_ids)
