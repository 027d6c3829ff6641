"""Refunds that no channel takes back any more: the buyer says where, one person pays, another confirms."""

from datetime import datetime

from dingdan.areas import refunds
from dingdan.kernel.money import Money
from dingdan.plumbing.tx import Tx
from dingdan.surfaces.shared import facts
from dingdan.surfaces.shared.doors import get, post
from dingdan.surfaces.shared.wire import Code, Input, Line, Prose, Short, View, allowed, money, ref

VERBS = {"consented": ["pay", "drop"], "paid": ["confirm", "not_found"]}
ACTIONS = {"pay": "refund.approve", "confirm": "refund.approve", "not_found": "refund.approve", "drop": "refund.retry"}


class AccountInput(Input, frozen=True, kw_only=True):
    """Where the money is to go: who holds the account, at which bank or wallet, under which number."""

    holder: Short
    bank: Short
    number: Short


class ConsentInput(Input, frozen=True, kw_only=True):
    """The sentence that the buyer was shown and agreed to, and where the money is to go."""

    consent: Prose
    account: AccountInput


class HandReceiptInput(Input, frozen=True, kw_only=True):
    """The number of the transfer; no names and no account numbers."""

    receipt: Line


class NotFoundInput(Input, frozen=True, kw_only=True):
    """Why the money is not believed to be gone."""

    reason: Code


class HandPayoutView(View, frozen=True, kw_only=True):
    """One payment by hand, without the account: answers are kept for repeats, and accounts are sealed."""

    id: str
    order_id: str
    merchant: str
    state: refunds.HandPayoutState
    amount: Money
    consent: str
    consented_by: facts.Who
    consented_at: datetime
    receipt: str | None
    paid_by: facts.Who | None
    paid_at: datetime | None
    confirmed_by: facts.Who | None
    ended_at: datetime | None
    available_actions: list[str]


class HandPayoutAccountView(View, frozen=True, kw_only=True):
    """Where a payment by hand goes; null once the buyer was forgotten or the order was put away."""

    id: str
    account: refunds.Account | None


@post("/v1/orders/{order_id}/hand-payouts", permission="refund.consent", status=201)
async def consent(tx: Tx, order_id: int, body: ConsentInput) -> HandPayoutView:
    """The buyer agrees to be paid by hand what channels cannot send back of an order, all of it in one transfer."""
    account = refunds.Account(holder=body.account.holder, bank=body.account.bank, number=body.account.number)
    return _view(tx, await refunds.consent(tx, order_id, account=account, words=body.consent))


@get("/v1/hand-payouts/{hand_payout_id}", permission="refund.read")
async def show(tx: Tx, hand_payout_id: int) -> HandPayoutView:
    """One payment by hand."""
    return _view(tx, await refunds.hand_payout(tx, hand_payout_id))


@get("/v1/hand-payouts/{hand_payout_id}/account", permission="refund.approve")
async def account(tx: Tx, hand_payout_id: int) -> HandPayoutAccountView:
    """Where it goes, for whoever pays."""
    payout = await refunds.hand_payout(tx, hand_payout_id)
    return HandPayoutAccountView(id=ref("hand_payout", payout.id), account=await refunds.account_of(tx, payout))


@post("/v1/hand-payouts/{hand_payout_id}/pay", permission="refund.approve")
async def pay(tx: Tx, hand_payout_id: int, body: HandReceiptInput) -> HandPayoutView:
    """Note that it was paid. Never by whoever of us wrote down where it goes."""
    return _view(tx, await refunds.pay(tx, hand_payout_id, receipt=body.receipt))


@post("/v1/hand-payouts/{hand_payout_id}/confirm", permission="refund.approve")
async def confirm(tx: Tx, hand_payout_id: int) -> HandPayoutView:
    """Find the money gone: its refunds are settled. Never by whoever paid."""
    return _view(tx, await refunds.confirm(tx, hand_payout_id))


@post("/v1/hand-payouts/{hand_payout_id}/not-found", permission="refund.approve")
async def not_found(tx: Tx, hand_payout_id: int, body: NotFoundInput) -> HandPayoutView:
    """Do not find the money gone: it is to be paid again."""
    return _view(tx, await refunds.find_missing(tx, hand_payout_id, reason=body.reason))


@post("/v1/hand-payouts/{hand_payout_id}/drop", permission="refund.retry")
async def drop(tx: Tx, hand_payout_id: int) -> HandPayoutView:
    """Do not pay it like that after all; the buyer may agree anew."""
    return _view(tx, await refunds.drop(tx, hand_payout_id))


def _view(tx: Tx, one: refunds.HandPayout) -> HandPayoutView:
    return HandPayoutView(
        id=ref("hand_payout", one.id), order_id=ref("order", one.order_id), merchant=ref("merchant", one.merchant_id),
        state=one.state, amount=money(one.amount, one.currency), consent=one.consent,
        consented_by=facts.who(one.consented_by_kind, one.consented_by), consented_at=one.consented_at,
        receipt=one.receipt, paid_by=facts.who(one.paid_by_kind, one.paid_by) if one.paid_by_kind else None,
        paid_at=one.paid_at,
        confirmed_by=facts.who(one.confirmed_by_kind, one.confirmed_by) if one.confirmed_by_kind else None,
        ended_at=one.ended_at, available_actions=allowed(tx.actor, VERBS.get(one.state, []), ACTIONS),
    )  # fmt: skip


ROUTES = [consent, show, account, pay, confirm, not_found, drop]
