"""Whether goods may come back: whose they are, how many are left, and what the policy of their order says."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from dingdan.areas import evidence, policies, refunds
from dingdan.areas.returns.model import MAX_LINES, Apply, ApplyLine, Resolution
from dingdan.areas.returns.refusals import (
    BeforePurchase,
    ExcludedByLaw,
    ExcludedConfirmed,
    LineRepeated,
    LineUnknown,
    LineUnnamed,
    NoSuchPurchase,
    NotShipped,
    NotThisBuyer,
    OnItsWayInPart,
    OrderEnded,
    OutOfWindow,
    PolicyRefuses,
    PriceNotLower,
    QuantityExceeded,
    QuantityUnfit,
    ReductionUnfit,
    RefundOnlyNeedsFault,
    RequestEmpty,
    ResolutionNotOffered,
    TooManyAttempts,
)
from dingdan.areas.returns.rules.matching import Key, Lot, Part, Purchase, Shelf, choose
from dingdan.areas.returns.rules.resolving import (
    cheaper_by,
    is_after_repairs,
    is_protected,
    is_remedy,
    offered,
    reasons_to_look,
)
from dingdan.kernel.money import MAX_AMOUNT, part_of_units, split
from dingdan.kernel.refusal import Refusal
from dingdan.kernel.times import iso

REFUSALS: dict[str, type[Refusal]] = {
    "OUT_OF_WINDOW": OutOfWindow,
    "EXCLUDED_BY_LAW": ExcludedByLaw,
    "EXCLUDED_CONFIRMED": ExcludedConfirmed,
}


def evaluate(
    application: Apply, buyer_id: int | None, shelf: Shelf, *, now: datetime
) -> tuple[list[Part], list[Refusal]]:
    """What an application takes, or everything that is wrong with it, each with its path; then it takes nothing."""
    if not 1 <= len(application.lines) <= MAX_LINES:
        return [], [RequestEmpty("lines", limit=MAX_LINES)]
    parts: dict[tuple[Key, bool], Part] = {}
    problems: list[Refusal] = evidence_problems(application, buyer_id, shelf)
    taken: Counter[tuple[Key, bool]] = Counter()
    for place, line in enumerate(application.lines):
        path = f"lines[{place}]"
        wrong = _form_problems(line)
        candidates, missing = ([], wrong) if wrong else _candidates(application, line, buyer_id, shelf, now=now)
        if missing:
            problems += [problem.at(path) for problem in missing]
            continue
        found, wrong = _take(application, line, candidates, shelf, taken, now=now)
        problems += [problem.at(path) for problem in wrong]
        for part in found:
            key = (part.purchase.key, part.is_unshipped)
            known = parts.get(key)
            if known is not None and (known.reason, known.claimed) != (part.reason, part.claimed):
                problems.append(LineRepeated(path, line_no=part.purchase.line_no))
            parts[key] = (
                part
                if known is None
                else replace(part, quantity=part.quantity + known.quantity, off=part.off + known.off)
            )
            taken[key] += part.quantity
    problems = problems or asked_problems(application, list(parts.values()), shelf)
    if problems:
        return [], problems
    for (bought, is_unshipped), count in taken.items():
        if application.resolution is not Resolution.PRICE_PROTECTION:
            (shelf.unshipped if is_unshipped else shelf.left)[bought] -= count
    return with_reduction(application, list(parts.values()), shelf), []


def _form_problems(line: ApplyLine) -> list[Refusal]:
    problems: list[Refusal] = []
    if line.quantity < 1:
        problems.append(QuantityUnfit("quantity", value=line.quantity))
    if line.claimed_unit_price is not None and not 0 <= line.claimed_unit_price <= MAX_AMOUNT:
        problems.append(QuantityUnfit("claimed_unit_price", value=line.claimed_unit_price))
    if not line.sku and (line.order_id is None or line.line_no is None):
        problems.append(LineUnnamed())
    return problems


def _candidates(
    application: Apply, line: ApplyLine, buyer_id: int | None, shelf: Shelf, *, now: datetime
) -> tuple[list[Purchase], list[Refusal]]:
    """The purchases that a line can mean, or why there is none."""
    if line.order_id is None:
        sku = (line.sku or "").strip()
        meant = shelf.by_sku.get((buyer_id, sku), []) if buyer_id is not None else []
        meant = [purchase for purchase in meant if purchase.merchant_id == application.merchant_id]
        if not meant:
            return [], [NoSuchPurchase("sku", sku=sku[:60])]
    else:
        meant = [
            purchase
            for purchase in shelf.by_order.get(line.order_id, [])
            if purchase.merchant_id == application.merchant_id
        ]
        if not meant:
            return [], [LineUnknown("order_id")]
        if meant[0].buyer_id != buyer_id:
            return [], [NotThisBuyer("order_id")]
        meant = [
            purchase
            for purchase in meant
            if line.line_no in (None, purchase.line_no) and (line.sku or purchase.sku).strip() == purchase.sku
        ]
        if not meant:
            return [], [LineUnknown("line_no" if line.line_no is not None else "sku")]
    path = "order_id" if line.order_id is not None else "sku"
    earlier = [purchase for purchase in meant if purchase.placed_at <= now]
    if not earlier:
        return [], [BeforePurchase(path)]
    alive = [purchase for purchase in earlier if purchase.ended is None]
    return (alive, []) if alive else ([], [OrderEnded(path, state=earlier[0].ended)])


def _take(
    application: Apply,
    line: ApplyLine,
    candidates: Sequence[Purchase],
    shelf: Shelf,
    taken: Mapping[tuple[Key, bool], int],
    *,
    now: datetime,
) -> tuple[list[Part], list[Refusal]]:
    """Units for a line: from purchases that the policy lets back, else from any, so that its reason is told."""
    if application.resolution is Resolution.PRICE_PROTECTION:
        return _protect(line, candidates, shelf, now=now)
    if application.resolution is Resolution.REFUND_ONLY and (found := _unshipped(line, candidates, shelf, taken, now)):
        return found, []
    verdicts: dict[Key, policies.Verdict] = {}
    try:
        for purchase in candidates:
            verdicts[purchase.key] = policies.judge(
                shelf.documents[purchase.policy_id], facts_of(purchase, line.reason, now)
            )
    except policies.ReasonUnknown as refusal:
        return [], [refusal]
    by_key = {purchase.key: purchase for purchase in candidates}
    lots = [
        Lot(p.order_id, p.line_no, p.placed_at, shelf.left[p.key] - taken.get((p.key, False), 0), p.net, p.quantity)
        for p in candidates
    ]
    welcome = [lot for lot in lots if verdicts[lot.order_id, lot.line_no].is_allowed]
    chosen = choose(welcome, line.quantity, line.claimed_unit_price)
    if chosen is None:
        chosen = choose(lots, line.quantity, line.claimed_unit_price)
    if chosen is None:
        left = sum(max(lot.left, 0) for lot in lots)
        waiting = sum(purchase.quantity - purchase.cancelled - purchase.shipped for purchase in candidates)
        if waiting and left + waiting >= line.quantity:
            return [], [NotShipped("order_id" if line.order_id is not None else "sku")]
        return [], [QuantityExceeded("quantity", wanted=line.quantity, left=left)]
    parts = []
    problems: dict[str, Refusal] = {}
    for lot, quantity in chosen:
        key = (lot.order_id, lot.line_no)
        part, wrong = _part(application, line, by_key[key], quantity, verdicts[key], shelf=shelf)
        parts.append(part)
        problems |= {problem.code: problem for problem in wrong}
    return ([], list(problems.values())) if problems else (parts, [])


def _part(
    application: Apply, line: ApplyLine, bought: Purchase, quantity: int, verdict: policies.Verdict, *, shelf: Shelf
) -> tuple[Part, list[Refusal]]:
    """Units of a purchase as they are asked for, and why they may not be."""
    document, resolution = shelf.documents[bought.policy_id], application.resolution
    is_worn_out = shelf.attempts.get(bought.key, 0) >= document.asking.attempts
    is_by_right = verdict.is_allowed and resolution is Resolution.REFUND
    # What is agreed on needs no right to it; and whoever asks for a person gets one.
    is_open = application.ask_person or resolution is Resolution.KEEP or is_remedy(resolution, verdict)
    is_due = is_after_repairs(resolution, verdict, document.repair, bought.failed_repairs)
    wrong = [] if is_open or is_due else refusals_of(verdict, shelf, bought.policy_id)
    if resolution is Resolution.REFUND_ONLY and verdict.fault == "buyer" and bought.delivered_at is not None:
        wrong.append(RefundOnlyNeedsFault())
    if is_worn_out and not is_by_right and not application.ask_person:
        wrong.append(TooManyAttempts(attempts=document.asking.attempts))
    looks = reasons_to_look(
        resolution, verdict, is_delivered=bought.delivered_at is not None, is_asked=application.ask_person,
        # The law's own right is never looked at for how often somebody tried to use it.
        is_worn_out=is_worn_out and not (is_by_right and not verdict.needs_review), is_after_repairs=is_due,
    )  # fmt: skip
    return Part(bought, quantity, line.reason, line.claimed_unit_price, verdict, looks), wrong


def _unshipped(
    line: ApplyLine,
    candidates: Sequence[Purchase],
    shelf: Shelf,
    taken: Mapping[tuple[Key, bool], int],
    now: datetime,
) -> list[Part]:
    """Units that have not left yet: nothing has to come back, so they are only cancelled."""
    for bought in candidates:
        if shelf.unshipped.get(bought.key, 0) - taken.get((bought.key, True), 0) >= line.quantity:
            document = shelf.documents[bought.policy_id]
            if line.reason not in document.reasons:
                return []
            verdict = policies.judge(document, replace(facts_of(bought, line.reason, now), unshipped=True))
            return [Part(bought, line.quantity, line.reason, line.claimed_unit_price, verdict, is_unshipped=True)]
    return []


def _protect(
    line: ApplyLine, candidates: Sequence[Purchase], shelf: Shelf, *, now: datetime
) -> tuple[list[Part], list[Refusal]]:
    """The difference to today's price for units of one purchase, as far as the policy promises that (价保)."""
    standing = {p.key: max(shelf.left[p.key], 0) + max(shelf.unshipped.get(p.key, 0), 0) for p in candidates}
    bought = next((p for p in candidates if standing[p.key] >= line.quantity), None)
    if bought is None:
        return [], [QuantityExceeded("quantity", wanted=line.quantity, left=max(standing.values(), default=0))]
    document = shelf.documents[bought.policy_id]
    terms = document.asking.price_protection
    if terms is None:
        return [], [policies.PriceNotProtected()]
    if line.reason not in document.reasons or document.reasons[line.reason].kind != "price":
        known = ", ".join(code for code, reason in document.reasons.items() if reason.kind == "price")
        return [], [policies.ReasonUnknown("reason", reason=line.reason, known=known)]
    if not is_protected(terms, placed_at=bought.placed_at, now=now):
        return [], [policies.PriceProtectionOver(days=terms.days, rule=terms.rule)]
    off = cheaper_by(bought.net, bought.quantity, line.quantity, reduced=shelf.reduced.get(bought.key, 0),
                     price=shelf.prices.get((bought.product_id, bought.currency)))  # fmt: skip
    if not off:
        return [], [PriceNotLower()]
    if (left := shelf.worth.get(bought.key, off)) <= 0:
        return [], [refunds.LinePaidBack("line_no", line_no=bought.line_no)]
    off = min(off, left)
    rule = document.rules[terms.rule]
    verdict = policies.Verdict(
        is_allowed=True, needs_review=False, reasons=(), review_reasons=(), rules=(terms.rule,),
        articles=(rule.article,), window_end=bought.placed_at + timedelta(days=terms.days), fault="none", exclusion=None,
    )  # fmt: skip
    return [Part(bought, line.quantity, line.reason, None, verdict, off=off)], []


def evidence_problems(application: Apply, buyer_id: int | None, shelf: Shelf) -> list[Refusal]:
    """Evidence that does not exist or is somebody else's."""
    return [
        evidence.EvidenceUnknown(f"evidence[{n}]")
        for n, number in enumerate(application.evidence)
        if number not in shelf.shown or shelf.shown[number].buyer_id != buyer_id
        or shelf.shown[number].merchant_id != application.merchant_id
    ]  # fmt: skip


def asked_problems(application: Apply, parts: Sequence[Part], shelf: Shelf) -> list[Refusal]:
    """What is wrong with an application as a whole: what is asked for, how much less, and what is still on its way."""
    problems: list[Refusal] = []
    for policy_id in sorted({part.purchase.policy_id for part in parts}):
        allowed = offered(shelf.documents[policy_id])
        if application.resolution not in allowed:
            problems.append(ResolutionNotOffered("resolution", known=", ".join(allowed)))
    if application.resolution is Resolution.KEEP:
        left = sum(_worth(part, shelf) for part in parts)
        problems += [
            refunds.LinePaidBack(f"lines[{n}].line_no", line_no=part.purchase.line_no)
            for n, part in enumerate(parts) if _net(part) and shelf.worth.get(part.purchase.key, 1) <= 0
        ]  # fmt: skip
        if not problems and (
            application.wanted is None
            or not 0 < application.wanted <= left
            or len({p.purchase.order_id for p in parts}) > 1
        ):
            problems.append(ReductionUnfit("wanted", most=left))
    elif application.wanted is not None:
        problems.append(ReductionUnfit("wanted", most=0))
    return problems + _part_way_problems(application, parts, shelf)


def _part_way_problems(application: Apply, parts: Sequence[Part], shelf: Shelf) -> list[Refusal]:
    """Only whole orders are called back: a parcel does not come back in part."""
    if application.resolution is not Resolution.REFUND_ONLY:
        return []
    moving = {p.purchase.key: p.quantity for p in parts if not p.is_unshipped and p.purchase.delivered_at is None}
    short = {
        order_id
        for order_id in {order_id for order_id, _ in moving}
        for bought in shelf.by_order[order_id]
        if shelf.left[bought.key] > moving.get(bought.key, 0)
    }
    return [OnItsWayInPart()] if short else []


def with_reduction(application: Apply, parts: list[Part], shelf: Shelf) -> list[Part]:
    """The parts with what is taken off each, where the goods are kept for less."""
    if application.resolution is not Resolution.KEEP or application.wanted is None:
        return parts
    offs = split(application.wanted, [_worth(part, shelf) for part in parts])
    return [replace(part, off=off) for part, off in zip(parts, offs, strict=True)]


def _net(part: Part) -> int:
    return part_of_units(part.purchase.net, part.purchase.quantity, before=0, taken=part.quantity)


def _worth(part: Part, shelf: Shelf) -> int:
    """What these units cost, less what was taken off their line, and no more than did not go back of it."""
    cost = max(0, _net(part) - shelf.reduced.get(part.purchase.key, 0))
    return max(0, min(cost, shelf.worth.get(part.purchase.key, cost)))


def facts_of(purchase: Purchase, reason: str, requested_at: datetime) -> policies.LineFacts:
    """What the policy must know about one unit of a purchase; how many are left is not the policy's to count."""
    return policies.LineFacts(
        reason=reason,
        quantity=1,
        returnable=1,
        requested_at=requested_at,
        delivered_at=purchase.delivered_at,
        category=purchase.category,
        flags=purchase.flags,
        confirmed=purchase.is_confirmed,
        confirmed_at=purchase.received_at,
        sold_at=purchase.placed_at,
        country=purchase.country,
        is_untold=purchase.is_untold,
        told_at=purchase.told_at,
        repair_days=purchase.repair_days,
        failed_repairs=purchase.failed_repairs,
        exchanged_at=purchase.exchanged_at,
    )


def is_left_to_us(
    parts: Sequence[Part], law: policies.PolicyDocument | None, *, resolution: Resolution, now: datetime
) -> bool:
    """Whether a person may look at what no rule of the order wants looked at: never at what the law alone would give.

    `law` is the pack of the order's law. Where nobody knows one, what the order's policy gives is taken for the law's.
    """
    if resolution is not Resolution.REFUND:
        return True
    return law is not None and not all(_is_given_by(law, part, now) for part in parts)


def _is_given_by(law: policies.PolicyDocument, part: Part, now: datetime) -> bool:
    """Whether a law grants these units for this reason by itself; of a reason that it has no word for, it may."""
    if part.reason not in law.reasons:
        return True
    verdict = policies.judge(law, facts_of(part.purchase, part.reason, now))
    return verdict.is_allowed and not verdict.needs_review


def refusals_of(verdict: policies.Verdict, shelf: Shelf, policy_id: int) -> list[Refusal]:
    """A policy's no, reason by reason, each with the rule it rests on and the article behind that."""
    document = shelf.documents[policy_id]
    found: list[Refusal] = []
    for reason in verdict.reasons:
        rule = _rule_of(reason, verdict, document)
        article = document.rules[rule].article
        found.append(
            REFUSALS.get(reason, PolicyRefuses)(
                rule=rule,
                article=article,
                window_end=iso(verdict.window_end) if verdict.window_end else "",
                text=document.rules[rule].en,
                text_zh=document.rules[rule].zh,
            )
        )
    return found


def _rule_of(reason: str, verdict: policies.Verdict, document: policies.PolicyDocument) -> str:
    """The rule behind one reason among all that the verdict rests on."""
    if reason.startswith("EXCLUDED") and verdict.exclusion:
        return verdict.exclusion
    windows = {document.no_reason.window.rule, document.quality.window.rule, document.quality.late_rule}
    if reason == "OUT_OF_WINDOW":
        return next(rule for rule in reversed(verdict.rules) if rule in windows)
    return verdict.rules[-1]


def by_order(parts: Sequence[Part]) -> list[list[Part]]:
    """The parts of an application, order by order: each becomes one return."""
    groups: dict[int, list[Part]] = {}
    for part in parts:
        groups.setdefault(part.purchase.order_id, []).append(part)
    return list(groups.values())
