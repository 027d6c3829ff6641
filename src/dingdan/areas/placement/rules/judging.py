"""The verdict on one basket: the same for the quote and for the order."""

from collections.abc import Callable, Sequence

import msgspec

from dingdan.areas import carriers, pricing
from dingdan.areas.placement.model import Basket
from dingdan.areas.placement.rules import wanting
from dingdan.areas.placement.rules.cases import Case, Facts, case_of
from dingdan.areas.placement.rules.checks import AMOUNT_CHECKS, CHECKS, has_amounts
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
    quotes = tuple(pricing.quote(wanting.price_of(case, part), facts.terms) for part in case.parts)
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
