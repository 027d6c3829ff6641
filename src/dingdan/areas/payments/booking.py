"""Money that came in, booked: on the order that waited for it, on one it revives, or as excess that goes back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from dingdan.areas import ledger, orders, pricing
from dingdan.areas.payments import rules, store, voiding
from dingdan.areas.payments.events import (
    ExcessCaptured,
    PaymentAccepted,
    PaymentAmountDiffered,
    PaymentCaptured,
    PaymentFailed,
    PaymentLostTrack,
)
from dingdan.areas.payments.model import Capture, ChargeAnswer, Payment, Share, Taken
from dingdan.areas.payments.promises import PAYMENT_CHECK
from dingdan.plumbing import deadlines, jobs
from dingdan.plumbing.tx import Tx

Shares = Mapping[int, Sequence[Share]]

ENDED = (Taken.CAPTURED, Taken.EXCESS, Taken.CLOSED)


class Come(msgspec.Struct, frozen=True):
    """One charge that came in: our attempt, the provider's word, and what to make of it."""

    payment: Payment
    answer: ChargeAnswer
    taken: Taken


async def take_in_charges(
    tx: Tx, answers: Sequence[ChargeAnswer], shares: Shares, locked: Mapping[int, orders.Order]
) -> list[Taken]:
    """Act on words about charges; no payment and no order twice, and the orders are locked."""
    payments = await store.get(tx, [answer.payment_id for answer in answers])
    refs = {(a.provider, a.provider_ref) for a in answers if a.provider_ref and a.outcome == "captured"}
    booked = await store.booked(tx, refs) if refs else set()
    taken = [
        rules.judge_charge(payments.get(a.payment_id), a, is_booked=(a.provider, a.provider_ref) in booked)
        for a in answers
    ]
    come = [Come(payments[a.payment_id], a, t) for a, t in zip(answers, taken, strict=True) if a.payment_id in payments]
    captured = [one for one in come if one.taken in (Taken.CAPTURED, Taken.EXCESS)]
    kinds = await _book(tx, captured, shares, locked) if captured else {}
    await _note(tx, [one for one in come if one.taken in (Taken.ACCEPTED, Taken.FAILED, Taken.LOST_TRACK)], shares)
    await _set_clocks(tx, come)
    return [kinds.get(a.payment_id, t) for a, t in zip(answers, taken, strict=True)]


async def _set_clocks(tx: Tx, come: Sequence[Come]) -> None:
    """What has ended is asked after no more, what failed once more, and what is doubted at once and again."""
    ended = [one.payment.id for one in come if one.taken in ENDED]
    if ended:
        await deadlines.call_off(tx, PAYMENT_CHECK, ended)
    doubted = sorted(one.payment.id for one in come if one.taken is Taken.AMOUNT_DIFFERS)
    if doubted:
        await jobs.enqueue(tx, "payments.ask", doubted)
    due_at = tx.now + rules.LAST_LOOK
    await deadlines.schedule(tx, PAYMENT_CHECK, [
        deadlines.Due(one.payment.id, one.payment.merchant_id, due_at)
        for one in come if one.taken in (Taken.FAILED, Taken.AMOUNT_DIFFERS)
    ])  # fmt: skip


async def _book(tx: Tx, come: Sequence[Come], shares: Shares, locked: Mapping[int, orders.Order]) -> dict[int, Taken]:
    """Write money down that came in; says what it was for each payment."""
    owed = [one for one in come if one.taken is Taken.CAPTURED]
    asked = {share.order_id for one in owed for share in shares[one.payment.id]}
    waiting = {i for i in asked if locked[i].state is orders.OrderState.AWAITING_PAYMENT}
    late = {i for i in asked if locked[i].state is orders.OrderState.EXPIRED}
    revived = await _revive(tx, late) if late else set()
    captures = [capture for one in come for capture in _captures(tx, one, shares[one.payment.id], waiting | revived)]
    await _move_captured(tx, come, shares)
    await store.add_captures(tx, captures)
    if waiting:
        await orders.mark_paid(tx, waiting)
    await _close_others(tx, come, waiting | revived)
    await ledger.post(tx, [_posting(capture) for capture in captures])
    _announce_excess(tx, captures)
    whole = {one.payment.id: Taken.CAPTURED for one in owed}
    return whole | {capture.payment_id: Taken.EXCESS for capture in captures if capture.kind == "excess"}


async def _revive(tx: Tx, late: set[int]) -> set[int]:
    """Expired orders whose money came after all live again, at the price that was agreed, if all of it is still there."""
    promoted = await pricing.take_again(tx, late)
    revived = await orders.revive(tx, promoted) if promoted else set()
    await pricing.give_back(tx, promoted - revived)
    return revived


def _captures(tx: Tx, one: Come, shares: Sequence[Share], payable: set[int]) -> list[Capture]:
    answer, is_owed = one.answer, one.taken is Taken.CAPTURED
    return [
        Capture(id=tx.mint(), payment_id=one.payment.id, order_id=share.order_id, merchant_id=share.merchant_id,
                kind="normal" if is_owed and share.order_id in payable else "excess", currency=answer.currency,
                amount=part, provider=answer.provider, provider_ref=answer.provider_ref or "", at=tx.now)
        for share, part in rules.parts(answer.amount, shares)
    ]  # fmt: skip


async def _move_captured(tx: Tx, come: Sequence[Come], shares: Shares) -> None:
    notes = [one for one in come if one.payment.provider_ref is None or one.payment.failure]
    if notes:
        await store.note_charges(tx, [(one.payment.id, one.answer.provider_ref, None, None) for one in notes])
    moved = await store.move(tx, "capture", [one.payment.id for one in come], captured_at=tx.now)
    for one in come:
        about = _about(one.payment, shares)
        if not rules.is_as_asked(one.payment, one.answer):
            tx.announce(PaymentAmountDiffered(**about, asked=one.payment.amount, asked_currency=one.payment.currency,
                                              came=one.answer.amount, came_currency=one.answer.currency))  # fmt: skip
        if one.payment.id in moved:
            tx.announce(PaymentCaptured(**about, move=moved[one.payment.id], amount=one.answer.amount,
                                        currency=one.answer.currency, provider_ref=one.answer.provider_ref or ""))  # fmt: skip


async def _close_others(tx: Tx, come: Sequence[Come], paid: Iterable[int]) -> None:
    """An attempt that had been given up paid after all: the one that took its place must not be paid too."""
    if all(one.payment.state in rules.OPEN for one in come):
        return
    others = {payment.id: payment for payment, _ in await store.of_orders(tx, paid, only_open=True)}
    await voiding.close(tx, list(others.values()))


def _posting(capture: Capture) -> ledger.Posting:
    owner = "buyer_funds" if capture.kind == "normal" else "excess_funds"
    return ledger.Posting(
        capture.merchant_id, "capture", capture.id, capture.order_id, capture.currency,
        (("psp_clearing", capture.amount), (owner, -capture.amount)),
    )  # fmt: skip


def _announce_excess(tx: Tx, captures: Sequence[Capture]) -> None:
    tx.announce(*(
        ExcessCaptured(subject_id=capture.id, merchant_id=capture.merchant_id, order_id=capture.order_id,
                       payment_id=capture.payment_id, amount=capture.amount, currency=capture.currency)
        for capture in captures if capture.kind == "excess"
    ))  # fmt: skip


async def _note(tx: Tx, come: Sequence[Come], shares: Shares) -> None:
    """Move what was accepted, failed or lost from sight, and keep what the provider said about it."""
    if not come:
        return
    notes = [(one.payment.id, one.answer.provider_ref, one.answer.pay_url, one.answer.failure or None) for one in come]
    await store.note_charges(tx, notes)
    for taken, verb in ((Taken.ACCEPTED, "accept"), (Taken.FAILED, "fail"), (Taken.LOST_TRACK, "lose_track")):
        group = {one.payment.id: one for one in come if one.taken is taken}
        stamps = {"asks": 0} if taken is Taken.FAILED else {}
        moved = await store.move(tx, verb, group, **stamps) if group else {}
        for i, step in sorted(moved.items()):
            about = {**_about(group[i].payment, shares), "move": step}
            answer = group[i].answer
            if taken is Taken.ACCEPTED:
                tx.announce(PaymentAccepted(**about, provider_ref=answer.provider_ref or ""))
            elif taken is Taken.FAILED:
                tx.announce(PaymentFailed(**about, failure=answer.failure or "closed_by_provider"))
            else:
                tx.announce(PaymentLostTrack(**about))


def _about(payment: Payment, shares: Shares) -> dict[str, Any]:
    order_id = rules.only_order(shares[payment.id])
    return {"subject_id": payment.id, "merchant_id": payment.merchant_id, "order_id": order_id}
