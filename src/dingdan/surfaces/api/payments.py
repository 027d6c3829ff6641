"""Payments: started with an order, told by providers."""

from datetime import datetime

from dingdan.areas import payments
from dingdan.kernel.money import Money
from dingdan.overviews import payment_page
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared.doors import get
from dingdan.surfaces.shared.wire import DeadlineView, View, deadline_views, ref, soonest


class ShareView(View, frozen=True, kw_only=True):
    """What one order gets of a payment."""

    order_id: str
    amount: Money


class StartedView(View, frozen=True, kw_only=True):
    """A payment as it was started; read it to see where it stands and where to pay."""

    id: str
    provider: str
    method: str
    amount: Money
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
    started_at: datetime
    captured_at: datetime | None
    deadline_at: datetime | None
    deadlines: list[DeadlineView]
    available_actions: list[str]


@get("/v1/payments/{payment_id}", permission="payment.read")
async def show(tx: Tx, payment_id: int) -> PaymentView:
    """One payment as it stands."""
    payment = await payments.get_one(tx, payment_id)
    clocks = deadline_views(await deadlines.of_subjects(tx, [payment_id])).get(payment_id, [])
    return PaymentView(
        id=ref("payment", payment.id), checkout=ref("checkout", payment.checkout_id), provider=payment.provider,
        method=payment.method, state=payment.state, amount=Money(payment.amount, payment.currency),
        shares=await _shares(tx, payment), provider_ref=payment.provider_ref, pay_url=payment.pay_url,
        failure=payment.failure, started_at=payment.started_at, captured_at=payment.captured_at,
        deadline_at=soonest(clocks), deadlines=clocks, available_actions=[],
    )  # fmt: skip


async def started_view(tx: Tx, payment_id: int) -> StartedView:
    """A payment as it was started, made from what never changes."""
    payment = await payments.get_one(tx, payment_id)
    return StartedView(
        id=ref("payment", payment.id), provider=payment.provider, method=payment.method,
        amount=Money(payment.amount, payment.currency), shares=await _shares(tx, payment),
        started_at=payment.started_at,
    )  # fmt: skip


async def _shares(tx: Tx, payment: payments.Payment) -> list[ShareView]:
    return [
        ShareView(order_id=ref("order", share.order_id), amount=Money(share.amount, payment.currency))
        for share in await payment_page.shares(tx, payment.id)
    ]


ROUTES = [show]
