"""Money that no channel takes back any more: the buyer agrees and says where, one person pays, another confirms.

Source: Measures art. 14 (another way only with consent). All such refunds of an order go in one transfer.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from dingdan.areas import identity, ledger, orders, payments
from dingdan.areas.refunds import following, reading, store
from dingdan.areas.refunds.events import (
    HandPayoutConfirmed,
    HandPayoutConsented,
    HandPayoutDropped,
    HandPayoutNotFound,
    HandPayoutPaid,
)
from dingdan.areas.refunds.lifecycle import HAND_PAYOUT, RefundState
from dingdan.areas.refunds.model import Account, HandPayout, Refund
from dingdan.areas.refunds.refusals import (
    HandPayoutOpen,
    HandPayoutStale,
    HandPayoutStands,
    NothingToPayByHand,
    StillOnItsWay,
)
from dingdan.areas.refunds.rules import approval
from dingdan.kernel.money import Money
from dingdan.plumbing.lifecycles import born
from dingdan.plumbing.tx import Tx

OPEN = HAND_PAYOUT.moves["pay"].sources | HAND_PAYOUT.moves["confirm"].sources
ARRIVED, FAILED = payments.SendBackState.ARRIVED, payments.SendBackState.FAILED


async def consent(tx: Tx, order_id: int, *, account: Account, words: str) -> HandPayout:
    """The buyer agrees to be paid by hand what channels cannot send back of an order, and says where.

    Raises orders.OrderUnknown, NothingToPayByHand, HandPayoutOpen, StillOnItsWay, AccountUnfit or ConsentMissing.
    """
    approval.check_account(account, words)
    order = await orders.lock_one(tx, order_id)
    if any(one.state in OPEN for one in await store.payouts_of(tx, order_id)):
        raise HandPayoutOpen
    waiting = [
        one for one in (await store.of_orders(tx, [order_id])).values()
        if one.state is RefundState.OFFLINE and one.currency == order.currency
    ]  # fmt: skip
    owed = await _owed(tx, waiting)
    if not owed:
        raise NothingToPayByHand
    (sealed,) = await identity.seal(tx, [(order.buyer_id, msgspec.json.encode(account))])
    payout = HandPayout(
        id=tx.mint(), order_id=order_id, merchant_id=order.merchant_id, buyer_id=order.buyer_id,
        state=HAND_PAYOUT.initial, version=1, currency=order.currency, amount=sum(owed.values()), sealed=sealed,
        consent=words.strip(), consented_by_kind=str(tx.actor.kind), consented_by=tx.actor.id, consented_at=tx.now,
    )  # fmt: skip
    await store.add_payout(tx, payout, owed)
    tx.announce(HandPayoutConsented(**_about(payout), move=born(HAND_PAYOUT, payout.id), amount=payout.amount,
                                    currency=payout.currency))  # fmt: skip
    return payout


async def pay(tx: Tx, payout_id: int, *, receipt: str) -> HandPayout:
    """Note that it was paid; `receipt` names the transfer.

    Raises HandPayoutUnknown, HandPayoutStands, HandPayoutStale, StillOnItsWay, ReceiptMissing, NeedsPerson, or SameHand
    for whoever wrote down where it goes.
    """
    payout = await _hold(tx, payout_id, "pay")
    by = approval.payer(payout, by=(str(tx.actor.kind), tx.actor.id))
    noted = approval.receipt(receipt)
    await _demand_fresh(tx, payout)
    moved = await store.move_payout(
        tx, "pay", payout_id, receipt=noted, paid_by_kind=by[0], paid_by=by[1], paid_at=tx.now)  # fmt: skip
    tx.announce(HandPayoutPaid(**_about(payout), move=moved))
    return await reading.hand_payout(tx, payout_id)


async def confirm(tx: Tx, payout_id: int) -> HandPayout:
    """Find the money gone: what was owed by hand is settled. Never by whoever paid.

    Only what did not arrive through a provider counts as paid by hand; a penalty does so whole. Raises
    HandPayoutUnknown, HandPayoutStands, HandPayoutStale, StillOnItsWay, NeedsPerson or SameHand.
    """
    payout = await _hold(tx, payout_id, "confirm")
    by = approval.second(payout, by=(str(tx.actor.kind), tx.actor.id))
    waiting, owed = await _demand_fresh(tx, payout)
    moved = await store.move_payout(
        tx, "confirm", payout_id, confirmed_by_kind=by[0], confirmed_by=by[1], ended_at=tx.now)  # fmt: skip
    await following.close(tx, waiting, hand_receipt=payout.receipt)
    await ledger.post(tx, [
        ledger.Posting(one.merchant_id, "refund_by_hand", one.id, one.order_id, one.currency,
                       (("refunds_payable", owed[one.id]), ("paid_by_hand", -owed[one.id])))
        for one in waiting
    ])  # fmt: skip
    tx.announce(HandPayoutConfirmed(**_about(payout), move=moved, amount=payout.amount, currency=payout.currency))
    return await reading.hand_payout(tx, payout_id)


async def find_missing(tx: Tx, payout_id: int, *, reason: str) -> HandPayout:
    """Do not find the money gone: it is to be paid again. Raises HandPayoutUnknown, HandPayoutStands, NeedsPerson, SameHand."""
    payout = await _hold(tx, payout_id, "send_again")
    approval.second(payout, by=(str(tx.actor.kind), tx.actor.id))
    moved = await store.move_payout(
        tx, "send_again", payout_id, receipt=None, paid_by_kind=None, paid_by=None, paid_at=None)  # fmt: skip
    tx.announce(HandPayoutNotFound(**_about(payout), move=moved, reason=reason))
    return await reading.hand_payout(tx, payout_id)


async def drop(tx: Tx, payout_id: int) -> HandPayout:
    """Do not pay it like that after all. Raises HandPayoutUnknown or HandPayoutStands."""
    payout = await _hold(tx, payout_id, "drop")
    moved = await store.move_payout(tx, "drop", payout_id, ended_at=tx.now)
    await store.free_of_payout(tx, payout_id)
    tx.announce(HandPayoutDropped(**_about(payout), move=moved))
    return await reading.hand_payout(tx, payout_id)


async def _hold(tx: Tx, payout_id: int, verb: str) -> HandPayout:
    payout = await reading.hand_payout(tx, payout_id)
    await orders.lock(tx, [payout.order_id])
    held = await reading.hand_payout(tx, payout_id)
    if held.state not in HAND_PAYOUT.moves[verb].sources:
        raise HandPayoutStands(state=str(held.state), verb=verb)
    return held


async def _demand_fresh(tx: Tx, payout: HandPayout) -> tuple[list[Refund], dict[int, int]]:
    """The refunds that it settles, with what is owed of each: still what the buyer agreed to."""
    found = await store.of_orders(tx, [payout.order_id])
    ours = [one for one in found.values() if one.hand_payout_id == payout.id]
    waiting = [one for one in ours if one.state is RefundState.OFFLINE]
    owed = await _owed(tx, waiting)
    if sum(owed.values()) != payout.amount:
        raise HandPayoutStale(owed=str(Money(sum(owed.values()), payout.currency)),
                              amount=str(Money(payout.amount, payout.currency)))  # fmt: skip
    return waiting, owed


async def _owed(tx: Tx, waiting: Sequence[Refund]) -> dict[int, int]:
    """What of refunds did not arrive through a provider. Raises StillOnItsWay where that is not known yet."""
    sent = await payments.sent_back(tx, [one.id for one in waiting])
    if any(each.state not in (ARRIVED, FAILED) for some in sent.values() for each in some):
        raise StillOnItsWay
    return {
        one.id: sum(each.amount for each in sent[one.id] if each.state is FAILED) if sent[one.id] else one.amount
        for one in waiting
    }


def _about(payout: HandPayout) -> dict[str, Any]:
    return {"subject_id": payout.id, "merchant_id": payout.merchant_id, "order_id": payout.order_id}
