"""What others may ask about payments."""

from collections.abc import Iterable
from datetime import datetime

from dingdan.areas import credit, methods
from dingdan.areas.payments import rules, store
from dingdan.areas.payments.model import Booked, Capture, Deposit, Payment, Sent, Tender
from dingdan.areas.payments.refusals import PaymentUnknown
from dingdan.plumbing.tx import Tx


async def get(tx: Tx, ids: Iterable[int]) -> dict[int, Payment]:
    """Payments that the actor may see; one for several merchants is the platform's."""
    return {i: payment for i, payment in (await store.get(tx, ids)).items() if _is_visible(tx, payment)}


async def get_one(tx: Tx, payment_id: int) -> Payment:
    """One payment. Raises PaymentUnknown."""
    found = await get(tx, [payment_id])
    if payment_id not in found:
        raise PaymentUnknown
    return found[payment_id]


async def of_orders(tx: Tx, order_ids: Iterable[int]) -> dict[int, list[Payment]]:
    """Every attempt to pay these orders, oldest first."""
    found: dict[int, list[Payment]] = {order_id: [] for order_id in order_ids}
    for payment, order_id in await store.of_orders(tx, found):
        found[order_id].append(payment)
    return found


async def lock_purses(tx: Tx, order_ids: Iterable[int]) -> None:
    """Let the purses that paid for locked orders stand still, before stock is locked: money may go back into them."""
    found = await store.of_orders(tx, order_ids)
    if purses := {payment.purse_id for payment, _ in found if payment.purse_id is not None}:
        await credit.lock(tx, purses)


async def orders_of(tx: Tx, payment_ids: Iterable[int]) -> dict[int, list[int]]:
    """The orders that each of these payments is for, lowest first."""
    return {i: [share.order_id for share in shares] for i, shares in (await store.shares(tx, payment_ids)).items()}


async def first_orders(tx: Tx, tenders: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """The order for which the money of each tender (order, payment) came in, however often it was carried over since."""
    return await store.first_orders(tx, tenders)


async def captured(tx: Tx, order_ids: Iterable[int]) -> dict[int, list[Tender]]:
    """What payments brought for these orders, oldest payment first; money that nobody owed is not among it."""
    found: dict[int, list[Tender]] = {order_id: [] for order_id in order_ids}
    for order_id, tender in await store.tenders(tx, found):
        found[order_id].append(tender)
    return found


async def deposits(tx: Tx, order_ids: Iterable[int]) -> dict[int, Deposit]:
    """How those of these orders that are paid in two parts are paid."""
    return await store.deposits(tx, order_ids)


async def excess(tx: Tx, capture_ids: Iterable[int]) -> list[Capture]:
    """Those captures that brought money nobody owed."""
    return [capture for capture in await store.captures(tx, capture_ids) if capture.kind == "excess"]


async def sent_back(tx: Tx, refund_ids: Iterable[int]) -> dict[int, list[Sent]]:
    """How each tender of these refunds stands on its way back."""
    found: dict[int, list[Sent]] = {refund_id: [] for refund_id in refund_ids}
    for sent in (await store.send_backs(tx, refund_ids=found)).values():
        found[sent.refund_id].append(sent)
    return found


async def booked_charges(tx: Tx, provider: str, refs: Iterable[str]) -> dict[str, Booked]:
    """What came in under these references of a provider, all orders together."""
    return {one.provider_ref: one for one in await store.booked_charges(tx, provider, list(refs))}


async def by_number(tx: Tx, provider: str, ids: Iterable[int]) -> dict[int, Payment]:
    """A provider's payments by our number, whoever's they are."""
    return {i: payment for i, payment in (await store.get(tx, ids)).items() if payment.provider == provider}


async def sent_back_by_number(tx: Tx, provider: str, ids: Iterable[int]) -> dict[int, Sent]:
    """Money that went back by a provider, by our number."""
    return {i: sent for i, sent in (await store.send_backs(tx, ids=list(ids))).items() if sent.provider == provider}


async def charged_between(
    tx: Tx, provider: str, since: datetime, until: datetime, *, after: int = 0, limit: int = 500
) -> list[Booked]:
    """What came in by a provider in a time, payments in rising order; go on behind the last one's id."""
    return await store.charged_between(tx, provider, since, until, after=after, limit=limit)


async def returned_between(
    tx: Tx, provider: str, since: datetime, until: datetime, *, after: int = 0, limit: int = 500
) -> list[Booked]:
    """What went back by a provider in a time, in rising order; go on behind the last one's id."""
    return await store.returned_between(tx, provider, since, until, after=after, limit=limit)


async def together(tx: Tx, payment: Payment) -> list[Payment]:
    """A payment and what is captured together with it, the provider's first."""
    if payment.together is None:
        return [payment]
    return sorted(await store.together(tx, [payment.together]), key=lambda one: (one.is_credit, one.id))


async def ways(tx: Tx, merchant_ids: Iterable[int]) -> dict[int, list[methods.Way]]:
    """The ways to pay these merchants, first choice first; see `method_problems` for what can be used when."""
    return await methods.offered(tx, merchant_ids, plugged=rules.plugged(sandbox=tx.sandbox))


async def save_way(tx: Tx, saved: methods.SaveWay) -> methods.Way:
    """Describe a way to pay that is plugged in. Raises everything that is wrong at once."""
    return await methods.save(tx, saved, plugged=rules.plugged(sandbox=tx.sandbox))


def _is_visible(tx: Tx, payment: Payment) -> bool:
    return tx.actor.merchant_id is None or tx.actor.merchant_id == payment.merchant_id
