"""What an answer of a provider means for what we hold, and when to ask again. Facts in, decision out."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from dingdan.areas.payments.lifecycle import PaymentState, SendBackState
from dingdan.areas.payments.model import (
    Charge,
    ChargeAnswer,
    ChargeOutcome,
    MoneyBackAnswer,
    MoneyBackOutcome,
    Payment,
    Sent,
    Share,
    Taken,
)
from dingdan.kernel.money import split

# The methods of each provider that is plugged in.
METHODS: Mapping[str, tuple[str, ...]] = {"sandbox": ("instant", "qr")}
PRETENDED = frozenset({"sandbox"})

# When an outcome that we wait for is asked after; the last step repeats until there is one.
LADDER = tuple(timedelta(seconds=seconds) for seconds in (30, 120, 600, 3600, 21_600))

# A no is asked after once more this long after it was heard: calls that were under way by then have all ended, a job
# running a minute at most. So what the provider says now can no longer be overtaken by a call of ours.
LAST_LOOK = timedelta(minutes=2)

NOTICE_WINDOW = timedelta(minutes=5)

OPEN = frozenset({PaymentState.STARTED, PaymentState.PENDING, PaymentState.UNKNOWN})
ON_THE_WAY = frozenset({SendBackState.QUEUED, SendBackState.SENT, SendBackState.UNKNOWN})
# What a provider is asked about; what is queued is sent, again if need be, under its number.
ASKABLE = frozenset({SendBackState.SENT, SendBackState.UNKNOWN, SendBackState.FAILED})
_NO = frozenset({MoneyBackOutcome.FAILED, MoneyBackOutcome.IMPOSSIBLE, MoneyBackOutcome.NOT_FOUND})

_CHARGE = {
    (PaymentState.STARTED, ChargeOutcome.ACCEPTED): Taken.ACCEPTED,
    (PaymentState.UNKNOWN, ChargeOutcome.ACCEPTED): Taken.ACCEPTED,
    (PaymentState.PENDING, ChargeOutcome.ACCEPTED): Taken.DUPLICATE,
    (PaymentState.STARTED, ChargeOutcome.UNKNOWN): Taken.LOST_TRACK,
    (PaymentState.PENDING, ChargeOutcome.UNKNOWN): Taken.LOST_TRACK,
    (PaymentState.VOIDED, ChargeOutcome.VOIDED): Taken.CLOSED,
    (PaymentState.VOIDED, ChargeOutcome.FAILED): Taken.CLOSED,
    (PaymentState.FAILED, ChargeOutcome.FAILED): Taken.CLOSED,
    (PaymentState.FAILED, ChargeOutcome.VOIDED): Taken.CLOSED,
    (PaymentState.FAILED, ChargeOutcome.NOT_FOUND): Taken.CLOSED,
    **{(state, ChargeOutcome.FAILED): Taken.FAILED for state in OPEN},
    # The provider closed it by itself: nobody paid in its time.
    **{(state, ChargeOutcome.VOIDED): Taken.FAILED for state in OPEN},
}

_MONEY_BACK = {
    (SendBackState.QUEUED, MoneyBackOutcome.ACCEPTED): Taken.ACCEPTED,
    (SendBackState.UNKNOWN, MoneyBackOutcome.ACCEPTED): Taken.ACCEPTED,
    (SendBackState.SENT, MoneyBackOutcome.ACCEPTED): Taken.DUPLICATE,
    (SendBackState.QUEUED, MoneyBackOutcome.UNKNOWN): Taken.LOST_TRACK,
    (SendBackState.SENT, MoneyBackOutcome.UNKNOWN): Taken.LOST_TRACK,
    (SendBackState.FAILED, MoneyBackOutcome.ARRIVED): Taken.ARRIVED,
    (SendBackState.ARRIVED, MoneyBackOutcome.ARRIVED): Taken.DUPLICATE,
    **{(state, MoneyBackOutcome.ARRIVED): Taken.ARRIVED for state in ON_THE_WAY},
    **{(state, MoneyBackOutcome.FAILED): Taken.FAILED for state in ON_THE_WAY},
    **{(state, MoneyBackOutcome.IMPOSSIBLE): Taken.FAILED for state in ON_THE_WAY},
}


def judge_charge(payment: Payment | None, answer: ChargeAnswer, *, is_booked: bool) -> Taken:
    """What to make of a word about a charge; `is_booked` says that this very money stands in our books already.

    Money is taken in whatever we thought of the attempt before. A notification that names another sum than we
    asked for is not believed (AMOUNT_DIFFERS): the provider is asked. Its answer to us is. A no may be older than
    money that came after it, so nothing is CLOSED by notification, and what failed is asked after once more.
    """
    if payment is None or payment.provider != answer.provider:
        return Taken.PARKED
    if answer.outcome is not ChargeOutcome.CAPTURED:
        verdict = _CHARGE.get((payment.state, answer.outcome), Taken.IGNORED)
        is_final = not answer.is_notice and (payment.asks > 0 or payment.state is not PaymentState.FAILED)
        return Taken.DUPLICATE if verdict is Taken.CLOSED and not is_final else verdict
    if is_booked:
        return Taken.DUPLICATE
    if is_as_asked(payment, answer):
        return Taken.CAPTURED
    return Taken.AMOUNT_DIFFERS if answer.is_notice else Taken.EXCESS


def judge_money_back(sent: Sent | None, answer: MoneyBackAnswer) -> Taken:
    """What to make of a word about money on its way back.

    Two calls under one number may be under way at once and end differently, so a no is final (CLOSED) only once it
    has been asked after, LAST_LOOK later. A notification that names another amount than we sent is not believed
    (AMOUNT_DIFFERS): the provider is asked. Its answer to us is (ANOTHER_AMOUNT), and a person must look.
    """
    if sent is None or sent.provider != answer.provider:
        return Taken.PARKED
    if answer.outcome is MoneyBackOutcome.ARRIVED and (answer.amount, answer.currency) != (sent.amount, sent.currency):
        return _other_amount(sent, answer)
    if sent.state is SendBackState.FAILED and answer.outcome in _NO:
        return Taken.CLOSED if sent.asks else Taken.DUPLICATE
    return _MONEY_BACK.get((sent.state, answer.outcome), Taken.IGNORED)


def _other_amount(sent: Sent, answer: MoneyBackAnswer) -> Taken:
    if sent.state is SendBackState.ARRIVED:
        return Taken.IGNORED
    return Taken.AMOUNT_DIFFERS if answer.is_notice else Taken.ANOTHER_AMOUNT


def is_as_asked(payment: Payment, answer: ChargeAnswer) -> bool:
    """Whether what came in is what we asked for."""
    return (answer.amount, answer.currency) == (payment.amount, payment.currency)


def parts(amount: int, shares: Sequence[Share]) -> list[tuple[Share, int]]:
    """What each order got of money that came in; shares of nothing are left out (A2)."""
    split_up = split(amount, [share.amount for share in shares])
    return [(share, part) for share, part in zip(shares, split_up, strict=True) if part]


def only_order(shares: Sequence[Share]) -> int | None:
    """The order that a payment is for, where it is for one; facts about it then stand in that order's story."""
    return shares[0].order_id if len(shares) == 1 else None


def only_merchant(shares: Sequence[Share]) -> int | None:
    """The merchant that is paid, where it is one."""
    merchants = {share.merchant_id for share in shares}
    return merchants.pop() if len(merchants) == 1 else None


def next_check(asks: int) -> timedelta:
    """How long to wait before an outcome is asked after, having asked so often before."""
    return LADDER[min(asks, len(LADDER) - 1)]


def is_same_attempt(payment: Payment, charge: Charge, *, orders: frozenset[int]) -> bool:
    """Whether an open attempt is what is being asked for again (a double click), so that it is kept."""
    return (
        (payment.provider, payment.method, payment.amount, payment.currency)
        == (charge.provider, charge.method, charge.amount, charge.currency)
        and orders == {share.order_id for share in charge.shares}
        and payment.state is not PaymentState.UNKNOWN
    )


def rounds(marks: Sequence[frozenset[tuple[str, int]]]) -> list[list[int]]:
    """Put things (each with the marks of what it is about) into sets without a mark twice; order per mark is kept."""
    sets: list[list[int]] = []
    level: dict[tuple[str, int], int] = {}
    for index, about in enumerate(marks):
        here = max((level.get(mark, 0) for mark in about), default=0)
        if here == len(sets):
            sets.append([])
        sets[here].append(index)
        level.update(dict.fromkeys(about, here + 1))
    return sets


def methods(*, sandbox: bool) -> dict[str, tuple[str, ...]]:
    """The methods of each provider that may be used here: pretended money only where nothing is real (S-28)."""
    return {name: known for name, known in METHODS.items() if sandbox or name not in PRETENDED}
