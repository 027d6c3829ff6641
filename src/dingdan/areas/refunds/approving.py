"""Signing or refusing a refund, by people."""

from collections.abc import Iterable
from datetime import timedelta

from dingdan.areas import merchants
from dingdan.areas.refunds import holding, reading, sending, store
from dingdan.areas.refunds.events import RefundRefused, RefundSigned
from dingdan.areas.refunds.lifecycle import REFUND
from dingdan.areas.refunds.model import Refund
from dingdan.areas.refunds.refusals import StateForbids
from dingdan.areas.refunds.rules import approval
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing.tx import Tx


async def approve(tx: Tx, refund_id: int, *, wait: timedelta = holding.AT_ONCE) -> Refund:
    """Sign a refund; the last signature that is needed sends the money on its way, at once or after a `wait`.

    Raises RefundUnknown, StateForbids, NeedsPerson or SameHand.
    """
    refund = await _hold(tx, refund_id, "approve")
    settings = (await merchants.by_ids(tx, [refund.merchant_id]))[refund.merchant_id].settings
    by = approval.Hand(str(tx.actor.kind), tx.actor.id)
    missing = approval.signatures_missing(
        refund.amount, by=by, signed=await store.signatures(tx, refund_id), limit=settings.refund_approval_limit,
        requester=approval.Hand(refund.requested_by_kind, refund.requested_by),
    )  # fmt: skip
    await store.sign(tx, refund, by)
    if missing:
        tx.announce(RefundSigned(subject_id=refund_id, merchant_id=refund.merchant_id, order_id=refund.order_id,
                                 missing=missing))  # fmt: skip
    elif wait:
        await holding.hold(tx, refund, wait, by)
    else:
        await sending.approve(tx, [refund], by_kind=by.kind, by_id=by.id)
    return await reading.get_one(tx, refund_id)


async def prospects(tx: Tx, refund_ids: Iterable[int]) -> dict[int, int | Refusal]:
    """What a signature of the actor's would make of refunds within reach: how many more it would need, or why it cannot be."""
    found = await reading.get(tx, refund_ids)
    signed = await store.signatures_of(tx, found)
    owners = await merchants.by_ids(tx, {one.merchant_id for one in found.values()})
    by = approval.Hand(str(tx.actor.kind), tx.actor.id)
    seen: dict[int, int | Refusal] = {}
    for number, refund in found.items():
        if refund.state not in REFUND.moves["approve"].sources:
            seen[number] = StateForbids(state=str(refund.state), verb="approve")
            continue
        try:
            seen[number] = approval.signatures_missing(
                refund.amount, by=by, signed=signed.get(number, set()),
                limit=owners[refund.merchant_id].settings.refund_approval_limit,
                requester=approval.Hand(refund.requested_by_kind, refund.requested_by),
            )  # fmt: skip
        except Refusal as refusal:
            seen[number] = refusal
    return seen


async def refuse(tx: Tx, refund_id: int, *, reason: str) -> Refund:
    """Refuse a refund that nobody signed yet; what it took is free to be asked for again.

    Raises RefundUnknown or StateForbids.
    """
    refund = await _hold(tx, refund_id, "refuse")
    moved = await store.move(tx, "refuse", [refund_id])
    tx.announce(RefundRefused(subject_id=refund_id, merchant_id=refund.merchant_id, order_id=refund.order_id,
                              move=moved[refund_id], reason=reason))  # fmt: skip
    return await reading.get_one(tx, refund_id)


async def _hold(tx: Tx, refund_id: int, verb: str) -> Refund:
    refund = await reading.hold_one(tx, refund_id)
    if refund.state not in REFUND.moves[verb].sources:
        raise StateForbids(state=str(refund.state), verb=verb)
    return refund
