"""What is granted without goods coming back: the money is asked for at once; and parcels are called back for it."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from dingdan.areas import evidence, policies, refunds, transit
from dingdan.areas.returns import store
from dingdan.areas.returns.events import ReturnResolved, ReturnSettled, ReturnUncalled
from dingdan.areas.returns.lifecycle import Outcome
from dingdan.areas.returns.model import EVIDENCE_REUSED, INTERCEPT_FAILED, INTERCEPTING, Resolution, Return, ReturnLine
from dingdan.areas.returns.rules.inspection import basis_of
from dingdan.areas.returns.rules.resolving import WITHOUT_GOODS, is_evident, may_pass_as_small
from dingdan.kernel.refusal import Refusal, refuse_all
from dingdan.plumbing.tx import Tx


async def pay_without_goods(
    tx: Tx, approved: Sequence[Return], documents: Mapping[int, policies.PolicyDocument]
) -> list[Return]:
    """Ask for the money of approved returns whose goods stay where they are; the others are given back as they are.

    Raises what refunds refuse.
    """
    ours = {r.id: r for r in approved if r.resolution in WITHOUT_GOODS}
    if not ours:
        return list(approved)
    lines = await store.lines_of(tx, ours.values())
    # Who took credit of the shop for it has it already.
    owed = await refunds.request_many(tx, [
        refunds.RequestRefund(
            order_id=r.order_id, cause=refunds.Cause.RETURN, cause_id=i, is_policy_decided=not r.review_reasons,
            lines=_asked(lines[i], documents[r.policy_id]), off=tuple((n.line_no, n.off) for n in lines[i] if n.off),
        )
        for i, r in ours.items() if r.resolution is not Resolution.STORE_CREDIT
    ])  # fmt: skip
    moved = await store.move(tx, "outcome", "pass", ours)
    paid_by = {i: refund.id for i in ours if (refund := owed.get(i)) is not None}
    await store.note_refunds(tx, paid_by)
    tx.announce(*(
        ReturnResolved(subject_id=i, merchant_id=r.merchant_id, order_id=r.order_id, move=moved[i],
                       resolution=str(r.resolution), refund_id=paid_by.get(i))
        for i, r in ours.items()
    ))  # fmt: skip
    # What a coupon paid in full brings no money back: there is nothing to wait for.
    free = [i for i in ours if i not in paid_by]
    closed = await store.move(tx, "outcome", "settle", free, settled_at=tx.now) if free else {}
    tx.announce(*(
        ReturnSettled(subject_id=i, merchant_id=ours[i].merchant_id, order_id=ours[i].order_id, move=closed[i],
                      refund_id=None)
        for i in sorted(closed)
    ))  # fmt: skip
    return [
        r if r.id not in ours else replace(
            r, outcome=Outcome.SETTLED if r.id in closed else Outcome.PASSED, refund_id=paid_by.get(r.id),
            version=(closed.get(r.id) or moved[r.id]).version, settled_at=tx.now if r.id in closed else None,
        )
        for r in approved
    ]  # fmt: skip


async def show_more(tx: Tx, held: Return, evidence_ids: Sequence[int]) -> None:
    """The buyer shows more for a return that stands still. Raises EvidenceUnknown, with the place of each."""
    known = await evidence.get(tx, evidence_ids)
    refuse_all([
        evidence.EvidenceUnknown(f"evidence[{n}]")
        for n, i in enumerate(evidence_ids) if i not in known or known[i].order_id != held.order_id
    ])  # fmt: skip
    reasons = list(held.review_reasons)
    if EVIDENCE_REUSED not in reasons and any(one.is_seen_before for one in known.values()):
        reasons.append(EVIDENCE_REUSED)
    shown = list(dict.fromkeys([*held.evidence, *evidence_ids]))
    await store.note(tx, held.id, evidence=shown, review_reasons=reasons)


async def call_back(tx: Tx, fresh: Sequence[Return]) -> list[Return]:
    """Have the parcels of what was asked for on its way brought back; where that cannot be, a person decides (R2.1)."""
    made = []
    for r in fresh:
        if INTERCEPTING not in r.review_reasons or await _is_called_back(tx, r.order_id):
            made.append(r)
            continue
        made += await uncall(tx, [r])
    return made


async def _is_called_back(tx: Tx, order_id: int) -> bool:
    try:
        await transit.intercept_order(tx, order_id, reason="refund_only")
    except Refusal as refusal:
        # Somebody else asked for the same already: its answer is ours.
        return all(isinstance(problem, transit.InterceptionOpen) for problem in refusal.problems)
    return True


async def uncall(tx: Tx, waiting: Sequence[Return]) -> list[Return]:
    """The parcels of these returns go on their way: somebody decides what becomes of the wish."""
    changed = [
        replace(r, review_reasons=[INTERCEPT_FAILED if w == INTERCEPTING else w for w in r.review_reasons])
        for r in waiting
    ]
    for r in changed:
        await store.note(tx, r.id, review_reasons=r.review_reasons)
    tx.announce(*(
        ReturnUncalled(subject_id=r.id, merchant_id=r.merchant_id, order_id=r.order_id) for r in changed
    ))  # fmt: skip
    return changed


async def small_enough(tx: Tx, held: Return, lines: Sequence[ReturnLine], document: policies.PolicyDocument) -> bool:
    """Whether an application is so small that silence is a yes to it (R2.2); all that was asked for must be shown."""
    shown = list((await evidence.get(tx, held.evidence)).values())
    try:
        quote = await refunds.quote(tx, held.order_id, list(_asked(lines, document)))
    except Refusal:
        return False
    return may_pass_as_small(
        held.review_reasons, quote.amount, quote.currency, document.asking.silence_up_to,
        is_evident=is_evident(document, [line.reason for line in lines], shown),
    )  # fmt: skip


def _asked(lines: Sequence[ReturnLine], document: policies.PolicyDocument) -> tuple[refunds.AskedLine, ...]:
    return tuple(
        refunds.AskedLine(line.line_no, line.quantity, basis_of(document, line.fault)) for line in lines if not line.off
    )
