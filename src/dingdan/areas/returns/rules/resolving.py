"""What can be asked for besides sending goods back, what silence means, what evidence is missing, and what can be done."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from dingdan.areas import evidence, orders, policies
from dingdan.areas.returns import model as words
from dingdan.areas.returns.lifecycle import Decision, Journey, Outcome
from dingdan.areas.returns.model import Resolution, Return
from dingdan.kernel.money import part_of_units

# With these goods stay where they are.
WITHOUT_GOODS = frozenset({Resolution.REFUND_ONLY, Resolution.KEEP, Resolution.PRICE_PROTECTION,
                           Resolution.STORE_CREDIT})  # fmt: skip
# With these goods come back, and no money is asked for them as long as it stays so.
FOR_GOODS = frozenset({Resolution.EXCHANGE, Resolution.REPAIR})
# Whoever looks for these reasons must really look: silence is no yes to them.
GUARDED = frozenset({
    words.PRICE_MISMATCH, words.REFUND_ONLY, words.KEEP, words.INTERCEPTING, words.INTERCEPT_FAILED, words.EVIDENCE_REUSED,
    words.MANY_ATTEMPTS, words.PERSON_ASKED, words.APPEALED,
})  # fmt: skip
# What a person only looks at because it is a refund without goods; a policy may let small ones pass.
FAULT_CLAIMED = "FAULT_CLAIMED"
LENIENT = frozenset({FAULT_CLAIMED, words.REFUND_ONLY})


def reasons_to_look(
    resolution: Resolution,
    verdict: policies.Verdict,
    *,
    is_delivered: bool,
    is_asked: bool,
    is_worn_out: bool,
    is_after_repairs: bool = False,
) -> tuple[str, ...]:
    """Why a person must look at units for what is asked for, besides what the policy itself wants looked at.

    `is_asked`: the buyer wants a person although the rules say no. `is_worn_out`: it was asked for too often.
    `is_after_repairs`: it is due because repairs were in vain.
    """
    found: list[str] = []
    if resolution is Resolution.REFUND_ONLY:
        found.append(words.REFUND_ONLY if is_delivered else words.INTERCEPTING)
    if resolution is Resolution.KEEP:
        found.append(words.KEEP)
    is_due = is_after_repairs or (resolution in FOR_GOODS and is_remedy(resolution, verdict))
    if is_due and not verdict.is_allowed:
        found.append(FAULT_CLAIMED)
    elif is_asked and not verdict.is_allowed:
        found += [words.PERSON_ASKED, *verdict.reasons]
    if is_worn_out:
        found.append(words.MANY_ATTEMPTS)
    return tuple(found)


def offered(document: policies.PolicyDocument) -> tuple[str, ...]:
    """What can be asked for under a policy; what it has terms for is offered with them."""
    by_terms = ((Resolution.EXCHANGE, document.exchange), (Resolution.REPAIR, document.repair))
    return (*document.asking.resolutions, *(str(one) for one, terms in by_terms if terms is not None))


def is_remedy(resolution: Resolution, verdict: policies.Verdict) -> bool:
    """Whether what is asked for is a remedy that faulty goods still have, also where their price is not due any more."""
    return any(one.is_open and one.remedy == resolution for one in verdict.remedies)


def is_after_repairs(
    resolution: Resolution, verdict: policies.Verdict, terms: policies.RepairTerms | None, failures: int
) -> bool:
    """Whether repairs were in vain so often that something else is due for the same fault (R4.7)."""
    is_enough = terms is not None and failures >= terms.most_failures and str(resolution) in terms.then
    return is_enough and verdict.fault == "seller"


def cheaper_by(net: int, quantity: int, units: int, *, price: int | None, reduced: int) -> int:
    """By how much units cost less today than they did, after what was given back for that already; 0 where they do not."""
    if price is None:
        return 0
    paid = part_of_units(net - reduced, quantity, before=0, taken=units)
    return max(0, paid - price * units)


def is_protected(terms: policies.PriceProtection, *, placed_at: datetime, now: datetime) -> bool:
    """Whether the price of something bought then is still protected."""
    return now < placed_at + timedelta(days=terms.days)


def shots_missing(
    document: policies.PolicyDocument, reasons: Iterable[str], shown: Collection[evidence.Evidence]
) -> tuple[policies.Shot, ...]:
    """What evidence for these reasons must still show. A return without a reason never needs any (Measures 31(1))."""
    wanted: Counter[str] = Counter()
    known: dict[str, policies.Shot] = {}
    for code in reasons:
        reason = document.reasons[code]
        if reason.kind == "no_reason":
            continue
        for shot in document.asking.shots.get(code, ()):
            known[shot.code] = shot
            wanted[shot.code] = 1
    there = {(one.shot, one.sort) for one in shown}
    return tuple(known[code] for code in wanted if (code, known[code].sort) not in there)


def is_evident(document: policies.PolicyDocument, reasons: Iterable[str], shown: Collection[evidence.Evidence]) -> bool:
    """Whether everything was shown that the policy asks to see for these reasons."""
    codes = list(reasons)
    faults = [code for code in codes if document.reasons[code].fault == "seller"]
    sorts = {one.sort for one in shown}
    is_general = all(sort in sorts for sort in document.quality.evidence_required) if faults else True
    return is_general and not shots_missing(document, codes, shown)


def may_pass(
    review_reasons: Sequence[str],
    lines: Sequence[orders.OrderLine],
    document: policies.PolicyDocument,
    *,
    delivered_at: datetime | None,
    requested_at: datetime,
) -> bool:
    """Whether silence is a yes: to what could have gone back without any reason when it was asked for (R2.2)."""
    if not GUARDED.isdisjoint(review_reasons):
        return False
    return all(
        _needed_no_reason(line, document, delivered_at=delivered_at, requested_at=requested_at) for line in lines
    )


def may_pass_as_small(
    review_reasons: Sequence[str], amount: int, currency: str, up_to: Mapping[str, int], *, is_evident: bool
) -> bool:
    """Whether silence is a yes to anything else: up to an amount, and only where all was shown that was asked for."""
    is_free = GUARDED.isdisjoint(review_reasons) and words.MORE_TIME not in review_reasons
    return is_evident and is_free and amount <= up_to.get(currency, 0)


def _needed_no_reason(
    line: orders.OrderLine,
    document: policies.PolicyDocument,
    *,
    delivered_at: datetime | None,
    requested_at: datetime,
) -> bool:
    plain = next((code for code, reason in document.reasons.items() if reason.kind == "no_reason"), None)
    if plain is None:
        return False
    facts = policies.LineFacts(
        reason=plain,
        quantity=1,
        returnable=1,
        requested_at=requested_at,
        delivered_at=delivered_at,
        category=line.category,
        flags=tuple(line.flags),
        confirmed=line.confirmed_at is not None,
    )
    return policies.judge(document, facts).is_allowed


def actions(held: Return) -> list[str]:
    """Every verb that would not be refused because of where the return stands."""
    found = []
    if held.decision is Decision.REQUESTED:
        found += ["approve", "refuse", "change"]
    if held.decision is Decision.REFUSED and held.appealed_at is None:
        found.append("appeal")
    is_open = held.outcome is Outcome.OPEN
    if is_open and held.decision in (Decision.REQUESTED, Decision.APPROVED) and held.journey is Journey.AT_BUYER:
        found.append("withdraw")
    if held.decision is Decision.APPROVED and is_open and held.resolution not in WITHOUT_GOODS:
        if held.journey in (Journey.AT_BUYER, Journey.SENT):
            found.append("send")
        if held.journey is Journey.AT_BUYER and held.extended_at is None:
            found.append("extend")
        found.append("receive")
        if held.journey is Journey.RECEIVED and held.resolution is not Resolution.REPAIR:
            found.append("inspect")
    return found


Suggestion = Literal["approve", "approve_at_paid", "look", "ask", "talk", "refuse"]


def suggest(held: Return, *, is_allowed: bool, is_shown: bool) -> Suggestion:
    """What speaks for itself about an application that waits: the person decides, and may decide otherwise.

    `is_allowed` by the policy, line by line; `is_shown`: everything that is to be shown for its reasons was.
    """
    reasons = set(held.review_reasons)
    if held.resolution is Resolution.KEEP:
        return "talk"
    if reasons & {words.EVIDENCE_REUSED, words.APPEALED, words.MANY_ATTEMPTS, words.MORE_TIME}:
        return "look"
    if not is_allowed:
        return "refuse"
    if not is_shown:
        return "ask"
    if words.PRICE_MISMATCH in reasons:
        return "approve_at_paid"
    return "look" if reasons else "approve"
