"""Which lines a promotion, a rate or a coupon is meant for."""

from dingdan.areas.pricing.model import Ask, Item
from dingdan.areas.pricing.rules.benefits import Scope


def covers(scope: Scope, item: Item) -> bool:
    """Whether a line is meant: named, or nobody is named; and not excluded."""
    if item.sku in scope.not_skus or any(is_within(item.category, one) for one in scope.not_categories):
        return False
    if not (scope.skus or scope.categories):
        return True
    return item.sku in scope.skus or any(is_within(item.category, one) for one in scope.categories)


def is_within(category: str, wanted: str) -> bool:
    """Whether a category is another one or below it."""
    return category == wanted or category.startswith(f"{wanted}/")


def lines_of(scope: Scope, ask: Ask) -> tuple[int, ...]:
    """The places of the lines that are meant."""
    return tuple(i for i, item in enumerate(ask.items) if covers(scope, item))
