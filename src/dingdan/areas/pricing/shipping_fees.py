"""What carriage costs; pure."""

from dingdan.areas.pricing.model import FreightRule


def fee(rule: FreightRule, goods: int) -> int:
    """The carriage for goods of this value, in minor units."""
    is_free = rule.free_from is not None and goods >= rule.free_from
    return 0 if is_free else rule.fee
