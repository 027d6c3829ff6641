"""What carriage costs, by where it goes and what it weighs."""

from collections.abc import Sequence

from dingdan.areas.pricing.model import Ask, FreightRule, FreightTariff


def tariff_for(ask: Ask, tariffs: Sequence[FreightTariff]) -> FreightTariff | None:
    """The tariff that fits best: the longest region, then the country, then the one for everywhere."""
    fitting = [
        one
        for one in tariffs
        if one.currency == ask.currency and one.country in ("", ask.country) and ask.region.startswith(one.region)
    ]
    return max(fitting, key=lambda one: (len(one.region), one.country != ""), default=None)


def fee(ask: Ask, tariff: FreightTariff | None, worth: int) -> int:
    """The carriage of an ask whose goods cost so much after promotions and coupons; points do not count against it.

    What is virtual travels for nothing.
    """
    shipped = [item for item in ask.items if "virtual" not in item.flags]
    if not shipped:
        return 0
    if tariff is None:
        return flat(ask.freight, worth)
    if tariff.free_from is not None and worth >= tariff.free_from:
        return 0
    if tariff.by == "grams":
        measure = sum(item.weight_grams * item.quantity for item in shipped)
    else:
        measure = sum(item.quantity for item in shipped)
    beyond = max(0, measure - tariff.first)
    return tariff.fee + -(-beyond // tariff.step) * tariff.step_fee


def flat(rule: FreightRule, worth: int) -> int:
    """The carriage by a merchant's flat fee."""
    is_free = rule.free_from is not None and worth >= rule.free_from
    return 0 if is_free else rule.fee
