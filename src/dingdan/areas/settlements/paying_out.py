"""Agreeing to payouts with four eyes, and following what the bank says became of them."""

from dingdan.areas import ledger
from dingdan.areas.settlements import agreeing, booking, preparing, reading
from dingdan.areas.settlements.events import PayoutApproved, PayoutDropped, PayoutFailed, PayoutPaid
from dingdan.areas.settlements.lifecycle import PAYOUT
from dingdan.areas.settlements.model import Due, LineKind, NewLine, Payout, PayoutRun
from dingdan.areas.settlements.refusals import DisputedSince, PayoutStateForbids, PayoutUnknown
from dingdan.areas.settlements.rules import paying
from dingdan.areas.settlements.store import payouts
from dingdan.plumbing.tx import Tx


async def approve(tx: Tx, run_id: int) -> PayoutRun:
    """Agree to a run that somebody else prepared: its file may go to the bank, and the accounts say so.

    Raises NotThePlatform, PayoutUnknown, PayoutNeedsPerson, PayoutSameHand, PayoutStateForbids or DisputedSince.
    """
    run = await _hold(tx, run_id, "approve")
    paying.demand_other_person(tx.actor, prepared_by_kind=run.prepared_by_kind, prepared_by=run.prepared_by)
    if disputed := await preparing.held(tx, await payouts.orders_paid(tx, run_id)):
        raise DisputedSince(count=len(disputed))
    found = await payouts.get(tx, run_id=run_id, lock=True)
    await payouts.approve_run(tx, run_id, str(tx.actor.kind), paying.demand_person(tx.actor))
    moved = await payouts.move(tx, "approve", found)
    await booking.write(tx, [
        NewLine(one.merchant_id, one.currency, None, Due(kind=LineKind.PAYOUT, subject_id=i, amount=-one.amount))
        for i, one in found.items()
    ])  # fmt: skip
    tx.announce(*(
        PayoutApproved(subject_id=i, merchant_id=one.merchant_id, move=moved[i], amount=one.amount,
                       currency=one.currency)
        for i, one in found.items()
    ))  # fmt: skip
    return await reading.get_run(tx, run_id)


async def drop(tx: Tx, run_id: int) -> PayoutRun:
    """Give a run up that nobody agreed to; its lines are free for the next one.

    Raises NotThePlatform, PayoutUnknown or PayoutStateForbids.
    """
    await _hold(tx, run_id, "drop")
    found = await payouts.get(tx, run_id=run_id, lock=True)
    await payouts.drop_run(tx, run_id)
    moved = await payouts.move(tx, "drop", found, ended_at=tx.now)
    await payouts.release(tx, found)
    tx.announce(*(
        PayoutDropped(subject_id=i, merchant_id=one.merchant_id, move=moved[i]) for i, one in found.items()
    ))  # fmt: skip
    return await reading.get_run(tx, run_id)


async def confirm(tx: Tx, payout_id: int, *, bank_ref: str) -> Payout:
    """The bank says that the money left. Raises NotThePlatform, PayoutUnknown or PayoutStateForbids."""
    one = await _hold_payout(tx, payout_id, "confirm")
    moved = await payouts.move(tx, "confirm", [payout_id], bank_ref=bank_ref, ended_at=tx.now)
    await ledger.post(tx, [
        ledger.Posting(one.merchant_id, "payout", payout_id, None, one.currency,
                       (("payouts_under_way", one.amount), ("paid_out", -one.amount))),
        *_cards_cleared(one),
    ])  # fmt: skip
    tx.announce(PayoutPaid(subject_id=payout_id, merchant_id=one.merchant_id, move=moved[payout_id], amount=one.amount,
                           currency=one.currency))  # fmt: skip
    return await reading.get_payout(tx, payout_id)


def _cards_cleared(one: Payout) -> list[ledger.Posting]:
    """What was paid with the platform's cards is the platform's own money: it owes that part no longer."""
    if not one.cards:
        return []
    return [
        ledger.Posting(one.merchant_id, "payout_cards", one.id, None, one.currency,
                       (("credit_clearing", -one.cards), ("paid_out", one.cards))),
        ledger.Posting(None, "payout_payable", one.id, None, one.currency,
                       (("merchants_payable", one.cards), ("paid_out", -one.cards))),
    ]  # fmt: skip


async def fail(tx: Tx, payout_id: int, *, reason: str) -> Payout:
    """The bank could not pay: it is owed again, and its lines wait for the next run.

    Raises NotThePlatform, PayoutUnknown or PayoutStateForbids.
    """
    one = await _hold_payout(tx, payout_id, "fail")
    moved = await payouts.move(tx, "fail", [payout_id], failure=reason, ended_at=tx.now)
    await payouts.release(tx, [payout_id])
    await booking.write(tx, [
        NewLine(one.merchant_id, one.currency, None,
                Due(kind=LineKind.PAYOUT_FAILED, subject_id=payout_id, amount=one.amount))
    ])  # fmt: skip
    tx.announce(PayoutFailed(subject_id=payout_id, merchant_id=one.merchant_id, move=moved[payout_id], reason=reason))
    return await reading.get_payout(tx, payout_id)


async def _hold(tx: Tx, run_id: int, verb: str) -> PayoutRun:
    agreeing.demand_platform(tx)
    run = await payouts.run(tx, run_id, lock=True)
    if run is None:
        raise PayoutUnknown
    if run.approved_at is not None or run.dropped_at is not None:
        raise PayoutStateForbids(state="approved" if run.approved_at else "dropped", verb=verb)
    return run


async def _hold_payout(tx: Tx, payout_id: int, verb: str) -> Payout:
    agreeing.demand_platform(tx)
    one = (await payouts.get(tx, ids=[payout_id], lock=True)).get(payout_id)
    if one is None:
        raise PayoutUnknown
    if one.state not in PAYOUT.moves[verb].sources:
        raise PayoutStateForbids(state=str(one.state), verb=verb)
    return one
