"""Money on its way back: handed to a provider under one number for good, and what the provider says about it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec

from dingdan.areas import credit, ledger
from dingdan.areas.payments import rules, store
from dingdan.areas.payments.booking import posting_of
from dingdan.areas.payments.events import (
    MoneySentBack,
    SendBackAccepted,
    SendBackAmountDiffered,
    SendBackLostTrack,
    SendBackQueued,
    SendBackRetried,
    SendingBackFailed,
)
from dingdan.areas.payments.lifecycle import SEND_BACK, SendBackState
from dingdan.areas.payments.model import (
    Capture,
    MoneyBack,
    MoneyBackAnswer,
    MoneyBackOutcome,
    SendBack,
    Sent,
    Taken,
)
from dingdan.areas.payments.promises import SEND_BACK_CHECK
from dingdan.kernel.ids import encode
from dingdan.plumbing import deadlines, jobs
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx


async def send_back(tx: Tx, refunds: Sequence[SendBack]) -> None:
    """Hand refunds over to be sent, each tender under a number of its own; their orders are locked by the caller.

    A refund handed over before keeps its numbers: what failed is tried again under them, the rest is left alone.
    """
    if not refunds:
        return
    known = await store.send_backs(tx, refund_ids=[refund.refund_id for refund in refunds])
    numbered = {(sent.refund_id, sent.payment_id) for sent in known.values()}
    new = [
        (tx.mint(), refund, payment_id, amount)
        for refund in refunds
        for payment_id, amount in refund.tenders
        if (refund.refund_id, payment_id) not in numbered
    ]
    await store.add_send_backs(tx, [
        (i, r.order_id, r.merchant_id, r.refund_id, payment_id, r.currency, amount, tx.now, r.carried_to)
        for i, r, payment_id, amount in new
    ])  # fmt: skip
    tx.announce(*(
        SendBackQueued(subject_id=i, merchant_id=r.merchant_id, order_id=r.order_id, move=born(SEND_BACK, i),
                       refund_id=r.refund_id, amount=amount, currency=r.currency)
        for i, r, _, amount in new
    ))  # fmt: skip
    own = await _settle_own(tx, [i for i, *_ in new])
    again = await _retry(tx, known)
    owners = {i: r.merchant_id for i, r, _, _ in new if i not in own} | {i: known[i].merchant_id for i in again}
    if owners:
        due_at = tx.now + rules.next_check(0)
        await deadlines.schedule(tx, SEND_BACK_CHECK, [deadlines.Due(i, m, due_at) for i, m in owners.items()])
        await jobs.enqueue(tx, "payments.send_back", sorted(owners))


async def ask_soon(tx: Tx, refund_ids: Sequence[int]) -> None:
    """Have a worker ask providers now about what they have not said to have arrived of these refunds."""
    known = await store.send_backs(tx, refund_ids=refund_ids)
    open_ones = sorted(i for i, sent in known.items() if sent.state is not SendBackState.ARRIVED)
    if open_ones:
        await jobs.enqueue(tx, "payments.ask_send_backs", open_ones)


async def _settle_own(tx: Tx, ids: Sequence[int]) -> set[int]:
    """Credit that paid goes back into its purse at once, and what a channel keeps is the channel's to give back.

    What is carried over to another order stays where it is. Nobody is asked. Says which of these that was.
    """
    found = await store.send_backs(tx, ids=ids) if ids else {}
    own = {
        i: sent for i, sent in found.items()
        if sent.carried_to is not None or rules.is_settled_by_ourselves(sent.provider)
    }  # fmt: skip
    if not own:
        return set()
    spent = {i: sent for i, sent in own.items() if sent.provider == rules.CREDIT and sent.carried_to is None}
    firsts = await store.first_orders(tx, [(s.order_id, s.payment_id) for s in spent.values()]) if spent else {}
    await credit.restore(tx, [
        credit.Restore(order_id=firsts[sent.order_id, sent.payment_id], payment_id=sent.payment_id, cause_id=i,
                       amount=sent.amount)
        for i, sent in spent.items()
    ])  # fmt: skip
    moved = await store.move_send_backs(tx, "arrive", own, arrived_at=tx.now)
    tx.announce(*(
        MoneySentBack(**_about(own[i]), move=moved[i], amount=own[i].amount, currency=own[i].currency) for i in sorted(moved)
    ))  # fmt: skip
    await ledger.post(tx, [_posting(own[i]) for i in sorted(moved)])
    await _carry_over(tx, [own[i] for i in sorted(moved) if own[i].carried_to is not None])
    return set(own)


async def _carry_over(tx: Tx, carried: Sequence[Sent]) -> None:
    """What left one order arrives at another, as money of the same payment."""
    if not carried:
        return
    payments = await store.get(tx, {sent.payment_id for sent in carried})
    captures = [
        Capture(id=tx.mint(), payment_id=sent.payment_id, order_id=sent.carried_to or 0, merchant_id=sent.merchant_id,
                kind="normal", currency=sent.currency, amount=sent.amount, provider=sent.provider,
                provider_ref=payments[sent.payment_id].provider_ref or encode("payment", sent.payment_id), at=tx.now,
                carried_from=sent.id)
        for sent in carried
    ]  # fmt: skip
    await store.add_captures(tx, captures)
    await ledger.post(tx, [posting_of(capture) for capture in captures])


async def _retry(tx: Tx, known: dict[int, Sent]) -> list[int]:
    failed = [i for i, sent in known.items() if sent.state is SendBackState.FAILED]
    moved = await store.move_send_backs(tx, "retry", failed, asks=0) if failed else {}
    tx.announce(*(SendBackRetried(**_about(known[i]), move=moved[i]) for i in sorted(moved)))
    return sorted(moved)


async def take_turns(tx: Tx, waiting: Sequence[MoneyBack], *, seconds_apart: int) -> set[int]:
    """Of money that waits to go back: what may be handed over now. All else is looked at again when its turn comes.

    Two workers never hand over two refunds of one payment at once, and a turn that was taken counts also if its call
    never came about.
    """
    last = await store.last_calls(tx, {one.payment_id for one in waiting})
    when = rules.turns(waiting, last, now=tx.now, apart=timedelta(seconds=seconds_apart))
    now = {i for i, at in when.items() if at <= tx.now}
    await store.note_calls(tx, now)
    await deadlines.schedule(tx, SEND_BACK_CHECK, [
        deadlines.Due(one.send_back_id, one.merchant_id, when[one.send_back_id])
        for one in waiting if one.send_back_id not in now
    ])  # fmt: skip
    return now


async def take_in_money_back(tx: Tx, answers: Sequence[MoneyBackAnswer]) -> list[Taken]:
    """Act on words about money on its way back; no number twice, and the orders are locked."""
    known = await store.send_backs(tx, ids=[answer.send_back_id for answer in answers])
    taken = [rules.judge_money_back(known.get(answer.send_back_id), answer) for answer in answers]
    by_id = {
        a.send_back_id: (_in_our_words(a, t), t) for a, t in zip(answers, taken, strict=True) if a.send_back_id in known
    }
    notes = [
        (i, a.provider_ref, a.failure or None, a.outcome is not MoneyBackOutcome.IMPOSSIBLE)
        for i, (a, t) in by_id.items() if t in _VERBS
    ]  # fmt: skip
    if notes:
        await store.note_money_back(tx, notes)
    _announce_other_amounts(tx, known, [a for a, t in by_id.values() if t is Taken.ANOTHER_AMOUNT])
    for verdict, verb in _VERBS.items():
        group = [i for i, (_, t) in by_id.items() if t is verdict]
        moved = await store.move_send_backs(tx, verb, group, **_stamps(tx, verdict)) if group else {}
        tx.announce(*(_fact(known[i], by_id[i][0], verdict, move=moved[i]) for i in sorted(moved)))
    await ledger.post(tx, [_posting(known[i]) for i, (_, t) in by_id.items() if t is Taken.ARRIVED])
    await _set_clocks(tx, known, {i: t for i, (_, t) in by_id.items()})
    return taken


async def _set_clocks(tx: Tx, known: dict[int, Sent], taken: dict[int, Taken]) -> None:
    """What has ended is asked after no more; what was refused or is doubted is, when no call is under way any more."""
    ended = [i for i, verdict in taken.items() if verdict in (Taken.ARRIVED, Taken.ANOTHER_AMOUNT, Taken.CLOSED)]
    if ended:
        await deadlines.call_off(tx, SEND_BACK_CHECK, ended)
    due_at = tx.now + rules.LAST_LOOK
    await deadlines.schedule(tx, SEND_BACK_CHECK, [
        deadlines.Due(i, known[i].merchant_id, due_at)
        for i, verdict in taken.items() if verdict in (Taken.FAILED, Taken.AMOUNT_DIFFERS)
    ])  # fmt: skip


def _in_our_words(answer: MoneyBackAnswer, verdict: Taken) -> MoneyBackAnswer:
    return msgspec.structs.replace(answer, failure=str(verdict)) if verdict is Taken.ANOTHER_AMOUNT else answer


def _announce_other_amounts(tx: Tx, known: dict[int, Sent], answers: Sequence[MoneyBackAnswer]) -> None:
    tx.announce(*(
        SendBackAmountDiffered(**_about(sent), asked=sent.amount, asked_currency=sent.currency, went=answer.amount,
                               went_currency=answer.currency)
        for answer in answers if (sent := known[answer.send_back_id]).failure != answer.failure
    ))  # fmt: skip


_VERBS = {
    Taken.ACCEPTED: "accept",
    Taken.LOST_TRACK: "lose_track",
    Taken.ARRIVED: "arrive",
    Taken.FAILED: "fail",
    Taken.ANOTHER_AMOUNT: "fail",
}


def _stamps(tx: Tx, verdict: Taken) -> dict[str, Any]:
    if verdict is Taken.ARRIVED:
        return {"arrived_at": tx.now}
    return {"asks": 0} if verdict in (Taken.FAILED, Taken.ANOTHER_AMOUNT) else {}


def _fact(sent: Sent, answer: MoneyBackAnswer, verdict: Taken, **more: Any) -> Any:
    about = _about(sent) | more
    if verdict is Taken.ACCEPTED:
        return SendBackAccepted(**about, provider_ref=answer.provider_ref or "")
    if verdict is Taken.LOST_TRACK:
        return SendBackLostTrack(**about)
    if verdict is Taken.ARRIVED:
        return MoneySentBack(**about, amount=sent.amount, currency=sent.currency)
    can_retry = answer.outcome is not MoneyBackOutcome.IMPOSSIBLE
    return SendingBackFailed(**about, failure=answer.failure, can_retry=can_retry)


def _posting(sent: Sent) -> ledger.Posting:
    return ledger.Posting(
        sent.merchant_id, "send_back", sent.id, sent.order_id, sent.currency,
        (("refunds_payable", sent.amount), (rules.clearing_account(sent.provider), -sent.amount)),
    )  # fmt: skip


def _about(sent: Sent) -> dict[str, Any]:
    return {
        "subject_id": sent.id, "merchant_id": sent.merchant_id, "order_id": sent.order_id,
        "refund_id": sent.refund_id,
    }  # fmt: skip
