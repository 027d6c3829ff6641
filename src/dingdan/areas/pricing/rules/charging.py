"""What is added, and what points take off: carriage by region and weight, tax by category and country."""

from collections.abc import Sequence

from dingdan.areas.pricing.model import Ask, FreightRule, FreightTariff, Item, Layer, PointsRule, TaxRate
from dingdan.areas.pricing.rules.discounting import spread
from dingdan.areas.pricing.rules.sheet import Sheet, is_within, lines_of
from dingdan.kernel.money import percent, split
from dingdan.kernel.refusal import Text

CROSS_BORDER = "cross_border"
POINTS = Text("Points", "积分抵扣")
FREIGHT = Text("Freight", "运费")
# The kinds of the two layers that a way is made of: what the least dear one costs on top, and what this one costs more.
LEAST, BEYOND = "surcharge", "beyond_standard"
WAYS = {
    LEAST: Text("Surcharge for this destination", "地区附加运费"),
    BEYOND: Text("Faster than standard", "加急配送费"),
}


def tariff_for(ask: Ask, tariffs: Sequence[FreightTariff]) -> FreightTariff | None:
    """The tariff that fits best: the longest region, then the country, then the one for everywhere."""
    fitting = [
        one
        for one in tariffs
        if one.currency == ask.currency and one.country in ("", ask.country) and ask.region.startswith(one.region)
    ]
    return max(fitting, key=lambda one: (len(one.region), one.country != ""), default=None)


def freight(ask: Ask, tariff: FreightTariff | None, worth: int) -> int:
    """The carriage of an ask whose goods cost so much after promotions and coupons; points do not count against it.

    What is virtual travels for nothing.
    """
    shipped = [item for item in ask.items if "virtual" not in item.flags]
    if not shipped:
        return 0
    if tariff is None:
        return flat(ask.freight, worth)
    return 0 if tariff.free_from is not None and worth >= tariff.free_from else _by_measure(tariff, shipped)


def waived(ask: Ask, tariff: FreightTariff | None, worth: int) -> Layer | None:
    """The carriage that is not asked for because the goods come to so much, for whoever takes some of them back later."""
    rule = ask.freight if tariff is None else tariff
    shipped = [item for item in ask.items if "virtual" not in item.flags]
    if not shipped or rule.free_from is None or worth < rule.free_from:
        return None
    fee = ask.freight.fee if tariff is None else _by_measure(tariff, shipped)
    label = FREIGHT if tariff is None else name_of(tariff)
    return Layer("freight", "freight_waived", None, None, label, None, fee, reached=rule.free_from) if fee else None


def way_of(ask: Ask) -> tuple[Layer, ...]:
    """What the chosen way costs on top; what is virtual travels no way."""
    if not ask.way.fee or all("virtual" in item.flags for item in ask.items):
        return ()
    found = ((LEAST, ask.way.least), (BEYOND, ask.way.more))
    return tuple(Layer(kind, "freight_way", None, None, WAYS[kind], None, amount) for kind, amount in found if amount)


def name_of(tariff: FreightTariff) -> Text:
    """What a tariff is called, in both languages."""
    return Text(tariff.name.get("en", FREIGHT.en), tariff.name.get("zh", FREIGHT.zh))


def _by_measure(tariff: FreightTariff, shipped: Sequence[Item]) -> int:
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


def rate_for(ask: Ask, item: Item, rates: Sequence[TaxRate]) -> TaxRate | None:
    """The rate that fits best: cross-border goods have their own; then the longest region, country and category."""
    fitting = [
        one
        for one in rates
        if (not one.cross_border or CROSS_BORDER in item.flags)
        and one.country in ("", ask.country)
        and ask.region.startswith(one.region)
        and (not one.category or is_within(item.category, one.category))
    ]
    best = max(fitting, key=_fit, default=None)
    return best if best is not None and best.rate else None


def _fit(rate: TaxRate) -> tuple[bool, int, bool, int]:
    return rate.cross_border, len(rate.region), rate.country != "", len(rate.category)


def tax_on(rate: TaxRate, net: int) -> int:
    """The tax on goods that cost so much after every discount; of an inclusive rate the part that is in the price."""
    if not rate.inclusive:
        return percent(net, rate.rate)
    # What the price would be without the tax, rounded half up; the rest is tax.
    whole = 10_000 + rate.rate
    return net - (2 * net * 10_000 + whole) // (2 * whole)


def freight_taxes(ask: Ask, rates: Sequence[TaxRate | None], freight: int) -> list[tuple[TaxRate, int]]:
    """The tax on what is paid for carriage, by rate: each line's share of it is taxed as the line.

    Shares go by list price (A2), so that no discount moves carriage to where tax is higher. What is virtual is not
    carried; what no rate is for, or one that leaves carriage out, adds nothing.
    """
    carried = [i for i, item in enumerate(ask.items) if "virtual" not in item.flags]
    if not rates or not carried or not freight:
        return []
    taxed: dict[int, tuple[TaxRate, int]] = {}
    for i, share in zip(
        carried, split(freight, [ask.items[i].unit_price * ask.items[i].quantity for i in carried]), strict=True
    ):
        rate = rates[i]
        if rate is not None and rate.on_freight:
            # Rates come from the books, so one rate is one object.
            taxed[id(rate)] = (rate, taxed.get(id(rate), (rate, 0))[1] + share)
    return [(rate, tax_on(rate, share)) for rate, share in taxed.values()]


def most_points(rule: PointsRule | None, sheet: Sheet) -> int:
    """The most points that these lines take, in whole multiples of the rule's."""
    if rule is None or rule.currency != sheet.ask.currency:
        return 0
    worth = percent(sheet.sum_of(lines_of(rule.scope, sheet.ask)), rule.most)
    return worth // rule.amount * rule.points


def take_points(rule: PointsRule | None, sheet: Sheet) -> int:
    """Take off what was asked for, or as much as goes; says how many points that is."""
    if not sheet.ask.points or rule is None:
        return 0
    points = min(sheet.ask.points // rule.points * rule.points, most_points(rule, sheet))
    if points <= 0:
        return 0
    lines = lines_of(rule.scope, sheet.ask)
    weights = [sheet.left[i] for i in lines]
    amount = points // rule.points * rule.amount
    layer = Layer("points", "off", None, None, POINTS, "points", amount, points)
    sheet.take(layer, spread(sheet, amount, lines), dict(zip(lines, split(points, weights), strict=True)))
    return points
