"""Send a confirmation again, because somebody asks for it."""

from dingdan.areas import merchants, orders
from dingdan.areas.notifications import store
from dingdan.areas.notifications.confirming import confirm
from dingdan.areas.notifications.lifecycle import MessageState
from dingdan.areas.notifications.model import Channel, Confirmation, Message
from dingdan.areas.notifications.queueing import queue_on
from dingdan.areas.notifications.reading import confirmation
from dingdan.areas.notifications.refusals import ChannelOff, ConfirmationIncomplete, SentTooOften, StillOnItsWay
from dingdan.areas.notifications.rules import ways
from dingdan.plumbing.tx import Tx


async def resend(tx: Tx, order_id: int, version: int, *, channel: Channel | None = None) -> list[Message]:
    """Queue a confirmation once more, on this channel or on the merchant's first; gives its messages.

    One that lacked something is made anew, as the next version, and that one goes out. Raises OrderUnknown,
    ConfirmationUnknown, ConfirmationIncomplete, ChannelOff, StillOnItsWay or SentTooOften.
    """
    order = await orders.lock_one(tx, order_id)
    merchant = (await merchants.by_ids(tx, [order.merchant_id]))[order.merchant_id]
    wanted = await confirmation(tx, order_id, version)
    channels = [name for name in merchant.settings.message_channels if channel is None or name == channel]
    if not channels or not merchant.settings.messages:
        raise ChannelOff("channel", known=", ".join(merchant.settings.message_channels) or "-")
    if wanted.missing:
        return await _mend(tx, wanted)
    earlier = [one for one in await store.messages_of(tx, order_id) if one.confirmation == version]
    if any(one.state is MessageState.QUEUED for one in earlier):
        raise StillOnItsWay
    last = max((one.round for one in earlier), default=0)
    if last >= ways.MAX_ROUNDS:
        raise SentTooOften(times=last)
    return await queue_on(tx, [(wanted, Channel(channels[0]), last + 1)])


async def _mend(tx: Tx, wanted: Confirmation) -> list[Message]:
    made = [one for one in await confirm(tx, [wanted.order_id], wanted.occasion) if not one.missing]
    if not made:
        raise ConfirmationIncomplete(fields=", ".join(wanted.missing))
    (new,) = made
    return [one for one in await store.messages_of(tx, wanted.order_id) if one.confirmation == new.version]
