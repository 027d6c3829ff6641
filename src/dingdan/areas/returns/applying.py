"""The buyer asks, or looks first: an application becomes one return for each order, approved where the policy decides."""

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from dingdan.areas import abuse, merchants, orders, policies, refunds
from dingdan.areas.returns import store
from dingdan.areas.returns.deciding import announce_approved, approve_plain, send_by
from dingdan.areas.returns.evaluating import Judged, asked_lines, judge_all, looks_of
from dingdan.areas.returns.events import ReturnChanged, ReturnRequested
from dingdan.areas.returns.lifecycle import DECISION, Decision, Journey, Outcome
from dingdan.areas.returns.model import (
    APPEALED,
    MORE_TIME,
    Applied,
    Apply,
    Cancelled,
    Preview,
    PreviewLine,
    PreviewPart,
    PreviewReturn,
    PreviewTender,
    Return,
    ReturnLine,
)
from dingdan.areas.returns.promises import REVIEW, SEND_BY, review_limit
from dingdan.areas.returns.reading import hold_one
from dingdan.areas.returns.refusals import NotTheSameOrder, StateForbids
from dingdan.areas.returns.resolving import call_back, pay_without_goods
from dingdan.areas.returns.rules.eligibility import by_order
from dingdan.areas.returns.rules.matching import Part, checks_of
from dingdan.areas.returns.rules.resolving import FOR_GOODS, WITHOUT_GOODS, shots_missing
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

    The orders stay locked until the end of the transaction, so no unit is ever in two returns. What is paid or cancelled
    at once may still be refused by whoever does that: then nothing of the set is written.
    """
    judged = await judge_all(tx, applications, lock=True)
    request_ids = tx.mint_many(len(judged))
    let_in = {i: answer for i, answer in zip(request_ids, judged, strict=True) if isinstance(answer, Judged)}
    versions = await policies.by_ids(tx, {p.purchase.policy_id for one in let_in.values() for p in one.parts})
    made: dict[int, list[Return]] = {}
    lines: list[ReturnLine] = []
    for request_id, one in let_in.items():
        made[request_id] = []
        for parts in by_order([part for part in one.parts if not part.is_unshipped]):
            policy = versions[parts[0].purchase.policy_id]
            looks = await looks_of(tx, one, parts, policy.document)
            new = _new(tx, request_id, one, policy=policy, parts=parts, looks=looks)
            made[request_id].append(new)
            lines += [_line(new.id, part) for part in parts]
    fresh = {r.id: r for group in made.values() for r in group}
    await store.add_requests(tx, [(i, one.merchant.id, one.buyer_id) for i, one in let_in.items()])
    await store.add_returns(tx, list(fresh.values()), lines)
    _announce_requested(tx, fresh.values(), lines)
    await abuse.take(tx, [take for i, one in let_in.items() for take in _measures(one, made[i])])
    owners = {one.merchant.id: one.merchant for one in let_in.values()}
    standing = await _decide(tx, fresh, owners, versions)
    cancelled = {i: await _cancel_unshipped(tx, one.parts) for i, one in let_in.items()}
    return [
        answer if isinstance(answer, Refusal) else Applied(i, tuple(standing[r.id] for r in made[i]), cancelled[i])
        for i, answer in zip(request_ids, judged, strict=True)
    ]


async def change(tx: Tx, return_id: int, application: Apply) -> Return:
    """Ask for something else of the same order before anybody has decided: other units, reasons, evidence or way out.

    It is judged anew and approved at once where the policy decides; else its clock runs on as it was. Raises
    ReturnUnknown, StateForbids, NotTheSameOrder, or everything that is wrong with it.
    """
    held = await hold_one(tx, return_id)
    if held.decision is not Decision.REQUESTED:
        raise StateForbids(state=str(held.decision), verb="change")
    (judged,) = await judge_all(tx, [application], lock=True, instead_of=[return_id])
    if isinstance(judged, Refusal):
        raise judged
    if {(p.purchase.order_id, p.is_unshipped) for p in judged.parts} != {(held.order_id, False)}:
        raise NotTheSameOrder("lines")
    policy = (await policies.by_ids(tx, [held.policy_id]))[held.policy_id]
    looks = await looks_of(tx, judged, judged.parts, policy.document)
    # Whoever appealed and changes their wish still waits for somebody else.
    looks = (*looks, APPEALED) if looks and held.appealed_at is not None else looks
    changed = replace(
        held, resolution=application.resolution, review_reasons=list(looks), rules=_rules(judged.parts),
        evidence=[one.id for one in judged.shown_of(held.order_id)],
    )  # fmt: skip
    lines = [_line(return_id, part) for part in judged.parts]
    await store.change(tx, changed, lines)
    await abuse.take(tx, _measures(judged, [changed]))
    tx.announce(ReturnChanged(subject_id=return_id, merchant_id=held.merchant_id, order_id=held.order_id,
                              resolution=str(changed.resolution), units=sum(n.quantity for n in lines)))  # fmt: skip
    if not looks:
        return await approve_plain(tx, changed)
    (changed,) = await call_back(tx, [changed])
    return changed


async def _cancel_unshipped(tx: Tx, parts: Sequence[Part]) -> tuple[Cancelled, ...]:
    """What has not left is cancelled, and its money goes back by itself. Raises what orders refuse."""
    units: dict[int, dict[int, int]] = {}
    for part in parts:
        if part.is_unshipped:
            units.setdefault(part.purchase.order_id, {})[part.purchase.line_no] = part.quantity
    for order_id, wanted in units.items():
        await orders.cancel_lines(tx, order_id, wanted, reason="refund_only")
    return tuple(Cancelled(order_id, wanted) for order_id, wanted in units.items())


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
    documents = {i: policy.document for i, policy in versions.items()}
    paid = {r.id: r for r in await pay_without_goods(tx, list(approved.values()), documents)}
    called = {r.id: r for r in await call_back(tx, looked_at)}
    return {**fresh, **paid, **called}


def _measures(judged: Judged, asked: Iterable[Return]) -> list[abuse.Take]:
    """Which of these returns somebody looks at because of signs of abuse."""
    held = judged.standing
    return [
        abuse.Take(held, abuse.Measure.PERSON, r.order_id, "return", r.id)
        for r in asked if held is not None and MORE_TIME in r.review_reasons
    ]  # fmt: skip


def _new(
    tx: Tx, request_id: int, judged: Judged, *, policy: policies.Policy, parts: Sequence[Part], looks: Sequence[str]
) -> Return:
    bought, resolution = parts[0].purchase, judged.application.resolution
    is_sent = not looks and resolution not in WITHOUT_GOODS
    return Return(
        id=tx.mint(),
        order_id=bought.order_id,
        request_id=request_id,
        merchant_id=bought.merchant_id,
        warehouse_id=bought.warehouse_id,
        decision=Decision.REQUESTED,
        journey=Journey.AT_BUYER,
        outcome=Outcome.OPEN,
        version=1,
        policy_id=bought.policy_id,
        review_reasons=list(looks),
        rules=_rules(parts),
        escalated=False,
        refusal_reason=None,
        alternatives=[],
        requested_at=tx.now,
        decided_at=None if looks else tx.now,
        send_by=send_by(judged.merchant, policy, tx.now) if is_sent else None,
        received_at=None,
        inspected_at=None,
        settled_at=None,
        refund_id=None,
        resolution=resolution,
        evidence=[one.id for one in judged.shown_of(bought.order_id)],
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
        off=part.off,
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


def _rules(parts: Sequence[Part]) -> list[str]:
    return list(dict.fromkeys(rule for part in parts for rule in part.verdict.rules))


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
    for component in quote.parts if resolution not in FOR_GOODS else ():
        by_line[component.line_no] = by_line.get(component.line_no, 0) + component.amount
    is_cancelled = bought_unshipped(parts)
    looks = () if is_cancelled else await looks_of(tx, judged, parts, document)
    comes_back = resolution not in WITHOUT_GOODS and not is_cancelled
    is_paid = resolution not in FOR_GOODS or is_cancelled
    counted = (await deadlines.counting(tx, REVIEW, {bought.merchant_id}))[bought.merchant_id]
    return PreviewReturn(
        order_id=bought.order_id,
        currency=bought.currency,
        is_approved=not looks,
        review_reasons=looks,
        refund=quote.amount if is_paid else 0,
        lines=tuple(_preview_line(part, by_line.get(part.purchase.line_no, 0), document) for part in parts),
        is_cancelled=is_cancelled,
        parts=tuple(PreviewPart(n.component, n.line_no, n.amount, n.rule) for n in quote.parts if is_paid),
        tenders=tuple(PreviewTender(one.payment_id, one.amount) for one in quote.tenders if is_paid),
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


def _preview_line(part: Part, refund: int, document: policies.PolicyDocument) -> PreviewLine:
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
