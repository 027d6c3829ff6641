"""One way to price a basket: these promotions and these coupons, layer by layer in the order of A1."""

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec
from msgspec.structs import replace

from dingdan.areas.pricing.model import (
    Ask,
    Book,
    Charged,
    FreightRule,
    FreightTariff,
    Item,
    Layer,
    PointsRule,
    Promotion,
    Stage,
    TaxRate,
)
from dingdan.areas.pricing.rules import charging, discounting
from dingdan.areas.pricing.rules.benefits import Amount, Bundle, BuyGet, FreeFreight, Percent, Presale, Tiers
from dingdan.areas.pricing.rules.sheet import Candidate, Sheet, Why, lines_of
from dingdan.areas.pricing.rules.sheet import candidate as candidate_of
from dingdan.kernel.money import part_of_units, split
from dingdan.kernel.refusal import Text


class Charges(msgspec.Struct, frozen=True):
    """What is added, looked up once for an ask: its tariff, each line's rate, and the worth of points."""

    tariff: FreightTariff | None
    rates: tuple[TaxRate | None, ...]
    points: PointsRule | None


class Laying(msgspec.Struct, frozen=True):
    """One order to be priced with these candidates."""

    ask: Ask
    candidates: Sequence[Candidate]
    charges: Charges


# Whose turn it is: the orders, by their places, that have a part in one promotion.
Turn = list[tuple[int, Candidate]]
# What comes first: the promotion's rank, the coupon's place, and of what is not shared the order.
Key = tuple[tuple[int, int, int], int, int]


class Outcome(msgspec.Struct, frozen=True):
    """A priced basket: the sheet with its layers, and the amounts that belong to no line."""

    sheet: Sheet
    freight: int
    freight_discount: int
    tax: int
    freight_tax: int
    total: int
    points: int


def charges_for(ask: Ask, own: Book, platform: Book) -> Charges:
    """The merchant's own rules, and where it has none the platform's."""
    rates: tuple[TaxRate | None, ...] = ()
    if own.taxes or platform.taxes:
        rates = tuple(
            charging.rate_for(ask, item, own.taxes) or charging.rate_for(ask, item, platform.taxes)
            for item in ask.items
        )
    tariff = charging.tariff_for(ask, own.freight) or charging.tariff_for(ask, platform.freight)
    return Charges(tariff, rates, own.points or platform.points)


def lay(ask: Ask, candidates: Sequence[Candidate], charges: Charges) -> Outcome:
    """Price an ask with these candidates, as far as they apply together."""
    return lay_together([Laying(ask, candidates, charges)])[0]


def lay_together(orders: Sequence[Laying]) -> list[Outcome]:
    """The same for the orders of one checkout; what they share is one layer over the lines of all of them."""
    sheets = [_begun(one) for one in orders]
    on_goods, on_freight = _turns(orders)
    for turn in on_goods:
        _sum(sheets, turn)
    worth = [list(sheet.left) for sheet in sheets]
    used = [charging.take_points(one.charges.points, sheet) for one, sheet in zip(orders, sheets, strict=True)]
    fees = [_fee(one, sheet, sum(some)) for one, sheet, some in zip(orders, sheets, worth, strict=True)]
    offs = [0] * len(sheets)
    for turn in on_freight:
        _free(sheets, turn, (fees, offs, worth))
    return [
        _outcome(sheet, one.charges, fees[n], offs[n], used[n])
        for n, (one, sheet) in enumerate(zip(orders, sheets, strict=True))
    ]


def _begun(one: Laying) -> Sheet:
    sheet = Sheet(one.ask)
    items = [candidate for candidate in one.candidates if candidate.stage is Stage.ITEM]
    if items:
        _items(sheet, sorted(items, key=lambda candidate: candidate.rank))
    return sheet


def _turns(orders: Sequence[Laying]) -> tuple[list[Turn], list[Turn]]:
    """Who comes after whom once items are done: thresholds and coupons, then those on carriage; the shared ones as one."""
    found: tuple[dict[Key, Turn], dict[Key, Turn]] = ({}, {})
    for n, one in enumerate(orders):
        for candidate in one.candidates:
            if candidate.stage is not Stage.ITEM:
                turns = found[isinstance(candidate.promotion.draft.benefit, FreeFreight)]
                key = (candidate.rank, candidate.place, -1 if candidate.is_shared else n)
                turns.setdefault(key, []).append((n, candidate))
    on_goods, on_freight = ([turns[key] for key in sorted(turns)] if turns else [] for turns in found)
    return on_goods, on_freight


def _fee(one: Laying, sheet: Sheet, worth: int) -> int:
    """What carriage costs before anything comes off it."""
    tariff = one.charges.tariff
    fee = charging.freight(one.ask, tariff, worth)
    if tariff is not None:
        sheet.take(Layer("freight", "freight", None, None, charging.name_of(tariff), None, fee), {})
    if not fee and (waived := charging.waived(one.ask, tariff, worth)):
        sheet.take(waived, {})
    for layer in charging.way_of(one.ask):
        sheet.take(layer, {})
    return fee


def _outcome(sheet: Sheet, charges: Charges, fee: int, off: int, used: int) -> Outcome:
    tax = _tax(sheet, charges)
    freight = fee - off + sum(layer.amount for layer in charging.way_of(sheet.ask))
    freight_tax = _freight_tax(sheet, charges, freight)
    total = sum(sheet.left) + freight + tax + freight_tax
    return Outcome(sheet, freight, off, tax + freight_tax, freight_tax, total, used)


def _items(sheet: Sheet, candidates: Sequence[Candidate]) -> None:
    """Promotions on items: first those over several lines, then for each line the best of each group."""
    alone: dict[str, list[Candidate]] = {}
    for candidate in candidates:
        lacks = candidate.promotion.draft.min_spend - sum(sheet.goods[i] for i in candidate.lines)
        if lacks > 0:
            sheet.fail(candidate, "below_threshold", lacks)
        elif isinstance(candidate.promotion.draft.benefit, Percent | Amount | Presale):
            alone.setdefault(candidate.group, []).append(candidate)
        else:
            _several(sheet, candidate)
    # A dict keeps its order, and the candidates came by rank.
    for rivals in alone.values():
        _best_of(sheet, rivals)


def _several(sheet: Sheet, candidate: Candidate) -> None:
    benefit, group = candidate.promotion.draft.benefit, candidate.group
    lines = sheet.open(group, candidate.lines)
    if isinstance(benefit, BuyGet):
        shares = discounting.buy_get(benefit, sheet, lines, sheet.open(group, range(len(sheet.left))))
        _put(sheet, candidate, shares, [*lines, *shares])
    else:
        assert isinstance(benefit, Bundle)
        shares = discounting.bundle(benefit, sheet, lines)
        _put(sheet, candidate, shares, list(shares))


def _best_of(sheet: Sheet, rivals: Sequence[Candidate]) -> None:
    """Of rivals of one group each line takes the one that takes most off it; a tie goes to the first in rank.

    What is sold with a deposit is sold with it, whatever else would take off.
    """
    found: list[discounting.Shares] = [{} for _ in rivals]
    for i in sheet.open(rivals[0].group, range(len(sheet.left))):
        offs = [
            (isinstance(benefit, Presale), discounting.off_units(benefit, sheet, i), -n)
            for n, rival in enumerate(rivals)
            if i in rival.lines and isinstance(benefit := rival.promotion.draft.benefit, Percent | Amount | Presale)
        ]
        if offs:
            _, off, place = max(offs)
            found[-place][i] = off
    for rival, shares in zip(rivals, found, strict=True):
        if shares:
            _put(sheet, rival, shares, list(shares))
        else:
            sheet.fail(rival, "another_is_better")


def _sum(sheets: Sequence[Sheet], turn: Turn) -> None:
    """A threshold or a coupon over the lines that are open to it, of one order or of all that share it."""
    draft = turn[0][1].promotion.draft
    lines = {n: sheets[n].open(one.group, one.lines) for n, one in turn}
    base = sum(sheets[n].sum_of(some) for n, some in lines.items())
    lacks = draft.min_spend - base
    assert isinstance(draft.benefit, Percent | Amount | Tiers)
    units = sum(sheets[n].ask.items[i].quantity for n, some in lines.items() for i in some)
    if lacks <= 0 and isinstance(draft.benefit, Tiers):
        lacks = discounting.missing_to_tier(draft.benefit, base, units)
    if not any(lines.values()):
        _fail(sheets, turn, "another_is_better")
    elif lacks > 0:
        _fail(sheets, turn, "below_threshold", lacks)
    else:
        places = [(n, i) for n, some in lines.items() for i in some]
        amount = min(discounting.off_sum(draft.benefit, base, units), base)
        parts = split(amount, [sheets[n].left[i] for n, i in places])
        for n, candidate in turn:
            shares = {i: part for (m, i), part in zip(places, parts, strict=True) if m == n}
            _put(sheets[n], candidate, shares, lines[n], is_kept=amount > 0 and _holds_gift(sheets[n], candidate))


def _fail(sheets: Sequence[Sheet], turn: Turn, why: Why, lacks: int = 0) -> None:
    for n, candidate in turn:
        sheets[n].fail(candidate, why, lacks)


def _holds_gift(sheet: Sheet, candidate: Candidate) -> bool:
    """Whether a shared coupon was given to the buyer of this order: it is used for it, however small its part is."""
    grant = candidate.grant
    return candidate.is_shared and grant is not None and grant.merchant_id == sheet.ask.merchant_id


def _put(
    sheet: Sheet, candidate: Candidate, shares: discounting.Shares, lines: Sequence[int], *, is_kept: bool = False
) -> None:
    """Lay the candidate's layer down, or say that there is none. A presale is one even where nothing comes off."""
    promotion = candidate.promotion
    amount = sum(shares.values())
    if not amount and not is_kept and not (isinstance(promotion.draft.benefit, Presale) and lines):
        sheet.fail(candidate, "takes_nothing_off")
        return
    sheet.close(candidate.group, lines)
    sheet.take(_layer(candidate, "off", amount), shares)
    sheet.applied.append(candidate)


def _layer(candidate: Candidate, effect: Literal["off", "freight_off"], amount: int) -> Layer:
    promotion = candidate.promotion
    return Layer(candidate.stage.value, effect, promotion.id, candidate.code, promotion.label, promotion.funder, amount)


def _free(sheets: Sequence[Sheet], turn: Turn, amounts: tuple[list[int], list[int], list[list[int]]]) -> None:
    """Take carriage off, whole or in part, and add to what came off. What must be spent counts before points."""
    fees, offs, worth = amounts
    draft = turn[0][1].promotion.draft
    lines = {n: sheets[n].open(one.group, one.lines) for n, one in turn}
    lacks = draft.min_spend - sum(worth[n][i] for n, some in lines.items() for i in some)
    assert isinstance(draft.benefit, FreeFreight)
    left = [fees[n] - offs[n] if lines[n] else 0 for n, _ in turn]
    off = min(discounting.off_freight(draft.benefit, sum(left)), sum(left))
    if not any(lines.values()):
        _fail(sheets, turn, "another_is_better")
    elif lacks > 0:
        _fail(sheets, turn, "below_threshold", lacks)
    else:
        for (n, candidate), part in zip(turn, split(off, left), strict=True):
            if part or (off and _holds_gift(sheets[n], candidate)):
                sheets[n].close(candidate.group, lines[n])
                sheets[n].take(_layer(candidate, "freight_off", part), {})
                sheets[n].applied.append(candidate)
                offs[n] += part
            else:
                sheets[n].fail(candidate, "takes_nothing_off")


def _tax(sheet: Sheet, charges: Charges) -> int:
    """Lay down what each rate comes to, over its lines by what they cost now; says what is added to the total."""
    lines_of: dict[int, tuple[TaxRate, list[int]]] = {}
    for i, rate in enumerate(charges.rates):
        if rate is not None:
            # Rates come from the books, so one rate is one object.
            lines_of.setdefault(id(rate), (rate, []))[1].append(i)
    added = 0
    for rate, lines in lines_of.values():
        nets = [sheet.left[i] for i in lines]
        amount = charging.tax_on(rate, sum(nets))
        effect: Literal["tax", "tax_included"] = "tax_included" if rate.inclusive else "tax"
        shares = dict(zip(lines, split(amount, nets), strict=True))
        sheet.take(Layer("tax", effect, None, None, _name(rate), None, amount), shares)
        added += 0 if rate.inclusive else amount
    return added


def _freight_tax(sheet: Sheet, charges: Charges, freight: int) -> int:
    """Lay down what each rate comes to on the carriage that is paid; says what is added to the total."""
    added = 0
    for rate, amount in charging.freight_taxes(sheet.ask, charges.rates, freight):
        effect: Literal["freight_tax", "freight_tax_included"] = (
            "freight_tax_included" if rate.inclusive else "freight_tax"
        )
        sheet.take(Layer("tax", effect, None, None, _name(rate), None, amount), {})
        added += 0 if rate.inclusive else amount
    return added


def _name(rate: TaxRate) -> Text:
    some = next(iter(rate.name.values()))
    return Text(rate.name.get("en", some), rate.name.get("zh", some))


class Waiver(msgspec.Struct, frozen=True):
    """Carriage that was not asked for because these lines (by number) came to so much before points."""

    reached: int
    amount: int
    lines: frozenset[int]


class Agreed(msgspec.Struct, frozen=True):
    """What the price of one order hung on.

    `own` are the merchant's promotions that applied. `worth` is what each line cost after them, `paid` after those of
    the platform too: these, and points, stay as they were shared out, whatever is kept.
    """

    ask: Ask
    own: tuple[Promotion, ...]
    worth: Mapping[int, int]
    paid: Mapping[int, int]
    waivers: tuple[Waiver, ...]

    @property
    def units(self) -> dict[int, int]:
        """How many of each line were bought."""
        return {item.line_no: item.quantity for item in self.ask.items}


def agree(ask: Ask, layers: Sequence[Charged], promotions: Mapping[int, Promotion]) -> Agreed:
    """Put together what the price of an ask hung on, from the layers that were frozen with it."""
    goods = {item.line_no: item.unit_price * item.quantity for item in ask.items}
    worth, paid = dict(goods), dict(goods)
    own, waivers = [], []
    for one in layers:
        layer, promotion = one.layer, promotions.get(one.layer.source_id or 0)
        if layer.effect == "off" and layer.funder != "points":
            for line_no, amount, _ in one.shares:
                paid[line_no] -= amount
                worth[line_no] -= amount if layer.funder == "merchant" else 0
            if promotion is not None and layer.funder == "merchant":
                own.append(promotion)
        elif layer.effect == "freight_waived" and layer.reached:
            waivers.append(Waiver(layer.reached, layer.amount, frozenset(goods)))
        elif layer.effect == "freight_off" and promotion is not None and layer.funder == "merchant":
            waivers += _waiver(promotion, ask, layer.amount)
    return Agreed(ask, tuple(own), worth, paid, tuple(waivers))


def _waiver(promotion: Promotion, ask: Ask, amount: int) -> list[Waiver]:
    draft = promotion.draft
    if not isinstance(draft.benefit, FreeFreight) or not draft.min_spend:
        return []
    lines = frozenset(ask.items[i].line_no for i in lines_of(draft.scope, ask))
    return [Waiver(draft.min_spend, amount, lines)]


def worth_kept(agreed: Agreed, kept: Mapping[int, int]) -> int:
    """What these units would have cost alone, with those of the merchant's promotions that they still satisfy."""
    items = tuple(_with(item, kept[item.line_no]) for item in agreed.ask.items if kept.get(item.line_no))
    if not items:
        return 0
    part = replace(agreed.ask, items=items, coupons=(), points=0, freight=FreightRule(0, None))
    found = [candidate_of(one, part, code=one.draft.code) for one in agreed.own]
    return sum(lay(part, found, Charges(None, (), None)).sheet.left)


def lost_freight(agreed: Agreed, kept: Mapping[int, int], *, is_repriced: bool) -> int:
    """Carriage that would have been asked for these units, had they been bought alone (Measures art. 18(2))."""
    return sum(one.amount for one in agreed.waivers if _reach(agreed, one, kept, is_repriced=is_repriced) < one.reached)


def _reach(agreed: Agreed, waiver: Waiver, kept: Mapping[int, int], *, is_repriced: bool) -> int:
    ours = {line_no: units for line_no, units in kept.items() if line_no in waiver.lines}
    by_share = {no: _share(agreed.paid[no], agreed.units[no], units) for no, units in ours.items()}
    if not is_repriced:
        return sum(by_share.values())
    platform = {no: _share(agreed.worth[no], agreed.units[no], units) - by_share[no] for no, units in ours.items()}
    return worth_kept(agreed, ours) - sum(platform.values())


def _share(amount: int, units: int, kept: int) -> int:
    return part_of_units(amount, units, before=0, taken=kept)


def _with(item: Item, quantity: int) -> Item:
    return replace(item, quantity=quantity)
