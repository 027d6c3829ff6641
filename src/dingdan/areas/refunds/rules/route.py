"""Through which payments money goes back: the same way it came, split by what is left of each (A4)."""

from collections.abc import Sequence

import msgspec

from dingdan.areas.refunds.model import Tender
from dingdan.areas.refunds.refusals import OverRefund
from dingdan.kernel.money import Money, split


class Remaining(msgspec.Struct, frozen=True):
    """What a payment brought and has not yet given back, refunds under way counted as given."""

    payment_id: int
    amount: int


def route(amount: int, remaining: Sequence[Remaining], *, currency: str) -> tuple[Tender, ...]:
    """Split a refund over payments with what is left of each as weight; none is ever overdrawn.

    Source: Measures art. 14(2), the same way as paid. Raises OverRefund when it does not fit.
    """
    left = sum(one.amount for one in remaining)
    if amount > left:
        raise OverRefund(asked=str(Money(amount, currency)), left=str(Money(left, currency)))
    if amount == 0:
        return ()
    parts = split(amount, [one.amount for one in remaining])
    return tuple(Tender(one.payment_id, part) for one, part in zip(remaining, parts, strict=True) if part)
