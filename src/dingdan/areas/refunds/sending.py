"""From the signature to the provider's queue; the number of a refund stays the same however often it is sent."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from dingdan.areas import ledger, payments
from dingdan.areas.refunds import following, store
from dingdan.areas.refunds.events import RefundApproved, RefundSent
from dingdan.areas.refunds.model import Cause, Refund
from dingdan.plumbing.tx import Tx

NOWHERE: Mapping[int, int] = MappingProxyType({})


async def approve(
    tx: Tx, refunds: Sequence[Refund], *, by_kind: str, by_id: int | None, carried: Mapping[int, int] = NOWHERE
) -> None:
    """Sign refunds of locked orders: the money is owed from now on, and goes on its way, or to where it is `carried`."""
    by_refund = {refund.id: refund for refund in refunds}
    moved = await store.move(tx, "approve", by_refund, approved_by_kind=by_kind, approved_by=by_id, approved_at=tx.now)
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
