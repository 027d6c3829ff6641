"""What is sent instead: an order of its own that costs nothing, so that it is held, picked, tracked and returned like any."""

from collections.abc import Mapping
from typing import Any

import msgspec

from dingdan.areas import catalog, identity, inventory, orders
from dingdan.areas.cases import store
from dingdan.areas.cases.model import Remedy
from dingdan.areas.cases.refusals import NothingToSend
from dingdan.kernel.refusal import refuse_all
from dingdan.plumbing.tx import Tx


class Sent(msgspec.Struct, frozen=True):
    """The order that goes out instead, and by how much what it holds is cheaper: {replaced line: minor units}."""

    order_id: int
    cheaper: Mapping[int, int]


async def send(tx: Tx, order: orders.Order, remedy: Remedy) -> Sent:
    """Take the goods and write an order of them, paid and without a price, to whoever receives the first one.

    Raises NothingToSend, or catalog.ProductUnknown for what is sold no more.
    """
    wanted: list[dict[str, Any]] = remedy.terms["lines"]
    sold = {line.line_no: line for line in (await orders.lines(tx, [order.id]))[order.id]}
    offers = await _offers(tx, order, wanted, sold)
    order_id, checkout_id = tx.mint_many(2)
    channels = {one.id: one for one in await inventory.channels_of(tx, order.merchant_id)}
    places = channels[order.channel_id].served_from if order.channel_id in channels else (order.warehouse_id,)
    reserved = await inventory.reserve(tx, [
        inventory.Want(order_id, n, order.merchant_id, offer.product_id, one["quantity"],
                       tuple(dict.fromkeys((order.warehouse_id, *places))), order.channel_id, True, offer.components)
        for n, (one, offer) in enumerate(zip(wanted, offers, strict=True), start=1)
    ])  # fmt: skip
    refuse_all([
        NothingToSend(f"lines[{one.line_no - 1}]", sku=offers[one.line_no - 1].sku, free=one.free)
        for one in reserved.short
    ])  # fmt: skip
    await orders.record(tx, [
        orders.NewOrder(
            id=order_id, merchant_id=order.merchant_id, checkout_id=checkout_id, channel_id=order.channel_id,
            warehouse_id=reserved.warehouse_of[order_id], buyer_id=order.buyer_id,
            contact_id=await identity.copy(tx, order.contact_id),
            currency=order.currency, goods=0, discount=0, freight=0, tax=0, total=0, policy_id=order.policy_id,
            policy_hash=order.policy_hash, reference=None, pay_by=tx.now,
            lines=[_line(order_id, n, order, offer, one["quantity"])
                   for n, (one, offer) in enumerate(zip(wanted, offers, strict=True), start=1)],
        )
    ])  # fmt: skip
    await orders.mark_paid(tx, [order_id])
    await store.add_replacements(tx, [
        (order_id, n, order.merchant_id, remedy.id, order.id, one["line_no"], one["quantity"])
        for n, one in enumerate(wanted, start=1)
    ])  # fmt: skip
    return Sent(order_id, _cheaper(order, remedy, offers))


async def not_there(tx: Tx, order: orders.Order, units: Mapping[int, int]) -> set[int]:
    """The lines of which so many units {line: units} could not be sent again: sold no more, or not enough on the shelf."""
    sold = {line.line_no: line for line in (await orders.lines(tx, [order.id]))[order.id]}
    offers = await catalog.by_ids(tx, [sold[no].product_id for no in units])
    known = {i: (one.merchant_id, one.components) for i, one in offers.items()}
    free = await inventory.sellable(tx, known) if known else {}
    return {
        no for no, wanted in units.items()
        if free.get((order.merchant_id, order.channel_id, sold[no].product_id), 0) < wanted
    }  # fmt: skip


async def _offers(
    tx: Tx, order: orders.Order, wanted: list[dict[str, Any]], sold: Mapping[int, orders.OrderLine]
) -> list[catalog.Offer]:
    """What is sent for each line: the same product, or what was agreed on."""
    by_sku = await catalog.offers(tx, [(order.merchant_id, one["sku"]) for one in wanted if one.get("sku")])
    by_id = await catalog.by_ids(tx, [sold[one["line_no"]].product_id for one in wanted])
    found = [
        by_sku.get((order.merchant_id, one["sku"])) if one.get("sku") else by_id.get(sold[one["line_no"]].product_id)
        for one in wanted
    ]
    refuse_all([
        catalog.ProductUnknown(f"lines[{n}].sku", sku=wanted[n].get("sku") or sold[wanted[n]["line_no"]].sku)
        for n, offer in enumerate(found) if offer is None
    ])  # fmt: skip
    return [offer for offer in found if offer is not None]


def _line(order_id: int, n: int, order: orders.Order, offer: catalog.Offer, quantity: int) -> orders.OrderLine:
    return orders.OrderLine(
        order_id=order_id, line_no=n, merchant_id=order.merchant_id, product_id=offer.product_id, sku=offer.sku,
        title=offer.title, category=offer.category, flags=list(offer.flags), quantity=quantity, unit_price=0, goods=0,
        discount=0, tax=0, confirmed_text=None, confirmed_at=None,
    )  # fmt: skip


def _cheaper(order: orders.Order, remedy: Remedy, offers: list[catalog.Offer]) -> dict[int, int]:
    """By how much what is sent instead costs less; the same product again costs the same."""
    spent = [
        offer.prices[order.currency] * one["quantity"]
        for one, offer in zip(remedy.terms["lines"], offers, strict=True) if one.get("sku")
    ]  # fmt: skip
    if not spent:
        return {}
    return {remedy.terms["lines"][0]["line_no"]: remedy.amount - sum(spent)}
