"""What an application would lead to, to the cent, before anybody sends it (R2.1)."""

from collections.abc import Sequence

from dingdan.areas import policies, refunds
from dingdan.areas.returns.deciding import send_by
from dingdan.areas.returns.evaluating import Judged, asked_lines, judge_all, looks_of
from dingdan.areas.returns.model import (
    LOOKS,
    Apply,
    Check,
    Preview,
    PreviewLine,
    PreviewPart,
    PreviewReturn,
    PreviewTender,
)
from dingdan.areas.returns.promises import REVIEW, review_limit
from dingdan.areas.returns.rules.eligibility import by_order
from dingdan.areas.returns.rules.matching import Part
from dingdan.areas.returns.rules.resolving import WITHOUT_GOODS, shots_missing
from dingdan.kernel.refusal import Refusal, Text
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx

IN_TIME = Text("It is asked for in time.", "在申请期限内。")
NOT_EXCLUDED = Text("No exclusion stands against it.", "不属于不适用退货的情形。")
UNITS_LEFT = Text("So many units are left that nothing was paid back or sent again for.", "尚有足够数量未退款或补发。")


async def preview(tx: Tx, application: Apply) -> Preview:
    """Judge an application as `apply` would, and quote its refund as it will be asked for. Writes nothing.

    Raises everything that is wrong with it, with the path of each.
    """
    (judged,) = await judge_all(tx, [application], lock=False)
    if isinstance(judged, Refusal):
        raise judged
    versions = await policies.by_ids(tx, {part.purchase.policy_id for part in judged.parts})
    groups = [
        parts
        for is_unshipped in (False, True)
        for parts in by_order([part for part in judged.parts if part.is_unshipped is is_unshipped])
    ]
    return Preview(tuple([
        await _preview_order(tx, judged, parts, versions[parts[0].purchase.policy_id]) for parts in groups
    ]))  # fmt: skip


async def _preview_order(tx: Tx, judged: Judged, parts: Sequence[Part], policy: policies.Policy) -> PreviewReturn:
    bought, document, resolution = parts[0].purchase, policy.document, judged.application.resolution
    off = [(part.purchase.line_no, part.off) for part in parts if part.off]
    quote = await refunds.quote(tx, bought.order_id, asked_lines(parts, document), off=off)
    by_line: dict[int, int] = {}
    for component in quote.parts:
        by_line[component.line_no] = by_line.get(component.line_no, 0) + component.amount
    is_cancelled = bought_unshipped(parts)
    looks = () if is_cancelled else await looks_of(tx, judged, parts, document)
    comes_back = resolution not in WITHOUT_GOODS and not is_cancelled
    counted = (await deadlines.counting(tx, REVIEW, {bought.merchant_id}))[bought.merchant_id]
    return PreviewReturn(
        order_id=bought.order_id,
        currency=bought.currency,
        is_approved=not looks,
        review_reasons=looks,
        refund=quote.amount,
        lines=tuple(_line(part, by_line.get(part.purchase.line_no, 0), document) for part in parts),
        is_cancelled=is_cancelled,
        parts=tuple(PreviewPart(one.component, one.line_no, one.amount, one.rule) for one in quote.parts),
        tenders=tuple(PreviewTender(one.payment_id, one.amount) for one in quote.tenders),
        way_back=way_back(parts, document) if comes_back else "",
        answer_by=counted.add(tx.now, review_limit(judged.merchant, policy)) if looks else None,
        send_by=send_by(judged.merchant, policy, tx.now) if comes_back and not looks else None,
        refund_days=document.refund.days,
        shots_missing=shots_missing(document, [part.reason for part in parts], judged.shown_of(bought.order_id)),
    )


def bought_unshipped(parts: Sequence[Part]) -> bool:
    """Whether these parts are about units that have not left."""
    return all(part.is_unshipped for part in parts)


def way_back(parts: Sequence[Part], document: policies.PolicyDocument) -> str:
    """Who pays for sending these back: the seller, the buyer, or both where the lines differ in whose fault it is."""
    payers = {policies.freight_for(document, document.reasons[part.reason].fault).way_back for part in parts}
    return payers.pop() if len(payers) == 1 else "both"


def _line(part: Part, refund: int, document: policies.PolicyDocument) -> PreviewLine:
    return PreviewLine(
        order_id=part.purchase.order_id,
        line_no=part.purchase.line_no,
        sku=part.purchase.sku,
        quantity=part.quantity,
        refund=refund,
        rules=part.verdict.rules,
        window_end=part.verdict.window_end,
        checks=tuple(checks_of(part, document)),
    )


def checks_of(part: Part, document: policies.PolicyDocument) -> list[Check]:
    """Everything that was looked at for one line, with what it says: passed, not passed, or for a person to see."""
    verdict = part.verdict
    against = {code for code in verdict.reasons if code in policies.DECISIONS}
    found = [Check(code="units_left", is_passed=True, text=UNITS_LEFT, rule=document.grounds.quantity)]
    if "OUT_OF_WINDOW" not in against and verdict.window_end is not None:
        found.append(Check(code="in_time", is_passed=True, text=IN_TIME, rule=verdict.rules[0]))
    if not any(code.startswith("EXCLUDED") for code in against):
        found.append(Check(code="not_excluded", is_passed=True, text=NOT_EXCLUDED))
    found += [
        Check(code=code, is_passed=False, text=policies.DECISIONS[code], rule=verdict.exclusion or "")
        for code in sorted(against)
    ]
    looks = dict.fromkeys((*verdict.review_reasons, *part.looks))
    words = {**policies.REVIEWS, **LOOKS}
    return found + [Check(code=code, is_passed=False, text=words[code]) for code in looks if code in words]
