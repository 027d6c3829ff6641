"""The one check of the quote and of the order: load for all baskets at once, judge each, mend what is refused."""

from collections import Counter
from collections.abc import Mapping, Sequence

from dingdan.areas import pricing
from dingdan.areas.placement.loading import look_closer
from dingdan.areas.placement.model import Basket, Suspicion
from dingdan.areas.placement.rules import guarding, wanting
from dingdan.areas.placement.rules.cases import Case, Facts
from dingdan.areas.placement.rules.judging import Verdict, judge
from dingdan.areas.placement.rules.solving import solved
from dingdan.kernel.refusal import Refusal, Refusals
from dingdan.plumbing.tx import Tx


def check(baskets: Sequence[Basket], facts: Facts) -> list[Verdict]:
    """A verdict on each basket; pure."""
    return [judge(basket, facts) for basket in baskets]


async def mend(tx: Tx, facts: Facts, refused: Mapping[int, tuple[Basket, Sequence[Refusal]]]) -> dict[int, Refusal]:
    """Baskets that were refused, with all that is wrong with them and the ways out: {place: refusal}.

    They are judged again with the stock in sight. What only taking could find out is kept; what both found is told once.
    """
    if not refused:
        return {}
    closer = await look_closer(tx, facts, [basket for basket, _ in refused.values()])
    told: dict[int, Refusal] = {}
    for place, (basket, known) in refused.items():
        verdict = judge(basket, closer)
        there = {(problem.code, problem.path) for problem in verdict.problems}
        taken = [problem for problem in known if (problem.code, problem.path) not in there]
        problems = solved(verdict, [*verdict.problems, *taken], judge)
        told[place] = problems[0] if len(problems) == 1 else Refusals(problems)
    return told


def wrong_codes(tx: Tx, verdicts: Sequence[Verdict]) -> dict[str, int]:
    """How many coupons that do not exist were named: by each person, and by whoever asks."""
    found: Counter[str] = Counter()
    for verdict in verdicts:
        wrong = sum(isinstance(problem, pricing.CouponUnknown) for problem in verdict.problems)
        if wrong:
            found[pricing.actor_word(tx.actor)] += wrong
            person = verdict.case.facts.people.get(wanting.ref_of(verdict.case.basket))
            if person is not None:
                found[pricing.person_word(person)] += wrong
    return dict(found)


def suspicions(case: Case) -> list[Suspicion]:
    """The prices of a basket that nobody may order at."""
    return [
        found
        for part in case.parts
        for wish in part.wishes
        if wish.offer is not None and case.currency in wish.offer.prices
        for found in [guarding.suspicion(wish.offer, case.currency, part.merchant.settings)]
        if found is not None
    ]
