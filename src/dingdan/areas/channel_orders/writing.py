"""Our order for an order made elsewhere: with the channel's amounts, the policy bound, and stock if there is any."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import msgspec

from dingdan.areas import catalog, identity, inventory, merchants, orders, policies
from dingdan.areas.channel_orders import store
from dingdan.areas.channel_orders.model import ChannelOrder, Finding, ProblemKind
from dingdan.areas.channel_orders.rules.agreeing import Agreed, agreed
from dingdan.plumbing.tx import Tx

# An unpaid order is the channel's to call off; this is only so that none waits for ever.
UNPAID_FOR = timedelta(days=365)


class Ready(msgspec.Struct, frozen=True, kw_only=True):
    """An order that can be written."""

    order_id: int
    source: ChannelOrder
    merchant: merchants.Merchant
    channel: inventory.Channel
    policy: policies.Policy
    offers: tuple[catalog.Offer, ...]
    money: Agreed


async def write(tx: Tx, sources: Sequence[ChannelOrder]) -> dict[int, list[Finding]]:
    """Write our orders for those that have none, where every SKU is known; says why the others could not be."""
    if not sources:
        return {}
    ready, findings = await _judge(tx, sources)
    if ready:
        places = await _reserve(tx, ready)
        await orders.record(tx, [_new(tx, one, places[one.order_id]) for one in ready])
        await store.set_written(tx, {one.source.id: one.order_id for one in ready})
    return findings


async def _judge(tx: Tx, sources: Sequence[ChannelOrder]) -> tuple[list[Ready], dict[int, list[Finding]]]:
    owners = await merchants.by_ids(tx, {source.merchant_id for source in sources})
    channels = {c.id: c for m in owners for c in await inventory.channels_of(tx, m)}
    offers = await _offers(tx, sources)
    bound = await policies.for_buyers(tx, sorted({(m.id, m.policy) for m in owners.values()}), tx.now)
    where = await _countries(tx, sources) if any(one.document.regions for one in bound.values()) else {}
    ready, findings = [], {}
    for order_id, source in zip(tx.mint_many(len(sources)), sources, strict=True):
        owner = owners[source.merchant_id]
        policy = policies.for_country(bound, owner.id, owner.policy, where.get(source.id, ""))
        unknown = sorted({line.sku for line in source.deal.lines if (source.id, line.sku) not in offers})
        # Of what was called off before it could be written there is nothing left to do.
        if unknown:
            findings[source.id] = (
                [Finding(ProblemKind.UNKNOWN_SKU, {"skus": unknown})] if not source.cancelled_at else []
            )
        elif policy is None:
            findings[source.id] = [Finding(ProblemKind.NO_POLICY, {"policy": owner.policy})]
        else:
            ready.append(Ready(
                order_id=order_id, source=source, merchant=owner, channel=channels[source.channel_id], policy=policy,
                offers=tuple(offers[source.id, line.sku] for line in source.deal.lines), money=agreed(source.deal),
            ))  # fmt: skip
    return ready, findings


async def _countries(tx: Tx, sources: Sequence[ChannelOrder]) -> dict[int, str]:
    """Where the buyers of these orders are."""
    found = await identity.countries(tx, {one.contact_id for one in sources if one.contact_id is not None})
    return {one.id: found.get(one.contact_id or 0, "") for one in sources}


async def _offers(tx: Tx, sources: Sequence[ChannelOrder]) -> dict[tuple[int, str], catalog.Offer]:
    """Our products by (channel's order, its SKU): what the map says, else the same word."""
    words = {line.sku for source in sources for line in source.deal.lines}
    mapped = await store.skus(tx, {source.channel_id for source in sources}, words)
    ours = {
        (source.id, line.sku): (source.merchant_id, mapped.get((source.channel_id, line.sku), line.sku))
        for source in sources for line in source.deal.lines
    }  # fmt: skip
    found = await catalog.offers(tx, sorted(set(ours.values())))
    return {key: found[wanted] for key, wanted in ours.items() if wanted in found}


async def _reserve(tx: Tx, ready: Sequence[Ready]) -> Mapping[int, int]:
    """Hold stock where it is there; the others wait for it, and what was called off holds none."""
    going = [want for one in ready if one.source.cancelled_at is None for want in _wants(one)]
    reserved = await inventory.reserve(tx, going) if going else inventory.Reserved([], {})
    rest = [want for one in ready if one.order_id not in reserved.warehouse_of for want in _wants(one)]
    waiting = await inventory.await_stock(tx, rest) if rest else {}
    return {**waiting, **reserved.warehouse_of}


def _wants(one: Ready) -> list[inventory.Want]:
    return [
        inventory.Want(one.order_id, line_no, one.source.merchant_id, offer.product_id, line.quantity,
                       one.channel.served_from, one.channel.id, one.merchant.settings.split_orders, offer.components)
        for line_no, (line, offer) in enumerate(zip(one.source.deal.lines, one.offers, strict=True), start=1)
    ]  # fmt: skip


def _new(tx: Tx, one: Ready, warehouse_id: int) -> orders.NewOrder:
    source = one.source
    assert source.buyer_id is not None, "people are kept before orders"
    assert source.contact_id is not None, "people are kept before orders"
    return orders.NewOrder(
        id=one.order_id, merchant_id=source.merchant_id, checkout_id=tx.mint(), channel_id=source.channel_id,
        warehouse_id=warehouse_id, buyer_id=source.buyer_id, contact_id=source.contact_id, currency=source.currency,
        goods=one.money.goods, discount=one.money.discount, freight=one.money.freight, tax=one.money.tax,
        total=one.money.total, policy_id=one.policy.id, policy_hash=one.policy.hash, reference=None,
        pay_by=tx.now + UNPAID_FOR, lines=_lines(one),
    )  # fmt: skip


def _lines(one: Ready) -> list[orders.OrderLine]:
    return [
        orders.OrderLine(
            order_id=one.order_id, line_no=line_no, merchant_id=one.source.merchant_id, product_id=offer.product_id,
            sku=offer.sku, title=offer.title, category=offer.category, flags=list(offer.flags),
            quantity=line.quantity, unit_price=line.unit_price, goods=money.goods, discount=money.discount,
            tax=money.tax, confirmed_text=None, confirmed_at=None,
        )
        for line_no, (line, offer, money) in enumerate(
            zip(one.source.deal.lines, one.offers, one.money.lines, strict=True), start=1
        )
    ]  # fmt: skip
