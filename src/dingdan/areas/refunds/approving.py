"""What people do with refunds: sign, refuse, send again, and take back what they let go while it waits."""

from collections.abc import Iterable
from datetime import timedelta

from dingdan.areas import merchants
from dingdan.areas.refunds import reading, sending, store
from dingdan.areas.refunds.events import RefundHeld, RefundHeldAgain, RefundRefused, RefundSigned, RefundTakenBack
from dingdan.areas.refunds.lifecycle import REFUND, RefundState
from dingdan.areas.refunds.model import Refund
from dingdan.areas.refunds.promises import GOES_OUT
from dingdan.areas.refunds.refusals import GoneAlready, StateForbids
from dingdan.areas.refunds.rules import approval
from dingdan.kernel.refusal import Refusal
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx

AT_ONCE = timedelta()


async def approve(tx: Tx, refund_id: int, *, wait: timedelta = AT_ONCE) -> Refund:
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
        await _let_go(tx, refund, wait, by)
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


async def retry(tx: Tx, refund_id: int, *, wait: timedelta = AT_ONCE) -> Refund:
    """Send a failed refund again, under its own number, at once or after a `wait`. Raises RefundUnknown or StateForbids."""
    refund = await reading.hold_one(tx, refund_id)
    if refund.state is not RefundState.FAILED:
        raise StateForbids(state=str(refund.state), verb="send")
    if wait:
        await _let_go(tx, refund, wait)
    else:
        await sending.send(tx, [refund])
    return await reading.get_one(tx, refund_id)


async def _let_go(tx: Tx, refund: Refund, wait: timedelta, by: approval.Hand | None = None) -> None:
    """Let a refund of a locked order wait before it goes; `by` is whose signature lets it go, None where it is sent again.

    The clock is written with it, so that it goes out whatever becomes of whoever let it go.
    """
    if by is None:
        moved = await store.move(tx, "hold_again", [refund.id])
    else:
        moved = await store.move(tx, "hold", [refund.id], approved_by_kind=by.kind, approved_by=by.id)
    until = tx.now + wait
    await deadlines.schedule(tx, GOES_OUT, [deadlines.Due(refund.id, refund.merchant_id, until, refund.order_id)])
    held = RefundHeldAgain if by is None else RefundHeld
    tx.announce(held(subject_id=refund.id, merchant_id=refund.merchant_id, order_id=refund.order_id,
                     move=moved[refund.id], amount=refund.amount, currency=refund.currency, until=until))  # fmt: skip


async def take_back(tx: Tx, refund_id: int) -> Refund:
    """Take back what waits to go out: it stands where it stood before, and the last signature is gone.

    Raises RefundUnknown, or GoneAlready where nothing waits any more.
    """
    refund = await reading.hold_one(tx, refund_id)
    if refund.state is not RefundState.HELD:
        raise GoneAlready(state=str(refund.state))
    if refund.approved_at is None:
        await store.unsign(tx, refund)
        moved = await store.move(tx, "take_back", [refund_id], approved_by_kind=None, approved_by=None)
    else:
        moved = await store.move(tx, "leave_failed", [refund_id])
    await deadlines.call_off(tx, GOES_OUT, [refund_id])
    tx.announce(RefundTakenBack(subject_id=refund_id, merchant_id=refund.merchant_id, order_id=refund.order_id,
                                move=moved[refund_id]))  # fmt: skip
    return await reading.get_one(tx, refund_id)


async def _hold(tx: Tx, refund_id: int, verb: str) -> Refund:
    refund = await reading.hold_one(tx, refund_id)
    if refund.state not in REFUND.moves[verb].sources:
        raise StateForbids(state=str(refund.state), verb=verb)
    return refund
