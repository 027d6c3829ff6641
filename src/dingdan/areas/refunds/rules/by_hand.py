"""Who may do what about a payment by hand, and what an account and a receipt must be."""

from dingdan.areas.refunds.model import Account, HandPayout
from dingdan.areas.refunds.refusals import AccountUnfit, ConsentMissing, NeedsPerson, ReceiptMissing, SameHand
from dingdan.areas.refunds.rules.approval import PEOPLE
from dingdan.kernel.refusal import Refusal, refuse_all

MOST_ACCOUNT, MOST_RECEIPT, MOST_CONSENT = 100, 100, 1_000
By = tuple[str, int | None]


def check(account: Account, words: str) -> None:
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
