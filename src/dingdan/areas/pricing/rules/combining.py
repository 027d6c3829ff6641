"""Which promotions and coupons apply together: the combination that costs the buyer least, always the same one."""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from typing import TypeVar

from dingdan.areas.pricing.model import Ask, Stage
from dingdan.areas.pricing.rules import charging
from dingdan.areas.pricing.rules.benefits import Benefit, Bundle, BuyGet, FreeFreight, Presale, Tiers
from dingdan.areas.pricing.rules.layering import Charges, Outcome, lay
from dingdan.areas.pricing.rules.sheet import Candidate

T = TypeVar("T")

# So many combinations are tried at most; with more promotions, no single change would be better than what is found.
MOST_TRIED = 128

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
