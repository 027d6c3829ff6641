"""Presale: a deposit now and the balance later; and what becomes of the deposit when it does not come to that."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from dingdan.areas.pricing.model import Ask, Deposit
from dingdan.areas.pricing.rules.benefits import Presale
from dingdan.areas.pricing.rules.sheet import Candidate, Sheet

# A presale ends in one of these ways; `cancelled` is by the buyer, wholly paid and before anything left.
End = Literal["buyer_defaults", "seller_defaults", "cancelled", "returned"]


class Division(msgspec.Struct, frozen=True):
    """What the seller keeps and what goes back to the buyer, in minor units; more than was paid is a penalty."""

    kept: int
    back: int


def binding(deposit: int, price: int, *, is_earnest: bool = True) -> int:
    """How much of a deposit is earnest money: nothing of an advance, and at most a fifth of the price."""
    return min(deposit, price // 5) if is_earnest else 0


def divide(deposit: Deposit, end: End, *, paid: int, keeps_when_cancelled: bool = False) -> Division:
    """Who gets what when a presale ends before, or after, it became an ordinary sale. `paid` is all that came in.

    An earnest 定金 is kept when the buyer defaults and comes back double when the seller does, up to a fifth of the price
    (Civil Code art. 586-587). An advance 订金 is only paid early.
    """
    bound = min(deposit.amount, deposit.keep_at_most) if deposit.is_earnest else 0
    if end == "seller_defaults":
        return Division(0, paid + bound)
    keeps = end == "buyer_defaults" or (end == "cancelled" and keeps_when_cancelled)
    return Division(bound, paid - bound) if keeps else Division(0, paid)


def deposit_of(ask: Ask, sheet: Sheet, candidates: Sequence[Candidate], total: int) -> Deposit | None:
    """The deposit of a basket that is wholly sold with one; None for any other."""
    sold = [one for one in candidates if isinstance(one.promotion.draft.benefit, Presale)]
    if len(sold) != 1 or set(sold[0].lines) != set(range(len(ask.items))):
        return None
    benefit = sold[0].promotion.draft.benefit
    assert isinstance(benefit, Presale)
    units = sum(item.quantity for item in ask.items)
    amount = min(benefit.deposit * units, total)
    if amount == total:
        # Nothing is left for later: it is an ordinary sale.
        return None
    return Deposit(
        amount=amount,
        counts_as=benefit.counts_as * units,
        balance=total - amount,
        balance_from=benefit.balance_from,
        balance_until=benefit.balance_until,
        is_earnest=benefit.is_earnest,
        keep_at_most=binding(sum(sheet.goods), sum(sheet.goods), is_earnest=benefit.is_earnest),
    )
