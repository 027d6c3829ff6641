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


class Lies(msgspec.Struct, frozen=True):
    """Money that is left of an order: of it `first` what came off there, and `freight` what was paid for the way out."""

    left: int
    first: int = 0
    freight: int = 0


def draw(total: int, again: int, own: Lies, others: Sequence[Lies]) -> tuple[int, list[int]]:
    """How much of a total goes out of an order's own money, and how much out of each other's that it was sold with.

    What comes on `again` goes out of where it came off, all else out of its own, and where that is short out of theirs.
    The freight out stays where it lies while there is anything else: it is carried over with no goods.
    """
    goods = max(0, min(total - min(again, sum(one.first for one in others)), own.left - own.freight))
    rest, drawn = total - goods, [0] * len(others)

    def take(most: Sequence[int]) -> int:
        taken = 0
        for n, there_is in enumerate(most):
            share = max(0, min(rest - taken, there_is - drawn[n]))
            drawn[n] += share
            taken += share
        return taken

    rest -= take([one.first for one in others])
    rest -= take([one.left - one.freight for one in others])
    rest -= max(0, min(rest, own.left - goods))
    take([one.left for one in others])
    return total - sum(drawn), drawn


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
