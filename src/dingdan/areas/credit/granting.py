"""Putting money and points into buyers' purses, and taking back what was put there by mistake."""

from collections.abc import Sequence

from dingdan.areas.credit import booking, reading, store
from dingdan.areas.credit.events import CreditGranted, CreditTakenBack
from dingdan.areas.credit.model import Funding, Grant, Purse, PurseKind
from dingdan.areas.credit.promises import POINTS_EXPIRY
from dingdan.areas.credit.refusals import NotEnoughCredit
from dingdan.areas.credit.rules import granting
from dingdan.kernel.refusal import refuse_all
from dingdan.plumbing import deadlines
from dingdan.plumbing.tx import Tx


async def grant(tx: Tx, grants: Sequence[Grant]) -> list[Purse]:
    """Put money or points into buyers' purses, made where there was none; gives the purses, one for each grant.

    Raises AmountUnfit, UnitUnfit and ExpiryUnfit, all problems together, with paths `[i].part`.
    """
    refuse_all(granting.problems_of_grants(grants, now=tx.now))
    if not grants:
        return []
    found = await store.open_purses(tx, {(g.merchant_id, g.buyer_id, str(g.kind), g.unit) for g in grants})
    ids = [found[g.buyer_id, str(g.kind), g.unit] for g in grants]
    moves = [
        booking.Move(i, g.merchant_id, "grant", g.amount, g.unit, reason=g.reason, funding=g.funding)
        for i, g in zip(ids, grants, strict=True)
    ]
    await store.change(tx, [(move.purse_id, move.amount, 0) for move in moves])
    await booking.book(tx, moves)
    await _add_lots(tx, ids, grants)
    tx.announce(*(
        CreditGranted(subject_id=i, merchant_id=g.merchant_id, amount=g.amount, unit=g.unit, reason=g.reason)
        for i, g in zip(ids, grants, strict=True)
    ))  # fmt: skip
    purses = await store.get(tx, ids)
    return [purses[i] for i in ids]


async def take_back(tx: Tx, purse_id: int, amount: int, *, reason: str, funding: Funding = Funding.GIVEN) -> Purse:
    """Take out what was put there by mistake; points go the first to end first.

    Raises PurseUnknown, AmountUnfit, or NotEnoughCredit where it is spent or kept for an order already.
    """
    await reading.get_one(tx, purse_id)
    refuse_all(granting.amount_problems(amount))
    purse = (await store.get(tx, [purse_id], lock=True))[purse_id]
    if purse.available < amount:
        raise NotEnoughCredit("amount", kind=str(purse.kind), unit=purse.unit, asked=amount, available=purse.available)
    if purse.kind is PurseKind.POINTS:
        await store.drop_lots(tx, purse_id, amount)
    await store.change(tx, [(purse_id, -amount, 0)])
    await booking.book(tx, [
        booking.Move(purse_id, purse.merchant_id, "take_back", -amount, purse.unit, reason=reason, funding=funding)
    ])  # fmt: skip
    tx.announce(CreditTakenBack(subject_id=purse_id, merchant_id=purse.merchant_id, amount=amount, unit=purse.unit,
                                reason=reason))  # fmt: skip
    return (await store.get(tx, [purse_id]))[purse_id]


async def _add_lots(tx: Tx, ids: Sequence[int], grants: Sequence[Grant]) -> None:
    points = [(i, g) for i, g in zip(ids, grants, strict=True) if g.kind is PurseKind.POINTS]
    lots = list(zip(tx.mint_many(len(points)), points, strict=True))
    if lots:
        await store.add_lots(tx, [(lot, i, g.merchant_id, g.amount, g.expires_at) for lot, (i, g) in lots])
        await deadlines.schedule(tx, POINTS_EXPIRY, [
            deadlines.Due(lot, g.merchant_id, g.expires_at) for lot, (_, g) in lots if g.expires_at is not None
        ])  # fmt: skip
