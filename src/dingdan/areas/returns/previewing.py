"""What an application would lead to, to the cent, before anybody sends it (R2.1)."""

from collections.abc import Sequence

from dingdan.areas import policies, refunds
from dingdan.areas.returns.evaluating import Judged, judge_all
from dingdan.areas.returns.model import Apply, Preview, PreviewLine, PreviewReturn
from dingdan.areas.returns.rules.eligibility import Part, by_order
from dingdan.areas.returns.rules.inspection import basis_of
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.tx import Tx


async def preview(tx: Tx, application: Apply) -> Preview:
    """Judge an application as `apply` would, and quote its refund as the inspection will. Writes nothing.

    Raises everything that is wrong with it, with the path of each.
    """
    (judged,) = await judge_all(tx, [application], lock=False)
    if isinstance(judged, Refusal):
        raise judged
    versions = await policies.by_ids(tx, {part.purchase.policy_id for part in judged.parts})
    return Preview(tuple([
        await _preview_order(tx, judged, parts, versions[parts[0].purchase.policy_id].document)
        for parts in by_order(judged.parts)
    ]))  # fmt: skip


async def _preview_order(
    tx: Tx, judged: Judged, parts: Sequence[Part], document: policies.PolicyDocument
) -> PreviewReturn:
    bought = parts[0].purchase
    asked = [
        refunds.AskedLine(part.purchase.line_no, part.quantity, basis_of(document, document.reasons[part.reason].fault))
        for part in parts
    ]
    quote = await refunds.quote(tx, bought.order_id, asked)
    by_line: dict[int, int] = {}
    for component in quote.parts:
        by_line[component.line_no] = by_line.get(component.line_no, 0) + component.amount
    by_price = judged.merchant.settings.review_price_claims
    reviews = tuple(dict.fromkeys(reason for part in parts for reason in part.review_reasons(by_price=by_price)))
    return PreviewReturn(
        order_id=bought.order_id,
        currency=bought.currency,
        is_approved=not reviews,
        review_reasons=reviews,
        refund=quote.amount,
        lines=tuple(
            PreviewLine(
                order_id=part.purchase.order_id,
                line_no=part.purchase.line_no,
                sku=part.purchase.sku,
                quantity=part.quantity,
                refund=by_line.get(part.purchase.line_no, 0),
                rules=part.verdict.rules,
                window_end=part.verdict.window_end,
            )
            for part in parts
        ),
    )
