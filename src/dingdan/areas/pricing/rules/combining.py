"""Which promotions and coupons apply together: the combination that costs the buyer least, always the same one.

In a checkout whatever is the platform's and goes by a sum, with a code or without, is one layer over the lines of all orders.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, islice
from typing import TypeVar

import msgspec

from dingdan.areas.pricing import refusals
from dingdan.areas.pricing.model import Ask, Held, Promotion, Stage, Terms
from dingdan.areas.pricing.rules import charging, couponing
from dingdan.areas.pricing.rules.benefits import Benefit, Bundle, BuyGet, FreeFreight, Presale, Tiers
from dingdan.areas.pricing.rules.layering import Charges, Laying, Outcome, lay, lay_together
from dingdan.areas.pricing.rules.sheet import Candidate, candidate
from dingdan.kernel.refusal import Refusal

T = TypeVar("T")

# So many combinations are tried at most; with more promotions, no single change would be better than what is found.
MOST_TRIED = 128
# So many promotions of the platform go by the sum of a whole checkout at most; others by that of each order.
MOST_SHARED = 6

# Cheapest first; then as many as possible of the coupons asked for, few layers, and old promotions before new ones.
Key = tuple[int, int, int, tuple[int, ...]]
Price = Callable[[Sequence[Candidate]], tuple[Key, Outcome]]


def best(ask: Ask, promotions: Sequence[Candidate], coupons: Sequence[Candidate], charges: Charges) -> Outcome:
    """The cheapest of all ways to price an ask. A coupon that would make it dearer is left out, and told about."""
    everything = [*promotions, *coupons]
    outcome = lay(ask, everything, charges)
    if not everything or _is_best(ask, everything, outcome, charges):
        return outcome
    fixed = [one for one in promotions if isinstance(one.promotion.draft.benefit, Presale)]
    free = [one for one in promotions if one not in fixed]
    sets = _compatible(coupons)
    found = [_best_with(ask, (fixed, free, together), charges, MOST_TRIED // len(sets)) for together in sets]
    # Of equals the first: the one with the most coupons, each with its reason why it takes nothing off.
    return min(found, key=_first)[1]


def conflicts(one: Candidate, other: Candidate) -> bool:
    """Whether two coupons exclude each other: an exclusive one all, others those of their group on the same line."""
    if one.promotion.draft.exclusive or other.promotion.draft.exclusive:
        return True
    return one.group == other.group and not set(one.lines).isdisjoint(other.lines)


def _compatible(coupons: Sequence[Candidate]) -> list[tuple[Candidate, ...]]:
    """Every set of coupons without a conflict, the largest first."""
    clashing = [(a, b) for a, b in combinations(coupons, 2) if conflicts(a, b)]
    return [some for some in subsets(coupons) if not any(a in some and b in some for a, b in clashing)]


def _best_with(
    ask: Ask, given: tuple[Sequence[Candidate], Sequence[Candidate], Sequence[Candidate]], charges: Charges, most: int
) -> tuple[Key, Outcome]:
    fixed, free, coupons = given
    alone = [one for one in free if one.promotion.draft.exclusive and not coupons]
    others = [one for one in free if not one.promotion.draft.exclusive]
    if any(one.promotion.draft.exclusive for one in coupons):
        others = []

    def price(chosen: Sequence[Candidate]) -> tuple[Key, Outcome]:
        outcome = lay(ask, [*fixed, *chosen, *coupons], charges)
        return key_of(outcome), outcome

    found = [price(chosen) for chosen in subsets(others)] if 2 ** len(others) <= most else [_climb(others, price)]
    return min([*found, *(price([one]) for one in alone)], key=_first)


def _first(one: tuple[Key, Outcome]) -> Key:
    return one[0]


def key_of(outcome: Outcome) -> Key:
    """By what one way to price an order is better than another."""
    applied = outcome.sheet.applied
    coupons = sum(1 for one in applied if one.place >= 0)
    return outcome.total, -coupons, len(applied), tuple(sorted(one.promotion.id for one in applied))


def _is_best(ask: Ask, candidates: Sequence[Candidate], outcome: Outcome, charges: Charges) -> bool:
    """Whether it can be seen at once that all together is the cheapest, as it is in most shops.

    Each step takes off more where more is left, so leaving one out only adds; unless that frees lines for another,
    reaches a higher tier, brings carriage down, or changes how many points go in.
    """
    items = [one for one in candidates if one.stage is Stage.ITEM]
    sums = [one for one in candidates if one.stage is not Stage.ITEM]
    groups = [*{one.group for one in items}, *(one.group for one in sums)]
    if ask.points or len({one.group for one in items}) > 1 or len(set(groups)) < len(groups):
        return False
    if any(one.promotion.draft.exclusive or not _is_steady(one.promotion.draft.benefit) for one in candidates):
        return False
    if any(why != "another_is_better" or one.stage is not Stage.ITEM for one, why, _ in outcome.sheet.failed):
        return False
    if len({one.lines for one in sums if not isinstance(one.promotion.draft.benefit, FreeFreight)}) > 1:
        return False
    return charging.freight(ask, charges.tariff, sum(outcome.sheet.goods)) == outcome.freight + outcome.freight_discount


def _is_steady(benefit: Benefit) -> bool:
    """Whether more left never means less to pay, and no line is closed to others that takes nothing off."""
    if isinstance(benefit, Tiers):
        return len(benefit.tiers) == 1 and not benefit.each
    return not isinstance(benefit, BuyGet | Bundle)


def subsets(some: Sequence[T]) -> Iterator[tuple[T, ...]]:
    """All of them, then all but one, and so on down to none."""
    for size in range(len(some), -1, -1):
        yield from combinations(some, size)


def _climb(promotions: Sequence[Candidate], price: Price) -> tuple[Key, Outcome]:
    """Begin with all, and take or drop one at a time as long as that is better."""
    chosen = list(promotions)
    best_so_far = price(chosen)
    for _ in range(2 * len(promotions)):
        steps = [[one for one in promotions if (one in chosen) != (one is changed)] for changed in promotions]
        found = [(*price(step), step) for step in steps]
        key, outcome, step = min(found, key=lambda one: one[0])
        if key >= best_so_far[0]:
            break
        best_so_far, chosen = (key, outcome), step
    return best_so_far


# What the orders of a checkout share: the part that each order has in it, by the order's place.
Shared = dict[int, Candidate]
Chosen = list[list[Candidate]]


class Order(msgspec.Struct, frozen=True):
    """One order of a checkout with what could apply to it alone."""

    ask: Ask
    promotions: Sequence[Candidate]
    coupons: Sequence[Candidate]
    charges: Charges


class Offered(msgspec.Struct, frozen=True):
    """Promotions of a checkout: each order's own, those that go by the sum of several, and those that it does not reach.

    `beyond` has, for each order, what it would have a part in and what all of them lack for it.
    """

    own: Sequence[Sequence[Candidate]]
    shared: Sequence[Shared]
    beyond: Sequence[Sequence[tuple[Candidate, int]]]


def spans(promotion: Promotion) -> bool:
    """Whether a promotion goes by the sum of all orders of a checkout: the platform's, if it goes by a sum at all."""
    return promotion.is_of_platform and promotion.stage is not Stage.ITEM


def offer(asks: Sequence[Ask], promotions: Sequence[Sequence[Candidate]]) -> Offered:
    """Put together what several orders of a checkout share of the promotions that are open to each."""
    parts: dict[int, Shared] = {}
    for n, some in enumerate(promotions):
        for one in some:
            if spans(one.promotion):
                parts.setdefault(one.promotion.id, {})[n] = msgspec.structs.replace(one, is_shared=True)
    several = [one for one in parts.values() if len(one) > 1]
    several = sorted(several, key=lambda one: next(iter(one.values())).rank)[:MOST_SHARED]
    taken = {part.promotion.id for one in several for part in one.values()}
    lacking = [(one, _lacks(asks, one)) for one in several]
    return Offered(
        [[one for one in some if one.promotion.id not in taken] for some in promotions],
        [one for one, lacks in lacking if lacks <= 0],
        [[(one[n], lacks) for one, lacks in lacking if lacks > 0 and n in one] for n in range(len(asks))],
    )


class Dealt(msgspec.Struct, frozen=True):
    """Whose the coupons of a checkout are: the places that each order has for itself, and those that all share.

    `refused` are coupons of the checkout that nobody can use, by place.
    """

    own: Sequence[Sequence[int]]
    shared: Sequence[Shared]
    refused: Mapping[int, Refusal]


def deal(asks: Sequence[Ask], terms: Terms) -> Dealt:
    """Say whose each coupon is: the first merchant's whose own it is, else the checkout's; an unknown one the first's."""
    own: list[list[int]] = [[] for _ in asks]
    shared: list[Shared] = []
    refused: dict[int, Refusal] = {}
    seen: set[int] = set()
    for place, given in enumerate(asks[0].coupons):
        code, path = couponing.plain(given), f"coupons[{place}]"
        known = [terms.coupons.get((ask.merchant_id, ask.buyer_key, code)) for ask in asks]
        whose = next((n for n, held in enumerate(known) if held and not held.promotion.is_of_platform), None)
        held = _as_one([one for one in known if one is not None])
        if whose is not None or held is None:
            own[whose or 0].append(place)
        elif (held.grant or held.promotion).id in seen:
            refused[place] = refusals.CouponTwice(path, code=code)
        elif len(seen) >= couponing.MOST_COUPONS:
            refused[place] = refusals.CouponsTooMany(path, count=len(asks[0].coupons), most=couponing.MOST_COUPONS)
        else:
            seen.add((held.grant or held.promotion).id)
            found = _shared(asks, terms, held, place)
            if isinstance(found, Refusal):
                refused[place] = found
            else:
                shared.append(found)
    return Dealt(own, shared, refused)


def _as_one(known: Sequence[Held]) -> Held | None:
    """A coupon with the grant that any of the merchants finds for this buyer; one that is free goes first."""
    grants = sorted((one for one in known if one.grant), key=lambda one: one.grant is None or bool(one.grant.used_at))
    return next(iter([*grants, *known]), None)


def _shared(asks: Sequence[Ask], terms: Terms, held: Held, place: int) -> Shared | Refusal:
    """The part of each order whose goods it is for; what stands against it in one order does so in all."""
    path, code = f"coupons[{place}]", couponing.plain(asks[0].coupons[place])
    problems = [couponing.problem_of(held, ask, terms, path) for ask in asks]
    outside = [problem for problem in problems if isinstance(problem, refusals.CouponOutOfScope)]
    against = [problem for problem in problems if problem is not None and problem not in outside]
    if against or len(outside) == len(asks):
        return (against or outside)[0]
    parts = {
        n: candidate(held.promotion, ask, grant=held.grant, code=code, place=place, is_shared=True)
        for n, (ask, problem) in enumerate(zip(asks, problems, strict=True)) if problem is None
    }  # fmt: skip
    giver = held.grant.merchant_id if held.grant is not None and held.grant.buyer_id is not None else None
    if giver is not None and giver not in {asks[n].merchant_id for n in parts}:
        # A gift to one merchant's buyer is used for an order with that merchant.
        return refusals.CouponOutOfScope(path, code=code)
    lacks = _lacks(asks, parts)
    return couponing.failed(next(iter(parts.values())), "below_threshold", lacks, asks[0]) if lacks > 0 else parts


def _lacks(asks: Sequence[Ask], parts: Shared) -> int:
    """What the goods of all orders lack at list price; discounts only lower what counts."""
    items = [asks[n].items[i] for n, one in parts.items() for i in one.lines]
    draft = next(iter(parts.values())).promotion.draft
    worth = sum(item.unit_price * item.quantity for item in items)
    lacks = draft.min_spend - worth
    if lacks <= 0 and isinstance(draft.benefit, Tiers):
        counts = worth if draft.benefit.by == "sum" else sum(item.quantity for item in items)
        lacks = min(tier.at for tier in draft.benefit.tiers) - counts
    return lacks


def clash(one: Shared, other: Shared) -> bool:
    """Whether two exclude each other in any order."""
    return any(_excludes(mine, other[n]) for n, mine in one.items() if n in other)


def best_together(orders: Sequence[Order], shared: Sequence[Shared]) -> list[Outcome]:
    """The cheapest of the ways that are tried to price a checkout.

    Sets of what is shared and goes together are tried, the largest first, and none of it; with each, every order begins with
    what is best for it alone, and with nothing of its own, and takes every single change that makes the whole cheaper.
    """
    together = (some for some in subsets(shared) if some and not _clashes(some))
    sets = [*islice(together, MOST_TRIED - 1), ()]
    budget = max(2, MOST_TRIED // len(sets))
    found = [_best_sharing(orders, some, budget) for some in sets]
    return min(found, key=lambda one: one[0])[1]


def _clashes(some: Sequence[Shared]) -> bool:
    return any(clash(one, other) for n, one in enumerate(some) for other in some[n + 1 :])


def _best_sharing(orders: Sequence[Order], shared: Sequence[Shared], budget: int) -> tuple[Key, list[Outcome]]:
    """The best that is found with all of these."""
    allowed = [_allowed(one, [some[n] for some in shared if n in some]) for n, one in enumerate(orders)]
    bare = [[one for one in order.promotions if isinstance(one.promotion.draft.benefit, Presale)] for order in allowed]
    alone = [
        best(one.ask, one.promotions, one.coupons, one.charges).sheet.applied for one in allowed
    ]  # fmt: skip
    tried: dict[tuple[tuple[int, ...], ...], tuple[Key, list[Outcome]]] = {}

    def price(chosen: Chosen) -> tuple[Key, list[Outcome]]:
        name = tuple(tuple(sorted(id(one) for one in some)) for some in chosen)
        if name not in tried:
            tried[name] = _price(orders, chosen, shared)
        return tried[name]

    chosen: Chosen = [list(some) for some in alone]
    now = price(chosen)
    if not shared:
        return now
    if price(bare)[0] < now[0]:
        chosen, now = bare, price(bare)
    is_better = True
    while is_better and len(tried) < budget:
        is_better = False
        for n, step in _steps(allowed, chosen):
            then = [*chosen[:n], step, *chosen[n + 1 :]]
            if len(tried) < budget and price(then)[0] < now[0]:
                chosen, now, is_better = then, price(then), True
                break
    return now


def _allowed(order: Order, parts: Sequence[Candidate]) -> Order:
    """An order with what may stand beside its part of what is shared."""
    if not parts:
        return order
    is_alone = any(one.promotion.draft.exclusive for one in parts)
    return msgspec.structs.replace(
        order,
        promotions=[
            one for one in order.promotions
            if isinstance(one.promotion.draft.benefit, Presale) or not (is_alone or one.promotion.draft.exclusive)
        ],
        coupons=[one for one in order.coupons if not any(_excludes(one, part) for part in parts)],
    )  # fmt: skip


def _steps(orders: Sequence[Order], chosen: Chosen) -> list[tuple[int, list[Candidate]]]:
    """Every single change of what one order has: one less, or one more that goes with the others."""
    steps = []
    for n, order in enumerate(orders):
        mine = chosen[n]
        for one in [*order.promotions, *order.coupons]:
            others = [other for other in mine if other is not one]
            if isinstance(one.promotion.draft.benefit, Presale):
                continue
            if len(others) < len(mine):
                steps.append((n, others))
            elif not any(_excludes(one, other) for other in mine):
                steps.append((n, [*mine, one]))
    return steps


def _excludes(one: Candidate, other: Candidate) -> bool:
    """Whether two do not stand in one order; promotions of one group do, and each line takes the better one."""
    if one.place >= 0 and other.place >= 0:
        return conflicts(one, other)
    return one.promotion.draft.exclusive or other.promotion.draft.exclusive


def _price(orders: Sequence[Order], chosen: Chosen, shared: Sequence[Shared]) -> tuple[Key, list[Outcome]]:
    outcomes = lay_together([
        Laying(one.ask, [*chosen[n], *(some[n] for some in shared if n in some)], one.charges)
        for n, one in enumerate(orders)
    ])  # fmt: skip
    keys = [key_of(outcome) for outcome in outcomes]
    promotions = tuple(sorted(i for key in keys for i in key[3]))
    whole = (sum(key[0] for key in keys), sum(key[1] for key in keys), sum(key[2] for key in keys), promotions)
    return whole, outcomes
