"""What a line of a statement says against our books. Facts in, decision out."""

from collections.abc import Mapping

import msgspec

from dingdan.areas import payments
from dingdan.areas.reconciliation.model import DifferenceKind, Line, LineKind

# What a provider may say about how a charge or a refund ended.
STATES: Mapping[LineKind, frozenset[str]] = {
    LineKind.CHARGE: frozenset({"captured", "failed", "voided", "pending"}),
    LineKind.REFUND: frozenset({"arrived", "failed"}),
}
MOVED = {LineKind.CHARGE: "captured", LineKind.REFUND: "arrived"}


class Ours(msgspec.Struct, frozen=True, kw_only=True):
    """What our books say of one line: what was booked, and what we know the number for."""

    booked: payments.Booked | None = None
    payment: payments.Payment | None = None
    sent: payments.Sent | None = None


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A difference about to be written; `is_to_be_booked` says that the money is ours to take in now."""

    kind: DifferenceKind
    ours: int | None = None
    our_currency: str | None = None
    our_state: str | None = None
    is_to_be_booked: bool = False


def judge(line: Line, ours: Ours, *, is_repeated: bool) -> Found | None:
    """In what way a line and our books differ, None where they agree."""
    if is_repeated:
        return Found(kind=DifferenceKind.DUPLICATE)
    return _charge(line, ours) if line.kind is LineKind.CHARGE else _refund(line, ours)


def _charge(line: Line, ours: Ours) -> Found | None:
    booked, payment = ours.booked, ours.payment
    state = str(payment.state) if payment else None
    if line.state != MOVED[LineKind.CHARGE]:
        if booked is None:
            return None
        return Found(
            kind=DifferenceKind.STATE_DIFFERS, ours=booked.amount, our_currency=booked.currency, our_state=state
        )
    if booked is None:
        return Found(kind=DifferenceKind.MISSING_HERE, our_state=state, is_to_be_booked=payment is not None)
    return _amounts(line, booked.amount, booked.currency, state)


def _refund(line: Line, ours: Ours) -> Found | None:
    sent = ours.sent
    if sent is None:
        return Found(kind=DifferenceKind.MISSING_HERE) if line.state == MOVED[LineKind.REFUND] else None
    has_arrived, state = sent.state is payments.SendBackState.ARRIVED, str(sent.state)
    if line.state != MOVED[LineKind.REFUND]:
        if not has_arrived:
            return None
        return Found(kind=DifferenceKind.STATE_DIFFERS, ours=sent.amount, our_currency=sent.currency, our_state=state)
    differs = _amounts(line, sent.amount, sent.currency, state)
    if differs is not None or has_arrived:
        return differs
    return Found(kind=DifferenceKind.MISSING_HERE, ours=sent.amount, our_currency=sent.currency, our_state=state,
                 is_to_be_booked=True)  # fmt: skip


def _amounts(line: Line, amount: int, currency: str, state: str | None) -> Found | None:
    if currency != line.currency:
        return Found(kind=DifferenceKind.CURRENCY_DIFFERS, ours=amount, our_currency=currency, our_state=state)
    if amount != line.amount:
        return Found(kind=DifferenceKind.AMOUNT_DIFFERS, ours=amount, our_currency=currency, our_state=state)
    return None


def answer(line: Line, provider: str) -> payments.Answer:
    """A line as the provider's word, to be taken in like any other. Only for lines whose number is known."""
    assert line.number is not None
    if line.kind is LineKind.CHARGE:
        return payments.ChargeAnswer(
            payment_id=line.number, provider=provider, outcome=payments.ChargeOutcome.CAPTURED,
            provider_ref=line.provider_ref, amount=line.amount, currency=line.currency,
        )  # fmt: skip
    return payments.MoneyBackAnswer(
        send_back_id=line.number, provider=provider, outcome=payments.MoneyBackOutcome.ARRIVED,
        provider_ref=line.provider_ref, amount=line.amount, currency=line.currency,
    )  # fmt: skip
