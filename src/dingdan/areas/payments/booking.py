"""Money that came in, booked: on the order that waited for it, on one it revives, or as excess that goes back."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from dingdan.areas import credit, ledger, orders, pricing
from dingdan.areas.payments import depositing, rules, store, voiding
from dingdan.areas.payments.events import (
    ExcessCaptured,
    PaymentAccepted,
    PaymentAmountDiffered,
    PaymentCaptured,
    PaymentFailed,
    PaymentLostTrack,
    PaymentStarted,
)
from dingdan.areas.payments.lifecycle import PAYMENT
from dingdan.areas.payments.model import Capture, Charge, ChargeAnswer, Deposit, PaidElsewhere, Payment, Share, Taken
from dingdan.areas.payments.promises import PAYMENT_CHECK
from dingdan.kernel.ids import encode
from dingdan.plumbing import deadlines, jobs
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx

# How money came that a sales channel took.
METHOD = "elsewhere"

Shares = Mapping[int, Sequence[Share]]

ENDED = (Taken.CAPTURED, Taken.EXCESS, Taken.CLOSED)


class Come(msgspec.Struct, frozen=True):
    """One charge that came in: our attempt, the provider's word, and what to make of it."""

    payment: Payment
    answer: ChargeAnswer
    taken: Taken


class Joined(msgspec.Struct, frozen=True):
    """Credit that is captured together with money that came: its payments, what they are for, and where it is short."""

    members: tuple[Payment, ...]
    shares: Shares
    short: set[int]


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
    # A presale that was let lapse does not come to life again: its money goes back.
    deposits = await store.deposits(tx, waiting | late)
    late -= deposits.keys()
    # Nor does what was to be sent instead of something else: what was carried over to it went back.
    late -= (await store.carried(tx, late)).keys() if late else set()
    waiting -= _stale(owed, shares, deposits)
    joined = await _join(tx, owed, waiting | late)
    waiting, late = waiting - joined.short, late - joined.short
    revived = await _revive(tx, late, joined) if late else set()
    payable = waiting | revived
    captures = [capture for one in come for capture in _captures(tx, one, shares[one.payment.id], payable)]
    await _move_captured(tx, come, shares)
    captures += await _capture_joined(tx, joined, payable)
    first = [one for i, one in deposits.items() if i in waiting and one.paid_at is None]
    whole_now = payable - {one.order_id for one in first}
    await credit.capture(tx, whole_now)
    await store.add_captures(tx, captures)
    await _note_paid(tx, waiting, first, locked)
    await voiding.close_companions(tx, [one.payment for one in come])
    await _close_others(tx, come, payable)
    await ledger.post(tx, [posting_of(capture) for capture in captures])
    _announce_excess(tx, captures)
    whole = {one.payment.id: Taken.CAPTURED for one in owed}
    return whole | {capture.payment_id: Taken.EXCESS for capture in captures if capture.kind == "excess"}


def _stale(owed: Sequence[Come], shares: Shares, deposits: Mapping[int, Deposit]) -> set[int]:
    """Orders whose deposit came in after the attempt began that brings money now: it would pay the deposit twice."""
    paid_at = {i: one.paid_at for i, one in deposits.items() if one.paid_at is not None}
    return {
        share.order_id
        for one in owed
        for share in shares[one.payment.id]
        if share.order_id in paid_at and one.payment.started_at < paid_at[share.order_id]
    }


async def _note_paid(tx: Tx, waiting: set[int], first: Sequence[Deposit], locked: Mapping[int, orders.Order]) -> None:
    """What is paid whole is confirmed, what is paid in its first part waits for the second."""
    if whole := waiting - {one.order_id for one in first}:
        await orders.mark_paid(tx, whole)
    if first:
        await depositing.note_paid(tx, first, locked)


async def _join(tx: Tx, owed: Sequence[Come], payable: set[int]) -> Joined:
    """What is to be captured together with money that came; credit that was let go is kept again where it is there."""
    numbers = {one.payment.together for one in owed if one.payment.together is not None}
    if not numbers:
        return Joined((), {}, set())
    members = [payment for payment in await store.together(tx, numbers) if payment.is_credit]
    shares = await store.shares(tx, [payment.id for payment in members])
    tenders = {(payment_id, s.order_id) for payment_id, each in shares.items() for s in each if s.order_id in payable}
    return Joined(tuple(members), shares, set(await credit.hold_tenders_again(tx, tenders)))


async def _revive(tx: Tx, late: set[int], joined: Joined) -> set[int]:
    """Orders whose money came late and that get their coupons, their points and their stock again; says which."""
    promoted = await pricing.take_again(tx, late)
    whole = promoted - set(await credit.hold_again(tx, promoted))
    revived = await orders.revive(tx, whole) if whole else set()
    await pricing.give_back(tx, promoted - revived)
    lost = late - revived
    if lost:
        await credit.release(tx, lost)
        await credit.release_tenders(tx, [payment.id for payment in joined.members], order_ids=lost)
    return revived


async def _capture_joined(tx: Tx, joined: Joined, payable: set[int]) -> list[Capture]:
    """Spend the credit that was to be captured together with money that came, for the orders that it pays."""
    captures = [
        _of_credit(tx, payment, share)
        for payment in joined.members
        for share in joined.shares[payment.id]
        if share.order_id in payable
    ]
    if captures:
        await _spend(tx, joined, captures)
    return captures


async def capture_credit(tx: Tx, payments: Sequence[Payment], shares: Shares) -> None:
    """Capture attempts that are paid with credit alone; their orders are locked and wait, their credit is kept."""
    captures = [_of_credit(tx, payment, share) for payment in payments for share in shares[payment.id]]
    await _spend(tx, Joined(tuple(payments), shares, set()), captures)
    await store.add_captures(tx, captures)
    paid = {capture.order_id for capture in captures}
    first = [one for one in (await store.deposits(tx, paid)).values() if one.paid_at is None]
    await credit.capture(tx, paid - {one.order_id for one in first})
    await _note_paid(tx, paid, first, await orders.get(tx, [one.order_id for one in first]))
    await ledger.post(tx, [posting_of(capture) for capture in captures])


async def _spend(tx: Tx, joined: Joined, captures: Sequence[Capture]) -> None:
    await credit.capture_tenders(tx, {(capture.payment_id, capture.order_id) for capture in captures})
    spent: dict[int, int] = {}
    for capture in captures:
        spent[capture.payment_id] = spent.get(capture.payment_id, 0) + capture.amount
    by_id = {payment.id: payment for payment in joined.members}
    moved = await store.move(tx, "capture", spent, captured_at=tx.now)
    # What was kept for orders that this could not pay any more is free again.
    await credit.release_tenders(tx, spent)
    tx.announce(*(
        PaymentCaptured(**_about(by_id[i], joined.shares), move=moved[i], amount=spent[i], currency=by_id[i].currency,
                        provider_ref=encode("payment", i))
        for i in sorted(moved)
    ))  # fmt: skip


def _of_credit(tx: Tx, payment: Payment, share: Share) -> Capture:
    return Capture(id=tx.mint(), payment_id=payment.id, order_id=share.order_id, merchant_id=share.merchant_id,
                   kind="normal", currency=payment.currency, amount=share.amount, provider=payment.provider,
                   provider_ref=encode("payment", payment.id), at=tx.now)  # fmt: skip


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


def posting_of(capture: Capture) -> ledger.Posting:
    """How money that came in for an order stands in the books."""
    owner = "buyer_funds" if capture.kind == "normal" else "excess_funds"
    return ledger.Posting(
        capture.merchant_id, "capture", capture.id, capture.order_id, capture.currency,
        ((rules.clearing_account(capture.provider), capture.amount), (owner, -capture.amount)),
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
    await voiding.close_companions(tx, [one.payment for one in come if one.taken is Taken.FAILED])
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


async def record_elsewhere(tx: Tx, paid: Sequence[PaidElsewhere]) -> None:
    """Book money that channels took for orders; what is paid to the last cent is confirmed.

    The caller has locked the orders, and asks for no more than they owe. An order that ended meanwhile counts as paid.
    """
    if not paid:
        return
    ids = dict(zip(tx.mint_many(len(paid)), paid, strict=True))
    await store.add(tx, [(i, one.checkout_id, one.merchant_id, None, _charge(i, one)) for i, one in ids.items()])
    await store.note_charges(tx, [(i, one.provider_ref, None, None) for i, one in ids.items()])
    moved = await store.move(tx, "capture", ids, captured_at=tx.now)
    captures = [
        Capture(id=tx.mint(), payment_id=i, order_id=one.order_id, merchant_id=one.merchant_id, kind="normal",
                currency=one.currency, amount=one.amount, provider=provider_of(one), provider_ref=one.provider_ref,
                at=tx.now)
        for i, one in ids.items()
    ]  # fmt: skip
    await store.add_captures(tx, captures)
    for i, one in ids.items():
        about: dict[str, Any] = {"subject_id": i, "merchant_id": one.merchant_id, "order_id": one.order_id}
        money: dict[str, Any] = {"amount": one.amount, "currency": one.currency}
        tx.announce(
            PaymentStarted(**about, **money, move=born(PAYMENT, i), provider=provider_of(one), method=METHOD),
            PaymentCaptured(**about, **money, move=moved[i], provider_ref=one.provider_ref),
        )
    await ledger.post(tx, [posting_of(capture) for capture in captures])
    await confirm_paid(tx, {one.order_id for one in paid})


async def confirm_paid(tx: Tx, order_ids: set[int]) -> None:
    """Confirm those of these orders whose money is in to the last cent; one over nothing is paid as it is."""
    found = await orders.get(tx, order_ids)
    brought: dict[int, int] = dict.fromkeys(found, 0)
    for order_id, tender in await store.tenders(tx, found):
        brought[order_id] += tender.amount
    whole = [order_id for order_id, order in found.items() if brought[order_id] == order.total]
    if whole:
        await orders.mark_paid(tx, whole)
        await orders.note_paid_after_end(tx, whole)


def provider_of(one: PaidElsewhere) -> str:
    """What such money is called among the providers."""
    return f"{rules.ELSEWHERE}{one.channel}"


def _charge(payment_id: int, one: PaidElsewhere) -> Charge:
    return Charge(payment_id=payment_id, provider=provider_of(one), method=METHOD, amount=one.amount,
                  currency=one.currency, shares=(Share(one.order_id, one.merchant_id, one.amount),))  # fmt: skip
