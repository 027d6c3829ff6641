"""What a part of an order is worth by what was agreed on when it was bought, and what its free carriage hung on (A6)."""

from collections.abc import Mapping, Sequence

import msgspec
from msgspec.structs import replace

from dingdan.areas.pricing.model import Ask, Charged, FreightRule, Item, Promotion
from dingdan.areas.pricing.rules import layering
from dingdan.areas.pricing.rules.benefits import FreeFreight
from dingdan.areas.pricing.rules.sheet import candidate, lines_of
from dingdan.kernel.money import part_of_units

NOTHING_ADDED = layering.Charges(None, (), None)


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
    found = [candidate(one, part, code=one.draft.code) for one in agreed.own]
    return sum(layering.lay(part, found, NOTHING_ADDED).sheet.left)


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
