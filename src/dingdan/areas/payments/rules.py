"""What an answer of a provider means for what we hold, and when to ask again. Facts in, decision out."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from dingdan.areas import orders, pricing
from dingdan.areas.payments.lifecycle import PaymentState, SendBackState
from dingdan.areas.payments.model import (
    Charge,
    ChargeAnswer,
    ChargeOutcome,
    Deposit,
    MoneyBack,
    MoneyBackAnswer,
    MoneyBackOutcome,
    Payment,
    Sent,
    Share,
    Taken,
)
from dingdan.kernel.money import part_of_units, split
from dingdan.kernel.refusal import Text

# The methods of each provider that is plugged in.
METHODS: Mapping[str, tuple[str, ...]] = {"sandbox": ("instant", "qr")}
PRETENDED = frozenset({"sandbox"})

# What buyers have with us pays like a provider, and nobody outside is asked.
CREDIT = "credit"

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


class Failure(msgspec.Struct, frozen=True):
    """Why an attempt failed and whether the same way, or another one, may still work."""

    code: str
    message: Text
    can_retry: bool = True


FAILURES: Mapping[str, Failure] = {
    failure.code: failure
    for failure in (
        Failure("declined", Text("The payment was declined.", "支付未成功，付款方或银行拒绝了本次支付。")),
        Failure("insufficient_funds", Text("There was not enough money on the account.", "账户余额不足。")),
        Failure(
            "limit_exceeded",
            Text("The amount is above a limit of the account.", "超出账户的支付限额。"),
            can_retry=False,
        ),
        Failure("wrong_details", Text("What was typed does not fit the account.", "填写的支付信息有误。")),
        Failure(
            "account_ended", Text("The card or account is not valid any more.", "银行卡或账户已失效。"), can_retry=False
        ),
        Failure("not_allowed", Text("The bank does not allow this payment.", "银行不允许此笔交易。"), can_retry=False),
        Failure(
            "risk_refused", Text("The payment was stopped for safety.", "出于安全原因，支付被拦截。"), can_retry=False
        ),
        Failure("buyer_left", Text("The payment was given up.", "支付已取消。")),
        Failure("closed_by_provider", Text("Nobody paid in time; the code is closed.", "超时未支付，支付码已关闭。")),
        Failure("provider_error", Text("The provider had a fault; no money was taken.", "支付渠道故障，未扣款。")),
    )
}


class Wish(msgspec.Struct, frozen=True):
    """A purse that a tender may take from: `merchant_id` None is good everywhere, an amount of None takes what is there."""

    tender: int
    purse_id: int
    merchant_id: int | None
    amount: int | None
    free: int


class Spread(msgspec.Struct, frozen=True):
    """Credit laid over orders: what each purse pays for whom, what each tender came to, and what is left to be paid."""

    of_purses: Mapping[int, tuple[Share, ...]]
    of_tenders: Mapping[int, int]
    rest: tuple[Share, ...]


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


# Money that a sales channel keeps for the merchant: it was paid there, and goes back from there.
ELSEWHERE = "channel:"


def is_settled_by_ourselves(provider: str) -> bool:
    """Whether money goes back by our own books alone, with no provider to call."""
    return provider == CREDIT or provider.startswith(ELSEWHERE)


def clearing_account(provider: str) -> str:
    """The account on which money of a provider is cleared; credit that buyers have with us has one of its own."""
    if provider.startswith(ELSEWHERE):
        return "channel_clearing"
    return "credit_clearing" if provider == CREDIT else "psp_clearing"


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


def turns(
    waiting: Sequence[MoneyBack], last: Mapping[int, datetime], *, now: datetime, apart: timedelta
) -> dict[int, datetime]:
    """When each send-back may be handed over: those of one payment one after the other, so far apart.

    `last` says when the provider was last called about a payment.
    """
    free = {payment_id: at + apart for payment_id, at in last.items()}
    found: dict[int, datetime] = {}
    for one in sorted(waiting, key=lambda each: each.send_back_id):
        found[one.send_back_id] = max(now, free.get(one.payment_id, now))
        free[one.payment_id] = found[one.send_back_id] + apart
    return found


def is_same_attempt(
    attempt: Sequence[Payment], asked: Sequence[Charge], *, orders: Mapping[int, Collection[int]]
) -> bool:
    """Whether an open attempt is what is being asked for again (a double click), so that it is kept.

    `orders` says which orders each payment of the attempt is for.
    """
    there = sorted((p.provider, p.method, p.purse_id or 0, p.amount, p.currency, sorted(orders[p.id])) for p in attempt)
    wanted = sorted(
        (c.provider, c.method, c.purse_id or 0, c.amount, c.currency, sorted(s.order_id for s in c.shares))
        for c in asked
    )
    return there == wanted and all(p.state is not PaymentState.UNKNOWN for p in attempt)


def spread(dues: Sequence[Share], wishes: Sequence[Wish]) -> Spread:
    """Lay credit over what orders owe: a merchant's own first, since it can pay for nothing else, then the platform's.

    Each tender is split over the orders that it may pay by what is left of them (A2), so that none gets too much.
    What is left over of every order, nothing included, is for a provider.
    """
    left = {due.order_id: due.amount for due in dues}
    free = {wish.purse_id: wish.free for wish in wishes}
    of_purses: dict[int, dict[int, int]] = {}
    of_tenders: dict[int, int] = {}
    for wish in sorted(wishes, key=lambda one: (one.merchant_id is None, one.tender)):
        open_dues = [due for due in dues if wish.merchant_id in (None, due.merchant_id)]
        most = sum(left[due.order_id] for due in open_dues)
        wanted = most if wish.amount is None else max(0, wish.amount - of_tenders.get(wish.tender, 0))
        taken = min(most, wanted, free[wish.purse_id])
        if taken <= 0:
            continue
        free[wish.purse_id] -= taken
        of_tenders[wish.tender] = of_tenders.get(wish.tender, 0) + taken
        for due, part in zip(open_dues, split(taken, [left[due.order_id] for due in open_dues]), strict=True):
            left[due.order_id] -= part
            shares = of_purses.setdefault(wish.purse_id, {})
            shares[due.order_id] = shares.get(due.order_id, 0) + part
    merchants = {due.order_id: due.merchant_id for due in dues}
    return Spread(
        of_purses={
            i: tuple(Share(order_id, merchants[order_id], part) for order_id, part in sorted(shares.items()) if part)
            for i, shares in of_purses.items()
        },
        of_tenders=of_tenders,
        rest=tuple(Share(due.order_id, due.merchant_id, left[due.order_id]) for due in dues),
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


# Whose reasons for a cancellation begin so is the seller, who then pays an earnest deposit back double.
BY_SELLER = "seller_"
ENDED_ORDERS = frozenset({orders.OrderState.CANCELLED, orders.OrderState.EXPIRED})


def due_of(order: orders.Order, deposit: Deposit | None) -> int:
    """What is to be paid next for an order that waits for money: all of it, its deposit, or after that its balance."""
    if deposit is None:
        return order.total
    return deposit.amount if deposit.paid_at is None else deposit.balance


def divide_deposit(deposit: Deposit, order: orders.Order) -> pricing.Division:
    """Who gets what of a deposit whose order ended before the balance was paid.

    A buyer who lets the balance be, or cancels, defaults; so does a seller who cancels.
    """
    terms = pricing.Deposit(
        amount=deposit.amount, counts_as=deposit.counts_as, balance=deposit.balance, balance_from=deposit.balance_from,
        balance_until=deposit.balance_until, is_earnest=deposit.is_earnest, keep_at_most=deposit.keep_at_most,
    )  # fmt: skip
    is_sellers = (order.cancel_reason or "").startswith(BY_SELLER)
    return pricing.divide(terms, "seller_defaults" if is_sellers else "buyer_defaults", paid=deposit.amount)


def failure_of(payment: Payment) -> Failure | None:
    """Why an attempt failed, in words that a buyer understands; a word of the provider that we do not know says least."""
    if payment.state is not PaymentState.FAILED:
        return None
    code = payment.failure or "closed_by_provider"
    return FAILURES.get(code) or msgspec.structs.replace(FAILURES["declined"], code=code)


def plugged(*, sandbox: bool) -> dict[str, tuple[str, ...]]:
    """Every way to pay that there is here, credit included."""
    return {CREDIT: ("balance", "card"), **methods(sandbox=sandbox)}


def methods(*, sandbox: bool) -> dict[str, tuple[str, ...]]:
    """The methods of each provider that may be used here: pretended money only where nothing is real (S-28)."""
    return {name: known for name, known in METHODS.items() if sandbox or name not in PRETENDED}


def points_of_cancelled(lines: Sequence[orders.OrderLine], layers: Sequence[pricing.Charged]) -> int:
    """How many points were taken off the units that are cancelled by now (A3)."""
    by_no = {line.line_no: line for line in lines}
    return sum(
        part_of_units(points, by_no[line_no].quantity, before=0, taken=by_no[line_no].cancelled)
        for one in layers
        for line_no, _, points in one.shares
    )
