"""Which disputes can be opened, which rulings fit, and how silence decides."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import msgspec

from dingdan.areas import orders, policies
from dingdan.areas.disputes.model import (
    FEWEST,
    LONGEST,
    MOST_LINES,
    MOST_RULES,
    NEGOTIATION,
    OPEN_WITHIN,
    RULES,
    AtFault,
    Dispute,
    Executor,
    Outcome,
    Rule,
    Wish,
)
from dingdan.areas.disputes.refusals import (
    AgainstSilence,
    ClaimUnfit,
    DisputeTooLate,
    NothingToDispute,
    RulingUnfit,
    StillNegotiating,
)
from dingdan.areas.talks import Side
from dingdan.kernel.refusal import Refusal


class Talked(msgspec.Struct, frozen=True, kw_only=True):
    """How the two sides got on before: since when they talk, and when it failed; `is_at_odds` where there is a matter."""

    began_at: datetime
    failed_at: datetime | None
    is_at_odds: bool


def decide_open(talked: Talked, now: datetime) -> None:
    """Whether the platform may be asked now. Raises NothingToDispute, StillNegotiating or DisputeTooLate."""
    if not talked.is_at_odds:
        raise NothingToDispute
    if talked.failed_at is None and now < talked.began_at + NEGOTIATION:
        raise StillNegotiating(until=(talked.began_at + NEGOTIATION).isoformat())
    if talked.failed_at is not None and now > talked.failed_at + OPEN_WITHIN:
        raise DisputeTooLate(days=OPEN_WITHIN.days)


def problems_of_lines(lines: Sequence[Wish], left: Mapping[int, int], sold: Mapping[int, int]) -> list[Refusal]:
    """Everything that is wrong with units and what shall become of them. `left` may still be made good."""
    if not 1 <= len(lines) <= MOST_LINES:
        return [ClaimUnfit("lines", what=f"it names 1 to {MOST_LINES} lines", what_zh=f"须填写 1 至 {MOST_LINES} 行")]
    rest, problems, seen = dict(left), list[Refusal](), set[int]()
    for n, line in enumerate(lines):
        if line.line_no not in sold:
            problems.append(orders.LineUnknown(f"lines[{n}].line_no", line_no=line.line_no))
            continue
        if line.line_no in seen:
            problems.append(
                ClaimUnfit(f"lines[{n}].line_no", what="a line is named once", what_zh="同一行只能填写一次")
            )
            continue
        seen.add(line.line_no)
        # What is rejected, or only made cheaper, takes no units.
        most = rest[line.line_no] if line.outcome not in (Outcome.REJECT, Outcome.REDUCE) else sold[line.line_no]
        if not 1 <= line.quantity <= most:
            problems.append(ClaimUnfit(f"lines[{n}].quantity", what=f"{most} units are left to decide about",
                                       what_zh=f"可裁决的数量为 {most} 件"))  # fmt: skip
        if (line.amount > 0) != (line.outcome is Outcome.REDUCE) or line.amount < 0:
            problems.append(ClaimUnfit(f"lines[{n}].amount", what="an amount goes with a reduction, and only with it",
                                       what_zh="仅折价须填写金额"))  # fmt: skip
    return problems


def problems_of_ruling(wanted: Rule, known_rules: Collection[str]) -> list[Refusal]:
    """What is missing of a reason: words, and rules that exist."""
    problems = list[Refusal]()
    if not FEWEST <= len(wanted.text.strip()) <= LONGEST or "\0" in wanted.text:
        problems.append(RulingUnfit("text", what=f"the reason has {FEWEST} to {LONGEST} characters",
                                    what_zh=f"理由须为 {FEWEST} 至 {LONGEST} 个字符"))  # fmt: skip
    unknown = [one for one in wanted.rules if one not in known_rules and one not in RULES]
    if not wanted.rules or len(wanted.rules) > MOST_RULES or unknown:
        said = ", ".join([*sorted(RULES), *sorted(known_rules)][:40])
        problems.append(RulingUnfit("rules", what=f"it rests on rules of the policy or the platform: {said}",
                                    what_zh=f"须引用政策或平台规则：{said}"))  # fmt: skip
    return problems


def grants(lines: Sequence[Wish]) -> bool:
    """Whether the buyer gets anything."""
    return any(line.outcome is not Outcome.REJECT for line in lines)


def still_to_do(lines: Sequence[Wish], left: Mapping[int, int], paid_lines: Collection[int]) -> tuple[list[Wish], int]:
    """What is left to do of a ruling where so much may still be made good, and how many units were made good already.

    A reduction takes no units. What cannot be sent, of the lines `paid_lines`, is paid.
    """
    found, done = list[Wish](), 0
    for line in lines:
        most = line.quantity if line.outcome in (Outcome.REJECT, Outcome.REDUCE) else max(0, left.get(line.line_no, 0))
        units = min(line.quantity, most)
        done += line.quantity - units
        outcome = Outcome.REFUND if line.line_no in paid_lines else line.outcome
        if units:
            found.append(msgspec.structs.replace(line, quantity=units, outcome=outcome))
    return found, done


def executor_of(lines: Sequence[Wish], fault: AtFault) -> Executor:
    """Who carries a ruling out: the seller whose order it is, but what is the platform's own fault, or owes nothing."""
    return Executor.SELLER if grants(lines) and fault is not AtFault.PLATFORM else Executor.PLATFORM


def demand_silence_loses(dispute: Dispute, lines: Sequence[Wish]) -> None:
    """Who had to prove and was silent does not win (R6.2). Raises AgainstSilence."""
    if dispute.silent is Side.BUYER and grants(lines):
        raise AgainstSilence("lines", side="buyer", side_zh="用户")
    if dispute.silent is Side.SELLER and not grants(lines):
        raise AgainstSilence("lines", side="seller", side_zh="商家")


def by_silence(dispute: Dispute) -> Rule | None:
    """What silence of who had to prove comes to: what the other side claims is granted, what the buyer claims rejected.

    None where a seller is silent about their own claim: nobody has said what the buyer is to have then.
    """
    is_buyers = dispute.silent is Side.BUYER
    if dispute.side is Side.SELLER and not is_buyers:
        return None
    lines = [msgspec.structs.replace(one, outcome=Outcome.REJECT, amount=0) for one in dispute.claim]
    return Rule(
        lines=tuple(lines if is_buyers and dispute.side is Side.BUYER else dispute.claim),
        fault=AtFault.BUYER if is_buyers else AtFault.SELLER,
        freight=Side.BUYER if is_buyers else Side.SELLER, rules=("PLATFORM_SILENCE",),
        text=f"{RULES['PLATFORM_SILENCE'].zh} {RULES['PLATFORM_SILENCE'].en}",
    )  # fmt: skip


def reason_of_return(document: policies.PolicyDocument, freight: Side) -> str:
    """A reason of the order's policy by which who bears the way back is who was ruled to."""
    kinds, fault = (
        (("no_reason", "refusal"), "buyer") if freight is Side.BUYER else (("quality", "description"), "seller")
    )
    fit = [
        (kinds.index(one.kind), code)
        for code, one in document.reasons.items()
        if one.kind in kinds and one.fault == fault
    ]
    return min(fit)[1] if fit else ""
