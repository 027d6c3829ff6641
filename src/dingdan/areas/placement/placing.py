"""The hot path: baskets in, orders out, many at once. One bad basket never hurts its neighbours."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from dingdan.areas import identity, inventory, orders
from dingdan.areas.placement import checking
from dingdan.areas.placement.checking import Ready
from dingdan.areas.placement.model import Basket, Placed
from dingdan.areas.placement.refusals import NotEnoughStock
from dingdan.kernel.refusal import Refusal, Refusals
from dingdan.plumbing.tx import Tx


async def place(tx: Tx, baskets: Sequence[Basket]) -> list[Placed | Refusal]:
    """Turn baskets into orders: a result for each, in their order; a refused basket leaves nothing behind.

    Amounts are computed here, stock is held in this transaction, and the pay-by clock starts.
    """
    results = await checking.check(tx, baskets)
    ready = [one for one in results if isinstance(one, Ready)]
    refused = await _claim_references(tx, ready)
    wants = [want for one in ready if one.order_id not in refused for want in _wants(tx, one)]
    reserved = await inventory.reserve(tx, wants)
    refused |= _short(ready, reserved.short)
    await orders.drop_references(tx, [named for named in _named(ready) if named[2] in refused])
    kept = [one for one in ready if one.order_id not in refused]
    await _record(tx, kept, reserved.warehouse_of)
    return [one if isinstance(one, Refusal) else refused.get(one.order_id) or _placed(tx, one) for one in results]


def _wants(tx: Tx, one: Ready) -> list[inventory.Want]:
    settings, holders = one.merchant.settings, []
    if settings.unpaid_units_per_buyer is not None:
        holders.append(inventory.holder(tx, "buyer", one.merchant.id, one.basket.buyer.ref,
                                        most=settings.unpaid_units_per_buyer))  # fmt: skip
    return [
        inventory.Want(one.order_id, line_no, one.basket.merchant_id, offer.product_id, item.quantity, one.places,
                       one.channel.id, settings.split_orders, offer.components, tuple(holders))
        for line_no, (item, offer) in enumerate(zip(one.basket.items, one.offers, strict=True), start=1)
    ]  # fmt: skip


async def _claim_references(tx: Tx, ready: Sequence[Ready]) -> dict[int, Refusal]:
    named = _named(ready)
    taken = await orders.claim_references(tx, named)
    references = {order_id: reference for _, reference, order_id in named}
    return {
        order_id: orders.ReferenceTaken("reference", reference=references[order_id], order=owner)
        for order_id, owner in taken.items()
    }


def _named(ready: Sequence[Ready]) -> list[tuple[int, str, int]]:
    """Those with a number of the shop: (merchant, reference, order)."""
    return [(one.basket.merchant_id, one.basket.reference, one.order_id) for one in ready if one.basket.reference]


def _short(ready: Sequence[Ready], shortages: Sequence[inventory.Shortage]) -> dict[int, Refusal]:
    by_order: dict[int, list[Refusal]] = {}
    skus = {(one.order_id, n): item.sku for one in ready for n, item in enumerate(one.basket.items, start=1)}
    for short in shortages:
        no = inventory.TooManyKept if short.why == "cap" else NotEnoughStock
        by_order.setdefault(short.order_id, []).append(
            no(f"lines[{short.line_no - 1}].quantity", sku=skus[short.order_id, short.line_no], wanted=short.wanted,
               free=short.free)
        )  # fmt: skip
    return {order_id: found[0] if len(found) == 1 else Refusals(found) for order_id, found in by_order.items()}


async def _record(tx: Tx, kept: Sequence[Ready], warehouse_of: Mapping[int, int]) -> None:
    known = await identity.remember_buyers(tx, [checking.person(one.basket) for one in kept]) if kept else []
    await orders.record(tx, [
        orders.NewOrder(
            id=one.order_id, merchant_id=one.basket.merchant_id, checkout_id=tx.mint(), channel_id=one.channel.id,
            warehouse_id=warehouse_of[one.order_id], buyer_id=who.buyer_id, contact_id=who.contact_id,
            currency=one.currency, goods=one.quote.goods, discount=one.quote.discount, freight=one.quote.freight,
            tax=one.quote.tax, total=one.quote.total, policy_id=one.policy.id, policy_hash=one.policy.hash,
            reference=one.basket.reference, pay_by=_pay_by(tx, one), lines=_lines(tx, one),
        )
        for one, who in zip(kept, known, strict=True)
    ]) if kept else None  # fmt: skip


def _lines(tx: Tx, one: Ready) -> list[orders.OrderLine]:
    return [
        orders.OrderLine(
            order_id=one.order_id, line_no=line_no, merchant_id=one.basket.merchant_id, product_id=offer.product_id,
            sku=offer.sku, title=offer.title, category=offer.category, flags=list(offer.flags),
            quantity=item.quantity, unit_price=priced.unit_price, goods=priced.goods, discount=priced.discount,
            tax=priced.tax, confirmed_text=item.confirmed, confirmed_at=tx.now if item.confirmed else None,
        )
        for line_no, (item, offer, priced) in enumerate(
            zip(one.basket.items, one.offers, one.quote.lines, strict=True), start=1
        )
    ]  # fmt: skip


def _pay_by(tx: Tx, one: Ready) -> datetime:
    return tx.now + timedelta(minutes=one.merchant.settings.pay_within_minutes)


def _placed(tx: Tx, one: Ready) -> Placed:
    return Placed(one.order_id, one.quote.total, one.currency, _pay_by(tx, one))
