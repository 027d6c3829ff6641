"""What a policy says about one line: the window, the exclusions, whose fault is claimed, and every rule behind it."""

from datetime import datetime

from dingdan.areas.policies.granting_parts import Window
from dingdan.areas.policies.model import LineFacts, PolicyDocument, Reason, Verdict
from dingdan.areas.policies.refusals import ReasonUnknown
from dingdan.areas.policies.rules.excluding import confirmation_needed, excluded_by_law
from dingdan.kernel.refusal import Text
from dingdan.kernel.times import IsRestDay, end_of_window

# Why not, in words for whoever asked.
DECISIONS: dict[str, Text] = {
    "OUT_OF_WINDOW": Text("The period for this return is over.", "已超过可退货期限。"),
    "EXCLUDED_BY_LAW": Text(
        "The law excludes this kind of goods from returns without a reason.",
        "该类商品依法不适用七日无理由退货。",
    ),
    "EXCLUDED_CONFIRMED": Text(
        "You confirmed at purchase that this item cannot be returned without a reason.",
        "您在购买时已确认该商品不适用七日无理由退货。",
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
    "OPEN_REASON": Text("The reason has no rule of its own.", "该原因没有对应规则，需人工处理。"),
}


class _Draft:
    """A verdict in the making: what speaks against it, what wants a look, and the rules that were applied."""

    def __init__(self) -> None:
        self.reasons: list[str] = []
        self.reviews: list[str] = []
        self.rules: list[str] = []
        self.window_end: datetime | None = None
        self.exclusion: str | None = None


def judge(document: PolicyDocument, facts: LineFacts, *, is_rest_day: IsRestDay) -> Verdict:
    """Decide one line. All that speaks against it is named, not only the first. Raises ReasonUnknown."""
    reason = document.reasons.get(facts.reason)
    if reason is None:
        raise ReasonUnknown("reason", reason=facts.reason, known=", ".join(document.reasons))
    draft = _Draft()
    if facts.quantity > facts.returnable:
        draft.reasons.append("QTY_EXCEEDED")
        draft.rules.append(document.grounds.quantity)
    if facts.unshipped:
        draft.rules += [reason.rule, document.grounds.unshipped]
    elif reason.fault == "buyer":
        draft.rules.append(reason.rule)
        _no_reason(document, facts, draft, is_rest_day)
    elif reason.fault == "seller":
        _fault(document, facts, reason, draft, is_rest_day)
    else:
        draft.reviews.append("OPEN_REASON")
        draft.rules += [reason.rule, document.grounds.open]
    return _verdict(document, reason, draft)


def _no_reason(document: PolicyDocument, facts: LineFacts, draft: _Draft, is_rest_day: IsRestDay) -> None:
    """Needs neither reason nor evidence: only the window, the exclusions and the buyer's own confirmation count."""
    by_law = excluded_by_law(document, facts.category, facts.flags)
    if by_law:
        draft.reasons.append("EXCLUDED_BY_LAW")
        draft.exclusion = by_law
        draft.rules.append(by_law)
    elif code := confirmation_needed(document, facts.category, facts.flags):
        if facts.confirmed:
            draft.reasons.append("EXCLUDED_CONFIRMED")
            draft.exclusion = code
            draft.rules.append(code)
        else:
            # W41: no confirmation on record, so it can be returned.
            draft.rules.append(document.grounds.unconfirmed)
    window = document.no_reason.window
    if _end(document, window, facts, draft, is_rest_day):
        draft.reasons.append("OUT_OF_WINDOW")


def _fault(document: PolicyDocument, facts: LineFacts, reason: Reason, draft: _Draft, is_rest_day: IsRestDay) -> None:
    """The exclusions do not matter (Measures 35); facts decide, so a person looks at what is claimed."""
    draft.rules.append(reason.rule)
    draft.reviews.append("FAULT_CLAIMED")
    if reason.kind == "legal":
        return  # A counterfeit or a recalled thing goes back whenever it comes to light.
    quality = document.quality
    if _end(document, quality.window, facts, draft, is_rest_day):
        draft.reviews.append("LATE_CLAIM")
        late = Window(days=quality.late_days, rule=quality.late_rule)
        if _end(document, late, facts, draft, is_rest_day):
            draft.reasons.append("OUT_OF_WINDOW")


def _end(document: PolicyDocument, window: Window, facts: LineFacts, draft: _Draft, is_rest_day: IsRestDay) -> bool:
    """Write down when a window ends and by which rules; say whether it is over. It has not begun before delivery."""
    draft.rules.append(window.rule)
    start = facts.delivered_at
    if start is None or start > facts.requested_at:
        draft.rules.append(document.grounds.in_transit)
        return False
    end = end_of_window(start, window.days, document.zone)
    if window.roll_rest_day:
        rolled = end_of_window(start, window.days, document.zone, is_rest_day=is_rest_day)
        if rolled != end and window.roll_rule:
            draft.rules.append(window.roll_rule)
        end = rolled
    draft.window_end = end
    return facts.requested_at >= end


def _verdict(document: PolicyDocument, reason: Reason, draft: _Draft) -> Verdict:
    rules = tuple(dict.fromkeys(draft.rules))
    is_allowed = not draft.reasons
    reviews = tuple(draft.reviews) if is_allowed else ()
    return Verdict(
        is_allowed=is_allowed,
        needs_review=bool(reviews),
        reasons=tuple(draft.reasons),
        review_reasons=reviews,
        rules=rules,
        articles=tuple(document.rules[rule].article for rule in rules),
        window_end=draft.window_end,
        fault=reason.fault,
        exclusion=draft.exclusion,
    )
