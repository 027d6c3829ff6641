"""From the first word to the provider's queue; the number of a refund stays the same however often it is sent."""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from dingdan.areas import ledger, orders, payments
from dingdan.areas.refunds import following, reading, store
from dingdan.areas.refunds.events import RefundApproved, RefundRequested, RefundSent
from dingdan.areas.refunds.lifecycle import REFUND, RefundState
from dingdan.areas.refunds.model import Cause, Draft, Refund
from dingdan.areas.refunds.refusals import StateForbids
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx

NOWHERE: Mapping[int, int] = MappingProxyType({})
# What a provider may still have an answer to; it may find a way after it had said no.
ASKABLE = frozenset({RefundState.SENDING, RefundState.UNKNOWN, RefundState.FAILED})


async def write_down(tx: Tx, drafts: Sequence[Draft]) -> list[Refund]:
    """Write refunds of locked orders; those that the system may sign are signed and handed to the provider's queue."""
    if not drafts:
        return []
    rows = list(zip(tx.mint_many(len(drafts)), drafts, strict=True))
    await store.add(tx, rows)
    tx.announce(*(
        RefundRequested(subject_id=i, merchant_id=d.merchant_id, order_id=d.order_id, move=born(REFUND, i),
                        amount=d.amount, currency=d.currency, cause=str(d.cause), cause_id=d.cause_id,
                        rule=d.parts[0].rule)
        for i, d in rows
    ))  # fmt: skip
    written = await store.get(tx, [i for i, _ in rows])
    automatic = [written[i] for i, draft in rows if draft.is_automatic]
    if automatic:
        carried = {i: draft.carried_to for i, draft in rows if draft.carried_to is not None}
        await approve(tx, automatic, by_kind="system", by_id=None, carried=carried)
        written |= await store.get(tx, [refund.id for refund in automatic])
    return [written[i] for i, _ in rows]


async def approve(
    tx: Tx,
    refunds: Sequence[Refund],
    *,
    by_kind: str,
    by_id: int | None,
    carried: Mapping[int, int] = NOWHERE,
    verb: str = "approve",
) -> None:
    """Sign refunds of locked orders: the money is owed from now on, and goes on its way, or to where it is `carried`."""
    by_refund = {refund.id: refund for refund in refunds}
    moved = await store.move(tx, verb, by_refund, approved_by_kind=by_kind, approved_by=by_id, approved_at=tx.now)
    tx.announce(*(
        RefundApproved(subject_id=i, merchant_id=by_refund[i].merchant_id, order_id=by_refund[i].order_id,
                       move=moved[i], amount=by_refund[i].amount, currency=by_refund[i].currency,
                       is_automatic=by_id is None)
        for i in sorted(moved)
    ))  # fmt: skip
    worth = [by_refund[i] for i in sorted(moved) if by_refund[i].amount]
    await ledger.post(tx, [_posting(refund) for refund in worth])
    await send(tx, worth, carried=carried)
    # What comes to nothing is done with that.
    await following.close(tx, [by_refund[i] for i in sorted(moved) if not by_refund[i].amount])


async def send(tx: Tx, refunds: Sequence[Refund], *, carried: Mapping[int, int] = NOWHERE) -> None:
    """Hand signed refunds to the provider's queue, for the first time or again.

    What no payment ever brought in can travel back over none: it is paid by hand.
    """
    tenders = await store.tenders(tx, [refund.id for refund in refunds])
    await following.go_offline(tx, [refund for refund in refunds if refund.id not in tenders])
    by_refund = {refund.id: refund for refund in refunds if refund.id in tenders}
    if not by_refund:
        return
    moved = await store.move(tx, "send", by_refund, failure=None)
    tx.announce(*(
        RefundSent(subject_id=i, merchant_id=by_refund[i].merchant_id, order_id=by_refund[i].order_id, move=moved[i])
        for i in sorted(moved)
    ))  # fmt: skip
    await payments.send_back(tx, [
        payments.SendBack(
            refund_id=i, order_id=by_refund[i].order_id, merchant_id=by_refund[i].merchant_id,
            currency=by_refund[i].currency, tenders=tuple((t.payment_id, t.amount) for t in tenders[i]),
            carried_to=carried.get(i),
        )
        for i in sorted(moved)
    ])  # fmt: skip


# Whose money goes back; all else is what buyers paid for their orders.
_OWNERS = {Cause.EXCESS: "excess_funds", Cause.PENALTY: "penalties"}


def _posting(refund: Refund) -> ledger.Posting:
    return ledger.Posting(
        refund.merchant_id, "refund", refund.id, refund.order_id, refund.currency,
        ((_OWNERS.get(refund.cause, "buyer_funds"), refund.amount), ("refunds_payable", -refund.amount)),
    )  # fmt: skip


async def send_held(tx: Tx, refund_ids: Collection[int]) -> None:
    """What waited long enough goes out, unless it was taken back: signed by who let it go, or sent once more."""
    found = await store.get(tx, refund_ids)
    await orders.lock(tx, {refund.order_id for refund in found.values()})
    held = [one for one in (await store.get(tx, refund_ids)).values() if one.state is RefundState.HELD]
    signed: dict[tuple[str, int | None], list[Refund]] = {}
    for one in held:
        if one.approved_at is None:
            signed.setdefault((one.approved_by_kind or "", one.approved_by), []).append(one)
    for (kind, number), some in signed.items():
        await approve(tx, some, by_kind=kind, by_id=number, verb="release")
    await send(tx, [one for one in held if one.approved_at is not None])


async def ask(tx: Tx, refund_id: int) -> Refund:
    """Ask the provider now how a refund stands, without waiting for the next time: nothing is sent a second time.

    Raises RefundUnknown or StateForbids.
    """
    refund = await reading.hold_one(tx, refund_id)
    if refund.state not in ASKABLE:
        raise StateForbids(state=str(refund.state), verb="ask")
    await payments.ask_soon(tx, [refund_id])
    return refund


async def take_offline(tx: Tx, refund_id: int) -> Refund:
    """Give up on the provider: a failed refund is to be paid by hand. Raises RefundUnknown, StateForbids."""
    refund = await _hold(tx, refund_id, RefundState.FAILED, "go_offline")
    await following.go_offline(tx, [refund])
    return await reading.get_one(tx, refund_id)


async def _hold(tx: Tx, refund_id: int, state: RefundState, verb: str) -> Refund:
    refund = await reading.hold_one(tx, refund_id)
    if refund.state is not state:
        raise StateForbids(state=str(refund.state), verb=verb)
    return refund
