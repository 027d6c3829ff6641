"""From the signature to the provider's queue; the number of a refund stays the same however often it is sent."""

from collections.abc import Sequence

from dingdan.areas import ledger, payments
from dingdan.areas.refunds import store
from dingdan.areas.refunds.events import RefundApproved, RefundSent
from dingdan.areas.refunds.model import Cause, Refund
from dingdan.plumbing.tx import Tx


async def approve(tx: Tx, refunds: Sequence[Refund], *, by_kind: str, by_id: int | None) -> None:
    """Sign refunds of locked orders: the money is owed from now on, and goes on its way."""
    by_refund = {refund.id: refund for refund in refunds}
    moved = await store.move(tx, "approve", by_refund, approved_by_kind=by_kind, approved_by=by_id, approved_at=tx.now)
    tx.announce(*(
        RefundApproved(subject_id=i, merchant_id=by_refund[i].merchant_id, order_id=by_refund[i].order_id,
                       move=moved[i], amount=by_refund[i].amount, currency=by_refund[i].currency,
                       is_automatic=by_id is None)
        for i in sorted(moved)
    ))  # fmt: skip
    await ledger.post(tx, [_posting(by_refund[i]) for i in sorted(moved)])
    await send(tx, [by_refund[i] for i in sorted(moved)])


async def send(tx: Tx, refunds: Sequence[Refund]) -> None:
    """Hand signed refunds to the provider's queue, for the first time or again."""
    by_refund = {refund.id: refund for refund in refunds}
    tenders = await store.tenders(tx, by_refund)
    moved = await store.move(tx, "send", by_refund, failure=None)
    tx.announce(*(
        RefundSent(subject_id=i, merchant_id=by_refund[i].merchant_id, order_id=by_refund[i].order_id, move=moved[i])
        for i in sorted(moved)
    ))  # fmt: skip
    await payments.send_back(tx, [
        payments.SendBack(
            refund_id=i, order_id=by_refund[i].order_id, merchant_id=by_refund[i].merchant_id,
            currency=by_refund[i].currency, tenders=tuple((t.payment_id, t.amount) for t in tenders[i]),
        )
        for i in sorted(moved)
    ])  # fmt: skip


def _posting(refund: Refund) -> ledger.Posting:
    owner = "excess_funds" if refund.cause is Cause.EXCESS else "buyer_funds"
    return ledger.Posting(
        refund.merchant_id, "refund", refund.id, refund.order_id, refund.currency,
        ((owner, refund.amount), ("refunds_payable", -refund.amount)),
    )  # fmt: skip
