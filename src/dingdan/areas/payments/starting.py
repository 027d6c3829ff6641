"""Opening attempts to be paid. Nothing calls out here: the intention is written down, a job or a door makes the call."""

from collections.abc import Iterable, Sequence

from dingdan.areas import orders
from dingdan.areas.payments import rules, store, voiding
from dingdan.areas.payments.events import PaymentStarted
from dingdan.areas.payments.lifecycle import PAYMENT, PaymentState
from dingdan.areas.payments.model import Charge, Payment, Share
from dingdan.areas.payments.promises import PAYMENT_CHECK
from dingdan.areas.payments.refusals import (
    MethodUnknown,
    NotAwaitingPayment,
    NothingDue,
    OrderNotThere,
    OutcomeUnknown,
    ProviderUnknown,
)
from dingdan.kernel.ids import encode
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.plumbing import deadlines
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx


async def start(tx: Tx, order_ids: Sequence[int], *, provider: str, method: str) -> list[Payment]:
    """Open one attempt for each checkout that these orders belong to, over exactly what they owe.

    One attempt is open at a time. The same one asked for again is given back; another method or other orders close
    the older attempt, and the provider is told. While the outcome of one is unknown, the same provider is not tried
    again. Raises ProviderUnknown, MethodUnknown, OrderNotThere, NotAwaitingPayment, NothingDue, OutcomeUnknown.
    """
    _check_method(tx, provider, method)
    found = await orders.lock(tx, order_ids)
    refuse_all(_problems(order_ids, found))
    wanted = _charges(found.values(), provider=provider, method=method)
    refuse_all([NothingDue("order_ids") for charge in wanted.values() if charge.amount == 0])
    kept, replaced = _sort_out(await store.of_orders(tx, found, only_open=True), wanted)
    await voiding.close(tx, replaced)
    new = {checkout: charge for checkout, charge in wanted.items() if checkout not in kept}
    started = await _open(tx, new)
    return [kept.get(checkout) or started[checkout] for checkout in wanted]


def _check_method(tx: Tx, provider: str, method: str) -> None:
    methods = rules.methods(sandbox=tx.sandbox)
    if provider not in methods:
        raise ProviderUnknown("provider", provider=provider, known=", ".join(methods) or "-")
    if method not in methods[provider]:
        known = ", ".join(methods[provider])
        raise MethodUnknown("method", provider=provider, method=method, known=known)


def _problems(order_ids: Sequence[int], found: dict[int, orders.Order]) -> list[Refusal]:
    problems: list[Refusal] = []
    for index, order_id in enumerate(order_ids):
        order = found.get(order_id)
        if order is None:
            problems.append(OrderNotThere(f"order_ids[{index}]"))
        elif order.state is not orders.OrderState.AWAITING_PAYMENT:
            problems.append(
                NotAwaitingPayment(f"order_ids[{index}]", order=encode("order", order.id), state=str(order.state))
            )
    return problems


def _charges(found: Iterable[orders.Order], *, provider: str, method: str) -> dict[int, Charge]:
    """What to charge for each checkout; `payment_id` is given when it is opened."""
    by_checkout: dict[int, list[orders.Order]] = {}
    for order in found:
        by_checkout.setdefault(order.checkout_id, []).append(order)
    return {
        checkout: Charge(
            payment_id=0, provider=provider, method=method, amount=sum(order.total for order in together),
            currency=together[0].currency,
            shares=tuple(Share(order.id, order.merchant_id, order.total) for order in together),
        )
        for checkout, together in by_checkout.items()
    }  # fmt: skip


def _sort_out(
    found: Sequence[tuple[Payment, int]], wanted: dict[int, Charge]
) -> tuple[dict[int, Payment], list[Payment]]:
    """Which open attempts are what is being asked for again, and which have to make room."""
    covered: dict[int, set[int]] = {}
    for payment, order_id in found:
        covered.setdefault(payment.id, set()).add(order_id)
    kept: dict[int, Payment] = {}
    replaced: list[Payment] = []
    problems: list[Refusal] = []
    for payment in {payment.id: payment for payment, _ in found}.values():
        charge = wanted[payment.checkout_id]
        if payment.state is PaymentState.UNKNOWN and payment.provider == charge.provider:
            problems.append(
                OutcomeUnknown("provider", provider=payment.provider, payment=encode("payment", payment.id))
            )
        elif rules.is_same_attempt(payment, charge, orders=frozenset(covered[payment.id])):
            kept[payment.checkout_id] = payment
        else:
            replaced.append(payment)
    refuse_all(problems)
    return kept, replaced


async def _open(tx: Tx, new: dict[int, Charge]) -> dict[int, Payment]:
    if not new:
        return {}
    ids = dict(zip(new, tx.mint_many(len(new)), strict=True))
    rows = [(ids[checkout], checkout, rules.only_merchant(charge.shares), charge) for checkout, charge in new.items()]
    await store.add(tx, rows)
    await deadlines.schedule(
        tx, PAYMENT_CHECK, [deadlines.Due(i, merchant, tx.now + rules.next_check(0)) for i, _, merchant, _ in rows]
    )
    tx.announce(*(
        PaymentStarted(subject_id=i, merchant_id=merchant, order_id=rules.only_order(charge.shares), move=born(PAYMENT, i),
                       amount=charge.amount, currency=charge.currency, provider=charge.provider, method=charge.method)
        for i, _, merchant, charge in rows
    ))  # fmt: skip
    return {
        checkout: Payment(
            id=i, checkout_id=checkout, merchant_id=merchant, provider=charge.provider, method=charge.method,
            state=PAYMENT.initial, version=1, currency=charge.currency, amount=charge.amount, provider_ref=None,
            pay_url=None, failure=None, asks=0, started_at=tx.now, captured_at=None,
        )
        for i, checkout, merchant, charge in rows
    }  # fmt: skip
