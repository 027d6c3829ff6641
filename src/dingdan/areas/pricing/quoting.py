"""Prices in, explained quote out. Pure: the quote and the placed order come from the same lines of code."""

from collections.abc import Sequence

from dingdan.areas.pricing.model import FreightRule, PricedLine, Quote
from dingdan.areas.pricing.shipping_fees import fee


def quote(wanted: Sequence[tuple[int, int]], freight: FreightRule) -> Quote:
    """Price lines of (unit price in minor units, quantity); prices include tax."""
    lines = tuple(PricedLine(price, quantity, price * quantity, 0, 0) for price, quantity in wanted)
    goods = sum(line.goods for line in lines)
    discount = sum(line.discount for line in lines)
    tax = sum(line.tax for line in lines)
    charged = fee(freight, goods - discount)
    return Quote(lines, goods, discount, charged, tax, goods - discount + charged + tax)
