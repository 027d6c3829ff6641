"""Which way a message goes, when it is tried again, and when it is better not sent."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from enum import Enum

from dingdan.areas import identity, merchants, orders
from dingdan.areas.notifications.lifecycle import MessageState
from dingdan.areas.notifications.model import Channel, Message, Result
from dingdan.areas.notifications.occasions import TO_SELLER, Occasion
from dingdan.areas.notifications.promises import WAITS

# With one attempt whose outcome is unknown it may have been sent once; a second such would make it twice.
MAX_LOST = 2
MAX_ROUNDS = 5
MAX_ATTEMPTS = len(WAITS) + 1

# Enough to keep nonsense and header tricks out; whether it exists is for the other side to say.
_EMAIL = re.compile(r"[^\s@<>(),;:\"\\\[\]\x00-\x1f\x7f]{1,64}@[^\s@<>(),;:\"\\\[\]\x00-\x1f\x7f]{1,253}")
MIN_DIGITS = 5


class Turn(Enum):
    """What to do with a message now."""

    TRY = "try"
    WAIT = "wait"
    GIVE_UP = "give_up"


def turn(message: Message, *, now: datetime) -> Turn:
    """Whether it is this message's turn. An attempt without an outcome counts as lost."""
    if message.state is not MessageState.QUEUED or message.next_at > now:
        return Turn.WAIT
    lost = message.lost + (message.called_at is not None)
    return Turn.GIVE_UP if lost >= MAX_LOST or message.attempts >= MAX_ATTEMPTS else Turn.TRY


def next_at(message: Message, *, now: datetime) -> datetime:
    """When it is looked at again if the attempt that begins now brings nothing."""
    return now + (WAITS[message.attempts] if message.attempts < len(WAITS) else WAITS[0])


def is_over(message: Message, result: Result) -> bool:
    """Whether a channel is given up after an attempt that ended like this."""
    is_too_doubtful = result is Result.UNKNOWN and message.lost + 1 >= MAX_LOST
    return result is Result.REFUSED or is_too_doubtful or message.attempts >= MAX_ATTEMPTS


def channels(occasion: Occasion, settings: merchants.MerchantSettings) -> tuple[str, ...]:
    """Over which channels somebody is told, in their order; sellers by mail, where they named an address."""
    if occasion in TO_SELLER:
        return (Channel.EMAIL,) if settings.notices_email else ()
    return settings.message_channels


def next_channel(wanted: Sequence[str], tried: Collection[Channel]) -> Channel | None:
    """The merchant's next channel that was not tried."""
    return next((Channel(name) for name in wanted if Channel(name) not in tried), None)


def address_on(channel: Channel, contact: identity.Contact) -> str | None:
    """Where this person is reached on a channel; None where they are not."""
    if channel is Channel.EMAIL:
        email = (contact.email or "").strip()
        return email if _EMAIL.fullmatch(email) else None
    if channel is Channel.PUSH:
        return contact.ref or None
    phone = contact.phone or (contact.address.phone if contact.address else "")
    return phone if sum(c.isdigit() for c in phone) >= MIN_DIGITS else None


def is_overtaken(occasion: Occasion, state: orders.OrderState) -> bool:
    """Whether events have overtaken it: nobody is asked to pay for what is paid, cancelled or expired, told to wait for

    what they have, or asked whether what was received has arrived.
    """
    if occasion in (Occasion.DELAYED, Occasion.RECEIPT_ANNOUNCED, Occasion.RECEIPT_DUE_SOON):
        return state is not orders.OrderState.CONFIRMED
    asks_for_money = occasion in (Occasion.RECEIVED, Occasion.PAYMENT_FAILED)
    return asks_for_money and state is not orders.OrderState.AWAITING_PAYMENT
