"""Have confirmations sent: one message for each on the merchant's first channel, the job that delivers it, no more."""

from collections.abc import Iterable, Mapping, Sequence

from dingdan.areas import merchants
from dingdan.areas.notifications import store
from dingdan.areas.notifications.events import MessageQueued
from dingdan.areas.notifications.lifecycle import MESSAGE
from dingdan.areas.notifications.model import Channel, Confirmation, Message
from dingdan.areas.notifications.rules import ways
from dingdan.plumbing import jobs
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx

DELIVER = "notifications.deliver"
# So few that a slow mail server cannot use up a job's time with them.
PER_JOB = 50


async def queue(tx: Tx, new: Sequence[Confirmation], sellers: Mapping[int, merchants.Merchant]) -> None:
    """Queue new confirmations where their merchants send anything; else the order's page is all there is."""
    firsts = [
        (one, ways.next_channel(ways.channels(one.occasion, sellers[one.merchant_id].settings), ())) for one in new
    ]
    await queue_on(tx, [(one, channel, 1) for one, channel in firsts if channel is not None])


async def queue_on(tx: Tx, wanted: Sequence[tuple[Confirmation, Channel, int]]) -> list[Message]:
    """Queue confirmations on these channels in these rounds, and the jobs that take them out."""
    if not wanted:
        return []
    ids = tx.mint_many(len(wanted))
    new = [
        Message(
            id=message_id, order_id=one.order_id, confirmation=one.version, merchant_id=one.merchant_id,
            channel=channel, round=round_, state=MESSAGE.initial, version=1, attempts=0, lost=0, failure=None,
            next_at=tx.now, called_at=None, created_at=tx.now, sent_at=None, language=None, sealed=None,
        )
        for message_id, (one, channel, round_) in zip(ids, wanted, strict=True)
    ]  # fmt: skip
    await store.add_messages(tx, new)
    tx.announce(*(
        MessageQueued(subject_id=message.id, merchant_id=message.merchant_id, order_id=message.order_id,
                      move=born(MESSAGE, message.id), confirmation=message.confirmation, occasion=str(one.occasion),
                      channel=str(message.channel))
        for message, (one, _, _) in zip(new, wanted, strict=True)
    ))  # fmt: skip
    await send_out(tx, ids)
    return new


async def send_out(tx: Tx, message_ids: Iterable[int]) -> None:
    """Have messages taken out by jobs, a few in each."""
    ids = sorted(message_ids)
    for start in range(0, len(ids), PER_JOB):
        await jobs.enqueue(tx, DELIVER, {"message_ids": ids[start : start + PER_JOB]})
