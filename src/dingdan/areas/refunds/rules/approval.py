"""Who signs for how much: the system where the policy decided, else people, and never the one who asked."""

from collections.abc import Collection

import msgspec

from dingdan.areas.refunds.model import Cause
from dingdan.areas.refunds.refusals import NeedsPerson, SameHand
from dingdan.kernel.actor import ActorKind

PEOPLE = frozenset({ActorKind.STAFF, ActorKind.KEY})


class Hand(msgspec.Struct, frozen=True):
    """Whose hand it was: somebody's id within their kind, or the system's own."""

    kind: str
    id: int | None


def is_automatic(amount: int, *, cause: Cause, is_policy_decided: bool, limit: int) -> bool:
    """Whether the system signs: up to the merchant's limit where no judgment was needed.

    Money that nobody owed us is not ours to keep, so it goes back whatever it comes to (O6.3). What was granted for a
    case was signed where it was granted, by two where one was not enough (O6.7); so was what was offered for goods
    that stay with us. What is carried over to another order of the buyer's leaves nobody's pocket.
    """
    return cause in (Cause.EXCESS, Cause.CASE, Cause.KEPT, Cause.EXCHANGE) or (is_policy_decided and amount <= limit)


def signatures_missing(amount: int, *, requester: Hand, signed: Collection[Hand], by: Hand, limit: int) -> int:
    """How many more must sign once `by` has; 0 approves.

    Up to the limit one other person signs. Above it four eyes look: the one who asked counts as two of them where
    it was a person, otherwise two people sign. Raises NeedsPerson or SameHand.
    """
    if by.kind not in PEOPLE or by.id is None:
        raise NeedsPerson
    if by == requester or by in signed:
        raise SameHand
    wanted = 1 if amount <= limit or requester.kind in PEOPLE else 2
    return max(0, wanted - len(signed) - 1)
