"""Facts in, explained quote out. Pure: the quote and the placed order come from the same lines of code."""

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from dingdan.areas.pricing.model import Ask, Book, Item, PricedLine, Quote, Terms, Use
from dingdan.areas.pricing.rules import charging, combining, couponing, deposits, explaining, layering
from dingdan.areas.pricing.rules.benefits import Tiers
from dingdan.areas.pricing.rules.layering import Outcome
from dingdan.areas.pricing.rules.sheet import Candidate
from dingdan.kernel.refusal import Refusal

NOTHING = Book()
BARE = Terms()
# What orders of a checkout share, by the place of the coupon (-1: none) and the promotion.
Name = tuple[int, int]
ALONE: Mapping[Name, int] = {}


def quote(ask: Ask, terms: Terms = BARE) -> Quote:
    """Price an ask, layer by layer, and say everything that is wrong with its coupons and points.

    The order of lines and coupons makes no difference: lines count by their numbers.
    """
    own, platform = terms.books.get(ask.merchant_id, NOTHING), terms.books.get(None, NOTHING)
    if own.is_empty and platform.is_empty and not ask.coupons and not ask.points:
        return _plain(ask)
    asked = [item.line_no for item in ask.items]
    if asked != sorted(asked):
        return _reordered(quote(msgspec.structs.replace(ask, items=_by_number(ask.items)), terms), asked)
    charges = layering.charges_for(ask, own, platform)
    promotions, beyond = _reachable(ask, couponing.promotions_for(ask, (own, platform), terms))
    coupons, refused = couponing.coupons_for(ask, terms)
    coupons, out_of_reach = _reachable(ask, coupons)
    refused |= {one.place: couponing.failed(one, "below_threshold", lacks, ask) for one, lacks in out_of_reach}
    outcome = combining.best(ask, promotions, coupons, charges)
    case = explaining.Case(ask, terms, promotions, coupons, charges, outcome)
    problems = [*explaining.coupon_problems(case, refused), *explaining.points_problems(case)]
    problems += explaining.presale_problems(case, lambda items: quote(msgspec.structs.replace(ask, items=items), terms))
    return msgspec.structs.replace(
        _quote(ask, outcome), problems=tuple(problems), passed_over=explaining.passed_over(case, beyond)
    )


def quote_together(asks: Sequence[Ask], terms: Terms = BARE) -> tuple[Quote, ...]:
    """Price the orders of one checkout. What is the platform's and goes by a sum is for all of them: one use, one layer.

    Each ask names the coupons of the whole checkout; what stands against one is told once, by its place there.
    """
    is_joint = asks[0].coupons or any(map(combining.spans, terms.books.get(None, NOTHING).promotions))
    if len(asks) == 1 or not is_joint:
        return tuple(quote(ask, terms) for ask in asks)
    sorted_asks = [msgspec.structs.replace(ask, items=_by_number(ask.items)) for ask in asks]
    joint = _joint(sorted_asks, terms)
    problems = explaining.coupon_problems_together(joint, lambda coupons, more: _total_with(sorted_asks, more, coupons))
    carried = Counter(_name(one) for outcome in joint.outcomes for one in outcome.sheet.applied if one.is_shared)
    return tuple(
        _one_of(joint, n, problems[n], [item.line_no for item in asks[n].items], carried) for n in range(len(asks))
    )


def _joint(asks: Sequence[Ask], terms: Terms) -> explaining.Joint:
    """The orders of a checkout priced together, before anything is explained."""
    dealt = combining.deal(asks, terms)
    refused = {place: (0, problem) for place, problem in dealt.refused.items()}
    books = [(terms.books.get(ask.merchant_id, NOTHING), terms.books.get(None, NOTHING)) for ask in asks]
    offered = combining.offer(asks, [couponing.promotions_for(ask, books[n], terms) for n, ask in enumerate(asks)])
    orders, beyond = [], []
    for n, (ask, own) in enumerate(zip(asks, dealt.own, strict=True)):
        promotions, others = _reachable(ask, offered.own[n])
        left = couponing.MOST_COUPONS - len(dealt.shared)
        found, against = couponing.coupons_for(ask, terms, own, most=left)
        coupons, lacking = _reachable(ask, found)
        refused |= {place: (n, problem) for place, problem in against.items()}
        refused |= {one.place: (n, couponing.failed(one, "below_threshold", lacks, ask)) for one, lacks in lacking}
        orders.append(combining.Order(ask, promotions, coupons, layering.charges_for(ask, *books[n])))
        beyond.append([*others, *offered.beyond[n]])
    shared = [*dealt.shared, *offered.shared]
    return explaining.Joint(terms, orders, shared, refused, combining.best_together(orders, shared), beyond)


def _total_with(asks: Sequence[Ask], terms: Terms, coupons: tuple[str, ...]) -> int | None:
    """What a checkout costs with these coupons; None where one of them is not in the price."""
    joint = _joint([msgspec.structs.replace(ask, coupons=coupons) for ask in asks], terms)
    applied = {one.place for outcome in joint.outcomes for one in outcome.sheet.applied if one.place >= 0}
    return joint.total if len(applied) == len(coupons) else None


def _one_of(
    joint: explaining.Joint, n: int, against: Sequence[Refusal], asked: Sequence[int], carried: Mapping[Name, int]
) -> Quote:
    """One order of a checkout as a quote of its own."""
    order, outcome = joint.orders[n], joint.outcomes[n]
    promotions = [*order.promotions, *(some[n] for some in joint.shared if n in some and some[n].place < 0)]
    case = explaining.Case(order.ask, joint.terms, promotions, order.coupons, order.charges, outcome)
    problems = [*against, *explaining.points_problems(case)]
    problems += explaining.presale_problems(
        case, lambda items: quote(msgspec.structs.replace(order.ask, items=items, coupons=()), joint.terms)
    )
    found = _quote(order.ask, outcome, carried)
    found = msgspec.structs.replace(
        found, problems=tuple(problems), passed_over=explaining.passed_over(case, joint.beyond[n])
    )
    return found if list(asked) == sorted(asked) else _reordered(found, asked)


def added(ask: Ask, terms: Terms, nets: Sequence[int], *, worth: int, is_carried_free: bool = False) -> tuple[int, int]:
    """The carriage of an ask, and the tax that is not in its prices, whose lines cost so much after every discount.

    `worth` is what they cost before points; carriage that a promotion pays is not taxed. So two destinations of the same
    goods are compared.
    """
    own, platform = terms.books.get(ask.merchant_id, NOTHING), terms.books.get(None, NOTHING)
    charges = layering.charges_for(ask, own, platform)
    taxed: dict[int, int] = {}
    for i, rate in enumerate(charges.rates):
        if rate is not None and not rate.inclusive:
            taxed[id(rate)] = taxed.get(id(rate), 0) + nets[i]
    rates = {id(rate): rate for rate in charges.rates if rate is not None}
    tax = sum(charging.tax_on(rates[key], net) for key, net in taxed.items())
    fee = charging.freight(ask, charges.tariff, worth)
    on_freight = charging.freight_taxes(ask, charges.rates, 0 if is_carried_free else fee)
    return fee, tax + sum(amount for rate, amount in on_freight if not rate.inclusive)


def _by_number(items: Sequence[Item]) -> tuple[Item, ...]:
    return tuple(sorted(items, key=lambda item: item.line_no))


def _reordered(found: Quote, asked: Sequence[int]) -> Quote:
    lines = {line.line_no: line for line in found.lines}
    return msgspec.structs.replace(found, lines=tuple(lines[line_no] for line_no in asked))


def _plain(ask: Ask) -> Quote:
    """Where nothing applies: list prices and the flat fee."""
    lines, goods = [], 0
    is_shipped = False
    for item in ask.items:
        worth = item.unit_price * item.quantity
        goods += worth
        is_shipped = is_shipped or "virtual" not in item.flags
        lines.append(PricedLine(item.line_no, item.unit_price, item.quantity, worth, 0, 0))
    fee = charging.flat(ask.freight, goods) if is_shipped else 0
    waived = charging.waived(ask, None, goods) if is_shipped and ask.freight.free_from is not None else None
    layers = () if waived is None else (waived,)
    return Quote(ask.merchant_id, tuple(lines), goods, 0, fee, 0, goods + fee, layers)


def _reachable(ask: Ask, promotions: Sequence[Candidate]) -> tuple[list[Candidate], list[tuple[Candidate, int]]]:
    """Promotions whose threshold these goods can reach at list price; and the others with what is missing.

    Discounts only lower what counts, so the others cannot apply in any combination.
    """
    reachable, beyond = [], []
    for one in promotions:
        draft = one.promotion.draft
        worth = sum(ask.items[i].unit_price * ask.items[i].quantity for i in one.lines)
        lacks = draft.min_spend - worth
        if lacks <= 0 and isinstance(draft.benefit, Tiers):
            units = sum(ask.items[i].quantity for i in one.lines)
            lacks = min(tier.at for tier in draft.benefit.tiers) - (worth if draft.benefit.by == "sum" else units)
        if lacks > 0:
            beyond.append((one, lacks))
        else:
            reachable.append(one)
    return reachable, beyond


def _quote(ask: Ask, outcome: Outcome, carried: Mapping[Name, int] = ALONE) -> Quote:
    sheet = outcome.sheet
    shares, taxes, included = sheet.shares(), sheet.sum_by_line("tax"), sheet.sum_by_line("tax_included")
    lines = tuple(
        PricedLine(item.line_no, item.unit_price, item.quantity, sheet.goods[i], sheet.goods[i] - sheet.left[i],
                   taxes[i], included[i], shares[i])
        for i, item in enumerate(ask.items)
    )  # fmt: skip
    goods = sum(sheet.goods)
    return Quote(
        merchant_id=ask.merchant_id,
        lines=lines,
        goods=goods,
        discount=goods - sum(sheet.left),
        freight=outcome.freight,
        tax=outcome.tax,
        total=outcome.total,
        layers=sheet.layers,
        freight_discount=outcome.freight_discount,
        tax_included=sum(included) + sum(one.amount for one in sheet.layers if one.effect == "freight_tax_included"),
        freight_tax=outcome.freight_tax,
        points_used=outcome.points,
        deposit=deposits.deposit_of(ask, sheet, sheet.applied, outcome.total),
        uses=_uses(ask, outcome, carried),
    )


def _uses(ask: Ask, outcome: Outcome, carried: Mapping[Name, int]) -> tuple[Use, ...]:
    """What was applied and is limited or shared, for the order that claims it; `carried` says how many orders share."""
    amounts = {layer.source_id: layer.amount for layer in outcome.sheet.layers if layer.source_id is not None}
    return tuple(
        Use(
            promotion_id=one.promotion.id,
            merchant_id=ask.merchant_id,
            buyer_key=ask.buyer_key,
            grant_id=None if one.grant is None else one.grant.id,
            amount=amounts[one.promotion.id],
            code=one.code,
            path="" if one.place < 0 else f"coupons[{one.place}]",
            is_of_platform=one.promotion.is_of_platform,
            person=ask.person if one.promotion.is_of_platform else None,
            is_shared=_is_shared(one, carried),
        )
        for one in outcome.sheet.applied
        if one.promotion.is_limited or one.grant is not None or _is_shared(one, carried)
    )


def _is_shared(one: Candidate, carried: Mapping[Name, int]) -> bool:
    return one.is_shared and carried[_name(one)] > 1


def _name(one: Candidate) -> Name:
    return one.place, one.promotion.id
