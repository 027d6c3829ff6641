"""What people do about a refund that the provider could not send."""

from dingdan.areas import ledger, payments
from dingdan.areas.refunds import following, reading, sending
from dingdan.areas.refunds.lifecycle import RefundState
from dingdan.areas.refunds.model import Refund
from dingdan.areas.refunds.refusals import ReceiptMissing, StateForbids, StillOnItsWay
from dingdan.plumbing.tx import Tx

_ARRIVED, _FAILED = payments.SendBackState.ARRIVED, payments.SendBackState.FAILED
MAX_RECEIPT = 100


async def retry(tx: Tx, refund_id: int) -> Refund:
    """Send a failed refund again, under its own number. Raises RefundUnknown or StateForbids."""
    refund = await _hold(tx, refund_id, RefundState.FAILED, "send")
    await sending.send(tx, [refund])
    return await reading.get_one(tx, refund_id)


async def take_offline(tx: Tx, refund_id: int) -> Refund:
    """Give up on the provider: a failed refund is to be paid by hand. Raises RefundUnknown, StateForbids."""
    refund = await _hold(tx, refund_id, RefundState.FAILED, "go_offline")
    await following.go_offline(tx, [refund])
    return await reading.get_one(tx, refund_id)


async def settle_by_hand(tx: Tx, refund_id: int, *, receipt: str) -> Refund:
    """Note that an offline refund was paid by hand, with the buyer's consent; `receipt` names the transfer.

    Only what did not arrive through the provider counts as paid by hand; a penalty does so whole. Raises RefundUnknown,
    StateForbids, StillOnItsWay or ReceiptMissing. Source: Measures art. 14 (another way only with consent).
    """
    refund = await _hold(tx, refund_id, RefundState.OFFLINE, "settle")
    if not 1 <= len(receipt.strip()) <= MAX_RECEIPT:
        raise ReceiptMissing("receipt")
    sent = (await payments.sent_back(tx, [refund_id]))[refund_id]
    if any(one.state not in (_ARRIVED, _FAILED) for one in sent):
        raise StillOnItsWay
    by_hand = sum(one.amount for one in sent if one.state is _FAILED) if sent else refund.amount
    await following.close(tx, [refund], hand_receipt=receipt.strip())
    await ledger.post(tx, [
        ledger.Posting(refund.merchant_id, "refund_by_hand", refund.id, refund.order_id, refund.currency,
                       (("refunds_payable", by_hand), ("paid_by_hand", -by_hand)))
    ])  # fmt: skip
    return await reading.get_one(tx, refund_id)


async def _hold(tx: Tx, refund_id: int, state: RefundState, verb: str) -> Refund:
    refund = await reading.hold_one(tx, refund_id)
    if refund.state is not state:
        raise StateForbids(state=str(refund.state), verb=verb)
    return refund
