"""Opening attempts to be paid. Nothing calls out here: the intention is written down, a job or a door makes the call."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from dingdan.areas import credit, identity, inventory, methods, orders
from dingdan.areas.payments import booking, reading, rules, store, voiding
from dingdan.areas.payments.events import PaymentStarted
from dingdan.areas.payments.lifecycle import PAYMENT, PaymentState
from dingdan.areas.payments.model import Charge, CreditTender, Deposit, Payment, Share
from dingdan.areas.payments.promises import PAYMENT_CHECK
from dingdan.areas.payments.refusals import (
    BalanceNotOpen,
    CreditDoesNotFit,
    MethodUnknown,
    NotAwaitingPayment,
    NothingDue,
    OrderNotThere,
    OutcomeUnknown,
    ProviderUnknown,
)
from dingdan.kernel.ids import encode
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.kernel.times import iso
from dingdan.plumbing import deadlines
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx

# An attempt to pay one checkout: the provider's charge first, if there is one, then credit.
Attempt = list[Charge]


class Purses(msgspec.Struct, frozen=True):
    """What a buyer wants to pay with of their credit, and what of it can be spent on which merchant."""

    wanted: tuple[tuple[int, CreditTender], ...] = ()
    known: Mapping[int, credit.Purse] = {}
    free: Mapping[int, int] = {}


async def start(
    tx: Tx,
    order_ids: Sequence[int],
    *,
    provider: str | None,
    method: str = "",
    tenders: Sequence[CreditTender] = (),
    patch_at: str = "",
) -> list[Payment]:
    """Open one attempt for each checkout that these orders belong to, over exactly what they owe.

    Credit pays first and the provider the rest; credit alone pays at once. One attempt is open at a time. The same
    one asked for again is given back; another method or other orders close the older attempt, and the provider is
    told. While the outcome of one is unknown, the same provider is not tried again. Gives the provider's payment of
    each attempt, or the first one of credit.
    Raises ProviderUnknown, MethodUnknown, OrderNotThere, NotAwaitingPayment, NothingDue, OutcomeUnknown,
    CreditDoesNotFit, credit.NotEnoughCredit, credit.CardUnusable, or what stands against the method (with the ways
    that can be used; `patch_at` is the JSON pointer of the provider's tender in the request).
    """
    if provider is not None:
        _check_method(tx, provider, method)
    found = await orders.lock(tx, order_ids)
    deposits = await store.deposits(tx, found)
    refuse_all(_problems(tx, order_ids, found, deposits))
    carried = await store.carried(tx, found)
    dues = {i: rules.due_of(order, deposits.get(i)) - carried.get(i, 0) for i, order in found.items()}
    refuse_all([NothingDue("order_ids") for due in _totals(found.values(), dues).values() if due == 0])
    opened = await store.of_orders(tx, found, only_open=True)
    purses = await _load_purses(tx, found.values(), tenders, opened)
    wanted = _attempts(found.values(), dues, purses, provider=provider, method=method)
    await _check_ways(tx, found, wanted, patch_at=patch_at)
    kept, replaced = _sort_out(opened, wanted)
    await voiding.close(tx, replaced)
    started = await _open(tx, {checkout: attempt for checkout, attempt in wanted.items() if checkout not in kept})
    return [kept.get(checkout) or started[checkout] for checkout in wanted]


def _check_method(tx: Tx, provider: str, method: str) -> None:
    methods = rules.methods(sandbox=tx.sandbox)
    if provider not in methods:
        raise ProviderUnknown("provider", provider=provider, known=", ".join(methods) or "-")
    if method not in methods[provider]:
        known = ", ".join(methods[provider])
        raise MethodUnknown("method", provider=provider, method=method, known=known)


async def _check_ways(
    tx: Tx, found: Mapping[int, orders.Order], wanted: Mapping[int, Attempt], *, patch_at: str
) -> None:
    """Every way that is to be used must be open, for each merchant that is paid and for the whole amount."""
    merchant_ids = {order.merchant_id for order in found.values()}
    ways = await reading.ways(tx, merchant_ids)
    known = [way for each in ways.values() for way in each]
    countries = await _countries(tx, found.values()) if any(way.countries for way in known) else {}
    channels = await _channels(tx, merchant_ids) if any(way.channels for way in known) else {}
    problems = []
    for charge in (charge for attempt in wanted.values() for charge in attempt):
        for share in charge.shares:
            order = found[share.order_id]
            asked = methods.Wanted(
                currency=charge.currency, amount=charge.amount, country=countries.get(order.contact_id, ""),
                channel=channels.get(order.channel_id, ""),
            )  # fmt: skip
            problems += methods.problems(asked, (charge.provider, charge.method), ways[order.merchant_id], now=tx.now,
                                         path="method", patch_at=patch_at)  # fmt: skip
    refuse_all(list({(type(no), str(no.params)): no for no in problems}.values()))


async def _countries(tx: Tx, found: Iterable[orders.Order]) -> dict[int, str]:
    contacts = await identity.contacts(tx, {order.contact_id for order in found})
    return {i: contact.country for i, contact in contacts.items()}


async def _channels(tx: Tx, merchant_ids: Iterable[int]) -> dict[int, str]:
    return {channel.id: channel.code for i in merchant_ids for channel in await inventory.channels_of(tx, i)}


def _problems(
    tx: Tx, order_ids: Sequence[int], found: Mapping[int, orders.Order], deposits: Mapping[int, Deposit]
) -> list[Refusal]:
    problems: list[Refusal] = []
    for index, order_id in enumerate(order_ids):
        order, deposit = found.get(order_id), deposits.get(order_id)
        if order is None:
            problems.append(OrderNotThere(f"order_ids[{index}]"))
        elif order.state is not orders.OrderState.AWAITING_PAYMENT:
            problems.append(
                NotAwaitingPayment(f"order_ids[{index}]", order=encode("order", order.id), state=str(order.state))
            )
        elif deposit is not None and deposit.paid_at is not None and tx.now < deposit.balance_from:
            problems.append(
                BalanceNotOpen(f"order_ids[{index}]", order=encode("order", order.id), opens=iso(deposit.balance_from))
            )
    return problems


def _totals(found: Iterable[orders.Order], dues: Mapping[int, int]) -> dict[int, int]:
    """What each checkout owes for these orders."""
    totals: dict[int, int] = {}
    for order in found:
        totals[order.checkout_id] = totals.get(order.checkout_id, 0) + dues[order.id]
    return totals


async def _load_purses(
    tx: Tx,
    found: Iterable[orders.Order],
    tenders: Sequence[CreditTender],
    opened: Sequence[tuple[Payment, int]],
) -> Purses:
    """The purses that tenders mean; what an attempt that is open keeps of them counts as free for its successor."""
    if not tenders:
        return Purses()
    buyers = {order.buyer_id: order.currency for order in found}
    balances = await credit.of_buyers(tx, buyers)
    own = [
        p for i, each in balances.items() for p in each if p.kind == credit.PurseKind.BALANCE and p.unit == buyers[i]
    ]
    named = await credit.get(tx, {t.purse_id for t in tenders if t.purse_id is not None})
    refuse_all(
        [
            credit.CardUnusable(f"tenders[{index}]")
            for index, tender in enumerate(tenders)
            if tender.purse_id is not None
            and (tender.purse_id not in named or named[tender.purse_id].kind is not credit.PurseKind.CARD)
        ]
    )
    known = {purse.id: purse for purse in own} | named
    kept: dict[int, int] = {}
    for payment in {payment.id: payment for payment, _ in opened if payment.is_credit}.values():
        kept[payment.purse_id or 0] = kept.get(payment.purse_id or 0, 0) + payment.amount
    return Purses(
        wanted=tuple(enumerate(tenders)),
        known=known,
        free={i: purse.available + kept.get(i, 0) for i, purse in known.items()},
    )


def _attempts(
    found: Iterable[orders.Order], dues: Mapping[int, int], purses: Purses, *, provider: str | None, method: str
) -> dict[int, Attempt]:
    """What to charge for each checkout; `payment_id` is given when it is opened. Raises CreditDoesNotFit."""
    by_checkout: dict[int, list[orders.Order]] = {}
    for order in found:
        by_checkout.setdefault(order.checkout_id, []).append(order)
    assert not purses.wanted or len(by_checkout) == 1, "credit pays one checkout at a time"
    return {
        checkout: _attempt(together, dues, purses, provider=provider, method=method)
        for checkout, together in by_checkout.items()
    }


def _attempt(
    together: Sequence[orders.Order], due: Mapping[int, int], purses: Purses, *, provider: str | None, method: str
) -> Attempt:
    dues = tuple(Share(order.id, order.merchant_id, due[order.id]) for order in together)
    currency = together[0].currency
    wishes = [
        rules.Wish(index, i, purses.known[i].merchant_id, tender.amount, purses.free[i])
        for index, tender in purses.wanted
        for i in ([tender.purse_id] if tender.purse_id is not None else sorted(purses.known))
        if purses.known[i].unit == currency and (tender.purse_id is not None or purses.known[i].buyer_id is not None)
    ]
    spread = rules.spread(dues, wishes)
    refuse_all(
        [
            problem
            for index, tender in purses.wanted
            for problem in _lacking(index, tender, wishes, spread.of_tenders.get(index, 0), currency=currency)
        ]
    )
    rest = sum(share.amount for share in spread.rest)
    if (rest > 0) != (provider is not None):
        raise CreditDoesNotFit("tenders", over=rest, currency=currency)
    charges = [
        Charge(payment_id=0, provider=rules.CREDIT, method=str(purses.known[i].kind), currency=currency, purse_id=i,
               amount=sum(share.amount for share in shares), shares=shares)
        for i, shares in spread.of_purses.items()
    ]  # fmt: skip
    if provider is None:
        return charges
    return [Charge(payment_id=0, provider=provider, method=method, amount=rest, currency=currency, shares=spread.rest),
            *charges]  # fmt: skip


def _lacking(
    index: int, tender: CreditTender, wishes: Sequence[rules.Wish], came: int, *, currency: str
) -> list[Refusal]:
    """Why a tender did not come to what it named: too little is there, or too little is due."""
    if tender.amount is None or tender.amount == came:
        return []
    there = sum(wish.free for wish in wishes if wish.tender == index)
    path = f"tenders[{index}].amount"
    if there < tender.amount:
        kind = str(credit.PurseKind.CARD if tender.purse_id is not None else credit.PurseKind.BALANCE)
        return [credit.NotEnoughCredit(path, kind=kind, unit=currency, asked=tender.amount, available=there)]
    return [CreditDoesNotFit(path, over=tender.amount - came, currency=currency)]


def _sort_out(
    found: Sequence[tuple[Payment, int]], wanted: Mapping[int, Attempt]
) -> tuple[dict[int, Payment], list[Payment]]:
    """Which open attempts are what is being asked for again, and which have to make room."""
    covered: dict[int, set[int]] = {}
    for payment, order_id in found:
        covered.setdefault(payment.id, set()).add(order_id)
    attempts: dict[int, list[Payment]] = {}
    for payment in {payment.id: payment for payment, _ in found}.values():
        attempts.setdefault(payment.together or payment.id, []).append(payment)
    kept: dict[int, Payment] = {}
    replaced: list[Payment] = []
    problems: list[Refusal] = []
    for attempt in attempts.values():
        asked = wanted[attempt[0].checkout_id]
        lost = [p for p in attempt if p.state is PaymentState.UNKNOWN and p.provider == asked[0].provider]
        if lost:
            problems.append(
                OutcomeUnknown("provider", provider=lost[0].provider, payment=encode("payment", lost[0].id))
            )
        elif rules.is_same_attempt(attempt, asked, orders=covered):
            kept[attempt[0].checkout_id] = next((p for p in attempt if not p.is_credit), attempt[0])
        else:
            replaced += attempt
    refuse_all(problems)
    return kept, replaced


async def _open(tx: Tx, new: Mapping[int, Attempt]) -> dict[int, Payment]:
    """Write attempts down, keep the credit that they want, and capture those that want nothing else."""
    if not new:
        return {}
    payments, shares = _drafts(tx, new)
    await store.add(tx, [
        (p.id, p.checkout_id, p.merchant_id, p.together,
         Charge(payment_id=p.id, provider=p.provider, method=p.method, amount=p.amount, currency=p.currency,
                shares=shares[p.id], purse_id=p.purse_id))
        for p in payments
    ])  # fmt: skip
    refused = await credit.hold(tx, [
        credit.Hold(order_id=share.order_id, merchant_id=share.merchant_id, amount=share.amount, purse_id=payment.purse_id,
                    payment_id=payment.id)
        for payment in payments if payment.is_credit for share in shares[payment.id]
    ])  # fmt: skip
    refuse_all(list({type(no): no for no in refused.values()}.values()))
    due_at = tx.now + rules.next_check(0)
    await deadlines.schedule(
        tx, PAYMENT_CHECK, [deadlines.Due(p.id, p.merchant_id, due_at) for p in payments if not p.is_credit]
    )
    tx.announce(*(
        PaymentStarted(subject_id=p.id, merchant_id=p.merchant_id, order_id=rules.only_order(shares[p.id]),
                       move=born(PAYMENT, p.id), amount=p.amount, currency=p.currency, provider=p.provider, method=p.method)
        for p in payments
    ))  # fmt: skip
    leading: dict[int, Payment] = {}
    for payment in payments:
        leading.setdefault(payment.checkout_id, payment)
    alone = [payment for payment in payments if leading[payment.checkout_id].is_credit]
    if alone:
        await booking.capture_credit(tx, alone, shares)
    return leading


def _drafts(tx: Tx, new: Mapping[int, Attempt]) -> tuple[list[Payment], dict[int, tuple[Share, ...]]]:
    payments, shares = [], {}
    for checkout, attempt in new.items():
        ids = tx.mint_many(len(attempt))
        for i, charge in zip(ids, attempt, strict=True):
            shares[i] = charge.shares
            payments.append(Payment(
                id=i, checkout_id=checkout, merchant_id=rules.only_merchant(charge.shares), provider=charge.provider,
                method=charge.method, state=PAYMENT.initial, version=1, currency=charge.currency, amount=charge.amount,
                provider_ref=None, pay_url=None, failure=None, asks=0, started_at=tx.now, captured_at=None,
                together=ids[0] if len(ids) > 1 else None, purse_id=charge.purse_id,
            ))  # fmt: skip
    return payments, shares
