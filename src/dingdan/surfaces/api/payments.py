"""Payments: started with an order, told by providers."""

from datetime import datetime

from dingdan.areas import orders, payments
from dingdan.kernel.money import Money
from dingdan.kernel.refusal import Text
from dingdan.overviews import payment_page
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.doors import get
from dingdan.surfaces.shared.wire import DeadlineView, View, allowed, deadline_views, ref, soonest

ACTIONS = {"retry": "payment.start", "another_way": "payment.start"}


class ShareView(View, frozen=True, kw_only=True):
    """What one order gets of a payment."""

    order_id: str
    amount: Money


class TenderView(View, frozen=True, kw_only=True):
    """One of the payments that are captured together: a provider's, or the buyer's `balance` or `card`."""

    id: str
    provider: str
    method: str
    amount: Money


class FailureView(View, frozen=True, kw_only=True):
    """Why a payment failed, for its buyer, and what can be done: `retry` the same way or pay `another_way`, until when."""

    code: str
    message: Text
    actions: list[str]
    until: datetime | None


class StartedView(View, frozen=True, kw_only=True):
    """A payment as it was started; read it to see where it stands and where to pay."""

    id: str
    provider: str
    method: str
    amount: Money
    total: Money
    tenders: list[TenderView]
    shares: list[ShareView]
    started_at: datetime


class PaymentView(View, frozen=True, kw_only=True):
    """A payment; the buyer pays at `pay_url` where there is one. An unknown outcome is asked after by itself."""

    id: str
    checkout: str
    provider: str
    method: str
    state: payments.PaymentState
    amount: Money
    shares: list[ShareView]
    provider_ref: str | None
    pay_url: str | None
    failure: str | None
    failure_reason: FailureView | None
    tenders: list[TenderView]
    started_at: datetime
    captured_at: datetime | None
    deadline_at: datetime | None
    deadlines: list[DeadlineView]
    available_actions: list[str]


@get("/v1/payments/{payment_id}", permission="payment.read")
async def show(tx: Tx, payment_id: int) -> PaymentView:
    """One payment as it stands."""
    payment = await payments.get_one(tx, payment_id)
    reason = await _failure(tx, payment)
    clocks = deadline_views(await deadlines.of_subjects(tx, [payment_id])).get(payment_id, [])
    return PaymentView(
        id=ref("payment", payment.id), checkout=ref("checkout", payment.checkout_id), provider=payment.provider,
        method=payment.method, state=payment.state, amount=Money(payment.amount, payment.currency),
        shares=await _shares(tx, payment), provider_ref=payment.provider_ref, pay_url=payment.pay_url,
        failure=payment.failure, failure_reason=reason, tenders=await _tenders(tx, payment),
        started_at=payment.started_at, captured_at=payment.captured_at,
        deadline_at=soonest(clocks), deadlines=clocks,
        available_actions=allowed(tx.actor, reason.actions if reason else [], ACTIONS),
    )  # fmt: skip


async def started_view(tx: Tx, payment_id: int) -> StartedView:
    """A payment as it was started, made from what never changes."""
    payment = await payments.get_one(tx, payment_id)
    tenders = await _tenders(tx, payment)
    return StartedView(
        id=ref("payment", payment.id), provider=payment.provider, method=payment.method,
        amount=Money(payment.amount, payment.currency), shares=await _shares(tx, payment), tenders=tenders,
        total=Money(sum(one.amount.amount for one in tenders), payment.currency), started_at=payment.started_at,
    )  # fmt: skip


async def _shares(tx: Tx, payment: payments.Payment) -> list[ShareView]:
    return [
        ShareView(order_id=ref("order", share.order_id), amount=Money(share.amount, payment.currency))
        for share in await payment_page.shares(tx, payment.id)
        if share.amount
    ]


async def _tenders(tx: Tx, payment: payments.Payment) -> list[TenderView]:
    return [
        TenderView(id=ref("payment", one.id), provider=one.provider, method=one.method,
                   amount=Money(one.amount, one.currency))
        for one in await payments.together(tx, payment)
    ]  # fmt: skip


async def _failure(tx: Tx, payment: payments.Payment) -> FailureView | None:
    """Why a payment failed, and what can still be done while its orders wait for their money."""
    failure = payments.failure_of(payment)
    if failure is None:
        return None
    found = await orders.get(tx, [share.order_id for share in await payment_page.shares(tx, payment.id)])
    waiting = [one for one in found.values() if one.state is orders.OrderState.AWAITING_PAYMENT]
    actions = (["retry"] if failure.can_retry else []) + ["another_way"]
    return FailureView(code=failure.code, message=failure.message, actions=actions if waiting else [],
                       until=min((one.pay_by for one in waiting), default=None))  # fmt: skip


ROUTES = [show]
