"""Make letters of messages that were taken in hand, or say why none is needed."""

from collections.abc import Mapping, Sequence

import msgspec

from dingdan.areas import access, identity, merchants, orders
from dingdan.areas.notifications import store
from dingdan.areas.notifications.model import Channel, Confirmation, Keys, Letter, Message, Outcome, Result
from dingdan.areas.notifications.occasions import TO_SELLER, Occasion
from dingdan.areas.notifications.rendering import language_of, render
from dingdan.areas.notifications.rules import occasions, ways
from dingdan.kernel import ids
from dingdan.plumbing.tx import Tx


class _Around(msgspec.Struct, frozen=True):
    """What a letter is made from."""

    confirmation: Confirmation
    order: orders.Order
    merchant: merchants.Merchant
    contact: identity.Contact
    keys: Keys


async def keys_of(tx: Tx, taken: Sequence[Message], url: str) -> dict[int, Keys]:
    """What letters about these orders let in with; no reader may see what it is made from."""
    order_ids = {one.order_id for one in taken}
    secrets, codes = await access.guest_secrets(tx, order_ids), await access.live_codes(tx, order_ids)
    return {
        i: Keys(
            link=f"{url}/my/{ids.encode('order', i)}/in/{secrets[i]}", secret=secrets[i],
            number=codes[i].number if i in codes else 0, code=codes[i].digits if i in codes else "",
        )
        for i in order_ids
    }  # fmt: skip


async def prepare(tx: Tx, taken: Sequence[Message], keys: Mapping[int, Keys]) -> list[Letter | Outcome]:
    """A letter for each message, or its outcome where nothing is to be sent over this channel; four queries."""
    said = await store.confirmations(tx, [(one.order_id, one.confirmation) for one in taken])
    found = await orders.get(tx, {one.order_id for one in taken})
    sellers = await merchants.by_ids(tx, {one.merchant_id for one in taken})
    contacts = await identity.contacts(tx, {one.contact_id for one in said.values()})
    prepared: list[Letter | Outcome] = []
    for message in taken:
        one = said[message.order_id, message.confirmation]
        around = _Around(one, found[message.order_id], sellers[message.merchant_id], contacts[one.contact_id],
                         keys[message.order_id])  # fmt: skip
        prepared.append(_needless(message, around) or _letter(tx, message, around))
    return prepared


def _needless(message: Message, around: _Around) -> Outcome | None:
    fields: list[str] = []
    if around.confirmation.occasion in TO_SELLER:
        # Its copy is kept under the buyer's key.
        if not around.contact.is_erased:
            return None
        why = "person_forgotten"
    elif not around.merchant.settings.messages:
        why = "turned_off"
    elif around.contact.is_erased:
        why = "person_forgotten"
    elif ways.is_overtaken(around.confirmation.occasion, around.order.state):
        why = "overtaken"
    elif around.confirmation.occasion is Occasion.CODE_ASKED:
        # A code that is over, or whose place another one took, opens nothing.
        if around.confirmation.facts.which == str(around.keys.number):
            return None
        why = "overtaken"
    elif fields := occasions.missing_in_address(around.contact.address):
        why = "field_missing"
    else:
        return None
    return Outcome(
        message_id=message.id, attempt=message.attempts, result=Result.NEEDLESS, why=why, fields=tuple(fields)
    )


def _letter(tx: Tx, message: Message, around: _Around) -> Letter | Outcome:
    settings, is_sellers = around.merchant.settings, around.confirmation.occasion in TO_SELLER
    to = (settings.notices_email or None) if is_sellers else ways.address_on(message.channel, around.contact)
    if to is None:
        return Outcome(message_id=message.id, attempt=message.attempts, result=Result.NO_WAY, why="no_address")
    # What goes to a seller's desk names nobody's home, and holds nobody's keys.
    words = render(
        around.confirmation, None if is_sellers else around.contact,
        language_of(None if is_sellers else around.contact.language, settings.language),
        None if is_sellers else around.keys,
    )  # fmt: skip
    is_code = around.confirmation.occasion is Occasion.CODE_ASKED
    is_mail = message.channel is Channel.EMAIL
    return Letter(
        message_id=message.id, attempt=message.attempts, to=to, sender=words.seller, subject=words.subject,
        text=words.text if is_mail else words.short, html=words.html if is_mail else "", language=words.language,
        at=tx.now, secrets=(around.keys.secret, *((around.keys.code,) if is_code else ())),
    )  # fmt: skip
