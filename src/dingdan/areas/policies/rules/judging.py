"""What a policy says about one line: the window, the exclusions, whose fault is claimed, and every rule behind it."""

from collections.abc import Iterable

from dingdan.areas.policies.granting_parts import Condition, RemedyTerm, Window
from dingdan.areas.policies.model import LineFacts, PolicyDocument, Reason, Remedy, Step, Verdict
from dingdan.areas.policies.refusals import ReasonUnknown
from dingdan.areas.policies.rules.carrying import freight_for
from dingdan.areas.policies.rules.excluding import (
    LISTED_BY_LAW,
    Wares,
    conditions_of,
    confirmation_needed,
    excluded_by_law,
)
from dingdan.areas.policies.rules.lasting import Clock, Span, last, longest, season_end, zone_for
from dingdan.kernel.refusal import Text
from dingdan.kernel.resting import rest_days_called

# Why not, in words for whoever asked.
DECISIONS: dict[str, Text] = {
    "OUT_OF_WINDOW": Text("The period for this return is over.", "已超过可退货期限。"),
    "EXCLUDED_BY_LAW": Text(
        "The law excludes this kind of goods from returns without a reason.",
        "该类商品依法不适用无理由退货。",
    ),
    "EXCLUDED_BY_SHOP": Text(
        "The shop sells this without the right to return it.",
        "该商品在销售时已注明不支持退货。",
    ),
    "EXCLUDED_CONFIRMED": Text(
        "You confirmed at purchase that this item cannot be returned without a reason.",
        "您在购买时已确认该商品不适用无理由退货。",
    ),
    "QTY_EXCEEDED": Text("This is more than was bought and is still with you.", "退货数量超过可退数量。"),
    "NOT_INTACT": Text("The goods came back not intact.", "退回商品不完好。"),
    "NOT_ORIGINAL": Text("What came back is not what was sold.", "退回的不是原商品。"),
    "EVIDENCE_INSUFFICIENT": Text("The evidence does not show what is claimed.", "凭证不足以证明所述问题。"),
    "DUPLICATE_CASE": Text("There is an open case about the same goods.", "同一商品已有进行中的售后申请。"),
    "ABUSE_HOLD": Text("We need more time to check this application.", "该申请需要更多时间核实。"),
}

# Why a person must look at it.
REVIEWS: dict[str, Text] = {
    "FAULT_CLAIMED": Text("The seller is said to be at fault; somebody looks at it.", "主张商家责任，需人工核实。"),
    "LATE_CLAIM": Text(
        "The fault was told after the period in which a return is a matter of course.",
        "超过七日后提出的质量问题，需人工审核。",
    ),
    "REPORTED_LATE": Text(
        "The fault was told later than such goods are to be looked at; the legal rights stay.",
        "反馈时间超过该类商品的约定报告时限，需人工核实；法定权利不受影响。",
    ),
    "OPEN_REASON": Text("The reason has no rule of its own.", "该原因没有对应规则，需人工处理。"),
}


class _Draft:
    """A verdict in the making: what speaks against it, what wants a look, and the rules that were applied."""

    def __init__(self, document: PolicyDocument, facts: LineFacts, clock: Clock) -> None:
        self.document, self.facts, self.clock = document, facts, clock
        self.goods = Wares(facts.flags, facts.category, is_unsealed=facts.is_unsealed)
        self.conditions = conditions_of(document, self.goods, facts.reason)
        self.reasons: list[str] = []
        self.reviews: list[str] = []
        self.rules: list[str] = []
        self.steps: list[Step] = []
        self.span = Span(None, ())
        self.exclusion: str | None = None

    def note(self, step: Step, *rules: str, no: str = "", person: str = "") -> None:
        """Write down one thing that was looked at, the rules it rests on, and what it says against the return."""
        self.steps.append(step)
        self.rules += [step.rule, *rules]
        self.reasons += [no] if no else []
        self.reviews += [person] if person else []

    def look_at_window(self, windows: Iterable[Window]) -> Span:
        """The longest of these windows and of the seasons that apply; its rules are applied."""
        spans = [last(window, self.facts, self.clock) for window in windows]
        span = longest([*spans, *self._seasons()])
        self.rules += [*spans[0].rules[:1], *span.rules]
        if span.end is None:
            self.rules.append(self.document.grounds.in_transit)
        self.span = span
        return span

    def _seasons(self) -> Iterable[Span]:
        sold = self.facts.sold_at
        for season in self.document.seasons if sold is not None and self._has_begun() else ():
            end = season_end(season, sold, self.clock.zone) if sold is not None else None
            if end is not None:
                yield Span(end, (season.rule,))

    def _has_begun(self) -> bool:
        return self.facts.delivered_at is not None and self.facts.delivered_at <= self.facts.requested_at


def clock_of(document: PolicyDocument, country: str = "") -> Clock:
    """By whose days a policy counts for a buyer in that country; `""` where nobody knows it."""
    return Clock(zone_for(document, country), rest_days_called(document.rest_days, country))


def judge(document: PolicyDocument, facts: LineFacts, clock: Clock | None = None) -> Verdict:
    """What the policy says about one line; a preview asks the same.

    All that speaks against it is named, not only the first. Raises ReasonUnknown.
    """
    clock = clock or clock_of(document, facts.country)
    reason = document.reasons.get(facts.reason)
    if reason is None:
        raise ReasonUnknown("reason", reason=facts.reason, known=", ".join(document.reasons))
    draft = _Draft(document, facts, clock)
    if facts.quantity > facts.returnable:
        draft.note(Step("quantity", "no", document.grounds.quantity), no="QTY_EXCEEDED")
    if facts.unshipped:
        draft.note(Step("unshipped", "yes", reason.rule), document.grounds.unshipped)
    elif reason.fault == "buyer":
        _no_reason(draft, reason)
    elif reason.fault == "seller":
        _fault(draft, reason)
    else:
        draft.note(Step("reason", "person", reason.rule), document.grounds.open, person="OPEN_REASON")
    return _verdict(draft, reason)


def _no_reason(draft: _Draft, reason: Reason) -> None:
    """Needs neither reason nor evidence: only the window, the exclusions and the buyer's own confirmation count."""
    document, facts = draft.document, draft.facts
    draft.rules.append(reason.rule)
    by_law = excluded_by_law(document, facts.category, facts.flags, is_unsealed=facts.is_unsealed)
    if by_law:
        no = "EXCLUDED_BY_LAW" if document.jurisdiction in LISTED_BY_LAW else "EXCLUDED_BY_SHOP"
        draft.exclusion = by_law
        draft.note(Step("exclusion", "no", by_law), no=no)
    elif code := confirmation_needed(document, facts.category, facts.flags):
        if facts.confirmed:
            draft.exclusion = code
            draft.note(Step("confirmation", "no", code), no="EXCLUDED_CONFIRMED")
        else:
            # W41: no confirmation on record, so it can be returned.
            draft.note(Step("confirmation", "yes", document.grounds.unconfirmed))
    windows = (document.no_reason.window, *(one.window for one in draft.conditions if one.window))
    _window(draft, draft.look_at_window(windows))


def _window(draft: _Draft, span: Span) -> None:
    if span.is_over(draft.facts.requested_at):
        draft.steps.append(Step("window", "no", span.rules[0], span.end))
        draft.reasons.append("OUT_OF_WINDOW")
    else:
        draft.steps.append(Step("window", "yes", span.rules[0], span.end))


def _fault(draft: _Draft, reason: Reason) -> None:
    """The exclusions do not matter (Measures 35); facts decide, so a person looks at what is claimed."""
    draft.note(Step("fault", "person", reason.rule), person="FAULT_CLAIMED")
    if reason.kind == "legal":
        return  # A counterfeit or a recalled thing goes back whenever it comes to light.
    quality, now = draft.document.quality, draft.facts.requested_at
    for one in draft.conditions:
        if one.report and last(one.report, draft.facts, draft.clock).is_over(now):
            draft.note(Step("report", "person", one.report.rule), one.code, person="REPORTED_LATE")
    span = draft.look_at_window((quality.window, *(one.window for one in draft.conditions if one.window)))
    if not span.is_over(now):
        _window(draft, span)
        return
    draft.reviews.append("LATE_CLAIM")
    draft.steps.append(Step("window", "person", span.rules[0], span.end))
    late = Window(days=quality.late_days, rule=quality.late_rule)
    _window(draft, draft.look_at_window((late,)))


def _remedies(draft: _Draft) -> tuple[Remedy, ...]:
    """What else may be asked for, by the document and by the conditions of the goods."""
    terms = (*draft.document.quality.remedies, *(term for one in draft.conditions for term in one.remedies))
    return tuple(_remedy(draft, term) for term in terms)


def _remedy(draft: _Draft, term: RemedyTerm) -> Remedy:
    span = last(term.window, draft.facts, draft.clock)
    is_open = span.end is not None and not span.is_over(draft.facts.requested_at)
    is_open &= draft.facts.failed_repairs >= term.after_failed_repairs
    return Remedy(term.remedy, is_open, term.window.rule, span.end)


def _seller_proves(draft: _Draft) -> bool:
    windows = [one.seller_proves for one in draft.conditions if one.seller_proves]
    windows += [draft.document.quality.seller_proves] if draft.document.quality.seller_proves else []
    now = draft.facts.requested_at
    spans = [last(window, draft.facts, draft.clock) for window in windows]
    return any(span.end is not None and now < span.end for span in spans)


def _verdict(draft: _Draft, reason: Reason) -> Verdict:
    document = draft.document
    applied: tuple[Condition, ...] = draft.conditions if not draft.facts.unshipped else ()
    rules = tuple(dict.fromkeys(draft.rules))
    is_allowed = not draft.reasons
    reviews = tuple(draft.reviews) if is_allowed else ()
    is_fault = reason.fault == "seller"
    return Verdict(
        is_allowed=is_allowed,
        needs_review=bool(reviews),
        reasons=tuple(draft.reasons),
        review_reasons=reviews,
        rules=rules,
        articles=tuple(document.rules[rule].article for rule in rules),
        window_end=draft.span.end,
        fault=reason.fault,
        exclusion=draft.exclusion,
        steps=tuple(draft.steps),
        remedies=_remedies(draft) if is_fault else (),
        conditions=tuple(one.code for one in applied),
        freight=freight_for(document, reason.fault, applied),
        seller_proves=is_fault and _seller_proves(draft),
    )
