"""Which rate a line has, and what it comes to: on top of the price, or in it already."""

from collections.abc import Sequence

from dingdan.areas.pricing.model import Ask, Item, TaxRate
from dingdan.areas.pricing.rules.scoping import is_within
from dingdan.kernel.money import percent

FLAG = "cross_border"


def rate_for(ask: Ask, item: Item, rates: Sequence[TaxRate]) -> TaxRate | None:
    """The rate that fits best: cross-border goods have their own; then the longest region, country and category."""
    fitting = [
        one
        for one in rates
        if (not one.cross_border or FLAG in item.flags)
        and one.country in ("", ask.country)
        and ask.region.startswith(one.region)
        and (not one.category or is_within(item.category, one.category))
    ]
    best = max(fitting, key=_fit, default=None)
    return best if best is not None and best.rate else None


def _fit(rate: TaxRate) -> tuple[bool, int, bool, int]:
    return rate.cross_border, len(rate.region), rate.country != "", len(rate.category)


def due(rate: TaxRate, net: int) -> int:
    """The tax on goods that cost so much after every discount; of an inclusive rate the part that is in the price."""
    if not rate.inclusive:
        return percent(net, rate.rate)
    # What the price would be without the tax, rounded half up; the rest is tax.
    whole = 10_000 + rate.rate
    return net - (2 * net * 10_000 + whole) // (2 * whole)
