"""Who signs for how much: the system where the policy decided, else people, and never the one who asked.

Also who may do what about a payment by hand, and what an account and a receipt must be.
"""

from collections.abc import Collection

import msgspec

from dingdan.areas.refunds.model import Account, Cause, HandPayout
from dingdan.areas.refunds.refusals import AccountUnfit, ConsentMissing, NeedsPerson, ReceiptMissing, SameHand
from dingdan.kernel.actor import ActorKind
from dingdan.kernel.refusal import Refusal, refuse_all

PEOPLE = frozenset({ActorKind.STAFF, ActorKind.KEY})
MOST_ACCOUNT, MOST_RECEIPT, MOST_CONSENT = 100, 100, 1_000
By = tuple[str, int | None]


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


def check_account(account: Account, words: str) -> None:
    """Raises AccountUnfit and ConsentMissing, all at once."""
    problems: list[Refusal] = [
        AccountUnfit(f"account.{name}", most=MOST_ACCOUNT)
        for name in ("holder", "bank", "number")
        if not _is_line(getattr(account, name), MOST_ACCOUNT)
    ]
    if not words.strip() or len(words) > MOST_CONSENT or "\0" in words:
        problems.append(ConsentMissing("consent"))
    refuse_all(problems)


def receipt(text: str) -> str:
    """The number of a transfer as it is kept. Raises ReceiptMissing."""
    if not _is_line(text, MOST_RECEIPT):
        raise ReceiptMissing("receipt")
    return text.strip()


def payer(payout: HandPayout, *, by: By) -> By:
    """Whoever pays is a person, and not the one of us who wrote down where it goes. Raises NeedsPerson or SameHand."""
    return _another(by, (payout.consented_by_kind, payout.consented_by))


def second(payout: HandPayout, *, by: By) -> By:
    """Whoever looks after it is another person than who paid. Raises NeedsPerson or SameHand."""
    return _another(by, (payout.paid_by_kind or "", payout.paid_by))


def _another(by: By, than: By) -> By:
    if by[0] not in PEOPLE or by[1] is None:
        raise NeedsPerson
    if by == than:
        raise SameHand
    return by


def _is_line(text: str, most: int) -> bool:
    return 1 <= len(text.strip()) <= most and text.strip().isprintable()
