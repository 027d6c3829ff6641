"""Points as a discount: how many an order takes, and what they are worth."""

from dingdan.areas.pricing.model import Layer, PointsRule
from dingdan.areas.pricing.rules import scoping
from dingdan.areas.pricing.rules.discounting import spread
from dingdan.areas.pricing.rules.sheet import Sheet
from dingdan.kernel.money import percent, split
from dingdan.kernel.refusal import Text

LABEL = Text("Points", "积分抵扣")


def most(rule: PointsRule | None, sheet: Sheet) -> int:
    """The most points that these lines take, in whole multiples of the rule's."""
    if rule is None or rule.currency != sheet.ask.currency:
        return 0
    worth = percent(sheet.sum_of(scoping.lines_of(rule.scope, sheet.ask)), rule.most)
    return worth // rule.amount * rule.points


def take(rule: PointsRule | None, sheet: Sheet) -> int:
    """Take off what was asked for, or as much as goes; says how many points that is."""
    if not sheet.ask.points or rule is None:
        return 0
    points = min(sheet.ask.points // rule.points * rule.points, most(rule, sheet))
    if points <= 0:
        return 0
    lines = scoping.lines_of(rule.scope, sheet.ask)
    weights = [sheet.left[i] for i in lines]
    amount = points // rule.points * rule.amount
    layer = Layer("points", "off", None, None, LABEL, "points", amount, points)
    sheet.take(layer, spread(sheet, amount, lines), dict(zip(lines, split(points, weights), strict=True)))
    return points
