"""The buyer asks: an application becomes one return for each order, approved at once where the policy decides."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from msgspec.structs import replace

from dingdan.areas import merchants, policies
from dingdan.areas.returns import store
from dingdan.areas.returns.deciding import announce_approved, send_by
from dingdan.areas.returns.evaluating import Judged, judge_all
from dingdan.areas.returns.events import ReturnRequested
from dingdan.areas.returns.lifecycle import DECISION, Decision, Journey, Outcome
from dingdan.areas.returns.model import Applied, Apply, Return, ReturnLine
from dingdan.areas.returns.promises import REVIEW, SEND_BY
from dingdan.areas.returns.rules.eligibility import Part, by_order
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing import deadlines
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx


async def apply(tx: Tx, application: Apply) -> Applied:
    """Apply for one buyer. Raises everything that is wrong with it, with the path of each; then nothing was written."""
    (answer,) = await apply_many(tx, [application])
    if isinstance(answer, Refusal):
        raise answer
    return answer


async def apply_many(tx: Tx, applications: Sequence[Apply]) -> list[Applied | Refusal]:
    """Apply for many; one answer each, in order. One that is refused takes nothing and hurts nobody else.

    The orders stay locked until the end of the transaction, so no unit is ever in two returns.
    """
    judged = await judge_all(tx, applications, lock=True)
    request_ids = tx.mint_many(len(judged))
    let_in = {i: answer for i, answer in zip(request_ids, judged, strict=True) if isinstance(answer, Judged)}
    versions = await policies.by_ids(tx, {p.purchase.policy_id for one in let_in.values() for p in one.parts})
    made: dict[int, list[Return]] = {}
    lines: list[ReturnLine] = []
    for request_id, one in let_in.items():
        made[request_id] = []
        for parts in by_order(one.parts):
            return_id = tx.mint()
            made[request_id].append(_new(tx, return_id, request_id, one.merchant, versions=versions, parts=parts))
            lines += [_line(return_id, part) for part in parts]
    fresh = {r.id: r for group in made.values() for r in group}
    await store.add_requests(tx, [(i, one.merchant.id, one.buyer_id) for i, one in let_in.items()])
    await store.add_returns(tx, list(fresh.values()), lines)
    _announce_requested(tx, fresh.values(), lines)
    owners = {one.merchant.id: one.merchant for one in let_in.values()}
    standing = await _decide(tx, fresh, owners, versions)
    return [
        answer if isinstance(answer, Refusal) else Applied(i, tuple(standing[r.id] for r in made[i]))
        for i, answer in zip(request_ids, judged, strict=True)
    ]


async def _decide(
    tx: Tx,
    fresh: Mapping[int, Return],
    owners: Mapping[int, merchants.Merchant],
    versions: Mapping[int, policies.Policy],
) -> dict[int, Return]:
    """Approve what needs nobody's look; set a clock for whoever must look at the rest."""
    plain = {i: r for i, r in fresh.items() if not r.review_reasons}
    moved = await store.move(tx, "decision", "approve", plain) if plain else {}
    approved = {i: replace(plain[i], decision=Decision.APPROVED, version=step.version) for i, step in moved.items()}
    announce_approved(tx, approved.values(), moved, is_automatic=True)
    await deadlines.schedule(tx, SEND_BY, [
        deadlines.Due(r.id, r.merchant_id, r.send_by, r.order_id) for r in approved.values() if r.send_by
    ])  # fmt: skip
    looked_at = [r for r in fresh.values() if r.review_reasons]
    counted = await deadlines.counting(tx, REVIEW, {r.merchant_id for r in looked_at})
    await deadlines.schedule(tx, REVIEW, [
        deadlines.Due(r.id, r.merchant_id, counted[r.merchant_id].add(tx.now, limit), r.order_id)
        for r in looked_at for limit in [review_limit(owners[r.merchant_id], versions[r.policy_id])]
    ])  # fmt: skip
    return {**fresh, **approved}


def review_limit(merchant: merchants.Merchant, policy: policies.Policy) -> timedelta:
    """How long an application may wait: what the merchant promised, but never longer than its policy says (R2.2)."""
    return timedelta(hours=min(merchant.settings.review_limit_hours, policy.document.review.limit_hours))


def _new(
    tx: Tx,
    return_id: int,
    request_id: int,
    merchant: merchants.Merchant,
    *,
    versions: Mapping[int, policies.Policy],
    parts: Sequence[Part],
) -> Return:
    bought = parts[0].purchase
    by_price = merchant.settings.review_price_claims
    reviews = _unique(reason for part in parts for reason in part.review_reasons(by_price=by_price))
    return Return(
        id=return_id,
        order_id=bought.order_id,
        request_id=request_id,
        merchant_id=bought.merchant_id,
        warehouse_id=bought.warehouse_id,
        decision=Decision.REQUESTED,
        journey=Journey.AT_BUYER,
        outcome=Outcome.OPEN,
        version=1,
        policy_id=bought.policy_id,
        review_reasons=reviews,
        rules=_unique(rule for part in parts for rule in part.verdict.rules),
        escalated=False,
        refusal_reason=None,
        alternatives=[],
        requested_at=tx.now,
        decided_at=None if reviews else tx.now,
        send_by=None if reviews else send_by(merchant, versions[bought.policy_id], tx.now),
        received_at=None,
        inspected_at=None,
        settled_at=None,
        refund_id=None,
    )


def _line(return_id: int, part: Part) -> ReturnLine:
    return ReturnLine(
        order_id=part.purchase.order_id,
        return_id=return_id,
        line_no=part.purchase.line_no,
        merchant_id=part.purchase.merchant_id,
        product_id=part.purchase.product_id,
        quantity=part.quantity,
        reason=part.reason,
        claimed_unit_price=part.claimed,
        fault=part.verdict.fault,
    )


def _announce_requested(tx: Tx, fresh: Iterable[Return], lines: Sequence[ReturnLine]) -> None:
    held: dict[int, list[int]] = {}
    for line in lines:
        held.setdefault(line.return_id, []).append(line.quantity)
    tx.announce(*(
        ReturnRequested(subject_id=r.id, merchant_id=r.merchant_id, order_id=r.order_id, move=born(DECISION, r.id),
                        request_id=r.request_id, lines=len(held[r.id]), units=sum(held[r.id]))
        for r in fresh
    ))  # fmt: skip


def _unique(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))
