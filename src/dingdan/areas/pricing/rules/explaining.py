"""Why a quote is as it is: what is wrong with it, each with its ways out, and which promotions did not apply."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Literal

import msgspec

from dingdan.areas.pricing import refusals
from dingdan.areas.pricing.model import Ask, Item, PassedOver, Quote, Terms
from dingdan.areas.pricing.rules import charging, combining, couponing
from dingdan.areas.pricing.rules.benefits import Presale
from dingdan.areas.pricing.rules.layering import Charges, Outcome
from dingdan.areas.pricing.rules.sheet import Candidate, candidate
from dingdan.kernel.money import decimal_string
from dingdan.kernel.refusal import Operation, Refusal, Solution, Text

# How many other coupons are tried for somebody whose own does not fit.
OTHERS_TRIED = 10


class Case(msgspec.Struct, frozen=True):
    """What a quote was made from and what came of it."""

    ask: Ask
    terms: Terms
    promotions: Sequence[Candidate]
    coupons: Sequence[Candidate]
    charges: Charges
    outcome: Outcome


class Joint(msgspec.Struct, frozen=True):
    """The same for the orders of one checkout, and the coupons of all of them; `refused` by place, with whose it is."""

    terms: Terms
    orders: Sequence[combining.Order]
    shared: Sequence[combining.Shared]
    refused: Mapping[int, tuple[int, Refusal]]
    outcomes: Sequence[Outcome]
    beyond: Sequence[Sequence[tuple[Candidate, int]]]

    @property
    def total(self) -> int:
        """What all orders cost together."""
        return sum(outcome.total for outcome in self.outcomes)


# What a checkout costs with other coupons, at terms that know them; None where one of them is not in that price.
Price = Callable[[tuple[str, ...], Terms], int | None]


def coupon_problems_together(joint: Joint, price: Price) -> list[list[Refusal]]:
    """For each order of a checkout the coupons that were asked for and are not in the price, with their ways out.

    What all orders share is told with the first one.
    """
    found = dict(joint.refused)
    asked: list[tuple[int, combining.Shared]] = [
        (0, one) for one in joint.shared if next(iter(one.values())).place >= 0
    ]
    asked += [(n, {n: one}) for n, order in enumerate(joint.orders) for one in order.coupons]
    for n, parts in asked:
        if not any(one is other for m, one in parts.items() for other in joint.outcomes[m].sheet.applied):
            one = next(iter(parts.values()))
            found[one.place] = (n, _why_not(joint, parts))
    codes = joint.orders[0].ask.coupons
    tried = _better_ones(joint, price) if found else []
    problems: list[list[Refusal]] = [[] for _ in joint.orders]
    for place, (n, problem) in sorted(found.items()):
        ways = [couponing.drop(place, codes[place], joint.total, joint.orders[0].ask.currency)]
        better = min((one for one in tried if one[0] == place and one[1] < joint.total), default=None)
        if better is not None:
            ways.insert(0, couponing.swap(place, better[2], better[1], joint.orders[0].ask.currency))
        problems[n].append(problem.with_solutions(*ways))
    return problems


def _why_not(joint: Joint, parts: combining.Shared) -> Refusal:
    one = next(iter(parts.values()))
    for n, mine in parts.items():
        for other in joint.outcomes[n].sheet.applied:
            if other.place >= 0 and combining.conflicts(mine, other):
                return refusals.CouponsDoNotCombine(f"coupons[{one.place}]", code=one.code, other=other.code)
    failed = [
        (why, missing) for n in parts for it, why, missing in joint.outcomes[n].sheet.failed if it.place == one.place
    ]
    why, missing = failed[0] if failed else ("takes_nothing_off", 0)
    return couponing.failed(one, why, missing, next(iter(joint.orders)).ask)


def _better_ones(joint: Joint, price: Price) -> list[tuple[int, int, str]]:
    """The buyer's other coupons in the place of the first that does not fit: (place, total, code)."""
    coupons, terms = joint.orders[0].ask.coupons, joint.terms
    applied = {one.place for outcome in joint.outcomes for one in outcome.sheet.applied if one.place >= 0}
    place = min(n for n in range(len(coupons)) if n not in applied)
    kept = [code for n, code in enumerate(coupons) if n in applied]
    taken = {couponing.plain(code) for code in coupons}
    found: list[tuple[int, int, str]] = []
    tried: set[str] = set()
    for order in joint.orders:
        key = (order.ask.merchant_id, order.ask.buyer_key)
        for held in terms.others.get(key, ()):
            code = (held.grant.code if held.grant else None) or held.promotion.draft.code
            if code is None or code in taken | tried or len(tried) == OTHERS_TRIED:
                continue
            tried.add(code)
            known = msgspec.structs.replace(terms, coupons={**terms.coupons, (*key, code): held})
            total = price((*kept, code), known)
            if total is not None:
                found.append((place, total, code))
    return found


def coupon_problems(case: Case, refused: Mapping[int, Refusal]) -> list[Refusal]:
    """Every coupon that was asked for and is not in the price, with the total without it and the next best one."""
    ask, sheet = case.ask, case.outcome.sheet
    found = dict(refused)
    applied = [one for one in sheet.applied if one.place >= 0]
    failed = {one.place: (one, why, missing) for one, why, missing in sheet.failed if one.place >= 0}
    for one in case.coupons:
        if any(one is other for other in applied):
            continue
        rival = next((other for other in applied if combining.conflicts(one, other)), None)
        if rival is not None:
            path = f"coupons[{one.place}]"
            found[one.place] = refusals.CouponsDoNotCombine(path, code=one.code, other=rival.code)
        else:
            found[one.place] = couponing.failed(*failed.get(one.place, (one, "takes_nothing_off", 0)), ask)
    return [problem.with_solutions(*_ways_out(case, place, applied)) for place, problem in sorted(found.items())]


def _ways_out(case: Case, place: int, applied: Sequence[Candidate]) -> list[Solution]:
    ask, total = case.ask, case.outcome.total
    better = _best_other(case, place, applied)
    ways = [couponing.drop(place, ask.coupons[place], total, ask.currency)]
    if better is not None:
        ways.insert(0, couponing.swap(place, better[1], better[0], ask.currency))
    return ways


def _best_other(case: Case, place: int, applied: Sequence[Candidate]) -> tuple[int, str] | None:
    """The coupon of this buyer that fits in the place of another one and costs least, where it costs less."""
    ask, terms = case.ask, case.terms
    taken = {couponing.plain(code) for code in ask.coupons}
    found: list[tuple[int, str]] = []
    for held in terms.others.get((ask.merchant_id, ask.buyer_key), ())[:OTHERS_TRIED]:
        code = (held.grant.code if held.grant else None) or held.promotion.draft.code
        if code is None or code in taken or couponing.problem_of(held, ask, terms, "") is not None:
            continue
        other = candidate(held.promotion, ask, grant=held.grant, code=code, place=place)
        if any(combining.conflicts(other, one) for one in applied):
            continue
        outcome = combining.best(ask, case.promotions, [*applied, other], case.charges)
        if sum(1 for one in outcome.sheet.applied if one.place >= 0) == len(applied) + 1:
            found.append((outcome.total, code))
    return min((one for one in found if one[0] < case.outcome.total), default=None)


def points_problems(case: Case) -> Iterator[Refusal]:
    """Points that cannot be used, or not so many."""
    ask, outcome, rule = case.ask, case.outcome, case.charges.points
    if not ask.points or outcome.points == ask.points:
        return
    shown = f"{decimal_string(outcome.total, ask.currency)} {ask.currency}"
    params = {"total": outcome.total, "currency": ask.currency}
    fewer = Solution(
        "use_fewer_points",
        Text(f"Use {outcome.points} points: {shown} in all", f"使用 {outcome.points} 积分，合计 {shown}"),
        patch=(Operation("replace", "/points", outcome.points),),
        params=params,
    )
    if rule is None or not outcome.points:
        yield refusals.PointsNotTaken("points").with_solutions(fewer)
    else:
        yield refusals.PointsUnfit(
            "points",
            points=ask.points,
            most=outcome.points + charging.most_points(rule, outcome.sheet),
            step=rule.points,
        ).with_solutions(fewer)


def presale_problems(case: Case, quote: Callable[[tuple[Item, ...]], Quote]) -> Iterator[Refusal]:
    """Goods with a deposit beside other goods."""
    items = case.ask.items
    sold = [one for one in case.outcome.sheet.applied if isinstance(one.promotion.draft.benefit, Presale)]
    if not sold or (len(sold) == 1 and len(sold[0].lines) == len(items)):
        return
    for one in sold:
        others = [i for i in range(len(items)) if i not in one.lines]
        for i in one.lines:
            yield refusals.PresaleApart(f"lines[{i}].sku", sku=items[i].sku).with_solutions(
                _only(case, quote, sorted(one.lines), others), _only(case, quote, others, sorted(one.lines))
            )


def _only(case: Case, quote: Callable[[tuple[Item, ...]], Quote], kept: Sequence[int], gone: Sequence[int]) -> Solution:
    items, currency = case.ask.items, case.ask.currency
    total = quote(tuple(items[i] for i in kept)).total
    named = ", ".join(items[i].sku for i in kept)
    shown = f"{decimal_string(total, currency)} {currency}"
    return Solution(
        "drop_line",
        Text(f"Order only {named}: {shown} in all", f"只购买 {named}，合计 {shown}"),
        patch=tuple(Operation("remove", f"/lines/{i}") for i in sorted(gone, reverse=True)),
        params={"total": total, "currency": currency},
    )


def passed_over(case: Case, beyond: Sequence[tuple[Candidate, int]]) -> tuple[PassedOver, ...]:
    """The promotions in force that did not apply, each with the reason and what the basket lacks for it."""
    sheet = case.outcome.sheet
    applied = {one.promotion.id for one in sheet.applied}
    failed = {one.promotion.id: (why, missing) for one, why, missing in sheet.failed if one.place < 0}
    is_alone = any(one.promotion.draft.exclusive for one in sheet.applied if one.place >= 0)
    found = [PassedOver(one.promotion.id, one.promotion.label, "below_threshold", lacks) for one, lacks in beyond]
    for one in case.promotions:
        if one.promotion.id in applied:
            continue
        if one.promotion.id in failed:
            found.append(PassedOver(one.promotion.id, one.promotion.label, *failed[one.promotion.id]))
        else:
            why: Literal["not_with_coupon", "another_is_better"] = (
                "not_with_coupon" if is_alone else "another_is_better"
            )
            found.append(PassedOver(one.promotion.id, one.promotion.label, why))
    return tuple(sorted(found, key=lambda one: one.source_id))
