"""When a trigger speaks: a picture of an order in, the numbers that made it speak out."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from dingdan.areas.review.model import (
    AddressCluster,
    BuyerRemark,
    CrossBorder,
    CustomMade,
    LargeAmount,
    LargeQuantity,
    NewAccount,
    Picture,
    Presale,
    PriceAnomaly,
    Trigger,
    Velocity,
)

Numbers = dict[str, int]

# What a picture has to hold before a trigger of this kind can speak; the others look at the order alone.
NEEDS: dict[type[Any], str] = {
    LargeQuantity: "stock",
    PriceAnomaly: "prices",
    LargeAmount: "habits",
    Velocity: "habits",
    NewAccount: "people",
    AddressCluster: "people",
    BuyerRemark: "remarks",
}


def needs(triggers: Iterable[Trigger]) -> frozenset[str]:
    """What has to be loaded for these triggers, besides orders and lines."""
    found = {NEEDS[type(one)] for one in triggers if type(one) in NEEDS and not _looks_at_the_order_alone(one)}
    return frozenset(found)


def _looks_at_the_order_alone(trigger: Trigger) -> bool:
    match trigger:
        case LargeAmount():
            return trigger.times_usual is None
        case LargeQuantity():
            return trigger.percent_of_stock is None
        case PriceAnomaly():
            return trigger.percent_of_usual is None
        case _:
            return False


def look(trigger: Trigger, seen: Picture) -> Numbers | None:
    """The numbers by which a trigger speaks about an order; None where it says nothing."""
    return _LOOKS[type(trigger)](trigger, seen)


def _flagged(flag: str) -> Callable[[Trigger, Picture], Numbers | None]:
    def look_at_flags(_: Trigger, seen: Picture) -> Numbers | None:
        lines = sum(1 for line in seen.lines if flag in line.flags)
        return {"lines": lines} if lines else None

    return look_at_flags


def _large_amount(rule: LargeAmount, seen: Picture) -> Numbers | None:
    limit = rule.at_least.get(seen.currency)
    if limit is not None and seen.total >= limit:
        return {"total": seen.total, "limit": limit}
    usual = seen.usual_total
    if rule.times_usual is None or usual is None or seen.earlier_orders < rule.earlier_orders:
        return None
    return {"total": seen.total, "usual": usual} if seen.total > rule.times_usual * usual else None


def _large_quantity(rule: LargeQuantity, seen: Picture) -> Numbers | None:
    units: Counter[str] = Counter()
    on_hand: dict[str, int] = {}
    for line in seen.lines:
        units[line.sku] += line.quantity
        if line.on_hand is not None:
            on_hand[line.sku] = line.on_hand
    for sku, quantity in units.items():
        if rule.more_than is not None and quantity > rule.more_than:
            return {"units": quantity, "limit": rule.more_than}
        share = rule.percent_of_stock
        if share is not None and sku in on_hand and quantity * 100 > share * on_hand[sku]:
            return {"units": quantity, "on_hand": on_hand[sku]}
    return None


def _price_anomaly(rule: PriceAnomaly, seen: Picture) -> Numbers | None:
    share = rule.percent_of_usual
    for line in seen.lines:
        if share is not None and line.usual_price is not None and line.unit_price * 100 < share * line.usual_price:
            return {"unit_price": line.unit_price, "usual": line.usual_price}
    if rule.discount_percent is not None and seen.discount * 100 > rule.discount_percent * seen.goods:
        return {"discount": seen.discount, "goods": seen.goods}
    return None


def _new_account(rule: NewAccount, seen: Picture) -> Numbers | None:
    limit = rule.at_least.get(seen.currency)
    if seen.buyer_since is None or limit is None or seen.total < limit:
        return None
    age = seen.placed_at - seen.buyer_since
    if age >= timedelta(hours=rule.younger_than_hours):
        return None
    return {"hours_known": max(0, age // timedelta(hours=1)), "total": seen.total}


def _address_cluster(rule: AddressCluster, seen: Picture) -> Numbers | None:
    for where, others in (("at_address", seen.at_address), ("on_device", seen.at_device)):
        buyers = 1 + _since(others, seen.placed_at, timedelta(hours=rule.within_hours))
        if buyers >= rule.buyers:
            return {where: buyers}
    return None


def _velocity(rule: Velocity, seen: Picture) -> Numbers | None:
    orders = 1 + _since(seen.recent_orders, seen.placed_at, timedelta(minutes=rule.within_minutes))
    return {"orders": orders} if orders >= rule.orders else None


def _buyer_remark(_: BuyerRemark, seen: Picture) -> Numbers | None:
    return {} if seen.has_remark else None


def _since(moments: Iterable[datetime], end: datetime, span: timedelta) -> int:
    return sum(1 for moment in moments if end - span <= moment <= end)


_LOOKS: dict[type[Any], Callable[[Any, Picture], Numbers | None]] = {
    Presale: _flagged("presale"),
    CustomMade: _flagged("custom_made"),
    CrossBorder: _flagged("cross_border"),
    LargeAmount: _large_amount,
    LargeQuantity: _large_quantity,
    PriceAnomaly: _price_anomaly,
    NewAccount: _new_account,
    AddressCluster: _address_cluster,
    Velocity: _velocity,
    BuyerRemark: _buyer_remark,
}
