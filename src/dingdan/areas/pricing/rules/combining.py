"""Which promotions and coupons apply together: the combination that costs the buyer least, always the same one."""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from dingdan.areas.pricing.model import Ask, Stage
from dingdan.areas.pricing.rules import charging
from dingdan.areas.pricing.rules.benefits import Amount, Percent, Presale
from dingdan.areas.pricing.rules.layering import Charges, Outcome, lay
from dingdan.areas.pricing.rules.sheet import Candidate, Sheet

# So many promotions of one basket are tried in every combination; with more, no single change would be better.
TRIED_WHOLLY = 6

Key = tuple[int, int, int, tuple[int, ...]]
Price = Callable[[Sequence[Candidate]], tuple[Key, Outcome]]


def best(ask: Ask, promotions: Sequence[Candidate], coupons: Sequence[Candidate], charges: Charges) -> Outcome:
    """The cheapest of all ways to price an ask in which as many as possible of the coupons asked for apply.

    Among equals the one with the fewest layers, then the one with the oldest promotions.
    """
    fixed = [one for one in promotions if isinstance(one.promotion.draft.benefit, Presale)]
    free = [one for one in promotions if one not in fixed]
    found: dict[Key, Outcome] = {}
    for together in _compatible(coupons):
        key, outcome = _best_with(ask, (fixed, free, together), charges)
        found[key] = outcome
    return found[min(found)]


def conflicts(one: Candidate, other: Candidate) -> bool:
    """Whether two coupons exclude each other: an exclusive one all, others those of their group on the same line."""
    if one.promotion.draft.exclusive or other.promotion.draft.exclusive:
        return True
    return one.promotion.group == other.promotion.group and not set(one.lines).isdisjoint(other.lines)


def _compatible(coupons: Sequence[Candidate]) -> list[tuple[Candidate, ...]]:
    """The largest sets of coupons without a conflict; all of them, where there is none."""
    clashing = {(a.place, b.place) for a, b in combinations(coupons, 2) if conflicts(a, b)}
    if not clashing:
        return [tuple(coupons)]
    sets: list[tuple[Candidate, ...]] = []
    for size in range(len(coupons), 0, -1):
        for some in combinations(coupons, size):
            places = {one.place for one in some}
            is_sound = not any(a in places and b in places for a, b in clashing)
            if is_sound and not any(places <= {one.place for one in larger} for larger in sets):
                sets.append(some)
    return sets


def _best_with(
    ask: Ask, given: tuple[Sequence[Candidate], Sequence[Candidate], Sequence[Candidate]], charges: Charges
) -> tuple[Key, Outcome]:
    fixed, free, coupons = given
    alone = [one for one in free if one.promotion.draft.exclusive]
    others = [one for one in free if not one.promotion.draft.exclusive]
    if any(one.promotion.draft.exclusive for one in coupons):
        alone, others = [], []

    def price(chosen: Sequence[Candidate]) -> tuple[Key, Outcome]:
        outcome = lay(ask, [*fixed, *chosen, *coupons], charges)
        return _key(outcome, coupons), outcome

    everything = price(others)
    if not others or (not alone and not coupons and _cannot_harm(ask, others, everything[1], charges)):
        return min([everything, *(price([one]) for one in alone if not coupons)], key=_first)
    tried = [price(chosen) for chosen in _subsets(others)] if len(others) <= TRIED_WHOLLY else [_climb(others, price)]
    return min([*tried, *(price([one]) for one in alone if not coupons)], key=_first)


def _first(one: tuple[Key, Outcome]) -> Key:
    return one[0]


def _key(outcome: Outcome, coupons: Sequence[Candidate]) -> Key:
    applied = outcome.sheet.applied
    failed = len(coupons) - sum(1 for one in applied if one.place >= 0)
    return failed, outcome.total, len(applied), tuple(sorted(one.promotion.id for one in applied))


def _cannot_harm(ask: Ask, promotions: Sequence[Candidate], outcome: Outcome, charges: Charges) -> bool:
    """Promotions on single lines that do not make carriage dearer: all of them is the best there is."""
    if any(not isinstance(one.promotion.draft.benefit, Percent | Amount) for one in promotions):
        return False
    undiscounted = charging.freight(ask, charges.tariff, sum(Sheet(ask).goods))
    return all(one.promotion.stage is Stage.ITEM for one in promotions) and outcome.freight == undiscounted


def _subsets(some: Sequence[Candidate]) -> Iterator[tuple[Candidate, ...]]:
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
