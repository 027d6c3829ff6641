"""The first and the last beat of delivery: take messages in hand, and note what became of them."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from dingdan.areas import identity, merchants, orders
from dingdan.areas.notifications import store
from dingdan.areas.notifications.events import MessageFailed, MessageFieldMissing, MessageSent, MessageSuppressed
from dingdan.areas.notifications.events import MessageUndeliverable as Undeliverable
from dingdan.areas.notifications.lifecycle import MessageState
from dingdan.areas.notifications.model import Confirmation, Copy, Message, Outcome, Result
from dingdan.areas.notifications.occasions import TO_SELLER
from dingdan.areas.notifications.promises import MESSAGE_RETRY
from dingdan.areas.notifications.queueing import queue_on, send_out
from dingdan.areas.notifications.rules import ways
from dingdan.areas.notifications.rules.ways import Turn
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx

NOBODY_KNOWS = "outcome_unknown"


async def try_again(tx: Tx, message_ids: Sequence[int]) -> None:
    """The time of these messages has come again."""
    await send_out(tx, message_ids)


async def take_in_hand(tx: Tx, message_ids: Iterable[int]) -> list[Message]:
    """Begin an attempt with those whose turn it is; until it is noted how it ended, its outcome is unknown.

    Whoever dies on the way leaves a deadline that tries again, but never a third time without an answer.
    """
    waiting = await store.lock_messages(tx, message_ids)
    mine = [one for one in waiting if ways.turn(one, now=tx.now) is Turn.TRY]
    given_up = [one for one in waiting if ways.turn(one, now=tx.now) is Turn.GIVE_UP]
    begun = {one.id: ways.next_at(one, now=tx.now) for one in mine}
    if mine:
        await store.begin_attempts(tx, begun, [one.id for one in mine if one.called_at is not None])
        await deadlines.schedule(tx, MESSAGE_RETRY, [
            deadlines.Due(one.id, one.merchant_id, begun[one.id]) for one in mine
        ])  # fmt: skip
    if given_up:
        await _give_up(tx, {one.id: NOBODY_KNOWS for one in given_up}, given_up)
    return [msgspec.structs.replace(one, attempts=one.attempts + 1) for one in mine]


async def note(tx: Tx, outcomes: Sequence[Outcome]) -> None:
    """Note how attempts ended: keep the copy of what was sent, try again later, or go on to the next channel."""
    by_id = {outcome.message_id: outcome for outcome in outcomes}
    locked = [one for one in await store.lock_for_outcome(tx, by_id) if _is_open(one, by_id[one.id])]
    ended = {result: [one for one in locked if by_id[one.id].result is result] for result in Result}
    await _note_sent(tx, ended[Result.SENT], by_id)
    await _suppress(tx, ended[Result.NEEDLESS], by_id)
    if ended[Result.NOT_TRIED]:
        ids = [one.id for one in ended[Result.NOT_TRIED]]
        await store.take_back_attempts(tx, ids)
        await send_out(tx, ids)
    failed = [*ended[Result.FAILED], *ended[Result.REFUSED], *ended[Result.UNKNOWN]]
    whys = {one.id: by_id[one.id].why for one in failed}
    if whys:
        await store.end_attempts(tx, whys, [one.id for one in ended[Result.UNKNOWN]])
    await _give_up(tx, whys, [one for one in failed if ways.is_over(one, by_id[one.id].result)])
    await _suppress(tx, ended[Result.NO_WAY], by_id)
    await _go_on(tx, ended[Result.NO_WAY])


def _is_open(message: Message, outcome: Outcome) -> bool:
    """Whether an outcome still says something: a message that was sent is sent, whichever attempt did it."""
    is_current = message.called_at is not None and message.attempts == outcome.attempt
    return message.state is MessageState.QUEUED and (is_current or outcome.result is Result.SENT)


async def _note_sent(tx: Tx, sent: Sequence[Message], by_id: Mapping[int, Outcome]) -> None:
    if not sent:
        return
    found = await orders.get(tx, {one.order_id for one in sent})
    letters = {one.id: letter for one in sent if (letter := by_id[one.id].copy) is not None}
    copies = [
        (found[one.order_id].buyer_id, msgspec.json.encode(Copy(to=at.to, subject=at.subject, text=at.text, html=at.html)))
        for one in sent
        for at in (letters[one.id],)
    ]  # fmt: skip
    sealed = await identity.seal(tx, copies)
    await store.keep_copies(tx, {
        one.id: (letters[one.id].language, copy) for one, copy in zip(sent, sealed, strict=True)
    })  # fmt: skip
    moved = await store.move(tx, "send", [one.id for one in sent], sent_at=tx.now, called_at=None, failure=None)
    await deadlines.call_off(tx, MESSAGE_RETRY, moved)
    said = await _said(tx, sent)
    tx.announce(*(
        MessageSent(subject_id=one.id, merchant_id=one.merchant_id, order_id=one.order_id, move=moved[one.id],
                    confirmation=one.confirmation, occasion=said[one.id].occasion, channel=str(one.channel))
        for one in sent
    ))  # fmt: skip


async def _suppress(tx: Tx, needless: Sequence[Message], by_id: Mapping[int, Outcome]) -> None:
    if not needless:
        return
    moved = await store.move(tx, "suppress", [one.id for one in needless], called_at=None)
    await store.end_attempts(tx, {one.id: by_id[one.id].why for one in needless})
    await deadlines.call_off(tx, MESSAGE_RETRY, moved)
    said = await _said(tx, needless)
    for one in needless:
        tx.announce(MessageSuppressed(subject_id=one.id, merchant_id=one.merchant_id, order_id=one.order_id,
                                      move=moved[one.id], confirmation=one.confirmation,
                                      occasion=said[one.id].occasion, channel=str(one.channel),
                                      reason=by_id[one.id].why))  # fmt: skip
        if by_id[one.id].fields:
            tx.announce(MessageFieldMissing(subject_id=one.order_id, merchant_id=one.merchant_id,
                                            order_id=one.order_id, confirmation=one.confirmation,
                                            occasion=said[one.id].occasion, fields=list(by_id[one.id].fields)))  # fmt: skip


async def _give_up(tx: Tx, whys: Mapping[int, str], given_up: Sequence[Message]) -> None:
    """End these on their channel and go on to the next."""
    if not given_up:
        return
    await store.end_attempts(tx, {one.id: whys[one.id] for one in given_up})
    moved = await store.move(tx, "fail", [one.id for one in given_up], called_at=None)
    await deadlines.call_off(tx, MESSAGE_RETRY, moved)
    said = await _said(tx, given_up)
    tx.announce(*(
        MessageFailed(subject_id=one.id, merchant_id=one.merchant_id, order_id=one.order_id, move=moved[one.id],
                      confirmation=one.confirmation, occasion=said[one.id].occasion, channel=str(one.channel),
                      failure=whys[one.id])
        for one in given_up
    ))  # fmt: skip
    await _go_on(tx, given_up)


async def _go_on(tx: Tx, ended: Sequence[Message]) -> None:
    """Queue each on its merchant's next channel; where there is none for a buyer, they were not reached."""
    if not ended:
        return
    sellers = await merchants.by_ids(tx, {one.merchant_id for one in ended})
    tried = await store.tried(tx, [(one.order_id, one.confirmation, one.round) for one in ended])
    said = await _said(tx, ended)
    nexts = []
    for one in ended:
        used = tried[one.order_id, one.confirmation, one.round]
        occasion = said[one.id].occasion
        channel = ways.next_channel(ways.channels(occasion, sellers[one.merchant_id].settings), used)
        if channel is not None:
            nexts.append((said[one.id], channel, one.round))
            continue
        if occasion in TO_SELLER:
            # Whoever looks for another way to a buyer has nothing to do with a seller's own address.
            continue
        tx.announce(Undeliverable(subject_id=one.id, merchant_id=one.merchant_id, order_id=one.order_id,
                                  confirmation=one.confirmation, occasion=said[one.id].occasion,
                                  channels=sorted(map(str, used))))  # fmt: skip
    await queue_on(tx, nexts)


async def _said(tx: Tx, sent: Sequence[Message]) -> dict[int, Confirmation]:
    found = await store.confirmations(tx, [(one.order_id, one.confirmation) for one in sent])
    return {one.id: found[one.order_id, one.confirmation] for one in sent}
