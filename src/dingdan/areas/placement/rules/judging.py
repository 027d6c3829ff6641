"""The verdict on one basket, the same for the quote and for the order; and on those that want the same few things."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import msgspec

from dingdan.areas import carriers, customs, pricing
from dingdan.areas.placement.model import Basket
from dingdan.areas.placement.refusals import BuyerLimitReached
from dingdan.areas.placement.rules import wanting
from dingdan.areas.placement.rules.cases import Case, Facts, Part, Wish, case_of
from dingdan.areas.placement.rules.checks import AMOUNT_CHECKS, CHECKS, has_amounts, left_for
from dingdan.kernel.refusal import Refusal


class Verdict(msgspec.Struct, frozen=True):
    """All that is wrong with a basket, and what it costs; no amounts where a line has no price."""

    case: Case
    problems: tuple[Refusal, ...]
    quotes: tuple[pricing.Quote, ...] | None

    @property
    def total(self) -> int | None:
        """What all orders of the basket cost together."""
        return sum(quote.total for quote in self.quotes) if self.quotes is not None else None

    @property
    def promises(self) -> tuple[carriers.Promise | None, ...]:
        """By when each part leaves and arrives, if it is paid now; None where that cannot be known yet."""
        quotes = self.quotes or (None,) * len(self.case.parts)
        found = [
            wanting.promise_of(self.case, part, quote) for part, quote in zip(self.case.parts, quotes, strict=True)
        ]
        return tuple(one if isinstance(one, carriers.Promise) else None for one in found)


def judge(basket: Basket, facts: Facts) -> Verdict:
    """Ask every check. What can be priced is priced, whatever else is wrong with it."""
    case = case_of(basket, facts)
    problems = [problem for check in CHECKS for problem in check(case)]
    if not has_amounts(case):
        return Verdict(case, tuple(problems), None)
    quotes = pricing.quote_together([wanting.price_of(case, part) for part in case.parts], facts.terms)
    problems += [problem for check in AMOUNT_CHECKS for problem in check(case, quotes)]
    return Verdict(case, tuple(problems), quotes)


Judge = Callable[[Basket, Facts], Verdict]


def same_problem(problem: Refusal) -> tuple[str, str]:
    """By what two problems of one basket are told apart even after its lines have moved."""
    about = problem.params.get("sku") or problem.params.get("field") or problem.params.get("part") or ""
    return problem.code, str(about)


def codes_of(problems: Sequence[Refusal]) -> list[tuple[str, str]]:
    """Problems by what tells them apart, in order."""
    return sorted(map(same_problem, problems))


Key = tuple[int, str, int]


def ration(cases: Mapping[int, Case]) -> dict[int, list[Refusal]]:
    """Baskets, by their place in the batch, that get less than they want because others of the batch came first.

    Each of them is sound by itself; a basket that gets too little of one thing takes nothing.
    """
    # Cases of one batch share what is known of products; most batches have nothing that is rationed.
    offers = {id(case.facts.offers): case.facts.offers for case in cases.values()}
    if not any(offer.max_per_buyer for known in offers.values() for offer in known.values()):
        return {}
    taken: Counter[Key] = Counter()
    refused: dict[int, list[Refusal]] = {}
    for n, case in cases.items():
        limited = [(part, wish) for part in case.parts for wish in part.wishes if _is_limited(wish)]
        wanted: Counter[Key] = Counter()
        for part, wish in limited:
            wanted[_key(case, part, wish)] += wish.item.quantity
        problems = [one for part, wish in limited for one in _problem(case, part, wish, wanted, taken)]
        if problems:
            refused[n] = problems
        else:
            taken += wanted
    return refused


def _is_limited(wish: Wish) -> bool:
    return wish.offer is not None and wish.offer.max_per_buyer is not None


def _key(case: Case, part: Part, wish: Wish) -> Key:
    assert wish.offer is not None
    return part.merchant.id, case.basket.buyer.ref if case.basket.buyer else "", wish.offer.product_id


def _problem(case: Case, part: Part, wish: Wish, wanted: Mapping[Key, int], taken: Mapping[Key, int]) -> list[Refusal]:
    assert wish.offer is not None
    key = _key(case, part, wish)
    left = max(0, (left_for(case, part, wish.offer) or 0) - taken.get(key, 0))
    if wanted[key] <= left:
        return []
    most = wish.offer.max_per_buyer
    return [BuyerLimitReached(f"lines[{wish.place}].quantity", sku=wish.item.sku, most=most, left=left)]


def ration_imports(sound: Mapping[int, Verdict]) -> dict[int, list[Refusal]]:
    """Sound baskets, by their place in the batch, of people for whom others of it came first (customs count by person)."""
    taken: Counter[str] = Counter()
    refused: dict[int, list[Refusal]] = {}
    for n, verdict in sound.items():
        case, quotes = verdict.case, verdict.quotes or ()
        wanted = sum(wanting.import_of(case, part, quote) for part, quote in zip(case.parts, quotes, strict=True))
        who = wanting.importer_of(case)
        if wanted and case.facts.imported.get(who, 0) + taken[who] + wanted > customs.YEAR_MOST:
            refused[n] = [customs.year_limit("buyer.papers.number")]
        else:
            taken[who] += wanted
    return refused
