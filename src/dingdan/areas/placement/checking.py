"""Load all that a batch of baskets needs, once, and decide which are sound."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from dingdan.areas import catalog, identity, inventory, merchants, policies, pricing
from dingdan.areas.placement import rules
from dingdan.areas.placement.model import Basket
from dingdan.areas.placement.refusals import AmountTooLarge, MerchantClosed, PolicyMissing, PriceChanged
from dingdan.kernel.money import MAX_AMOUNT, decimal_string
from dingdan.kernel.refusal import Refusal, Refusals
from dingdan.plumbing.tx import Tx


class Ready(msgspec.Struct, frozen=True):
    """A sound basket with all that was looked up for it; only stock is still to be held."""

    order_id: int
    basket: Basket
    merchant: merchants.Merchant
    channel: inventory.Channel
    policy: policies.Policy
    currency: str
    offers: tuple[catalog.Offer, ...]
    quote: pricing.Quote
    # Warehouses that may serve it, nearest first.
    places: tuple[int, ...]


class Loaded(msgspec.Struct, frozen=True):
    """What the whole batch needs, one query each."""

    merchants: dict[int, merchants.Merchant]
    channels: dict[tuple[int, str], inventory.Channel]
    offers: dict[tuple[int, str], catalog.Offer]
    policies: dict[tuple[int, str], policies.Policy]
    warehouses: dict[int, inventory.Warehouse]


async def check(tx: Tx, baskets: Sequence[Basket]) -> list[Ready | Refusal]:
    """A verdict on each basket; nothing is written."""
    loaded = await _load(tx, baskets)
    order_ids = tx.mint_many(len(baskets))
    return [_verdict(order_id, basket, loaded, tx.now) for order_id, basket in zip(order_ids, baskets, strict=True)]


async def _load(tx: Tx, baskets: Sequence[Basket]) -> Loaded:
    found = await merchants.by_ids(tx, {b.merchant_id for b in baskets if tx.actor.reaches(b.merchant_id)})
    channels = await inventory.channels(tx, sorted({(b.merchant_id, b.channel) for b in baskets}))
    many = {place for channel in channels.values() if channel.warehouse_ids for place in channel.served_from}
    return Loaded(
        found,
        channels,
        await catalog.offers(tx, sorted({(b.merchant_id, item.sku) for b in baskets for item in b.items})),
        await policies.in_force(tx, sorted({(m.id, m.policy) for m in found.values()}), tx.now),
        await inventory.warehouses(tx, many) if many else {},
    )


def _verdict(order_id: int, basket: Basket, loaded: Loaded, now: datetime) -> Ready | Refusal:
    merchant = loaded.merchants.get(basket.merchant_id)
    if merchant is None or not merchant.active:
        return MerchantClosed("merchant")
    channel = loaded.channels.get((merchant.id, basket.channel))
    if channel is None:
        return inventory.ChannelUnknown("channel", code=basket.channel)
    currency = basket.currency or channel.currency
    problems = rules.problems_of(basket, loaded.offers, currency)
    problems += [_in_basket(problem) for problem in identity.problems_of_people([person(basket)])]
    policy = loaded.policies.get((merchant.id, merchant.policy))
    if policy is not None:
        problems += rules.unfit_confirmations(basket, loaded.offers, policy.document)
    if not channel.active:
        problems.append(inventory.ChannelClosed("channel", code=channel.code))
    if policy is None:
        problems.append(PolicyMissing("merchant", policy=merchant.policy))
    if problems or policy is None:
        return problems[0] if len(problems) == 1 else Refusals(problems)
    offers = tuple(loaded.offers[merchant.id, item.sku] for item in basket.items)
    quote = pricing.quote(_ask(basket, merchant, currency, offers, now))
    if quote.total > MAX_AMOUNT:
        return AmountTooLarge("lines")
    if basket.expected_total is not None and basket.expected_total != quote.total:
        return PriceChanged("expected_total", total=decimal_string(quote.total, currency), currency=currency,
                            expected=decimal_string(basket.expected_total, currency))  # fmt: skip
    return Ready(order_id, basket, merchant, channel, policy, currency, offers, quote, _places(basket, channel, loaded))


def _places(basket: Basket, channel: inventory.Channel, loaded: Loaded) -> tuple[int, ...]:
    """The warehouses that may serve a basket; where only one does, nothing is measured."""
    if not channel.warehouse_ids:
        return channel.served_from
    places = [loaded.warehouses[place] for place in channel.served_from if place in loaded.warehouses]
    return inventory.nearest(places, basket.ship_to) or channel.served_from


def _ask(
    basket: Basket, merchant: merchants.Merchant, currency: str, offers: Sequence[catalog.Offer], now: datetime
) -> pricing.Ask:
    items = tuple(
        pricing.Item(line_no, offer.sku, offer.product_id, offer.category, offer.flags, offer.prices[currency],
                     item.quantity)
        for line_no, (offer, item) in enumerate(zip(offers, basket.items, strict=True), start=1)
    )  # fmt: skip
    return pricing.Ask(
        merchant_id=merchant.id, channel=basket.channel, currency=currency, items=items, now=now,
        country=basket.ship_to.country,
        freight=pricing.FreightRule(merchant.settings.freight, merchant.settings.free_freight_from),
    )  # fmt: skip


def person(basket: Basket) -> identity.Person:
    """Who the order is for, as it is kept."""
    buyer, ship_to = basket.buyer, basket.ship_to
    return identity.Person(merchant_id=basket.merchant_id, ref=buyer.ref, name=buyer.name or ship_to.name,
                           phone=buyer.phone or ship_to.phone, email=buyer.email, address=ship_to,
                           remark=basket.remark or "", language=buyer.language)  # fmt: skip


def _in_basket(problem: Refusal) -> Refusal:
    """The same problem with its path as the request has it."""
    path = problem.path.removeprefix("[0].")
    path = path.replace("address.", "ship_to.") if path.startswith("address.") else f"buyer.{path}"
    return type(problem)(path, **problem.params)
