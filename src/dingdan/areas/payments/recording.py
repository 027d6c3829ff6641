"""Money that was paid to a sales channel: it is there already, and the books follow."""

from collections.abc import Sequence
from typing import Any

from dingdan.areas import ledger, orders
from dingdan.areas.payments import rules, store
from dingdan.areas.payments.events import PaymentCaptured, PaymentStarted
from dingdan.areas.payments.lifecycle import PAYMENT
from dingdan.areas.payments.model import Capture, Charge, PaidElsewhere, Share
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx

METHOD = "elsewhere"


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
    await ledger.post(tx, [
        ledger.Posting(c.merchant_id, "capture", c.id, c.order_id, c.currency,
                       ((rules.clearing_account(c.provider), c.amount), ("buyer_funds", -c.amount)))
        for c in captures
    ])  # fmt: skip
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
