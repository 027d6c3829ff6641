"""What each kind of promotion takes off: lines in, shares of the discount out, none more than its line has left."""

from collections.abc import Sequence

from dingdan.areas.pricing.rules.benefits import Amount, Bundle, BuyGet, FreeFreight, Percent, Presale, Tier, Tiers
from dingdan.areas.pricing.rules.sheet import Sheet, covers
from dingdan.kernel.money import percent, split

Shares = dict[int, int]


def spread(sheet: Sheet, amount: int, lines: Sequence[int]) -> Shares:
    """An amount over lines by what each has left (A2), at most all of it."""
    weights = [sheet.left[i] for i in lines]
    amount = min(amount, sum(weights))
    return dict(zip(lines, split(amount, weights), strict=True)) if amount > 0 else {}


def off_units(benefit: Percent | Amount | Presale, sheet: Sheet, line: int) -> int:
    """What a promotion on the item takes off one line: off each unit, as it stands on the shelf.

    A share is rounded for one unit (A8) and then multiplied, so that nobody pays more than the marked price; where
    another promotion has been at the line, it is a share of what is left.
    """
    item, left = sheet.ask.items[line], sheet.left[line]
    if isinstance(benefit, Percent):
        whole = left == sheet.goods[line]
        off = item.quantity * percent(item.unit_price, benefit.off) if whole else percent(left, benefit.off)
        return min(off, left) if benefit.most is None else min(off, left, benefit.most)
    unit = benefit.off if isinstance(benefit, Amount) else benefit.counts_as - benefit.deposit
    return min(unit * item.quantity, left)


def off_sum(benefit: Percent | Amount | Tiers, base: int, units: int) -> int:
    """What a threshold or a coupon takes off lines that together cost so much and are so many units."""
    if isinstance(benefit, Percent):
        amount = percent(base, benefit.off)
        return amount if benefit.most is None else min(amount, benefit.most)
    if isinstance(benefit, Amount):
        return benefit.off
    return _by_tier(benefit, base, _measure(benefit, base, units))


def missing_to_tier(benefit: Tiers, base: int, units: int) -> int:
    """What such lines lack to reach the lowest tier; 0 where they reach one."""
    return max(0, min(tier.at for tier in benefit.tiers) - _measure(benefit, base, units))


def _measure(benefit: Tiers, base: int, units: int) -> int:
    return base if benefit.by == "sum" else units


def _by_tier(benefit: Tiers, base: int, measure: int) -> int:
    reached = max((tier for tier in benefit.tiers if tier.at <= measure), key=lambda tier: tier.at, default=None)
    if reached is None:
        return 0
    times = measure // reached.at if benefit.each and reached.at else 1
    times = times if benefit.most_times is None else min(times, benefit.most_times)
    return _of_tier(reached, base) * times


def _of_tier(tier: Tier, base: int) -> int:
    return tier.off if tier.off is not None else percent(base, tier.percent or 0)


def buy_get(benefit: BuyGet, sheet: Sheet, lines: Sequence[int], open_lines: Sequence[int]) -> Shares:
    """The cheapest units of what is got, each at its share of what its line has left.

    `lines` are those that are bought; what is got comes from them, or from `gets` among the open lines.
    """
    bought = sum(sheet.ask.items[i].quantity for i in lines)
    if benefit.gets is None:
        source, times = list(lines), bought // (benefit.buy + benefit.get)
    else:
        source = [i for i in open_lines if covers(benefit.gets, sheet.ask.items[i])]
        # A unit is either bought or got.
        bought = sum(sheet.ask.items[i].quantity for i in lines if i not in source)
        times = bought // benefit.buy
    times = times if benefit.most_times is None else min(times, benefit.most_times)
    free, shares = times * benefit.get, {}
    for i in sorted(source, key=lambda i: (sheet.ask.items[i].unit_price, sheet.ask.items[i].line_no)):
        item = sheet.ask.items[i]
        units = min(free, item.quantity)
        free -= units
        if units:
            shares[i] = min(percent(item.unit_price, benefit.off) * units, sheet.left[i])
    return shares


def bundle(benefit: Bundle, sheet: Sheet, lines: Sequence[int]) -> Shares:
    """What whole sets cost less than their parts, over the parts by their worth.

    Lines of one SKU are taken in the order of their numbers.
    """
    items = sheet.ask.items
    places: dict[str, list[int]] = {}
    for i in sorted(lines, key=lambda i: items[i].line_no):
        places.setdefault(items[i].sku, []).append(i)
    sets = min(sum(items[i].quantity for i in places.get(part.sku, ())) // part.quantity for part in benefit.parts)
    worth: Shares = {}
    for part in benefit.parts:
        needed = part.quantity * sets
        for i in places.get(part.sku, ()):
            units = min(needed, items[i].quantity)
            needed -= units
            if units:
                worth[i] = units * items[i].unit_price
    off = sum(worth.values()) - benefit.price * sets
    if off <= 0 or any(sheet.left[i] != sheet.goods[i] for i in worth):
        return {}
    return dict(zip(worth, split(off, list(worth.values())), strict=True))


def off_freight(benefit: FreeFreight, freight: int) -> int:
    """What comes off carriage."""
    return freight if benefit.most is None else min(freight, benefit.most)
