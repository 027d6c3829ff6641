"""Whether goods may come back: whose they are, how many are left, and what the policy of their order says."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from dingdan.areas import policies
from dingdan.areas.returns.model import MAX_LINES, PRICE_MISMATCH, Apply, ApplyLine
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
    OrderEnded,
    OutOfWindow,
    PolicyRefuses,
    QuantityExceeded,
    QuantityUnfit,
    RequestEmpty,
)
from dingdan.areas.returns.rules.matching import Lot, choose, is_price_paid
from dingdan.kernel.money import MAX_AMOUNT
from dingdan.kernel.refusal import Refusal
from dingdan.kernel.times import iso

Key = tuple[int, int]

REFUSALS: dict[str, type[Refusal]] = {
    "OUT_OF_WINDOW": OutOfWindow,
    "EXCLUDED_BY_LAW": ExcludedByLaw,
    "EXCLUDED_CONFIRMED": ExcludedConfirmed,
}


class Purchase(msgspec.Struct, frozen=True, kw_only=True):
    """One order line as a return sees it; `ended` is the word for an order that never left, `net` what was paid."""

    order_id: int
    line_no: int
    merchant_id: int
    buyer_id: int
    warehouse_id: int
    product_id: int
    sku: str
    category: str
    flags: tuple[str, ...]
    placed_at: datetime
    delivered_at: datetime | None
    ended: str | None
    quantity: int
    shipped: int
    net: int
    is_confirmed: bool
    policy_id: int
    currency: str
    cancelled: int = 0
    received_at: datetime | None = None
    country: str = ""
    is_untold: bool = False
    told_at: datetime | None = None

    @property
    def key(self) -> Key:
        """Order and line number."""
        return self.order_id, self.line_no


class Shelf(msgspec.Struct):
    """The purchases that applications can mean, and how many units of each are in no other return.

    `left` goes down as applications are let in, so that several of one set never share a unit.
    """

    purchases: dict[Key, Purchase]
    left: dict[Key, int]
    documents: dict[int, policies.PolicyDocument]
    by_order: dict[int, list[Purchase]] = msgspec.field(default_factory=dict)
    by_sku: dict[tuple[int, str], list[Purchase]] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        for purchase in self.purchases.values():
            self.by_order.setdefault(purchase.order_id, []).append(purchase)
            self.by_sku.setdefault((purchase.buyer_id, purchase.sku), []).append(purchase)


class Part(msgspec.Struct, frozen=True):
    """Units of one purchase that an application takes, with what the policy said about them."""

    purchase: Purchase
    quantity: int
    reason: str
    claimed: int | None
    verdict: policies.Verdict

    @property
    def is_at_another_price(self) -> bool:
        """Whether the buyer claims to have paid something else per unit."""
        bought = self.purchase
        lot = Lot(bought.order_id, bought.line_no, bought.placed_at, self.quantity, bought.net, bought.quantity)
        return self.claimed is not None and not is_price_paid(self.claimed, lot)

    def review_reasons(self, *, by_price: bool) -> tuple[str, ...]:
        """Why a person must look at it."""
        return (*self.verdict.review_reasons, *((PRICE_MISMATCH,) if by_price and self.is_at_another_price else ()))


def evaluate(
    application: Apply, buyer_id: int | None, shelf: Shelf, *, now: datetime
) -> tuple[list[Part], list[Refusal]]:
    """What an application takes, or everything that is wrong with it, each with its path; then it takes nothing."""
    if not 1 <= len(application.lines) <= MAX_LINES:
        return [], [RequestEmpty("lines", limit=MAX_LINES)]
    parts: dict[Key, Part] = {}
    problems: list[Refusal] = []
    taken: Counter[Key] = Counter()
    for place, line in enumerate(application.lines):
        path = f"lines[{place}]"
        wrong = _form_problems(line)
        candidates, missing = ([], wrong) if wrong else _candidates(application, line, buyer_id, shelf, now=now)
        if missing:
            problems += [problem.at(path) for problem in missing]
            continue
        found, wrong = _take(line, candidates, shelf, taken, now=now)
        problems += [problem.at(path) for problem in wrong]
        for part in found:
            known = parts.get(part.purchase.key)
            if known is not None and (known.reason, known.claimed) != (part.reason, part.claimed):
                problems.append(LineRepeated(path, line_no=part.purchase.line_no))
            quantity = part.quantity + (known.quantity if known else 0)
            parts[part.purchase.key] = Part(part.purchase, quantity, part.reason, part.claimed, part.verdict)
            taken[part.purchase.key] += part.quantity
    if problems:
        return [], problems
    for key, count in taken.items():
        shelf.left[key] -= count
    return list(parts.values()), []


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
    line: ApplyLine,
    candidates: Sequence[Purchase],
    shelf: Shelf,
    taken: Mapping[Key, int],
    *,
    now: datetime,
) -> tuple[list[Part], list[Refusal]]:
    """Units for a line: from purchases that the policy lets back, else from any, so that its reason is told."""
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
        Lot(p.order_id, p.line_no, p.placed_at, shelf.left[p.key] - taken.get(p.key, 0), p.net, p.quantity)
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
        part = Part(by_key[key], quantity, line.reason, line.claimed_unit_price, verdicts[key])
        parts.append(part)
        problems |= {problem.code: problem for problem in refusals_of(part.verdict, shelf, part.purchase.policy_id)}
    return ([], list(problems.values())) if problems else (parts, [])


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
    )


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
